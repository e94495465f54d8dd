using System.Net;
using System.Text.Json;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.MachineAnswers;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;

namespace CallCenter.Quality.Tests.MachineAnswers;

public sealed class MachineEstimateJourneys(QualityApi api)
{
    private static readonly string Weeks = $"&from={World.Week:yyyy-MM-dd}&to={World.Week:yyyy-MM-dd}";

    [Fact]
    public async Task fewer_than_100_judged_are_refused()
    {
        var world = await api.World();
        var plan = (await world.Plan(await world.ActiveForm()))[^36..];
        await world.Calls(2);
        await world.Draw($"/sampling-plans/{plan}");

        await (await world.Supervisor.Send(HttpMethod.Get, $"/machine-answers/estimates?planId={plan}{Weeks}&model=m&modelVersion=1"))
            .ShouldBeProblem(HttpStatusCode.Conflict, "too-few-labels");
        (await world.Supervisor.Get<List<ModelAgreement>>($"/machine-answers/agreement?planId={plan}{Weeks}")).Should().BeEmpty();
        (await world.Stranger.Send(HttpMethod.Get, $"/machine-answers/agreement?planId={plan}{Weeks}")).StatusCode
            .Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_team_is_estimated_from_the_drawn_and_what_a_machine_says_of_all()
    {
        const int Agents = 13, PerAgent = 8, Of = 20; // 104 of 260
        var world = await api.World();
        var form = await world.ActiveForm();
        var calls = new List<Guid>();
        for (var i = 0; i < Agents; i++)
            calls.AddRange(await world.Calls(Of, agent: new Guid(i + 1, 0, 0, world.Project.ToByteArray()[8..])));
        // Of every fourth call the truth is that nobody was identified; the machine hears it in all but each tenth of these.
        var failed = calls.Where((_, i) => i % 4 == 0).ToHashSet();
        var missed = calls.Where((_, i) => i % 40 == 0).ToHashSet();
        var integrator = api.As(Guid.CreateVersion7(), "integrator", world.Project);
        var judge = new ScriptedJudge(integrator, form);
        foreach (var some in calls.Chunk(100))
            await judge.Say([.. some.Select(call => judge.Contact(call, Truth(failed.Contains(call) && !missed.Contains(call))))]);
        var useless = new ScriptedJudge(integrator, form, "useless");
        await useless.Say([.. calls.Take(200).Select(call => useless.Contact(call, new() { ["greeting"] = Samples.Points(2) }))]);
        var plan = await world.Plan(form, PerAgent);
        await world.Draw(plan);
        for (var i = 0; i < Agents * PerAgent; i++)
            await JudgeNext();

        var url = $"/machine-answers/estimates?planId={plan[^36..]}{Weeks}&modelVersion=1";
        var said = await world.Supervisor.Get<MachineEstimates>($"{url}&model=scripted");

        (said.Contacts, said.Judged, said.MachineAnswered, said.Waiting, said.NotBlind).Should().Be((260L, 104, 260L, 0, 0));
        var identity = said.Questions.Single(question => question.Question == "identity").Estimate;
        identity.MachineAlone.Should().BeApproximately(1 - 58 / 260.0, 0.0001, "the machine misses 7 of 65");
        identity.Labels.Should().Be(104);
        identity.Estimate!.Low.Should().BeLessThan(0.75);
        identity.Estimate.High.Should().BeGreaterThan(0.75, "it holds the truth");
        (identity.Estimate.High - identity.Estimate.Low).Should()
            .BeLessThan(0.75 * (identity.HumansAlone!.High - identity.HumansAlone.Low), "the machine is worth something");
        said.Passed.Estimate!.Mean.Should().BeApproximately(0.75, 0.08);
        said.Score.Estimate!.Mean.Should().BeApproximately(100 - 60 * 0.25, 5);
        said.Questions.Select(question => question.Question).Should().Equal("greeting", "polite", "identity", "interruptions");

        var greeting = (await world.Supervisor.Get<MachineEstimates>($"{url}&model=useless")).Questions;
        greeting.Single(question => question.Question == "polite").Estimate.Refused.Should().Be("no-machine-answers");
        greeting.Single(question => question.Question == "greeting").Estimate.MachineAnswered.Should().Be(200);

        var agreement = await world.Supervisor.Get<List<ModelAgreement>>($"/machine-answers/agreement?planId={plan[^36..]}{Weeks}");
        agreement.Select(model => (model.Model, model.ModelVersion)).Should().Equal(("scripted", "1"), ("useless", "1"));
        agreement[0].Contacts.Should().Be(104);
        var heard = agreement[0].Questions.Single(question => question.Question == "identity");
        var misses = heard.Counts!.SingleOrDefault(count => count is { Human: "no", Machine: "yes" })?.Contacts ?? 0;
        heard.Counts!.Sum(count => count.Contacts).Should().Be(104);
        heard.Agreement.Same.Should().BeApproximately(1 - misses / 104.0, 0.001);
        heard.Kappa.Should().BeGreaterThan(0.7).And.BeInRange(heard.Agreement.Low!.Value, heard.Agreement.High!.Value);
        agreement[1].Questions.Single(question => question.Question == "identity").Should()
            .BeEquivalentTo(new { Answers = 0, Silent = agreement[1].Contacts });

        async Task JudgeNext()
        {
            var next = await world.Inspector.Send(HttpMethod.Post, "/evaluations/next");
            var drawn = JsonSerializer.Deserialize<EvaluationDetails>(await next.Content.ReadAsStringAsync(), Http.Json)!;
            var answered = await world.Answer($"/evaluations/{drawn.Id}", drawn.Version, Truth(failed.Contains(drawn.CallId)));
            (await world.Inspector.Send(HttpMethod.Post, $"/evaluations/{drawn.Id}/submission", answered.Version())).StatusCode
                .Should().Be(HttpStatusCode.NoContent);
        }
    }

    private static Dictionary<string, Answer> Truth(bool failed) =>
        new(Samples.Perfect) { ["identity"] = failed ? Samples.No : Samples.Yes };
}
