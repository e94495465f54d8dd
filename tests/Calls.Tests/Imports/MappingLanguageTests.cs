using System.Text;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.Tests.Imports;

/// <summary>What a mapping can say, element by element.</summary>
public sealed class MappingLanguageTests
{
    [Theory]
    [InlineData("PJSIP/1042", "Diane")]
    [InlineData("Local/1042@from-queue/n", "Diane")]
    [InlineData("10 42", "Diane")]
    [InlineData("1042", "Diane")]
    [InlineData("Somebody Else", "somebody")]
    public void beginnings_and_endings_are_taken_off(string agent, string whom) =>
        Leg(new FieldRule("agent", StripPrefixes: ["PJSIP/", "Local/"], StripSuffixes: ["@from-queue/n"]), "agent", agent).AgentId
            .Should().Be(whom == "Diane" ? Reading.Diane : NameId.Of("agent", Reading.Project, agent));

    [Theory]
    [InlineData("Dr. Ada <1042>", "1042")]
    [InlineData("nobody", null)]
    public void a_pattern_finds_the_value_and_without_it_there_is_none(string said, string? code) =>
        Leg(new FieldRule("code", Pattern: "<([0-9]+)>"), "wrapUpCode", said, "code").WrapUpCode.Should().Be(code);

    [Fact]
    public void a_value_may_be_written_as_in_addresses() =>
        Leg(new FieldRule("queue", Decode: Decoding.Url), "queue", "%E8%AE%A2%E5%8D%95%40office", "queue").Queue.Should().Be("订单@office");

    [Fact]
    public void a_duration_may_be_the_difference_of_two_times()
    {
        var (legs, rejected, _) = Calls(new()
        {
            ["afterContactSeconds"] = new([new(From: "begins", To: "ends", Format: "HH:mm:ss dd.MM.yyyy")]),
        }, "id,start,begins,ends\n1,2026-03-02T09:00:00Z,23:59:50 02.03.2026,00:00:20 03.03.2026\n2,2026-03-02T09:00:00Z,,\n"
            + "3,2026-03-02T09:00:00Z,00:00:20 03.03.2026,00:00:10 03.03.2026\n4,2026-03-02T09:00:00Z,00:00:20 03.03.2026,never\n");

        (legs["1"].AfterContactSeconds, legs["2"].AfterContactSeconds).Should().Be((30, 0));
        rejected.Select(r => (r.Code, r.Column)).Should().Equal(("negative-duration", "begins+ends"), ("unreadable-value", "ends"));
    }

    [Fact]
    public void a_time_is_another_one_less_a_duration()
    {
        var (legs, _, _) = Calls(new()
        {
            ["offeredAt"] = new([new("end", Format: "iso", Minus: "length", Unit: DurationUnit.Milliseconds)]),
            ["endedAt"] = new([new("end", Format: "iso")]),
        }, "id,end,length\n1,2026-03-02T09:00:00Z,90500\n2,2026-03-02T09:00:00Z,0:30\n");

        legs["1"].OfferedAt.Should().Be(Utc("2026-03-02T08:58:29.5Z"));
        legs["2"].OfferedAt.Should().Be(Utc("2026-03-02T08:59:30Z"), "a clock says itself what it counts");
    }

    [Theory]
    [InlineData("1,A,10|1,B,20|1,C,5", 20)]
    [InlineData("1,C,5|1,B,20", 20)]
    [InlineData("1,B,20|2,B,1|1,A,10", 20)]
    public void a_version_tells_newer_copies_from_older_ones(string rows, int hold) =>
        Calls(new() { ["wrapUpCode"] = new([new("code")]), ["holdSeconds"] = new([new("copy")]) },
            "id,start,end,code,copy\n" + string.Concat(rows.Split('|').Select(Timed).Select(row => $"{row}\n")),
            mapping => mapping with { Version = new VersionRule("copy") }).Legs["1"].HoldSeconds.Should().Be(hold);

    [Theory]
    [InlineData("1,yes,10|1,no,20", 10)]
    [InlineData("1,no,20|1,perhaps,30|1,yes,10|1,no,20", 10)]
    [InlineData("1,no,20|2,no,5|1,yes,10|1,what,5", 10)]
    public void a_rank_tells_which_of_the_rows_of_one_call_counts(string rows, int hold) =>
        Calls(new() { ["wrapUpCode"] = new([new("code")]), ["holdSeconds"] = new([new("copy")]) },
            "id,start,end,code,copy\n" + string.Concat(rows.Split('|').Select(Timed).Select(row => $"{row}\n")),
            mapping => mapping with { Rank = new RankRule("code", ["yes", "perhaps", "no"]) }).Legs["1"].HoldSeconds.Should().Be(hold);

    [Fact]
    public void of_rows_of_one_call_that_follow_each_other_the_answered_one_counts()
    {
        var rows = "id,start,answer,end\n1,2026-03-02T09:00:00Z,,2026-03-02T09:01:00Z\n"
            + "1,2026-03-02T09:00:00Z,2026-03-02T09:00:20Z,2026-03-02T09:01:00Z\n1,2026-03-02T09:00:00Z,,2026-03-02T09:01:00Z\n"
            + "2,2026-03-02T09:00:00Z,,2026-03-02T09:01:00Z\n";

        var (legs, _, _) = Calls(new()
        {
            ["answeredAt"] = new([new("answer", Format: "iso")]), ["endedAt"] = new([new("end", Format: "iso")]),
        }, rows);

        (legs["1"].Outcome, legs["2"].Outcome).Should().Be((CallOutcome.Answered, CallOutcome.Abandoned));
    }

    [Fact]
    public void rows_that_are_not_ours_are_passed_over() =>
        Calls([], "id,start,kind\n1,2026-03-02T09:00:00Z,call\nx,y,type\n",
            mapping => mapping with { Ignore = [new(new Dictionary<string, IReadOnlyList<string>> { ["kind"] = ["type"] })] })
            .Should().Match<(Dictionary<string, Leg> Legs, List<RowError> Rejected, long Ignored)>(
                r => r.Legs.Count == 1 && r.Rejected.Count == 0 && r.Ignored == 1);

    [Fact]
    public void an_epoch_of_zero_is_no_time() =>
        Calls(new() { ["endedAt"] = new([new("end", Format: "epoch")]) }, "id,start,end\n1,2026-03-02T09:00:00Z,0\n2,2026-03-02T09:00:00Z,0.0\n")
            .Legs.Values.Should().HaveCount(2).And.OnlyContain(leg => leg.EndedAt == null && leg.Outcome == CallOutcome.Open);

    [Fact]
    public void a_row_of_year_one_is_one_rejected_row()
    {
        var (legs, rejected, _) = Calls(
            new() { ["offeredAt"] = new([new("start", Format: "yyyy-MM-dd HH:mm:ss zzz"), new("start", Format: "iso")]) },
            "id,start\n1,0001-01-01 00:00:00 +0000\n2,2026-03-02 09:00:00 +0100\n");

        legs.Keys.Should().Equal("2");
        rejected.Should().ContainSingle();
    }

    [Fact]
    public void of_two_states_in_one_second_the_later_line_counts()
    {
        var read = Reading.Days(new Mappings().Shipped("asterisk-agent-states"), Reading.Utf8(
            "1780300800|NONE|orders|1042|ADDMEMBER|\n1780300900|NONE|orders|1042|PAUSE|x\n1780300900|NONE|orders|1042|UNPAUSE|\n"
            + "1780301000|NONE|orders|1042|REMOVEMEMBER|\n1780301000|NONE|orders|1042|ADDMEMBER|\n"));

        read.States.Single().Value.Changes.OrderBy(c => c.Key.At).Select(c => c.Value.State).Should().Equal(
            AgentState.Login, AgentState.Ready, AgentState.Login);
    }

    [Theory]
    [InlineData("1|a|q|NONE|ENTERQUEUE||x|1;5|a|q|NONE|EXITEMPTY|1|1|4;5|a|q|NONE|ENTERQUEUE||x|1;9|a|q|1042|CONNECT|4|b|1;20|a|q|1042|COMPLETEAGENT|4|11|1")]
    [InlineData("5|a|q|NONE|ENTERQUEUE||x|1;9|a|q|1042|CONNECT|4|b|1;20|a|q|1042|COMPLETEAGENT|4|11|1;1|a|q|NONE|ENTERQUEUE||x|1;5|a|q|NONE|EXITEMPTY|1|1|4")]
    public void a_caller_who_comes_back_makes_another_visit_in_whatever_order_it_is_told(string lines)
    {
        var log = string.Join('\n', lines.Split(';').Select(line => (1780300000 + int.Parse(line[..line.IndexOf('|')],
            System.Globalization.CultureInfo.InvariantCulture)) + line[line.IndexOf('|')..]));

        var (legs, rejected, _) = Reading.Legs(new Mappings().Shipped("asterisk-queue-log"), Reading.Utf8(log));

        rejected.Should().BeEmpty();
        legs.Values.OrderBy(leg => leg.OfferedAt).Select(leg => (leg.Outcome, (leg.EndedAt - leg.OfferedAt)!.Value.TotalSeconds))
            .Should().Equal((CallOutcome.Other, 4), (CallOutcome.Answered, 15));
    }

    [Fact]
    public void a_caller_who_left_and_came_back_within_one_second_is_known_by_the_wait_that_is_told_later()
    {
        string[] log =
        [
            "1780300000|a|q|NONE|ENTERQUEUE||x|1", "1780300000|a|q|NONE|EXITWITHKEY|1|1|1|0", "1780300000|a|q|NONE|ENTERQUEUE||x|1",
            "1780300040|a|q|NONE|ABANDON|1|1|40",
        ];

        var (legs, rejected, _) = Reading.Legs(
            new Mappings().Shipped("asterisk-queue-log"), Reading.Utf8(string.Join('\n', [.. log, .. log])));

        rejected.Should().BeEmpty();
        legs.OrderBy(leg => leg.Key)
            .Select(leg => (leg.Key, leg.Value.Outcome, (leg.Value.EndedAt - leg.Value.OfferedAt)!.Value.TotalSeconds))
            .Should().Equal(("a/q", CallOutcome.Other, 0), ("a/q/2", CallOutcome.Abandoned, 40));
    }

    [Fact]
    public void an_end_that_is_told_twice_is_no_other_visit()
    {
        var (legs, _, _) = Reading.Legs(new Mappings().Shipped("asterisk-queue-log"), Reading.Utf8(
            "1780300000|a|q|NONE|ENTERQUEUE||x|1\n1780300030|a|q|NONE|ABANDON|1|1|30\n1780300031|a|q|NONE|ABANDON|1|1|31\n"));

        legs.Should().ContainSingle().Which.Value.EndedAt.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1780300030));
    }

    [Theory]
    [InlineData("7,10|,20", 10)] // a copy that does not say which it is counts as the oldest
    [InlineData(",20|7,10", 10)]
    [InlineData(",20|,30", 30)]
    public void a_copy_without_a_version_corrects_none_that_has_one(string copies, int hold) =>
        Calls(new() { ["holdSeconds"] = new([new("hold")]) },
            "id,start,end,copy,hold\n" + string.Concat(copies.Split('|').Select(c => $"1,2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,{c}\n")),
            mapping => mapping with { Version = new VersionRule("copy") }).Legs["1"].HoldSeconds.Should().Be(hold);

    [Theory]
    [InlineData("1:10", 70, false)]
    [InlineData("", 0, false)]
    [InlineData("-", 0, false)]
    [InlineData("much", 0, true)]
    public void a_hold_that_is_left_out_is_unknown_and_one_that_is_empty_is_none(string said, int seconds, bool isUnknown) =>
        Leg(new("hold", Otherwise: Otherwise.LeaveOut, Empty: ["-"]), "holdSeconds", said, column: "hold").Should()
            .BeEquivalentTo(new { HoldSeconds = seconds, HoldUnknown = isUnknown });

    [Theory]
    [InlineData("held", false)]
    [InlineData("after-contact-work-ended", true)]
    public void call_events_know_what_a_row_of_them_can_say(string word, bool isHoldUnknown)
    {
        var mapping = new Mapping("", MappingKind.CallEvents, "test", new Dictionary<string, FieldRules>
        {
            ["callId"] = new([new("id")]), ["at"] = new([new("at", Format: "iso")]),
            ["type"] = new([new("what", Values: new Dictionary<string, string> { ["A"] = "answered", ["E"] = "ended", ["X"] = word })]),
        });

        Reading.Legs(mapping, Reading.Utf8("id,at,what\n1,2026-03-02T09:00:00Z,A\n1,2026-03-02T09:10:00Z,E\n")).Legs["1"].Should()
            .BeEquivalentTo(new { HoldUnknown = isHoldUnknown, AfterContactUnknown = !isHoldUnknown });
    }

    [Fact]
    public void an_answer_and_an_end_of_one_second_are_one_visit_in_either_order()
    {
        var (legs, rejected, _) = Reading.Legs(new Mappings().Shipped("asterisk-queue-log"), Reading.Utf8(
            "1780300000|a|q|NONE|ENTERQUEUE||x|1\n1780300009|a|q|1042|COMPLETEAGENT|9|0|1\n1780300009|a|q|1042|CONNECT|9|b|1\n"));

        rejected.Should().BeEmpty();
        legs.Should().ContainSingle().Which.Value.Should().BeEquivalentTo(new { Outcome = CallOutcome.Answered, AgentId = Reading.Diane });
    }

    [Fact]
    public void an_end_that_names_an_agent_ends_the_visit_that_this_agent_answered() =>
        Visits("0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 1042 COMPLETEAGENT 10 10", "20 1043 CONNECT 20", "60 1043 COMPLETECALLER 20 40")
            .Should().Equal("a/q Answered 0 10-20 Diane Agent", "a/q/2 Answered 0 20-60 Eve Customer");

    [Fact]
    public void a_caller_who_comes_back_to_the_same_agent_makes_another_visit() =>
        Visits("0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 1042 COMPLETEAGENT 10 10",
                "30 NONE ENTERQUEUE", "40 1042 CONNECT 10", "70 1042 COMPLETEAGENT 10 30")
            .Should().Equal("a/q Answered 0 10-20 Diane Agent", "a/q/2 Answered 30 40-70 Diane Agent");

    [Theory]
    [InlineData("a/q Answered 0 31-90 Diane Customer", // hung up just as it was answered
        "0 NONE ENTERQUEUE", "30 NONE ABANDON 1 1 30", "31 1042 CONNECT 30", "90 1042 COMPLETECALLER 30 59")]
    [InlineData("a/q Answered 0 10-70 Diane Agent",
        "0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 NONE ABANDON 1 1 20", "70 1042 COMPLETEAGENT 10 60")]
    [InlineData("a/q Answered 0 10-20 Diane Customer", "0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 NONE ABANDON 1 1 20")]
    [InlineData("a/q Answered 0 31- Diane ", "0 NONE ENTERQUEUE", "30 NONE ABANDON 1 1 30", "31 1042 CONNECT 30")]
    [InlineData("a/q Answered 0 10-70 Diane Agent", "0 NONE ENTERQUEUE", "20 NONE ABANDON 1 1 20", "70 1042 COMPLETEAGENT 10 60")]
    public void a_call_that_was_answered_was_not_abandoned(string contact, params string[] lines)
    {
        Visits(lines).Should().Equal(contact);
        Visits([.. lines.Reverse()]).Should().Equal(contact);
    }

    [Theory]
    [InlineData("0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 1042 COMPLETEAGENT 10 10",
        "20 NONE ENTERQUEUE", "40 1043 CONNECT 20", "90 1043 COMPLETECALLER 20 50")]
    [InlineData("0 NONE ENTERQUEUE", "20 NONE ABANDON 1 1 20", "20 NONE ENTERQUEUE", "40 1043 CONNECT 20", "90 1043 COMPLETECALLER 20 50")]
    [InlineData("0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 1042 COMPLETEAGENT 10 10", "20 NONE ENTERQUEUE", "50 NONE ABANDON 1 1 30")]
    [InlineData("0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 1042 COMPLETEAGENT 10 10",
        "20 NONE ENTERQUEUE", "40 1042 CONNECT 20", "90 1042 COMPLETECALLER 20 50")]
    public void who_enters_again_in_the_second_of_an_end_made_two_visits_also_where_the_log_is_read_backwards(params string[] lines)
    {
        // Which of them has the bare id follows from the order.
        static IEnumerable<string> Told(IEnumerable<string> visits) =>
            visits.Select(visit => visit[(visit.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Order();

        Told(Visits([.. lines.Reverse()])).Should().Equal(Told(Visits(lines)));
    }

    [Fact]
    public void who_abandons_enters_again_and_is_answered_made_two_visits() =>
        Visits("0 NONE ENTERQUEUE", "30 NONE ABANDON 1 1 30", "31 NONE ENTERQUEUE", "40 1042 CONNECT 9", "90 1042 COMPLETECALLER 9 50")
            .Should().Equal("a/q Abandoned 0 -30  Customer", "a/q/2 Answered 31 40-90 Diane Customer");

    [Fact]
    public void an_answer_after_a_wait_longer_than_the_visit_of_its_second_is_another_visit() =>
        Visits("0 NONE ENTERQUEUE", "0 NONE EXITWITHKEY 1 1 1 0", "0 NONE ENTERQUEUE", "40 1042 CONNECT 40", "90 1042 COMPLETECALLER 40 50")
            .Should().Equal("a/q Other 0 -0  Other", "a/q/2 Answered 0 40-90 Diane Customer");

    [Fact]
    public void a_visit_whose_beginning_the_log_has_lost_is_not_lost_with_it() =>
        Visits("0 NONE ENTERQUEUE", "10 1042 CONNECT 10", "20 1042 COMPLETEAGENT 10 10", "60 NONE ABANDON 1 1 15")
            .Should().Equal("a/q Answered 0 10-20 Diane Agent", "a/q/2 Abandoned 45 -60  Customer");

    [Fact]
    public void a_negative_duration_is_left_out_where_what_is_of_no_use_is() =>
        Visits("0 NONE ENTERQUEUE", "10 1042 CONNECT -5", "60 1042 COMPLETECALLER -5 50")
            .Should().Equal("a/q Answered 0 10-60 Diane Customer");

    [Theory]
    [InlineData(Otherwise.LeaveOut, null)]
    [InlineData(Otherwise.Reject, "negative-duration")]
    public void a_negative_hold_is_left_out_only_where_the_mapping_says_so(Otherwise otherwise, string? code)
    {
        var (legs, rejected, _) = Calls(
            new() { ["holdSeconds"] = new([new("hold", Otherwise: otherwise)]) },
            "id,start,end,hold\n1,2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,-5\n");

        rejected.Select(r => r.Code).Should().Equal(code is null ? [] : [code]);
        legs.Values.Select(leg => leg.HoldUnknown).Should().Equal(code is null ? [true] : []);
    }

    // The visits of one caller to one queue by "second agent event data …", the same when the log is read once more.
    private static List<string> Visits(params string[] lines)
    {
        const long start = 1780300000;
        var log = lines.Select(line => line.Split(' ')).Select(l =>
            $"{start + int.Parse(l[0], System.Globalization.CultureInfo.InvariantCulture)}|a|q|{l[1]}|{l[2]}|{string.Join('|', l[3..])}\n").ToList();
        var told = new[] { log, [.. log, .. log] }.Select(once =>
        {
            var (legs, rejected, _) = Reading.Legs(new Mappings().Shipped("asterisk-queue-log"), Reading.Utf8(string.Concat(once)));
            rejected.Should().BeEmpty();
            return legs.OrderBy(leg => leg.Key, StringComparer.Ordinal).Select(leg => $"{leg.Key} {leg.Value.Outcome} "
                + $"{After(leg.Value.OfferedAt)} {After(leg.Value.AnsweredAt)}-{After(leg.Value.EndedAt)} "
                + $"{(leg.Value.AgentId == Reading.Diane ? "Diane" : leg.Value.AgentId == Reading.Eve ? "Eve" : "")} {leg.Value.EndReason}").ToList();
        }).ToList();

        told[1].Should().Equal(told[0], "the same log again changes nothing");
        return told[0];

        static long? After(DateTimeOffset? at) => at?.ToUnixTimeSeconds() - start;
    }

    private static Leg Leg(FieldRule rule, string field, string said, string column = "agent") => Calls(
        new() { [field] = new([rule]), ["answeredAt"] = new([new("start", Format: "iso")]) },
        $"id,start,{column}\n1,2026-03-02T09:00:00Z,{said}\n").Legs["1"];

    private static string Timed(string row) =>
        row.Split(',') is [var id, var code, var copy] ? $"{id},2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,{code},{copy}" : "";

    private static (Dictionary<string, Leg> Legs, List<RowError> Rejected, long Ignored) Calls(
        Dictionary<string, FieldRules> fields, string csv, Func<Mapping, Mapping>? more = null)
    {
        var all = new Dictionary<string, FieldRules>
        {
            ["callId"] = new([new("id")]), ["offeredAt"] = new([new("start", Format: "iso")]),
        };
        foreach (var (field, rules) in fields)
            all[field] = rules;
        if (csv.Split('\n')[0].Split(',').Contains("end") && !all.ContainsKey("endedAt"))
            (all["answeredAt"], all["endedAt"]) = (new([new("start", Format: "iso")]), new([new("end", Format: "iso")]));

        var mapping = (more ?? (m => m))(new Mapping("", MappingKind.Calls, "test", all));
        MappingCheck.Require(mapping);
        return Reading.Legs(mapping, Encoding.UTF8.GetBytes(csv));
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
