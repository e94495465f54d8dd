using System.Net;
using CallCenter.Contracts.Training;
using CallCenter.Testing;
using CallCenter.Training.Exams;
using CallCenter.Web;

namespace CallCenter.Training.Tests.Exams;

public sealed class ExamJourneys(TrainingApi api)
{
    private static object Card(decimal passMark = 100, int right = 0) => new
    {
        title = "The new card", passMark, attempts = 2, certificate = new { skill = "travel-card", months = 12 },
        questions = new[] { new { code = "fee", text = "Its fee?", choices = new[] { "None", "20" }, right = new[] { right } } },
    };

    [Fact]
    public async Task who_passes_is_certified_until_a_day_and_the_right_choices_are_kept_from_learners()
    {
        var world = await api.People();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var agent = api.As(world.Agents[0], "agent", world.Project);
        var exam = await Created(trainer, "/exams", new { projectId = world.Project, content = Card() });

        (await agent.Get<ExamView>(exam)).Questions.Should().ContainSingle().Which.Right.Should().BeNull();
        (await trainer.Get<ExamView>(exam)).Questions[0].Right.Should().Equal(0);
        await Created(agent, $"{exam}/attempts", new { answers = new[] { new { question = "fee", choices = new[] { 1 } } } });
        var result = await Created(agent, $"{exam}/attempts", new { answers = new[] { new { question = "fee", choices = new[] { 0 } } } });

        (await agent.Get<ExamSitting>(result)).Attempts.Select(a => (a.Score, a.Passed)).Should().Equal((0m, false), (100m, true));
        await (await api.As(world.Agents[1], "agent", world.Project).GetAsync(new Uri(result, UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        var today = DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8));
        var valid = await trainer.Get<Page<CertificateView>>($"/certificates?projectId={world.Project}&on={today:yyyy-MM-dd}");
        valid.Items.Should().ContainSingle().Which.Through.Should().Be(today.AddMonths(12).AddDays(-1));
        (await trainer.Get<Page<CertificateView>>($"/certificates?projectId={world.Project}&on={today.AddYears(1):yyyy-MM-dd}"))
            .Items.Should().BeEmpty("it has expired by then");
        (await trainer.Get<Page<CertificateView>>($"/certificates?projectId={world.Project}&expiringBy={today.AddYears(1):yyyy-MM-dd}"))
            .Items.Should().ContainSingle();
        await Eventually.True(() => Task.FromResult(api.AllPublished<CertificateV1>().Any(fact =>
            fact.EmployeeId == world.Agents[0] && fact is { Skill: "travel-card", Revoked: false })), "the others are told");

        var revoked = await trainer.Send(
            HttpMethod.Post, $"/certificates/{result[^36..]}/revocation", 2, new { reason = "Taken by another." });
        revoked.StatusCode.Should().Be(HttpStatusCode.NoContent, await revoked.Content.ReadAsStringAsync());
        (await trainer.Get<Page<CertificateView>>($"/certificates?projectId={world.Project}&on={today:yyyy-MM-dd}")).Items.Should().BeEmpty();
        (await agent.Get<Page<HistoryEntry>>($"{result}/history")).Items.Select(e => e.What).Should().Equal(
            "exam-taken", "exam-taken", "certificate-revoked");
    }

    [Fact]
    public async Task of_attempts_made_at_once_no_more_count_than_there_are()
    {
        var world = await api.People();
        var exam = await Created(
            api.As(world.Trainer, "trainer", world.Project), "/exams", new { projectId = world.Project, content = Card() });
        var agent = api.As(world.Agents[0], "agent", world.Project);

        var tried = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => agent.Send(
            HttpMethod.Post, $"{exam}/attempts", body: new { answers = new[] { new { question = "fee", choices = new[] { 1 } } } })));

        tried.Count(answer => answer.StatusCode == HttpStatusCode.Created).Should().Be(2);
        tried.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).Should().Be(3);
    }

    [Theory]
    [InlineData(101, 0, "pass-mark-over-100", "/content/passMark")]
    [InlineData(80, 2, "right-choice", "/content/questions/0/right")]
    public async Task what_is_wrong_with_an_exam_is_named_with_its_place(decimal passMark, int right, string code, string pointer)
    {
        var world = await api.People();

        var answer = await api.As(world.Trainer, "trainer", world.Project).Send(
            HttpMethod.Post, "/exams", body: new { projectId = world.Project, content = Card(passMark, right) });

        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"{pointer}\"");
    }

    private static async Task<string> Created(HttpClient client, string url, object body)
    {
        var response = await client.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }
}
