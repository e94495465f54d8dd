using System.Text;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Calls.Tests.Imports;

public sealed class MappingTests
{
    private static readonly Guid Project = Reading.Project;
    private static readonly Guid Diane = Reading.Diane;

    [Fact]
    public void our_own_csv()
    {
        var (legs, rejected) = Legs("callcenter", """
            call_id,queue,offered_at,queued_at,answered_at,ended_at,hold_seconds,after_contact_seconds,agent,customer_id,wrap_up_code,linked_call_id
            c-1,billing,2026-03-02T09:00:00+08:00,2026-03-02T09:00:05+08:00,2026-03-02T09:00:20+08:00,2026-03-02T09:05:20+08:00,30,0:00:45,1042,cust-7,sold,c-0
            c-2,billing,2026-03-02T09:00:00+08:00,2026-03-02T09:00:05+08:00,,2026-03-02T09:01:00+08:00,,,,,,
            """);

        rejected.Should().BeEmpty();
        legs["c-1"].Should().BeEquivalentTo(new
        {
            Queue = "billing", Outcome = CallOutcome.Answered, AgentId = Diane,
            Talk = TimeSpan.FromSeconds(270), HoldSeconds = 30, AfterContactSeconds = 45,
            CustomerId = "cust-7", WrapUpCode = "sold", LinkedCallId = CallIds.Of(Project, "callcenter", "c-0"),
        });
        legs["c-2"].Should().BeEquivalentTo(new { Outcome = CallOutcome.Abandoned, AgentId = (Guid?)null });
    }

    [Theory]
    [InlineData(",hold_seconds,after_contact_seconds", ",30,45", false, false)]
    [InlineData(",hold_seconds,after_contact_seconds", ",,", false, false)] // who has a place for it says that there was none
    [InlineData(",hold_seconds", ",0", false, true)]
    [InlineData("", "", true, true)]
    public void a_file_without_the_column_does_not_say_how_long_it_was(
        string columns, string values, bool isHoldUnknown, bool isWorkUnknown) =>
        Legs("callcenter", $"""
            call_id,queue,offered_at,answered_at,ended_at{columns}
            c-1,billing,2026-03-02T09:00:00Z,2026-03-02T09:00:20Z,2026-03-02T09:05:20Z{values}
            """).Legs["c-1"].Should().BeEquivalentTo(new { HoldUnknown = isHoldUnknown, AfterContactUnknown = isWorkUnknown });

    [Fact]
    public void our_own_csv_says_what_a_call_is_about()
    {
        var (legs, rejected) = Legs("callcenter", """
            call_id,queue,offered_at,answered_at,ended_at,conversation_id,stage,holds,end_reason,order,ticket,campaign
            c-1,billing,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,v-1,after-sale,2,transfer,2026-00173,,spring
            c-2,billing,2026-03-02T09:00:00Z,,,,,,,,,
            c-3,billing,2026-03-02T09:00:00Z,,,,sometime,,,,,
            c-4,billing,2026-03-02T09:00:00Z,,,,,two,,,,
            c-5,billing,2026-03-02T09:00:00Z,,,,,-1,,,,
            c-6,billing,2026-03-02T09:00:00Z,,,,,,,Ada Lovelace,,
            """);

        legs["c-1"].Should().BeEquivalentTo(new
        {
            ConversationId = "v-1", Stage = Stage.AfterSale, Holds = 2, EndReason = EndReason.Transfer,
            References = new References { ["order"] = "2026-00173", ["campaign"] = "spring" },
        });
        legs["c-2"].Should().Match<Leg>(leg => leg.References == null && leg.Stage == null && leg.Holds == 0 && leg.ConversationId == null);
        rejected.Select(r => (r.Code, r.Column)).Should().Equal(
            ("unreadable-value", "stage"), ("unreadable-value", "holds"), ("negative-duration", "holds"), ("reference-value", "order"));
    }

    [Theory]
    [InlineData("references.Order", "reference-name")]
    [InlineData("references.", "reference-name")]
    [InlineData("reference", "unknown-field")]
    public void a_mapping_names_references_by_the_rule(string field, string code)
    {
        var fields = new Dictionary<string, FieldRules>
        {
            ["callId"] = new([new(Column: "a")]), ["offeredAt"] = new([new(Column: "b", Format: "iso")]), [field] = new([new(Column: "c")]),
        };

        var check = () => MappingCheck.Require(new Mapping("", MappingKind.Calls, "x", fields));

        check.Should().Throw<InvalidException>().Which.Errors.Should().ContainSingle().Which.Code.Should().Be(code);
    }

    [Theory]
    [InlineData("c-1,billing,2026-02-29T09:00:00+08:00,,", "unreadable-value", "offered_at")]
    [InlineData("c-1,billing,2026-03-02T09:00:00,,", "unreadable-value", "offered_at")]
    [InlineData("c-1,billing,,,", "missing-value", "offered_at")]
    [InlineData(",billing,2026-03-02T09:00:00Z,,", "missing-value", "call_id")]
    [InlineData("c-1,billing,2026-03-02T09:00:00Z,2026-03-02T08:00:00Z,", "answered-before-offered", "answered_at")]
    [InlineData("c-1,billing,2026-03-02T09:00:00Z,2026-03-02T09:01:00Z,2026-03-02T08:00:00Z", "ends-before-it-starts", "ended_at")]
    [InlineData("c-1,billing,2026-01-02T09:00:00Z,,2026-02-12T09:00:00Z", "too-long", "ended_at")]
    [InlineData("c-1,billing,2036-01-02T09:00:00Z,,", "in-the-future", "offered_at")]
    [InlineData("c-1,bil\u0007ling,2026-03-02T09:00:00Z,,", "unreadable-value", "queue")]
    public void a_row_that_cannot_be_is_rejected_with_its_reason(string row, string code, string column)
    {
        var (legs, rejected) = Legs("callcenter", $"call_id,queue,offered_at,answered_at,ended_at\n{row}\n");

        legs.Should().BeEmpty();
        rejected.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Code = code, Column = column });
    }

    [Theory]
    [InlineData("-5", "", "negative-duration")]
    [InlineData("4000", "", "hold-exceeds-call")]
    [InlineData("", "+8613800138000", "customer-id-not-opaque")]
    [InlineData("", "tel:13800138000", "customer-id-not-opaque")]
    [InlineData("", "１３８００１３８０００", "customer-id-not-opaque")]
    [InlineData("", "1234567890123456789012345678901234567890", "customer-id-not-opaque")]
    [InlineData("", "Ada Lovelace", "customer-id-not-opaque")]
    public void holds_and_customers_have_their_rules_too(string hold, string customer, string code) =>
        Legs("callcenter", $"""
            call_id,queue,offered_at,answered_at,ended_at,hold_seconds,customer_id
            c-1,billing,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,{hold},{customer}
            """).Rejected.Should().ContainSingle().Which.Code.Should().Be(code);

    [Fact]
    public void the_bank_of_1999()
    {
        var (legs, rejected) = Legs("technion-1999", string.Join('\n',
            "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver",
            "AA1\t1\t0\t0\tPS\t990201\t7:02:47\t7:02:56\t9\t0:00:00\t0:00:00\t0\tAGENT\t7:02:55\t7:05:41\t166\tDORIT",
            "AA1\t2\t23317894\t2\tPS\t990201\t8:09:16\t8:09:22\t6\t8:09:22\t8:09:27\t5\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER",
            "AA1\t3\t15696776\t2\tPS\t990215\t23:59:54\t23:59:54\t0\t0:00:00\t0:00:27\t27\tAGENT\t0:00:26\t0:01:33\t67\tAVNI",
            "AA1\t4\t24442634\t2\tPS\t990202\t13:13:33\t13:13:42\t9\t13:13:42\t13:14:12\t30\tPHANTOM\t13:13:40\t13:14:18\t38\tNO_SERVER",
            "AA1\t5\t25627027\t2\tPS\t990207\t9:48:14\t9:47:17\t-57\t9:47:17\t9:50:11\t174\tAGENT\t9:50:11\t9:51:28\t77\tKAZAV",
            "AA1\t6\t0\t0\tNW\t990204\t19:56:32\t19:56:51\t19\t19:56:51\t19:57:47\t56\tAGENT\t19:56:50\t20:00:13\t203\tAVNI",
            "AA1\t7\t0\t0\tNW\t990211\t10:51:21\t10:51:30\t9\t10:51:30\t10:52:14\t44\tHANG\t10:52:15\t10:52:23\t8\tNO_SERVER",
            "AA1\t8\t6.02701E+11\t0\tNE\t990210\t14:49:30\t14:49:40\t10\t0:00:00\t0:00:00\t0\tAGENT\t0:00:00\t0:00:00\t0\tELI",
            "AA1\t9\t0\t0\tPS\t990203\t13:01:12\t13:01:40\t28\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER"));

        rejected.Select(r => r.Code).Should().Equal("phantom-call", "negative-duration");
        legs["AA1-1-990201"].Should().BeEquivalentTo(new
        {
            Queue = "PS", OfferedAt = Utc("1999-02-01T05:02:47Z"), QueuedAt = Utc("1999-02-01T05:02:55Z"),
                AnsweredAt = Utc("1999-02-01T05:02:55Z"),
            EndedAt = Utc("1999-02-01T05:05:41Z"), Outcome = CallOutcome.Answered, AgentId = NameId.Of("agent", Project, "DORIT"),
            CustomerId = (string?)null,
        });
        legs["AA1-2-990201"].Should().BeEquivalentTo(new
        {
            QueuedAt = Utc("1999-02-01T06:09:22Z"), AnsweredAt = (DateTimeOffset?)null, EndedAt = Utc("1999-02-01T06:09:27Z"),
            Outcome = CallOutcome.Abandoned, AgentId = (Guid?)null, CustomerId = "23317894",
        });
        legs["AA1-3-990215"].Should().BeEquivalentTo(
            new { QueuedAt = Utc("1999-02-15T22:00:00Z"), AnsweredAt = Utc("1999-02-15T22:00:26Z"), EndedAt = Utc("1999-02-15T22:01:33Z") },
            "a wait that begins at midnight sharp is not an absent one");
        legs["AA1-6-990204"].QueuedAt.Should().Be(legs["AA1-6-990204"].AnsweredAt, "the two clocks are a second apart");
        legs["AA1-7-990211"].Should().BeEquivalentTo(new { AnsweredAt = (DateTimeOffset?)null, EndedAt = Utc("1999-02-11T08:52:14Z") });
        legs["AA1-8-990210"].Should().BeEquivalentTo(
            new { AnsweredAt = Utc("1999-02-10T12:49:40Z"), EndedAt = (DateTimeOffset?)null, Talk = (TimeSpan?)null });
        legs["AA1-9-990203"].Should().BeEquivalentTo(
            new { QueuedAt = (DateTimeOffset?)null, EndedAt = Utc("1999-02-03T11:01:40Z"), Outcome = CallOutcome.Other },
            "no agent was ever waited for");
    }

    [Fact]
    public void the_bank_of_1999_in_full()
    {
        var file = SharedData.File("calls/technion-anonymous-bank/february1999.txt");
        var expected = File.ReadLines(file).Skip(1).Select(line => line.Split('\t')).ToList();
        var kept = expected.Where(c => c[12] != "PHANTOM" && !new[] { c[8], c[11], c[15] }.Any(n => n.StartsWith('-'))).ToList();

        var (legs, rejected) = Legs("technion-1999", File.ReadAllText(file));

        rejected.GroupBy(r => r.Code).ToDictionary(g => g.Key, g => g.Count())
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["phantom-call"] = 278, ["negative-duration"] = 23 });
        legs.Should().HaveCount(33_043).And.HaveCount(kept.Count);
        legs.Values.Count(l => l.Outcome is CallOutcome.Answered).Should().Be(27_141).And.Be(kept.Count(c => c[12] == "AGENT"));
        legs.Values.Count(l => l.Outcome is CallOutcome.Abandoned).Should().Be(3_961);
        legs.Values.Count(l => l.Outcome is CallOutcome.Abandoned or CallOutcome.Other).Should().Be(kept.Count(c => c[12] == "HANG"));
        legs.Values.Sum(l => (long)(l.Talk ?? TimeSpan.Zero).TotalSeconds).Should()
            .Be(kept.Where(c => c[12] == "AGENT").Sum(c => long.Parse(c[15], null)));
        legs.Values.Where(l => l.Outcome is CallOutcome.Abandoned && l.QueuedAt is not null)
            .Average(l => (l.EndedAt - l.QueuedAt)!.Value.TotalSeconds)
            .Should().BeApproximately(65.54, 0.01);
        legs.Values.Where(l => l.Outcome is CallOutcome.Answered && l.QueuedAt == l.AnsweredAt)
            .Should().HaveCountGreaterThanOrEqualTo(
                kept.Count(c => c[12] == "AGENT" && (c[9], c[10]) == ("0:00:00", "0:00:00")), "an agent took them at once");
        legs.Values.GroupBy(l => l.Queue!).ToDictionary(g => g.Key, g => g.Count())
            .Should().BeEquivalentTo(kept.GroupBy(c => c[4]).ToDictionary(g => g.Key, g => g.Count()));
    }

    [Fact]
    public void the_calls_of_2021_in_full()
    {
        var (legs, rejected) = Legs("phonenow-2021", File.ReadAllText(SharedData.File("calls/pwc-phonenow/call-center-dataset.csv")));

        rejected.Should().BeEmpty();
        legs.Should().HaveCount(5_000);
        legs.Values.Count(l => l.Outcome is CallOutcome.Abandoned).Should().Be(946);
        legs["ID0001"].Should().BeEquivalentTo(new
        {
            Queue = "contract", OfferedAt = Utc("2021-01-01T08:12:58Z"), AnsweredAt = Utc("2021-01-01T08:14:47Z"),
            EndedAt = Utc("2021-01-01T08:17:10Z"), WrapUpCode = "resolved", AgentId = NameId.Of("agent", Project, "Diane"),
        });
    }

    [Fact]
    public void lines_of_an_asterisk_queue_log_make_up_legs()
    {
        const string log = """
            1366720300|NONE|NONE|NONE|QUEUESTART|
            1366720340|1366720340.303267|support|NONE|ENTERQUEUE||5551234|1
            1366720341|1366720340.303267|support|SIP/8007|RINGNOANSWER|1000
            1366720352|1366720340.303267|support|1042|CONNECT|12|1366720345.303270|7
            1366720400|1366720340.303267|support|1042|COMPLETECALLER|12|48|1
            1366720500|1366720500.303300|support|NONE|ENTERQUEUE||5551234|1
            1366720530|1366720500.303300|support|NONE|ABANDON|1|1|30
            1366720600|1366720600.303301|support|NONE|ENTERQUEUE||5551234|1
            1366720660|1366720600.303301|support|NONE|EXITWITHTIMEOUT|1
            1366720661|1366720600.303301|sales|NONE|ENTERQUEUE||5551234|1
            """;

        var (legs, rejected, ignored) = Reading.Legs(new Mappings().Shipped("asterisk-queue-log"), Reading.Utf8(log));

        rejected.Should().BeEmpty();
        ignored.Should().Be(2);
        legs["1366720340.303267/support"].Should().BeEquivalentTo(new
        {
            Queue = "support", OfferedAt = Epoch(1366720340), QueuedAt = Epoch(1366720340), AnsweredAt = Epoch(1366720352),
            EndedAt = Epoch(1366720400), Talk = TimeSpan.FromSeconds(48), Outcome = CallOutcome.Answered, AgentId = Diane,
        });
        legs["1366720500.303300/support"].Outcome.Should().Be(CallOutcome.Abandoned);
        legs["1366720600.303301/support"].Outcome.Should().Be(CallOutcome.Other);
        legs["1366720600.303301/sales"].Outcome.Should().Be(CallOutcome.Open);
    }

    [Fact]
    public void agents_states_are_read_from_our_csv_and_from_asterisk()
    {
        var ours = States("agent-states",
            "agent,state,at\n1042,login,2026-03-01T16:30:00Z\n1042,after-contact-work,2026-03-02T01:00:00Z\n1042,asleep,2026-03-02T01:00:00Z\n");
        ours.States.Single().Value.Should().Match<AgentDay>(day => day.Date == new DateOnly(2026, 3, 2) && day.Changes.Count == 2);
        ours.Rejected.Single().Code.Should().Be("unreadable-value");

        var asterisk = States("asterisk-agent-states",
            "1366720300|NONE|support|1042|ADDMEMBER|\n1366720340|1|support|NONE|ENTERQUEUE||5|1\n1366720400|NONE|support|1042|PAUSE|lunch\n");
        (asterisk.States.Count, asterisk.Rejected.Count, asterisk.Ignored).Should().Be((1, 0, 1L));
    }

    [Theory]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"}}}""", "field-missing")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b"}}}""",
        "format-missing")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{},"offeredAt":{"column":"b","format":"iso"}}}""",
        "rule-empty")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"colour":{"column":"c"}}}""", "unknown-field")]
    [InlineData("""{"kind":"calls","source":"x","description":"","zone":"Asia/Shangai","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "unknown-zone")]
    [InlineData("""{"kind":"calls","source":"x","description":"","zone":"EST","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "unknown-zone")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"queuedAt":{"after":"endedAt"}}}""", "after-unknown")]
    [InlineData("""{"kind":"calls","source":"x","description":"","format":{"header":false},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "columns-unnamed")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"HH:mm:ss"}}}""", "format-unusable")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a","pattern":"("},"offeredAt":{"column":"b","format":"iso"}}}""", "pattern")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a","pattern":"(?=a)"},"offeredAt":{"column":"b","format":"iso"}}}""", "pattern")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a","minus":"c"},"offeredAt":{"column":"b","format":"iso"}}}""", "not-a-time")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a","from":"c","to":"d"},"offeredAt":{"column":"b","format":"iso"}}}""", "not-a-duration")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"holdSeconds":{"from":"c","format":"iso"}}}""", "not-a-duration")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"holdSeconds":{"from":"c","to":"d"}}}""", "format-missing")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a","unit":"minutes"},"offeredAt":{"column":"b","format":"iso"}}}""", "not-a-duration")]
    [InlineData("""{"kind":"calls","source":"x","description":"","format":{"encoding":"ebcdic"},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "encoding")]
    [InlineData("""{"kind":"calls","source":"x","description":"","rank":{"column":"r","order":[]},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "rank-empty")]
    [InlineData("""{"kind":"calls","source":"x","description":"","ignore":[{"when":{}}],"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "rule-empty")]
    [InlineData("""{"kind":"calls","source":"x","description":"","version":{"column":"v","format":"HH"},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "format-unusable")]
    [InlineData("""{"kind":"agent-states","source":"x","description":"","version":{"column":"v"},"fields":{"agent":{"column":"a"},"state":{"column":"s"},"at":{"column":"b","format":"iso"}}}""", "not-for-kind")]
    [InlineData("""{"kind":"calls","source":"x","description":"","format":{"delimiter":"ab"},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "delimiter")]
    [InlineData("""{"kind":"calls","source":"x","description":"","format":{"list":""},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "rule-empty")]
    [InlineData("""{"kind":"calls","source":"x","description":"","format":{"each":{"list":"l","when":{}}},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "rule-empty")]
    [InlineData("""{"kind":"agent-states","source":"x","description":"","format":{"each":{"list":"l","when":{"k":["q"]}}},"fields":{"agent":{"column":"a"},"state":{"column":"s"},"at":{"column":"b","format":"iso"}}}""", "not-for-kind")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"outcome":{"column":"c","values":{"A":"nonsense"}}}}""", "value-unusable")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"direction":{"constant":"sideways"}}}""", "value-unusable")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"endedAt":{"constant":"nope","format":"iso"}}}""", "value-unusable")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"holdSeconds":{"constant":"-5"}}}""", "value-unusable")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"holds":{"constant":"two"}}}""", "value-unusable")]
    [InlineData("""{"kind":"calls","source":"x","description":"","fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"},"queue":{"column":""}}}""", "rule-empty")]
    [InlineData("""{"kind":"calls","source":"x","description":"","reject":[{"code":"c","message":"m"}],"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "rule-empty")]
    [InlineData("""{"kind":"calls","source":"x","description":"","rank":{"column":"a","order":["x","x"]},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "named-twice")]
    [InlineData("""{"kind":"calls","source":"x","description":"","format":{"header":false,"columns":["a","b","a"]},"fields":{"callId":{"column":"a"},"offeredAt":{"column":"b","format":"iso"}}}""", "named-twice")]
    public void a_mapping_that_cannot_work_is_refused(string json, string code)
    {
        var read = () => Mappings.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));

        read.Should().Throw<InvalidException>().Which.Errors.Should().Contain(e => e.Code == code);
    }

    private static (Dictionary<string, Leg> Legs, List<RowError> Rejected) Legs(string mapping, string text)
    {
        var (legs, rejected, _) = Reading.Legs(new Mappings().Shipped(mapping), Reading.Utf8(text));
        return (legs, rejected);
    }

    private static Reading<AgentDay> States(string mapping, string text) =>
        Reading.Days(new Mappings().Shipped(mapping), Reading.Utf8(text));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset Epoch(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
