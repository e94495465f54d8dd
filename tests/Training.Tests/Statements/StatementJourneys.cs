using System.Net;
using System.Net.Http.Json;
using CallCenter.Testing;
using CallCenter.Training.Statements;
using CallCenter.Training.Transcripts;
using CallCenter.Web;

namespace CallCenter.Training.Tests.Statements;

public sealed class StatementJourneys(TrainingApi api)
{
    private const string Passed = "http://adlnet.gov/expapi/verbs/passed", Voided = "http://adlnet.gov/expapi/verbs/voided";

    [Fact]
    public async Task a_statement_never_changes_is_voided_once_and_stays_in_the_transcript()
    {
        var world = await api.People();
        var lms = api.As(Guid.CreateVersion7(), "integrator", world.Project);
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var agent = api.As(world.Agents[0], "agent", world.Project);
        var (said, voiding) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        object Of(Guid id, string verb, string about, decimal scaled = 0.9m) => new
        {
            id, timestamp = "2026-03-09T08:00:00Z", verb = new { id = verb }, actor = verb == Voided ? null : $"S-{world.Agents[0]:N}",
            @object = new { id = about }, result = verb == Voided ? null : new { scaled, success = true },
        };
        const string Course = "https://lms.example/data-protection";

        (await Sent(lms, world, Of(said, Passed, Course))).Should().Be(new StatementsStored(1, 0));
        (await Sent(lms, world, Of(said, Passed, Course))).Should().Be(new StatementsStored(0, 1), "sent again it is the same");
        await Refused(lms, world, "statement-exists", "/statements/0/id", Of(said, Passed, Course, scaled: 0.1m));
        await Refused(lms, world, "unknown-statement", "/statements/1/object/id", Of(Guid.CreateVersion7(), Passed, Course),
            Of(voiding, Voided, $"{Guid.CreateVersion7()}"));
        await Refused(lms, world, "statement-activity", "/statements/0/object/id", Of(Guid.CreateVersion7(), Passed, "data protection"));
        (await agent.Get<Page<Statement>>("/learning-statements")).Items.Should().ContainSingle("of what was refused nothing is taken");

        (await Sent(lms, world, Of(voiding, Voided, $"{said}"))).Should().Be(new StatementsStored(1, 0));
        (await Sent(lms, world, Of(voiding, Voided, $"{said}"))).Should().Be(new StatementsStored(0, 1));
        await Refused(lms, world, "voiding-voided", "/statements/0/object/id", Of(Guid.CreateVersion7(), Voided, $"{voiding}"));
        (await agent.Get<Page<Statement>>("/learning-statements")).Items.Single().VoidedBy.Should().Be(voiding);
        (await trainer.Get<Transcript>($"/transcripts?employeeId={world.Agents[0]}")).Entries.Should().ContainSingle()
            .Which.Should().Match<TranscriptEntry>(entry => entry.Outcome == "voided" && entry.Score == 90);
        await (await agent.GetAsync(new Uri($"/transcripts?employeeId={world.Agents[1]}", UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_file_of_results_is_taken_row_by_row_and_what_is_wrong_is_named_with_line_and_column()
    {
        var world = await api.People();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var number = $"S-{world.Agents[0]:N}";
        var good = $"{number},2026-03-09T16:00:00+08:00,https://lms.example/a,Data protection,87.5,yes";
        var rows = $"""
            工号,at,activity,title,score,通过
            {good}
            {good}
            S-nobody,2026-03-09T16:00:00+08:00,https://lms.example/a,,,
            {number},yesterday,https://lms.example/a,,,
            {number},2026-03-09T16:00:00+08:00,data protection,,,
            {number},2026-03-09T16:00:00+08:00,https://lms.example/b,,much,
            {number},2026-03-09T16:00:00+08:00,https://lms.example/b,,,perhaps
            """;

        var report = await Imported(trainer, world, rows, HttpStatusCode.MultiStatus);

        (report.Rows, report.Created, report.Unchanged, report.Rejected).Should().Be((7, 1, 1, 5));
        report.Errors.Select(error => (error.Line, error.Column, error.Code)).Should().Equal(
            (4, "staff_number", "unknown-learner"), (5, "at", "statement-cell"), (6, "activity", "statement-activity"),
            (7, "score", "statement-cell"), (8, "passed", "statement-cell"));
        (await Imported(trainer, world, $"staff_number,at,activity,title,score,passed\n{good}", HttpStatusCode.OK)).Unchanged.Should().Be(1);
        (await Imported(trainer, world, $"staff_number,at,activity,title,score,passed\n{good.Replace("87.5", "90")}",
            HttpStatusCode.MultiStatus)).Errors.Should().ContainSingle().Which.Code.Should().Be("statement-exists");
        (await trainer.Get<Transcript>($"/transcripts?employeeId={world.Agents[0]}")).Entries.Should().ContainSingle()
            .Which.Should().Match<TranscriptEntry>(entry => entry.Outcome == "passed" && entry.Score == 87.5m);
    }

    [Fact]
    public async Task what_cannot_have_been_reached_or_has_not_been_yet_is_no_result()
    {
        var world = await api.People();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var lms = api.As(Guid.CreateVersion7(), "integrator", world.Project);
        var number = $"S-{world.Agents[0]:N}";
        var rows = $"""
            staff_number,at,activity,score,passed
            {number},2026-03-09T16:00:00+08:00,https://lms.example/a,101,yes
            {number},2026-03-09T16:00:00+08:00,https://lms.example/b,-5,no
            {number},2099-03-09T16:00:00+08:00,https://lms.example/c,90,yes
            {number},1926-03-09T16:00:00+08:00,https://lms.example/d,90,yes
            {number},2026-03-09T16:00:00+08:00,https://lms.example/e,0,no
            {number},2026-03-09T16:00:00+08:00,https://lms.example/f,100,yes
            """;

        var report = await Imported(trainer, world, rows, HttpStatusCode.MultiStatus);

        (report.Created, report.Rejected).Should().Be((2, 4));
        report.Errors.Select(error => (error.Line, error.Column, error.Code)).Should().Equal(
            (2, "score", "statement-cell"), (3, "score", "statement-cell"), (4, "at", "in-the-future"), (5, "at", "date-out-of-range"));
        await Refused(lms, world, "in-the-future", "/statements/0/timestamp", new
        {
            id = Guid.CreateVersion7(), timestamp = "2099-03-09T08:00:00Z", verb = new { id = Passed }, actor = number,
            @object = new { id = "https://lms.example/c" }, result = new { success = true },
        });
        (await trainer.Get<Transcript>($"/transcripts?employeeId={world.Agents[0]}")).Entries.Select(entry => entry.Score)
            .Should().BeEquivalentTo([0m, 100m]);
    }

    [Fact]
    public async Task a_staff_number_is_the_same_however_another_system_writes_it()
    {
        var world = await api.People();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var lms = api.As(Guid.CreateVersion7(), "integrator", world.Project);
        var agent = world.Agents[0];
        const string Header = "staff_number,at,activity";
        string Row(string number) => $"{number},2026-03-09T16:00:00+08:00,https://lms.example/a";

        (await Imported(trainer, world, $"{Header}\n{Row($"s-{agent:N}".ToLowerInvariant())}", HttpStatusCode.OK)).Created.Should().Be(1);
        (await Imported(trainer, world, $"{Header}\n{Row($"S- {agent:N}".ToUpperInvariant())}", HttpStatusCode.OK)).Unchanged
            .Should().Be(1, "it is the same result of the same person");
        (await Sent(lms, world, new
        {
            id = Guid.CreateVersion7(), timestamp = "2026-03-09T08:00:00Z", verb = new { id = Passed },
            actor = $"s-{agent:N}".ToUpperInvariant(), @object = new { id = "https://lms.example/b" },
        })).Stored.Should().Be(1);
        (await trainer.Get<Transcript>($"/transcripts?employeeId={agent}")).Entries.Should().HaveCount(2);
    }

    private static async Task<ResultReport> Imported(HttpClient client, World world, string rows, HttpStatusCode status)
    {
        using var content = new StringContent(rows, System.Text.Encoding.UTF8, "text/csv");
        var answer = await client.PostAsync(
            new Uri($"/learning-statements/imports?projectId={world.Project}", UriKind.Relative), content);
        answer.StatusCode.Should().Be(status, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ResultReport>(Http.Json))!;
    }

    private static async Task<StatementsStored> Sent(HttpClient client, World world, params object[] statements)
    {
        var answer = await client.Send(HttpMethod.Post, "/learning-statements", body: new { projectId = world.Project, source = "lms", statements });
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<StatementsStored>(Http.Json))!;
    }

    private static async Task Refused(HttpClient client, World world, string code, string pointer, params object[] statements)
    {
        var answer = await client.Send(HttpMethod.Post, "/learning-statements", body: new { projectId = world.Project, source = "lms", statements });
        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"{pointer}\"");
    }
}
