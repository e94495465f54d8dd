using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Rosters.RosterDecider;

namespace CallCenter.Scheduling.Rosters;

/// <summary>The operation behind <c>POST /rosters</c>: what is known now becomes a problem, the best roster found a stream.</summary>
internal sealed class RosterGeneration(IDocumentSession session, TimeProvider clock) : IOperationHandler
{
    public const string Kind = "generate-roster";

    private const int MostNames = 20;

    private static readonly TimeSpan Report = TimeSpan.FromMilliseconds(500);

    public sealed record Input(
        Guid RequirementId, DateOnly From, int Days, IReadOnlyList<Guid> Agents, int Seconds, int Seed, int? MaxRounds,
        IReadOnlyList<ShiftPreference>? Wishes = null, Keeping? Keep = null, IReadOnlyList<AgentConstraints>? Terms = null,
        RosterWeights? Weights = null, double? StopAtGap = null, IReadOnlyList<RequiredShift>? ShiftNeeds = null);

    public async Task<string?> Run(OperationRun run, CancellationToken cancellation)
    {
        var input = run.Input<Input>();
        var context = await RosterContext.Load(
            run.ProjectId, input.RequirementId, run.Id, input.From, input.Days, input.Agents, input.Terms ?? [], session, cancellation);

        var kept = input.Keep is { } keep ? await session.LoadAsync<Roster>(keep.RosterId, cancellation) : null;
        var problem = context.Problem with
        {
            Weights = input.Weights ?? context.Problem.Weights,
            ShiftNeeds = [.. (input.ShiftNeeds ?? []).Select(need =>
                new ShiftNeed(context.Frame.DayOf(need.Date), need.Shift, need.Required, new(need.Shortage, need.Surplus)))],
        };
        problem = problem.With(input.Wishes ?? [], kept, input.Keep, context.Frame);
        var resting = (await session.AccountsOf(input.Agents, cancellation)).Values.Where(account => account.Consents.Any(
            c => c.From < input.From.AddDays(input.Days) && input.From <= c.To)).Select(account => account.AgentId).ToHashSet();
        var found = await Search(RestRuns.Within(problem, context.Accounts, resting), input, run, cancellation);
        // Who cannot but rest for longer gets the days all the same: the consent may come before they are published.
        while (!found.Feasible && RestRuns.InTheWayOf(found.Conflicts).Where(resting.Add).ToList() is { Count: > 0 })
            found = await Search(RestRuns.Within(problem, context.Accounts, resting), input, run, cancellation);
        if (!found.Feasible)
            throw new RefusedException("infeasible", Why(found.Conflicts, context));

        var shifts = found.Assignments.ToLookup(a => a.AgentId, context.Shift);
        var command = new GenerateRoster(
            run.Id, run.ProjectId, input.RequirementId, context.Frame.Calendar.Zone.Id, input.From, input.Days, [.. input.Agents],
            [.. input.Agents.Select(a => new AgentRostered(run.Id, a, [.. shifts[a].OrderBy(s => s.Date)]))],
            found.Cost, input.Seed, found.Rounds, run.By, clock.GetUtcNow(), input.Terms is { } terms ? [.. terms] : null,
            [.. context.Known.Values.Where(known => !known.IsNothing)], found.Bound);

        // The stream's id is the operation's: a worker that takes over after this finds the roster made.
        await session.Start<Roster>(run.Id, state => Decide(command, state), cancellation);
        return $"/rosters/{run.Id}";
    }

    private static async Task<RosterSolution> Search(RosterProblem problem, Input input, OperationRun run, CancellationToken cancellation)
    {
        var limit = TimeSpan.FromSeconds(input.Seconds);
        var progress = new Latest();
        var limits = new SearchLimits(limit, input.Seed, input.MaxRounds ?? int.MaxValue);
        limits = limits with { Gap = input.StopAtGap ?? limits.Gap };
        var search = Task.Run(() => RosterSearch.Solve(problem, limits, progress, cancellation), cancellation);

        while (await Task.WhenAny(search, Task.Delay(Report, cancellation)) != search)
        {
            var percent = (int)Math.Clamp(95 * progress.Elapsed / limit, 1, 95);
            await run.Report(percent, new Dictionary<string, long> { ["rounds"] = progress.Rounds }, cancellation);
        }

        var found = await search;
        await run.Report(95, new Dictionary<string, long> { ["rounds"] = found.Rounds }, cancellation);
        return found;
    }

    private static string Why(ImmutableArray<RosterConflict> conflicts, RosterContext context)
    {
        return "Infeasible because " + string.Join("; ", conflicts.Select(c =>
            c.Rule + (c.Because.IsEmpty ? "" : $" ({string.Join(", ", c.Because)})") + (c.Agents.IsEmpty ? "" : $" for {Names(c.Agents)}")
            + (c.Cheapest.IsEmpty ? "" : $", least change: {string.Join(" and ", c.Cheapest.Select(Change))}"))) + ".";

        string Names(ImmutableArray<Guid> agents) => string.Join(", ", agents.Take(MostNames).Select(context.NameOf))
            + (agents.Length > MostNames ? $" and {agents.Length - MostNames} more" : "");

        string Change(Relaxation change) => change.Rule + (change.Shifts.Length == 0 ? "" : $" {change.Shifts}")
            + (RosterRule.Of(change.Rule)?.Explain(change) ?? $" dropped on {context.Frame.From.AddDays(change.From):yyyy-MM-dd}");
    }

    private sealed class Latest : IProgress<RosterProgress>
    {
        private RosterProgress? last;

        public TimeSpan Elapsed => last?.Elapsed ?? TimeSpan.Zero;

        public int Rounds => last?.Rounds ?? 0;

        public void Report(RosterProgress value) => last = value;
    }
}
