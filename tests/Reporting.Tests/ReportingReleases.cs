using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CallCenter.Reporting.Digests;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Reporting.Tests;

public sealed partial class ReportingReleases() : ReleaseTests("Reporting", ReportingService.Build, "--RollUps:Every=00:00:01",
    "--RollUps:Debounce=00:00:00.2", "--Digests:Every=00:00:01")
{
    // What the release before kept and counted: talk cut to whole seconds, and a wait of zero where it was unknown.
    private const string Calls = """
        ; UPDATE facts.call SET ended_at = ended_at + interval '0.9 s' WHERE outcome = 'answered';
        UPDATE facts.call SET offered_at = NULL WHERE date_trunc('day', at, 'Asia/Shanghai') = '2026-11-04 00:00:00+08'
        """;

    [Fact]
    public async Task what_the_release_before_told_wrong_is_restated_and_named_in_the_next_digest_with_its_cause()
    {
        // Two weeks earlier than it was, so that the week after is over and no digest of it is known.
        await using var installed = Install(Dumps[0], sql => Dates().Replace(sql, date =>
            DateOnly.ParseExact(date.Value, "yyyy-MM-dd").AddDays(-14).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) + Calls);
        await installed.InitializeAsync();
        var store = installed.App.Services.GetRequiredService<IDocumentStore>();
        await using var session = store.QuerySession();
        var told = await session.Query<Digest>().SingleAsync(digest => digest.Week == new DateOnly(2026, 11, 2));
        using var manager = installed.As(told.ManagerId, "operations-manager", told.ProjectId);

        var restated = await Eventually.Some(async () =>
            await manager.Get<Restatement[]>($"/digests/{told.Id}/restatements") is { Length: > 0 } all ? all : null, "the restatement");
        restated.Should().AllSatisfy(figure => figure.Causes.Select(cause => cause.Kind).Should().Equal("formula"));
        var aht = restated.Should().ContainSingle(figure => figure.Kpi == "aht").Subject;
        (aht.New - aht.Old).Should().BeInRange(0.8m, 1.0m);
        restated.Should().ContainSingle(figure => figure.Kpi == "service-level" && figure.Scope == "2026-11-04")
            .Which.Should().Match<Restatement>(figure => figure.Old == 1 && figure.New == null);

        var made = await manager.Send(HttpMethod.Post, "/digests", body: new { projectId = told.ProjectId, week = "2026-11-09" });
        made.StatusCode.Should().Be(HttpStatusCode.OK, await made.Content.ReadAsStringAsync());
        (await manager.Get<Restatement[]>($"/digests/{told.Id}/restatements")).Should().OnlyContain(figure => figure.NamedIn != null);
        var next = (await manager.Get<Restatement[]>($"/digests/{told.Id}/restatements"))[0].NamedIn;
        (await manager.GetStringAsync(new Uri($"/digests/{next}", UriKind.Relative))).Should().Contain("the formula was corrected");
    }

    [GeneratedRegex("2026-1[012]-[0-3][0-9]")]
    private static partial Regex Dates();
}
