using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.Rules;

namespace CallCenter.Calls.Tests.Imports;

/// <summary>Each mapping that comes with the product for a system of the world, by a sample file of our own making.</summary>
public sealed class ShippedMappingTests
{
    private static readonly Guid Diane = Reading.Diane;
    private static readonly Guid Eve = Reading.Eve;

    [Fact]
    public void asterisk_queue_log()
    {
        var (legs, ignored) = Legs("asterisk-queue-log", "asterisk-queue-log.log", isCsv: true);

        ignored.Should().Be(4);
        Told(legs).Should().BeEquivalentTo(
            "1780300810.1/orders answered agent wait 12 talk 78 Diane",
            "1780301000.3/orders other timeout wait 60",
            "1780301000.3/returns other other wait 30",
            "1780301000.3/orders/2 other unattended wait 5",
            "1780301000.3/orders/3 answered transfer wait 5 talk 60 Eve",
            "1780301200.5/returns answered transfer wait 10 talk 80 Diane",
            "1780301300.7/orders other agent wait 7",
            "1780301310.8/orders other failure wait 6",
            "1780301320.9/orders abandoned customer wait 45",
            "1780301400.10/orders answered customer wait 8 talk 92 Eve",
            "1780300000.13/orders answered transfer wait 100 talk 50 Diane",
            "1780300001.15/returns answered customer wait 20 talk 40 Eve",
            "1780300002.16/returns abandoned customer wait 170");
        legs["1780301000.3/orders/3"].Should().BeEquivalentTo(new { Queue = "orders", ConversationId = "1780301000.3" });
        legs["1780300002.16/returns"].Queue.Should().Be("returns", "the log began while it waited");
    }

    [Fact]
    public void asterisk_agent_states()
    {
        var read = Reading.Days(Shipped("asterisk-agent-states"), File.ReadAllBytes(Reading.Sample("asterisk-agent-states.log")));

        read.Rejected.Should().BeEmpty();
        Minutes(Diane).Should().Equal(
            "Ready 0-20", "Busy 20-30", "Ready 30-40", "Break 40-50", "Ready 50-60", "Training 60-70", "Ready 70-90", "Logout 90-");
        Minutes(Eve).Should().Equal("Ready 0-10", "Break 10-20", "Ready 20-30", "Logout 30-");

        IEnumerable<string> Minutes(Guid agent)
        {
            var start = DateTimeOffset.FromUnixTimeSeconds(1780300800);
            var changes = read.States.Values.Where(day => day.AgentId == agent).SelectMany(day => day.Changes.Select(change =>
                new AgentStateChanged(day.ProjectId, agent, day.Date, change.Value.State, change.Key.At, change.Key.Channel,
                    change.Key.Queue, change.Value.Turn)));
            return AgentTime.OfPerson(changes).Select(p => $"{p.State} {(p.From - start).TotalMinutes}-{(p.To - start)?.TotalMinutes}");
        }
    }

    [Fact]
    public void freepbx_cdr() => Told(Legs("freepbx-cdr", "freepbx-cdr.csv", isCsv: true).Legs).Should().BeEquivalentTo(
        "1780297200.1 answered wait 15 talk 55 Diane", "1780297800.5 abandoned wait 40", "1780298400.6 other wait 9");

    [Fact]
    public void asterisk_cdr() => Told(Legs("asterisk-cdr", "asterisk-cdr.csv", isCsv: true).Legs).Should().BeEquivalentTo(
        "1780297200.1 answered wait 15 talk 55 Diane", "1780297800.5 abandoned wait 40");

    [Fact]
    public void freeswitch_callcenter()
    {
        var (legs, ignored) = Legs("freeswitch-callcenter", "freeswitch-callcenter.ndjson", isCsv: false);

        ignored.Should().Be(1);
        Told(legs).Should().BeEquivalentTo(
            "f-1 answered wait 20 talk 75 Diane", "f-2 abandoned customer wait 38", "f-3 other timeout wait 90");
        legs.Values.Should().OnlyContain(leg => leg.Queue == "orders");
    }

    [Fact]
    public void amazon_connect()
    {
        var (legs, _) = Legs("amazon-connect", "amazon-connect.json", isCsv: false);

        Told(legs).Should().BeEquivalentTo(
            "k-1 answered agent wait 20 talk 285 hold 15 work 40 Diane", "k-2 abandoned customer wait 60", "k-3 other other wait 30");
        legs["k-2"].Should().BeEquivalentTo(new
        {
            ConversationId = "k-1", LinkedCallId = CallIds.Of(Reading.Project, "amazon-connect", "k-1"),
        });
    }

    [Fact]
    public void genesys_cloud()
    {
        var (legs, _) = Legs("genesys-cloud", "genesys-cloud.ndjson", isCsv: false);

        Told(legs).Should().BeEquivalentTo(
            "v-1 answered customer wait 30.5 talk 259.5 hold 30 work 30 Diane", "v-2 abandoned wait 55", "v-3 other wait 20");
        legs["v-1"].Should().BeEquivalentTo(new { Queue = "orders", WrapUpCode = "order-placed", Channel = "voice" });
    }

    [Fact]
    public void genesys_cloud_by_visits_of_queues()
    {
        var (legs, _) = Legs("genesys-cloud", "Pages/genesys-cloud.json", isCsv: false);

        Told(legs).Should().BeEquivalentTo(
            "w-1 answered transfer wait 15 talk 200 hold 20 work 10 Diane",
            "w-1/2 answered customer wait 25.5 talk 454.5 work 20 Eve",
            "w-2 other timeout wait 90",
            "w-2/2 abandoned customer wait 45",
            "w-3 answered transfer wait 52 talk 120 Eve",
            "w-3/2 answered agent wait 120 talk 300 Diane",
            "w-4 answered transfer wait 40 talk 60 Diane",
            "w-4/2 open");
        legs.ToDictionary(leg => leg.Key, leg => (leg.Value.Queue, leg.Value.ConversationId, $"{leg.Value.OfferedAt:HH:mm:ss}"))
            .Should().BeEquivalentTo(new Dictionary<string, (string?, string?, string)>
            {
                ["w-1"] = ("orders", "w-1", "10:00:05"), ["w-1/2"] = ("returns", "w-1", "10:04:00"),
                ["w-2"] = ("orders", "w-2", "10:20:00"), ["w-2/2"] = ("returns", "w-2", "10:21:30"),
                ["w-3"] = ("orders", "w-3", "10:30:08"), ["w-3/2"] = ("orders", "w-3", "10:33:00"),
                ["w-4"] = ("orders", "w-4", "10:50:00"), ["w-4/2"] = ("returns", "w-4", "10:51:40"),
            });
        (legs["w-1"].WrapUpCode, legs["w-1/2"].WrapUpCode).Should().Be(("to-returns", "refund"));
    }

    [Fact]
    public void vicidial_closer_log()
    {
        var (legs, _) = Legs("vicidial-closer-log", "vicidial-closer-log.csv", isCsv: true);

        Told(legs).Should().BeEquivalentTo(
            "901 answered agent wait 18.25 talk 101.75 Diane", "902 abandoned customer wait 36", "903 other timeout wait 120",
            "904 answered customer wait 5 talk 65 Eve");
        legs["904"].LinkedCallId.Should().Be(CallIds.Of(Reading.Project, "vicidial", "901"));
    }

    [Fact]
    public void three_cx_cdr() => Told(Legs("3cx-cdr", "3cx-cdr.csv", isCsv: true).Legs).Should().BeEquivalentTo(
        "c11_1 answered customer wait 14 talk 120 Diane", "c12_1 abandoned customer wait 40");

    [Fact]
    public void cisco_cucm_cdr()
    {
        var (legs, ignored) = Legs("cisco-cucm-cdr", "cisco-cucm-cdr.csv", isCsv: true);

        ignored.Should().Be(1, "the line of types is no call");
        Told(legs).Should().BeEquivalentTo("1-5501-31 answered wait 12 talk 88 Diane", "1-5502-32 abandoned wait 33");
    }

    [Fact]
    public void cisco_uccx() => Told(Legs("cisco-uccx", "cisco-uccx.csv", isCsv: true).Legs).Should().BeEquivalentTo(
        "5001-0 answered wait 25 talk 203 hold 12 work 30 Diane", "5002-0 abandoned wait 50");

    [Fact]
    public void avaya_cms()
    {
        var (legs, _) = Legs("avaya-cms", "avaya-cms.csv", isCsv: true);

        Told(legs).Should().BeEquivalentTo(
            "7001-1-1780297200 answered wait 25 talk 90 hold 10 work 20 Diane", "7002-1-1780297400 abandoned wait 30");
        legs["7001-1-1780297200"].Holds.Should().Be(1);
    }

    [Fact]
    public void avaya_cdr()
    {
        var (legs, _) = Legs("avaya-cdr", "avaya-cdr.csv", isCsv: true);

        legs["060126-0904-180-1042"].Should().BeEquivalentTo(new
        {
            OfferedAt = Utc("2026-06-01T01:01:00Z"), EndedAt = Utc("2026-06-01T01:04:00Z"),
            Talk = TimeSpan.FromSeconds(180), AgentId = Diane,
        });
        legs["060126-0001-120-1043"].OfferedAt.Should().Be(Utc("2026-05-31T15:59:00Z"), "it began the day before");
    }

    [Theory]
    [InlineData("twilio-calls.json")]
    [InlineData("Pages/twilio-calls.json")]
    public void twilio_calls(string sample)
    {
        var (legs, _) = Legs("twilio-calls", sample, isCsv: false);

        Told(legs).Should().BeEquivalentTo("CA01 answered wait 15 talk 75 Diane", "CA02 abandoned wait 20");
        legs["CA02"].LinkedCallId.Should().Be(CallIds.Of(Reading.Project, "twilio", "CA01"));
    }

    [Theory]
    [InlineData("amazon-connect", "amazon-connect.json", true, true)]
    [InlineData("avaya-cms", "avaya-cms.csv", true, true)]
    [InlineData("cisco-uccx", "cisco-uccx.csv", true, true)]
    [InlineData("genesys-cloud", "Pages/genesys-cloud.json", true, true)]
    [InlineData("freeswitch-callcenter", "freeswitch-callcenter.ndjson", false, false)] // hold where a record has hold_accum_seconds
    [InlineData("3cx-cdr", "3cx-cdr.csv", false, false)]
    [InlineData("asterisk-cdr", "asterisk-cdr.csv", false, false)]
    [InlineData("asterisk-queue-log", "asterisk-queue-log.log", false, false)]
    [InlineData("avaya-cdr", "avaya-cdr.csv", false, false)]
    [InlineData("cisco-cucm-cdr", "cisco-cucm-cdr.csv", false, false)]
    [InlineData("freepbx-cdr", "freepbx-cdr.csv", false, false)]
    [InlineData("twilio-calls", "twilio-calls.json", false, false)]
    [InlineData("vicidial-closer-log", "vicidial-closer-log.csv", false, false)]
    public void what_a_system_never_reports_is_unknown_rather_than_zero(string mapping, string sample, bool hold, bool work)
    {
        var (legs, _) = Legs(mapping, sample, isCsv: !sample.EndsWith("json", StringComparison.Ordinal));

        legs.Values.Where(leg => leg is { Outcome: CallOutcome.Answered, EndedAt: not null }).Should().NotBeEmpty().And.OnlyContain(
            leg => leg.HoldUnknown == !hold && leg.AfterContactUnknown == !work);
    }

    [Fact]
    public void every_shipped_mapping_of_the_world_has_its_sample() =>
        Directory.EnumerateFiles(Reading.Sample("")).Select(Path.GetFileNameWithoutExtension).Concat(
            ["agent-states", "callcenter", "phonenow-2021", "technion-1999"]).Should().BeEquivalentTo(new Mappings().ShippedNames);

    private static Mapping Shipped(string name) => new Mappings().Shipped(name);

    private static (Dictionary<string, Leg> Legs, long Ignored) Legs(string mapping, string sample, bool isCsv)
    {
        var (legs, rejected, ignored) = Reading.Legs(Shipped(mapping), File.ReadAllBytes(Reading.Sample(sample)), isCsv);
        rejected.Should().BeEmpty();
        return (legs, ignored);
    }

    private static IEnumerable<string> Told(Dictionary<string, Leg> legs) => legs.Select(l => string.Join(' ', new[]
    {
        l.Key, l.Value.Outcome.Code, l.Value.EndReason?.Code,
        (l.Value.AnsweredAt ?? l.Value.EndedAt) - (l.Value.QueuedAt ?? l.Value.OfferedAt) is { } wait ? $"wait {wait.TotalSeconds}" : null,
        l.Value.Talk > TimeSpan.Zero ? $"talk {l.Value.Talk.Value.TotalSeconds}" : null,
        l.Value.Hold > TimeSpan.Zero ? $"hold {l.Value.Hold.TotalSeconds}" : null,
        l.Value.AfterContact > TimeSpan.Zero ? $"work {l.Value.AfterContact.TotalSeconds}" : null,
        l.Value.AgentId == Diane ? "Diane" : l.Value.AgentId == Eve ? "Eve" : l.Value.AgentId is null ? null : "somebody",
    }.OfType<string>()));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
