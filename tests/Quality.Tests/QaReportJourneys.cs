using System.Net;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Figures;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Quality.Reports;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public class QaReportJourneys(QualityApi api)
{
    private QaReportService Reports => api.App.Services.GetRequiredService<QaReportService>();

    // The week that goes on: a test does not wait for its end, and asks for no report by HTTP before it is over.
    private async Task<QaSpan> Made(World world)
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var calendar = (await session.LoadAsync<ProjectV1>(world.Project))!.Calendar;
        var span = QaSpan.Of(world.Project, QaPeriod.Week, calendar.DayOf(DateTimeOffset.UtcNow), calendar);
        Actor.Current = Actor.Job("test");
        await Reports.Make(span, Guid.Empty, CancellationToken.None);
        return span;
    }

    private static HttpClient Manager(QualityApi api, World world) => api.As(Guid.CreateVersion7(), "operations-manager", world.Project);

    [Fact]
    public async Task what_is_corrected_after_the_report_was_told_is_said_anew_with_the_old_and_the_evaluation()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted();
        for (var i = 0; i < 4; i++)
            await world.Submitted();
        var span = await Made(world);
        var manager = Manager(api, world);
        var told = await manager.Get<QaReportView>($"/qa-reports/{span.ReportId}");

        var corrected = await world.Inspector.Send(HttpMethod.Post, $"{url}/corrections", version, new
        {
            reason = "The greeting was cut.", formVersion = 1,
            answers = new[] { new { question = "greeting", answer = new { choice = "p1" }, comment = "Late." } },
        });
        corrected.StatusCode.Should().Be(HttpStatusCode.NoContent, await corrected.Content.ReadAsStringAsync());
        await Eventually.True(async () =>
            (await manager.Get<QaReportView>($"/qa-reports/{span.ReportId}")).Version == 2, "that the report is restated");

        var changes = (await manager.Get<QaReportChanges>($"/qa-reports/{span.ReportId}/changes")).Versions;
        changes.Should().HaveCount(2);
        var evaluation = changes[1].Evaluations.Should().ContainSingle().Subject;
        (evaluation.EvaluationId, evaluation.Status, evaluation.Old).Should().Be((Guid.Parse(url[^36..]), "submitted", 100m));
        evaluation.New.Should().BeLessThan(100);
        changes[1].Changes.Should().Contain(change => change.Scope.StartsWith("loss:", StringComparison.Ordinal) && change.Old == null
            && change.New == 1);
        var then = await manager.Get<QaReportView>($"/qa-reports/{span.ReportId}?version=1");
        then.Figures.Should().BeEquivalentTo(told.Figures, "what was told stays");
        (await manager.Get<QaReportView>($"/qa-reports/{span.ReportId}?asOf={Uri.EscapeDataString($"{told.AsOf:O}")}")).Version.Should().Be(1);
    }

    [Fact]
    public async Task an_acknowledged_score_restates_nothing()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted();
        var span = await Made(world);
        (await world.Agent.Send(HttpMethod.Post, $"{url}/acknowledgement", version, new { comment = "Thanks." }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        var (second, secondVersion) = await world.Submitted();
        (await world.Inspector.Send(HttpMethod.Post, $"{second}/voiding", secondVersion, new { reason = "Wrong call." })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);

        await Eventually.True(async () => (await Manager(api, world).Get<QaReportChanges>($"/qa-reports/{span.ReportId}/changes")).Versions is [_, .., var last]
            && last.Evaluations.Any(e => e.Status == "voided"), "that the second one is told");
        var secondId = Guid.Parse(second[^36..]);
        (await Manager(api, world).Get<QaReportChanges>($"/qa-reports/{span.ReportId}/changes")).Versions.SelectMany(v => v.Evaluations)
            .Should().OnlyContain(e => e.EvaluationId == secondId);
    }

    [Fact]
    public async Task people_are_seen_by_who_answers_for_them()
    {
        var world = await api.World();
        var (leads, other) = (Guid.CreateVersion7(), await api.Employ(Guid.CreateVersion7(), world.Project));
        var team = new TeamV1(Guid.CreateVersion7(), 1, world.Project, "Blue", leads, [world.AgentId], "ok");
        await api.Publish(team);
        await api.Known<TeamV1>(team.Id);
        await world.Submitted();
        await SubmittedOf(world, other);
        var span = await Made(world);

        var managers = (await Manager(api, world).Get<QaReportView>($"/qa-reports/{span.ReportId}")).Figures;
        managers.Agents.Select(line => line.Key).Should().BeEquivalentTo($"{world.AgentId}", $"{other}");
        managers.Inspectors.Should().ContainSingle();
        managers.Teams.Should().ContainSingle().Which.Key.Should().Be($"{team.Id}");
        var supervisors = (await api.As(leads, "supervisor", world.Project).Get<QaReportView>($"/qa-reports/{span.ReportId}")).Figures;
        supervisors.Agents.Select(line => line.Key).Should().BeEquivalentTo($"{world.AgentId}");
        supervisors.Inspectors.Should().BeEmpty();
        (await world.Supervisor.Get<QaReportView>($"/qa-reports/{span.ReportId}")).Figures.Should().Match<QaFigures>(
            f => f.Agents.Count == 0 && f.Teams.Count == 0 && f.Total.Evaluations == 2);
        (await api.As(Guid.CreateVersion7(), "inspector", world.Project).Get<QaReportView>($"/qa-reports/{span.ReportId}")).Figures
            .Should().Match<QaFigures>(f => f.Agents.Count == 2 && f.Inspectors.Count == 0);
        (await world.Agent.GetAsync($"/qa-reports/{span.ReportId}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await world.Stranger.GetAsync($"/qa-reports/{span.ReportId}")).StatusCode.Should().Be(HttpStatusCode.NotFound);

        var page = await api.As(leads, "supervisor", world.Project).GetStringAsync($"/qa-reports/{span.ReportId}/page");
        page.Should().Contain("Ann").And.NotContain("{{person").And.NotContain($"{other}"[..8]);
    }

    private async Task SubmittedOf(World world, Guid agent)
    {
        var url = await World.Created(world.Inspector, "/evaluations",
            new { callId = (await world.Calls(1, agent))[0], formId = await world.ActiveForm() });
        var answered = await world.Answer(url, 1, Samples.Perfect);
        (await world.Inspector.Send(HttpMethod.Post, $"{url}/submission", answered.Version())).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task the_page_speaks_the_readers_language_and_lets_nothing_else_in()
    {
        var world = await api.World();
        for (var i = 0; i < 6; i++)
            await world.Submitted();
        var span = await Made(world);
        var manager = Manager(api, world);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/qa-reports/{span.ReportId}/page") { Headers = { { "Accept-Language", "zh-CN" } } };
        using var chinese = await manager.SendAsync(request);
        var page = await chinese.Content.ReadAsStringAsync();
        chinese.Content.Headers.ContentLanguage.Should().Contain("zh-CN");
        chinese.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'none'");
        page.Should().Contain("<html lang=\"zh-CN\">").And.Contain("质检周报").And.Contain("按坐席").And.Contain("样本太少", "six scores say too little of how much scores differ");
        (await manager.GetStringAsync($"/qa-reports/{span.ReportId}/page")).Should().Contain("Quality report of the week").And.Contain("By agent");

        using var csv = new HttpRequestMessage(HttpMethod.Get, $"/qa-reports/{span.ReportId}") { Headers = { { "Accept", "text/csv" } } };
        using var file = await manager.SendAsync(csv);
        var bytes = await file.Content.ReadAsByteArrayAsync();
        bytes.Take(3).Should().Equal(0xEF, 0xBB, 0xBF);
        (await file.Content.ReadAsStringAsync()).Should().Contain("part,key,name").And.Contain("agent,").And.Contain(",Ann,");
    }

    [Fact]
    public async Task a_period_is_over_before_its_report_is_made_and_named_by_its_first_day()
    {
        var world = await api.World();
        var manager = Manager(api, world);

        await (await manager.Send(HttpMethod.Post, "/qa-reports", body: new { projectId = world.Project, period = "week", from = "2026-03-03" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-a-period-start");
        await (await manager.Send(HttpMethod.Post, "/qa-reports", body: new { projectId = world.Project, period = "month", from = "2048-03-01" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "period-not-over");
        var made = await manager.Send(HttpMethod.Post, "/qa-reports", body: new { projectId = world.Project, period = "week", from = "2026-03-02" });
        made.StatusCode.Should().Be(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var again = await manager.Send(HttpMethod.Post, "/qa-reports", body: new { projectId = world.Project, period = "week", from = "2026-03-02" });
        again.Headers.Location.Should().Be(made.Headers.Location);
        var report = await manager.Get<QaReportView>($"{made.Headers.Location}");
        (report.Figures.Total.Evaluations, report.Figures.Total.Score.Mean).Should().Be((0, null));
    }

    [Fact]
    public async Task the_fact_of_a_report_is_ready_to_be_sent_and_holds_no_name()
    {
        var world = await api.World();
        await world.Submitted();
        var span = await Made(world);

        var fact = await api.Published<QaReportV1>(report => report.Id == span.ReportId);
        fact.Letters.Select(letter => letter.Language).Should().Equal("en", "zh-CN");
        fact.Letters.Should().OnlyContain(letter => letter.Html.Contains($"{{{{person:{world.AgentId}}}}}") && !letter.Html.Contains("Ann"));
        fact.Csv.Should().Contain($"{{{{person:{world.AgentId}}}}}").And.NotContain("Ann");
    }

    [Fact]
    public async Task questions_are_counted_as_they_are_answered_now_and_told_apart()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted();
        await world.Submitted(new(Samples.Perfect) { ["greeting"] = Samples.Points(1) });
        var manager = Manager(api, world);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var range = $"/question-figures?projectId={world.Project}&from={today.AddDays(-2):yyyy-MM-dd}&to={today.AddDays(2):yyyy-MM-dd}";

        await Eventually.True(async () => (await manager.Get<QuestionFiguresView>(range)).Evaluations == 2, "both evaluations");
        var figures = await manager.Get<QuestionFiguresView>(range);
        var greetings = figures.Groups.Single().Sections.SelectMany(s => s.Questions).Where(q => q.Question == "greeting").ToList();
        greetings.Sum(q => q.Answered).Should().Be(2);
        greetings.Sum(q => q.Lost).Should().Be(1);
        (await manager.Get<QuestionFiguresView>($"{range}&by=agent")).Groups.Single().Key.Should().Be($"{world.AgentId}");
        (await manager.Get<QuestionFiguresView>($"{range}&by=month")).Groups.Sum(g => g.Evaluations).Should().Be(2);
        (await world.Supervisor.Get<QuestionFiguresView>($"{range}&by=agent")).Groups.Should().BeEmpty("they lead no team");

        (await world.Inspector.Send(HttpMethod.Post, $"{url}/voiding", version, new { reason = "Wrong call." })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        await Eventually.True(async () => (await manager.Get<QuestionFiguresView>(range)).Evaluations == 1, "that it counts no more");
    }

    [Fact]
    public async Task what_is_asked_in_the_header_is_counted_too_also_of_rows_of_a_release_that_left_it_out()
    {
        var world = await api.World();
        var content = Samples.Inbound with
        {
            Header =
            [
                new SingleSelectQuestion
                {
                    Code = "liable", Title = Samples.Text("Who is liable?"),
                    Choices = [new("company", Samples.Text("We"), 0), new("customer", Samples.Text("They"), 0)],
                },
            ],
        };
        await world.Submitted(new(Samples.Perfect) { ["liable"] = new(Choice: "company") }, content: content);
        var manager = Manager(api, world);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var range = $"/question-figures?projectId={world.Project}&from={today.AddDays(-2):yyyy-MM-dd}&to={today.AddDays(2):yyyy-MM-dd}";
        async Task<bool> Told() => (await manager.Get<QuestionFiguresView>(range)).Groups
            .SelectMany(group => group.Sections.Take(1)).Any(s => s is { Section: "", Title: "Header", PointsShare: null }
                && s.Questions.Single() is { Question: "liable", Title: "Who is liable?", Answered: 1, Answers: [{ Answer: "company", Count: 1 }] });

        await Eventually.True(Told, "a line for the question of the header");

        await using var before = api.App.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("""
            update figures.evaluation set version = version, header_version = null, answers = '{}' where project_id = $1
            """);
        before.Parameters.AddWithValue(world.Project);
        (await before.ExecuteNonQueryAsync()).Should().Be(1);
        await Eventually.True(Told, "that the row is made again");
    }

    [Fact]
    public async Task lists_tell_the_critical_score_and_the_band_at_once()
    {
        var world = await api.World();
        var content = Samples.Inbound with
        {
            Bands = [new("low", Samples.Inbound.Title, 0), new("high", Samples.Inbound.Title, 90)],
            Sections = [.. Samples.Inbound.Sections
                .Select((s, i) => i > 0 ? s : s with { Questions = [.. s.Questions.Select(q => q with { Critical = true })] })],
        };
        var (url, _) = await world.Submitted(content: content);

        var listed = (await world.Inspector.Get<JsonElement>($"/evaluations?projectId={world.Project}")).GetProperty("items").EnumerateArray()
            .Single(e => e.GetProperty("id").GetGuid() == Guid.Parse(url[^36..]));
        (listed.GetProperty("criticalScore").GetDecimal(), listed.GetProperty("band").GetString()).Should().Be((100m, "high"));
    }

    [Fact]
    public async Task coverage_counts_what_designs_asked_for_drew_and_had_judged_part_by_part()
    {
        var world = await api.World();
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var calendar = (await query.LoadAsync<ProjectV1>(world.Project))!.Calendar;
        var week = QaSpan.Of(world.Project, QaPeriod.Week, calendar.DayOf(DateTimeOffset.UtcNow), calendar).Before;
        var talk = week.Start.AddHours(10);
        var held = 0;
        await world.Calls(4, change: call => call with
        {
            OfferedAt = talk, QueuedAt = talk, AnsweredAt = talk, EndedAt = talk.AddMinutes(3), HoldSeconds = held++ < 1 ? 300 : 0,
        });
        var form = await world.ActiveForm();
        var url = await World.Created(world.Inspector, "/sampling-designs", new
        {
            projectId = world.Project, seed = "spring",
            rules = new
            {
                name = "Everybody", formId = form, size = new { number = 6 },
                risks = new object[]
                {
                    new { kind = "long-hold", size = new { number = 2 }, seconds = 60 },
                    new { kind = "complaint", size = new { number = 1 } },
                },
            },
        });
        var drawn = await world.Inspector.Send(HttpMethod.Post, $"{url}/draws", body: new { first = week.From });
        drawn.StatusCode.Should().Be(HttpStatusCode.Created, await drawn.Content.ReadAsStringAsync());
        var judged = await Next(world);
        var answered = await world.Answer($"/evaluations/{judged.Id}", judged.Version, Samples.Perfect);
        (await world.Inspector.Send(HttpMethod.Post, $"/evaluations/{judged.Id}/submission", answered.Version())).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        var back = await Next(world);
        (await world.Inspector.Send(HttpMethod.Post, $"/evaluations/{back.Id}/release", back.Version, new { reason = "Nothing is heard." }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);

        var span = await Made(world);

        var coverage = (await Manager(api, world).Get<QaReportView>($"/qa-reports/{span.ReportId}")).Figures.Coverage
            .Should().ContainSingle().Subject;
        (coverage.Name, coverage.Weeks.Single(), coverage.Asked).Should().Be(("Everybody", week.From, 9));
        (coverage.Drawn, coverage.Evaluated, coverage.NotEvaluable, coverage.Overdue).Should().Be((4, 1, 1, 2));
        coverage.Parts!.Select(part => (part.Part, part.Asked, part.Drawn, part.NotFed)).Should()
            .Equal(("random", 6, 4, false), ("long-hold", 2, 1, false), ("complaint", 1, 0, true));
        coverage.Parts![0].Should().Match<QaPart>(part => part.Evaluated == 1 && part.NotEvaluable == 1 && part.Overdue == 2);
        coverage.Agents.Should().ContainSingle().Which.AgentId.Should().Be(world.AgentId);
        (await Manager(api, world).GetStringAsync($"/qa-reports/{span.ReportId}/page")).Should().Contain("Coverage of sampling")
            .And.Contain("Everybody: long hold").And.Contain("nobody tells of it yet");
    }

    private static async Task<EvaluationDetails> Next(World world) => JsonSerializer.Deserialize<EvaluationDetails>(
        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations/next")).Content.ReadAsStringAsync(), Http.Json)!;

    [Fact]
    public async Task a_report_is_made_by_itself_when_its_week_is_over()
    {
        var world = await api.World();
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        var form = await world.ActiveForm();
        var call = (await world.Calls(1))[0];
        var id = Guid.CreateVersion7();
        var lastWeek = DateTimeOffset.UtcNow.AddDays(-7);
        var result = Samples.Inbound.Score(Samples.Perfect);
        session.Events.StartStream<Evaluation>(id,
            new EvaluationStarted(id, world.Project, call, world.AgentId, world.InspectorId, form, 1, Samples.Inbound, lastWeek),
            new EvaluationSubmitted(result, "quality-score/1", DateOnly.FromDateTime(lastWeek.UtcDateTime), lastWeek, world.InspectorId, lastWeek));
        Actor.Current = Actor.Job("test");
        await session.SaveChangesAsync();

        await Eventually.True(async () => (await Manager(api, world).Get<Web.Page<QaReportListed>>($"/qa-reports?projectId={world.Project}"))
            .Items.Any(report => report.Period is QaPeriod.Week), "that the week's report is made");
    }
}
