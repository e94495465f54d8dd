using System.Globalization;
using CallCenter.Testing;
using MimeKit;

namespace CallCenter.Journeys.Tests;

/// <summary>From call records to the digest in the mailbox, as <c>make demo</c> goes.</summary>
[Collection(WholeProduct.Name)]
public sealed class DemoTests(LocalSet set)
{
    private static readonly TimeSpan Threshold = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task generated_calls_end_in_a_published_roster_and_one_digest()
    {
        var said = await set.Demo();

        said.Should().Contain("roster of 26 agents generated and published");
        said.Should().Contain("an inspector mends a score that was mistyped: ").And.Contain("two inspectors judge 4 calls blindly: ")
            .And.Contain(" is coached for the section '").And.Contain(" ends: a later call passes the section");
        said.Should().Contain(" calls in sick: the shift ").And.Contain("no rule is broken, so it holds at once")
            .And.Contain("the floor at ").And.MatchRegex("work +offline +no +late").And.Contain("the rest of the day, played ")
            .And.MatchRegex("signs in at .*: late by [0-9]{2,3}:[0-9]{2} min");
        var page = await File.ReadAllTextAsync(Path.Combine(LocalSet.Home, "roster.html"));
        page.Should().Contain("class=\"meal\"", "agents who work have a meal").And.Contain(
            "class=\"staff\"", "a staff curve runs below them");
        var digest = Digests("Harbour Bank").Should().ContainSingle().Subject;
        var week = Figures(digest, "week");
        week["offered"].Should().BeGreaterThan(5_000);
        week["offered"].Should().Be(week["answered"] + week["abandoned"] + week["open"] + week["other"]);
        foreach (var kpi in new[] { "service-level", "abandonment-rate", "asa", "aht", "occupancy" })
            week[kpi].Should().BePositive(kpi);
        digest.BodyParts.OfType<MimePart>().Count(part => part.ContentType.IsMimeType("image", "png")).Should().Be(2, "the charts");
        digest.TextBody.Should().Contain("Evaluations of the week's calls: 52;");
    }

    [Fact]
    public async Task the_digest_of_a_real_week_agrees_with_the_file()
    {
        var file = Repository.Data("calls/technion-anonymous-bank/february1999.txt");
        Assert.SkipUnless(File.Exists(file), "../shared/data/calls/technion-anonymous-bank/february1999.txt is not beside the repository.");
        var calls = File.ReadLines(file).Skip(1).Select(line => line.Split('\t'))
            .Where(c => c[12] != "PHANTOM" && !new[] { c[8], c[11], c[15] }.Any(n => n.StartsWith('-')))
            .Where(c => string.CompareOrdinal(c[5], "990201") >= 0 && string.CompareOrdinal(c[5], "990207") <= 0).ToList();

        var said = await set.Demo("--calls", file, "--mapping", "technion-1999");

        said.Should().Contain("33,344 rows, 33,043 created, 301 rejected");
        var digest = Digests("february1999").Single(mail => mail.Subject!.Contains(", 1 Feb 1999", StringComparison.Ordinal));
        Agrees(Figures(digest, "week"), calls, "the week");
        foreach (var day in calls.GroupBy(c => c[5]))
            Agrees(Figures(digest, "day", $"19{day.Key[..2]}-{day.Key[2..4]}-{day.Key[4..]}"), [.. day], day.Key);
        foreach (var queue in calls.GroupBy(c => c[4]))
            Agrees(Figures(digest, "queue", queue.Key), [.. queue], queue.Key);

        // What an inspector, a trainer and a scheduler do with real calls works as with generated ones.
        said.Should().Contain("digest of the week of 22 Feb 1999 sent");
    }

    // Columns of the file: 9 and 10 entry to and exit from the line, 12 the outcome, 13 and 14 begin and end of the service.
    private static void Agrees(Dictionary<string, decimal> told, List<string[]> calls, string what)
    {
        var answered = calls.Where(c => c[12] == "AGENT").ToList();
        var abandoned = calls.Where(c => c[12] == "HANG" && InLine(c)).ToList();
        var inTime = answered.Count(c => !InLine(c) || Seconds(c[9], Served(c) ? c[13] : c[10]) <= Threshold.TotalSeconds)
            + abandoned.Count(c => Seconds(c[9], c[10]) <= Threshold.TotalSeconds);

        told["offered"].Should().Be(calls.Count, what);
        told["answered"].Should().Be(answered.Count, what);
        told["abandoned"].Should().Be(abandoned.Count, what);
        told["service-level"].Should().BeApproximately((decimal)inTime / (answered.Count + abandoned.Count), .0001m, what);
    }

    private static bool InLine(string[] call) => (call[9], call[10]) != ("0:00:00", "0:00:00");

    private static bool Served(string[] call) => (call[13], call[14]) != ("0:00:00", "0:00:00");

    // The clocks of the line and of the service are some seconds apart: less than nothing is no wait, unless midnight lies between.
    private static double Seconds(string from, string to) =>
        (TimeSpan.Parse(to, CultureInfo.InvariantCulture) - TimeSpan.Parse(from, CultureInfo.InvariantCulture)) switch
        {
            { TotalHours: < -12 } overnight => overnight.TotalSeconds + 86_400,
            var wait => wait.TotalSeconds,
        };

    private List<MimeMessage> Digests(string project) => [.. Directory.GetFiles(set.MailFolder, "*.eml")
        .Select(file => MimeMessage.Load(file)).Where(mail => mail.Subject!.Contains(project, StringComparison.Ordinal))];

    // section,name,kpi,unit,value,target,week_before
    private static Dictionary<string, decimal> Figures(MimeMessage digest, string section, string? name = null)
    {
        using var content = new MemoryStream();
        digest.Attachments.OfType<MimePart>()
            .Single(part => part.FileName!.EndsWith(".csv", StringComparison.Ordinal)).Content!.DecodeTo(content);
        content.Position = 0;
        using var reader = new StreamReader(content);

        return reader.ReadToEnd().Split("\r\n").Select(line => line.Split(','))
            .Where(cells => cells[0] == section && (name is null || cells[1] == name) && cells[4].Length > 0)
            .ToDictionary(cells => cells[2], cells => decimal.Parse(cells[4], CultureInfo.InvariantCulture));
    }
}
