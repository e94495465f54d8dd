using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Quality.Inputs;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CallCenter.Quality.Inputs.QualityInputDecider;

namespace CallCenter.Quality.Tests;

public class QualityInputTests(QualityApi api)
{
    private static readonly Guid Id = Guid.CreateVersion7(), By = Guid.CreateVersion7(), Judge = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void an_input_is_answered_once_and_by_somebody_else()
    {
        var given = new QualityInput().Evolve(new InputGiven(Id, Guid.CreateVersion7(), InputTopic.Rule, "Why?", new(), By, Now));
        var answer = new AnswerInput("So.", Judge, Now);

        Decide(answer, given).Should().Equal(new InputAnswered("So.", Judge, Now));
        FluentActions.Invoking(() => Decide(answer with { By = By }, given)).Should().Throw<Rules.RefusedException>().Which.Code
            .Should().Be("own-input");
        var answered = given.Evolve(new InputAnswered("So.", Judge, Now));
        Decide(answer, answered).Should().BeEmpty("twice is once");
        FluentActions.Invoking(() => Decide(answer with { Answer = "Else." }, answered)).Should().Throw<Rules.RefusedException>()
            .Which.Code.Should().Be("input-answered");
    }

    [Fact]
    public async Task an_agent_says_something_an_inspector_answers_and_both_are_told()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var url = await World.Created(world.Agent, "/quality-inputs", new
        {
            projectId = world.Project, topic = "form", text = "The greeting is long.", formId = form, question = "greeting",
        });

        (await world.Inspector.Get<Page<NoticeView>>("/evaluation-notices")).Items
            .Should().ContainSingle(n => n.Kind == NoticeKind.InputReceived && n.About == url);
        (await world.Inspector.Get<Page<QualityInputView>>($"/quality-inputs?projectId={world.Project}&open=true")).Items
            .Should().ContainSingle().Which.OpenDays.Should().Be(0);
        var answered = await world.Inspector.Send(HttpMethod.Post, $"{url}/answer", 1, new { answer = "It is shorter from May on." });
        answered.StatusCode.Should().Be(HttpStatusCode.NoContent, await answered.Content.ReadAsStringAsync());

        (await world.Agent.Get<Page<NoticeView>>("/evaluation-notices")).Items
            .Should().ContainSingle(n => n.Kind == NoticeKind.InputAnswered && n.About == url);
        (await world.Agent.Get<QualityInputView>(url)).Should().Match<QualityInputView>(i => i.Answer == "It is shorter from May on." && i.OpenDays == null);
        (await world.Inspector.Get<Page<QualityInputView>>($"/quality-inputs?projectId={world.Project}&open=true")).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task what_was_said_and_answered_goes_with_its_time_and_what_nobody_answered_waits()
    {
        var world = await api.World();
        var url = await World.Created(world.Agent, "/quality-inputs", new { projectId = world.Project, topic = "rule", text = "Why?" });
        (await Sweep(40)).Should().Be(new Swept(0, 0), "nobody has answered");
        (await world.Inspector.Send(HttpMethod.Post, $"{url}/answer", 1, new { answer = "So." })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);

        (await Sweep(29)).Should().Be(new Swept(0, 0));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), null, null))).Should().Be(new Swept(0, 1));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), today.AddDays(-2), null))).Should().Be(new Swept(0, 1));
        (await Sweep(40, new LegalHold(Guid.CreateVersion7(), null, today.AddDays(-2)))).Should().Be(new Swept(1, 0));
        (await Sweep(40)).Should().Be(new Swept(0, 0), "it is done");

        (await world.Agent.Get<QualityInputView>(url)).Should().Match<QualityInputView>(
            i => i.Text == "" && i.Answer == "" && i.Topic == InputTopic.Rule && i.AnsweredBy == world.InspectorId);
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        (await session.Events.AggregateStreamAsync<QualityInput>(Guid.Parse(url[^36..])))!.Text
            .Should().BeEmpty("it is in no event either");

        Task<Swept> Sweep(int days, params LegalHold[] holds) =>
            Sweeping.Of<QualityInputRetention>(api, world.Project, TimeProvider.System.GetUtcNow().AddDays(days), holds);
    }

    [Fact]
    public async Task what_an_input_points_at_is_there_and_theirs_to_see()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        var (theirs, _) = await world.Submitted();
        var colleague = api.As(await api.Employ(Guid.CreateVersion7(), world.Project), "agent", world.Project);

        await (await Say(world.Agent, new { projectId = world.Project, topic = "rule", text = "Why?", question = "greeting" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "question-without-form");
        await (await Say(world.Agent, new { projectId = world.Project, topic = "rule", text = "Why?", formId = form, question = "nothing" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "no-such-question");
        await (await Say(world.Agent, new { projectId = world.Project, topic = "rule", text = "Why?", formId = Guid.CreateVersion7() }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-form");
        await (await Say(colleague, new { projectId = world.Project, topic = "rule", text = "Why?", evaluationId = Guid.Parse(theirs[^36..]) }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-evaluation");
        var url = await World.Created(world.Agent, "/quality-inputs",
            new { projectId = world.Project, topic = "rule", text = "Why?", evaluationId = Guid.Parse(theirs[^36..]) });
        (await colleague.GetAsync(url)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static Task<HttpResponseMessage> Say(HttpClient who, object body) => who.Send(HttpMethod.Post, "/quality-inputs", body: body);
}
