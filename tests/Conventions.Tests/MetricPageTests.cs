using System.Text.RegularExpressions;
using CallCenter.Gateway;
using CallCenter.Health;
using CallCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Conventions.Tests;

/// <summary>
/// What the services measure is explained in docs/reference/metrics.md, and nothing else is; what is watched is measured.
/// </summary>
public sealed partial class MetricPageTests
{
    private sealed record Row(string Metric, string? Label, string[] Of);

    private static readonly List<Row> Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs/reference/metrics.md"))
            .Where(line => line.StartsWith("| `callcenter_", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => new Row(
                cells[1].Trim('`'), cells[2] is { Length: > 0 } label ? label.Trim('`') : null,
                cells[3].Split(", ").SelectMany(of => of == "all" ? Product.Services.Keys : [of]).ToArray())),
    ];

    /// <summary>The names that the page lists for a service.</summary>
    public static IEnumerable<string> Of(string service) => Rows.Where(row => row.Of.Contains(service)).Select(row => row.Metric);

    /// <summary>The names that a scrape has.</summary>
    public static IEnumerable<string> In(string scrape) => Type().Matches(scrape).Select(match => match.Groups[1].Value);

    public static TheoryData<string> Everybody => [.. Product.Services.Keys, "gateway"];

    [Theory, MemberData(nameof(Everybody))]
    public async Task every_instrument_has_its_row_and_label_and_its_unit_in_the_name(string service)
    {
        var build = service == "gateway" ? GatewayService.Build : Product.Services[service];
        await using var app = build(
        [
            "--environment=Development", "--ConnectionStrings:Database=Host=127.0.0.1;Port=1;Database=none",
            "--ConnectionStrings:Broker=amqp://127.0.0.1:1/none", "--Log=Fatal",
            .. Product.Services.Keys.Select(name => $"--Services:{name}=http://127.0.0.1:9"),
        ]);

        foreach (var (name, unit, label, description) in app.Services.GetRequiredService<ServiceHealth>().Instruments)
        {
            var metric = name.Replace('.', '_') + (unit == Gauge.Seconds ? "_seconds" : "");
            (unit == Gauge.Seconds || Counted().IsMatch(unit)).Should().BeTrue($"{name} counts {unit}");
            description.Should().EndWith(".").And.Subject[..1].Should().Be(description[..1].ToUpperInvariant());
            Rows.Where(row => row.Metric == metric || row.Metric == metric + "_total").Select(row => row.Label).Should().Equal([label], name);
        }
    }

    [Theory]
    [InlineData("prometheus/alerts.yaml")]
    [InlineData("prometheus/alerts.test.yaml")]
    [InlineData("grafana/callcenter.json")]
    public void what_is_watched_is_measured(string file)
    {
        var named = Metric().Matches(File.ReadAllText(Path.Combine(Repository.Root, "deploy", file))).Select(match => match.Value).ToHashSet();

        named.Should().HaveCountGreaterThan(10).And.BeSubsetOf(Rows.Select(row => row.Metric));
    }

    [Fact]
    public void every_alert_is_explained_to_whoever_it_wakes()
    {
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(Repository.Root, "deploy/prometheus/alerts.yaml")))
            .Select(match => match.Groups[1].Value);
        var explained = Explained().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/how-to/watch.md")))
            .SelectMany(row => Quoted().Matches(row.Value)).Select(match => match.Groups[1].Value);

        explained.Should().BeEquivalentTo(alerts);
    }

    [GeneratedRegex(@"^# TYPE (callcenter_\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"^\{[a-z_]+\}$")]
    private static partial Regex Counted();

    [GeneratedRegex(@"\bcallcenter_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| (`[A-Z]\w+`(?:, )?)+ \|", RegexOptions.Multiline)]
    private static partial Regex Explained();

    [GeneratedRegex(@"`([A-Z]\w+)`")]
    private static partial Regex Quoted();
}
