using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Reporting;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Reporting.Tests;

public sealed class ReportingJourneys(ReportingApi api)
{
    private readonly Story story = new();

    private async Task<string> Health()
    {
        using var client = api.Anonymous();
        return (await client.Get<JsonElement>("/health")).GetProperty("checks").GetProperty("jobs").GetProperty("description").GetString()!;
    }

    private HttpClient Manager => api.As(story.Manager, "operations-manager", story.Project);

    [Fact]
    public async Task calls_become_figures_that_explain_themselves_down_to_the_call()
    {
        await Tell(story.Call("2026-03-02T09:00:00+08:00", 5, 1), story.Call("2026-03-02T09:00:00+08:00", 30, 2),
            story.Call("2026-03-02T09:16:00+08:00", -40, 3));

        var day = await Values("interval=day&kpi=service-level&kpi=service-level:v2&kpi=offered&kpi=asa");
        day.Values.Select(v => (v.Kpi, v.Variant, v.Value, v.Numerator, v.Denominator)).Should().Equal(
            ("service-level", "v1", 0.3333m, 1, 3), ("service-level", "v2", 0.5m, 1, 2), ("offered", "v1", 3m, 3, 1),
            ("asa", "v1", 17.5m, 35, 2));
        day.Values[0].Target.Should().Be(0.8m);
        day.Values[0].StartsAt.Should().Be(Moments.At("2026-03-02T00:00:00+08:00"));
        day.Values.Should().OnlyContain(v => v.Revision == 1 && v.Position > 0 && v.Version == KpiCatalogue.Get(v.Kpi).Version);

        var quarters = await Values("interval=quarter&kpi=offered");
        quarters.Values.Select(v => (v.StartsAt.Minute, v.Value)).Should().Equal((0, 2m), (15, 1m));
        (await Values("interval=week&by=team&kpi=answered")).Values.Single().Name.Should().Be("North");
        (await Values("interval=week&by=agent&kpi=aht")).Values.Single().Value.Should().Be(230m);

        var behind = await Manager.Get<Page<CountedCall>>(day.Values[0].Calls!);
        behind.Items.Should().HaveCount(3);
        behind.Items.Count(call => call.WithinThreshold == true).Should().Be(1);
        (await Manager.Get<Page<CountedCall>>(quarters.Values[1].Calls!)).Items.Single().Outcome.Should().Be("abandoned");
    }

    [Fact]
    public async Task a_project_that_cannot_be_rolled_up_is_set_aside_and_the_others_go_on()
    {
        var nowhere = Guid.CreateVersion7();
        await api.Publish(story.ProjectFact with { Id = nowhere, Zone = "Mars/Olympus_Mons" });
        await Eventually.True(async () =>
            (await Health()).Contains($"roll-up of project {nowhere} set aside", StringComparison.Ordinal), "the project to be set aside");

        await Tell(story.Call("2026-03-02T09:00:00+08:00", 5, 1));
        await api.Published<QueueDayV1>(f => f.ProjectId == story.Project && f.Version == 1);

        await api.Publish(story.ProjectFact with { Id = nowhere, Version = 2 });
        await Eventually.True(async () => !(await Health())
            .Contains($"roll-up of project {nowhere}", StringComparison.Ordinal), "the mended project to be rolled up again");
    }

    [Fact]
    public async Task a_late_call_raises_the_revision_and_the_queues_day_is_told_again()
    {
        await Tell(story.Call("2026-03-02T09:00:00+08:00", 5, 1));
        var first = await api.Published<QueueDayV1>(f => f.ProjectId == story.Project && f.Version == 1);
        first.Intervals.Should().HaveCount(96);
        first.Intervals[36].Should().Be(new QueueInterval(Moments.At("2026-03-02T01:00:00Z"), 1, 1, 0, 230, 1));

        await api.Publish(story.Call("2026-03-02T23:50:00+08:00", -3, 2));

        var second = await api.Published<QueueDayV1>(f => f.ProjectId == story.Project && f.Version == 2);
        second.Id.Should().Be(first.Id);
        second.Intervals.Sum(i => i.Offered).Should().Be(2);
        (await Values("kpi=offered")).Values.Single().Revision.Should().Be(2);
    }

    [Fact]
    public async Task the_same_figures_come_as_csv_that_no_spreadsheet_executes()
    {
        await Tell(story.Call("2026-03-02T09:00:00+08:00", 5, 1));
        var client = Manager;
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));

        var response = await client.GetAsync(
            new Uri($"/kpis/values?project={story.Project}&from=2026-03-02&to=2026-03-02&by=agent&kpi=asa&kpi=answered", UriKind.Relative));

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n");
        lines[0].Should().StartWith("kpi,variant,version,unit,agent,name,");
        lines[1].Should().StartWith($"asa,v1,2,seconds,{story.Agent},'=Li Na,2026-03-02T00:00:00+08:00,2026-03-03T00:00:00+08:00,5");
        lines[2].Should().StartWith($"answered,v1,1,contacts,{story.Agent},'=Li Na,");
    }

    [Fact]
    public async Task a_table_that_is_cut_says_where_it_goes_on()
    {
        await Tell(
            story.Call("2026-03-02T09:00:00+08:00", 5, 1), story.Call("2026-03-02T09:01:00+08:00", 5, 2),
            story.Call("2026-03-02T09:02:00+08:00", 5, 3));
        var client = Manager;
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        var address = new Uri(client.BaseAddress!,
            $"/reports/calls?project={story.Project}&from=2026-03-02T00:00:00%2B08:00&to=2026-03-03T00:00:00%2B08:00&limit=2");
        var rows = new List<string>();

        for (var next = address; next is not null;)
        {
            var response = await client.GetAsync(next);
            rows.AddRange((await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1));
            next = response.Headers.TryGetValues("Link", out var links) ? new Uri(next, links.Single().Split('<', '>')[1]) : null;
        }

        rows.Select(row => row.Split(',')[0]).Distinct().Should().HaveCount(3).And.HaveSameCount(rows);
    }

    [Fact]
    public async Task the_catalogue_names_kpis_in_the_callers_language()
    {
        var client = Manager;
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN,en;q=0.8");

        var response = await client.GetAsync(new Uri("/kpis", UriKind.Relative));

        response.Content.Headers.ContentLanguage.Should().Equal("zh-CN");
        response.Headers.Vary.Should().Equal("Accept-Language");
        (await response.Content.ReadAsStringAsync()).Should().Contain("服务水平").And.Contain("\"service-level\"");
        (await Manager.GetAsync(new Uri("/kpis", UriKind.Relative))).Content.Headers.ContentLanguage.Should().Equal("en");
    }

    [Theory]
    [InlineData("from=2026-02-29&to=2026-03-02", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-02&to=2026-13-01", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-02", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-02&to=2026-03-02&by=planet", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-02&to=2026-03-02&interval=hour", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-02&to=2026-03-02&kpi=score;drop table", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-02&to=2026-03-02&kpi=service-level:v9", HttpStatusCode.BadRequest, null)]
    [InlineData("from=2026-03-03&to=2026-03-02", HttpStatusCode.UnprocessableEntity, "period-backwards")]
    [InlineData("from=2020-03-03&to=2026-03-02", HttpStatusCode.UnprocessableEntity, "period-too-long")]
    [InlineData("from=2026-03-02&to=2026-03-02&by=queue&kpi=qa-score", HttpStatusCode.UnprocessableEntity, "not-by-this")]
    public async Task a_question_that_makes_no_sense_is_told_so(string query, HttpStatusCode status, string? code)
    {
        await Tell();
        var response = await Manager.GetAsync(new Uri($"/kpis/values?project={story.Project}&{query}", UriKind.Relative));
        await response.ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task another_projects_figures_do_not_exist()
    {
        await Tell(story.Call("2026-03-02T09:00:00+08:00", 5, 1));
        var stranger = api.As(Guid.CreateVersion7(), "operations-manager", Guid.CreateVersion7());

        foreach (var url in new[]
        {
            $"/kpis/values?project={story.Project}&from=2026-03-02&to=2026-03-02", $"/reports/facts?project={story.Project}",
            $"/reports/calls?project={story.Project}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z",
        })
            await (await stranger.GetAsync(new Uri(url, UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        await (await stranger.Send(HttpMethod.Post, "/roll-ups", body: new { projectId = story.Project }))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await api.As(story.Agent, "agent", story.Project)
            .GetAsync(new Uri($"/kpis/values?project={story.Project}&from=2026-03-02&to=2026-03-02", UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task the_calls_behind_a_number_are_walked_page_by_page()
    {
        await Tell([.. Enumerable.Range(0, 25).Select(nth => story.Call("2026-03-02T09:00:00+08:00", nth, nth))]);
        var seen = new List<Guid>();
        var url = $"/reports/calls?project={story.Project}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&limit=10";

        for (string? cursor = ""; cursor is not null;)
        {
            var page = await Manager.Get<Page<CountedCall>>(url + (cursor.Length > 0 ? $"&cursor={cursor}" : ""));
            seen.AddRange(page.Items.Select(call => call.Id));
            cursor = page.Next;
        }

        seen.Should().HaveCount(25).And.OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("2026-03-02", null)]
    [InlineData(null, "2026-03-02")]
    public async Task a_period_to_roll_up_has_both_ends_or_none(string? from, string? to)
    {
        await Tell();

        await (await Manager.Send(HttpMethod.Post, "/roll-ups", body: new { projectId = story.Project, from, to }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
    }

    private async Task Tell(params Contracts.Calls.CallV1[] calls)
    {
        await api.Publish([story.ProjectFact, story.TeamFact, story.EmployeeFact, .. calls]);
        await Eventually.True(async () =>
        {
            var response = await Manager.GetAsync(new Uri($"/reports/facts?project={story.Project}", UriKind.Relative));
            if (!response.IsSuccessStatusCode)
                return false;
            using var facts = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            await using var kept = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            if (await kept.LoadAsync<TeamV1>(story.Team) is null || await kept.LoadAsync<EmployeeV1>(story.Agent) is null)
                return false;
            return calls.Length == 0 || facts.RootElement.GetProperty("facts").TryGetProperty("calls", out var count)
                && count.GetInt64() == calls.Length;
        }, "the facts to arrive");
        (await Manager.Send(HttpMethod.Post, "/roll-ups", body: new { projectId = story.Project })).StatusCode.Should()
            .Be(HttpStatusCode.OK);
    }

    private Task<KpiValues> Values(string query) =>
        Manager.Get<KpiValues>($"/kpis/values?project={story.Project}&from=2026-03-02&to=2026-03-02&{query}");
}
