using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Quality.Evaluations;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class RetentionJourneys(QualityApi api)
{
    // The call of World.Calls is of that day.
    private static readonly DateOnly OfTheCall = new(2026, 3, 4);

    [Fact]
    public async Task what_was_written_goes_with_its_time_and_scores_stay()
    {
        var world = await api.World();
        var (old, version) = await world.Disputed();
        var before = await world.Supervisor.Get<EvaluationDetails>(old);
        before.Answers.Should().OnlyContain(answer => answer.Value.Comment == "As heard.");

        (await Sweep(world, after: 29)).Should().Be(new Swept(0, 0));
        (await Sweep(world, 40, new LegalHold(Guid.CreateVersion7(), OfTheCall, OfTheCall))).Should().Be(new Swept(0, 1));
        (await Sweep(world, 40, new LegalHold(Guid.CreateVersion7(), OfTheCall.AddDays(1), null))).Should().Be(new Swept(1, 0));
        (await Sweep(world, 40)).Should().Be(new Swept(0, 0), "it is done");

        var after = await world.Supervisor.Get<EvaluationDetails>(old);
        after.Answers.Should().OnlyContain(answer => answer.Value.Comment == "");
        after.Dispute!.Reason.Should().BeEmpty();
        (after.Result!.Score, after.Status, after.Version).Should().Be((before.Result!.Score, before.Status, version + 1));

        // What is written later goes too.
        using var resolver = api.As(Guid.CreateVersion7(), "supervisor,project-manager", world.Project);
        var resolved = await resolver.Send(HttpMethod.Post, $"{old}/resolution", after.Version,
            new { decision = "uphold", reason = "Heard again.", formVersion = 1 });
        resolved.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Sweep(world, 40, new LegalHold(Guid.CreateVersion7(), null, OfTheCall))).Should().Be(new Swept(0, 1), "it is held now");
        (await Sweep(world, 40)).Should().Be(new Swept(1, 0));
        (await world.Supervisor.Get<EvaluationDetails>(old)).Dispute!.DecisionReason.Should().BeEmpty();
    }

    [Fact]
    public async Task a_sweep_goes_on_where_its_turn_before_ended_and_says_in_the_end_what_failed()
    {
        var world = await api.World();
        var place = new SweptPlace(TimeProvider.System.GetUtcNow(), Guid.CreateVersion7());
        var (asked, parts) = (new List<SweptPlace>(), new List<Swept>());

        var sweeping = async () =>
        {
            await foreach (var part in Sweeping.Of(api, RetainedKinds.EvaluationTexts, world.Project, place.Time, Turn))
                parts.Add(part);
        };

        await sweeping.Should().ThrowAsync<AggregateException>().WithMessage("*1 can't be deleted*");
        asked.Should().Equal(new SweptPlace(DateTimeOffset.MinValue, Guid.Empty), place);
        parts.Should().Equal(new Swept(1, 0), new Swept(0, 1));

        async Task<SweptPart> Turn(Sweep sweep, CancellationToken cancellation)
        {
            asked.Add(sweep.Last);
            return asked.Count == 2 ? new(new(0, 1)) : new(await sweep.Deletions.Each([1, 2], number => $"{number}", number =>
                number == 1 ? throw new IOException("no") : Task.FromResult(new Swept(1, 0)), cancellation), place);
        }
    }

    private Task<Swept> Sweep(World world, int after, params LegalHold[] holds) =>
        Sweeping.Of<EvaluationRetention>(api, world.Project, TimeProvider.System.GetUtcNow().AddDays(after), holds);
}
