using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Rosters.RosterDecider;

namespace CallCenter.Scheduling.Rosters;

/// <param name="From">First local day on which the agent cannot work.</param>
/// <param name="To">The last of them.</param>
public sealed record AbsenceRequest(Guid AgentId, DateOnly From, DateOnly To);

/// <param name="Absences">Who cannot work after all. None where what is missing stands in the roster already, as after a leave.</param>
/// <param name="From">First day that may move; the first of the absences when left out, else the roster's.</param>
/// <param name="MostMoved">Part of the days of all others that may become another at most: 0.01 is 1 %.</param>
/// <param name="ChangeWeight">Cost of each of them, in the unit of the roster's cost: a move that gains less is not made.</param>
/// <param name="Seconds">How long to look at most.</param>
public sealed record ReplanRequest(
    [MaxLength(500)] IReadOnlyList<AbsenceRequest>? Absences = null, DateOnly? From = null, [Range(0.0, 1.0)] double MostMoved = 0.01,
    [Range(0.0, 1000.0)] double ChangeWeight = 10, [Range(1, 20)] int Seconds = 5);

/// <summary>What might be changed after an absence; nothing is, before it is asked for at <c>/changes</c>.</summary>
/// <param name="Version">The version of the roster that it is for; the <c>If-Match</c> of the changes.</param>
/// <param name="Freed">Shifts of those who are absent.</param>
/// <param name="Moves">Days of others, in the order in which they gain.</param>
/// <param name="ShareMoved">Moves among all days of others.</param>
/// <param name="CostBefore">Of the roster without those who are absent.</param>
/// <param name="CostAfter">And with the moves.</param>
/// <param name="CoverBefore">Queue by queue, without those who are absent.</param>
/// <param name="CoverAfter">And with the moves.</param>
public sealed record ReplanView(
    Guid RosterId, long Version, IReadOnlyList<MoveView> Freed, IReadOnlyList<MoveView> Moves, double ShareMoved,
    RosterCost CostBefore, RosterCost CostAfter, IReadOnlyList<CoverSummary> CoverBefore, IReadOnlyList<CoverSummary> CoverAfter);

/// <param name="Name">The agent's name.</param>
/// <param name="From">Code of the shift as it is; null is a day off.</param>
/// <param name="To">Code of the shift in its place; null is a day off.</param>
/// <param name="Gained">So much less cost what is missing and in surplus, in the order of the moves.</param>
/// <param name="ServiceLevelGained">So much more of the day's calls are answered in time, all queues together, in the order of the moves:
/// 0.01 is a point. By the formula of the requirement; null where no calls are expected or the roster has no forecast.</param>
public sealed record MoveView(
    Guid AgentId, string Name, DateOnly Date, string? From, string? To, double Gained, double? ServiceLevelGained = null);

/// <param name="Changes">Taken all, or none.</param>
public sealed record ChangesRequest([MinLength(1), MaxLength(1000)] IReadOnlyList<ChangeRequest> Changes);

/// <param name="Shift">Code of a shift of that day, its breaks placed where they cost the least cover; a day off when left out.</param>
public sealed record ChangeRequest(Guid AgentId, DateOnly Date, [MaxLength(30)] string? Shift = null);

/// <summary>An agent who might take a shift.</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="Rules">Codes of the rules that forbid it; empty for those who can.</param>
/// <param name="Cost">By how much the roster would cost more, with hours, fairness and wishes; below nothing it would cost less.</param>
/// <param name="CoverGained">The part of it that is cover.</param>
/// <param name="Hours">Paid hours of the agent in the roster as it is.</param>
/// <param name="Unpopular">Early, late and night shifts among them.</param>
/// <param name="RefusedWish">What the agent's wishes for that day weigh against it.</param>
public sealed record StandInView(
    Guid AgentId, string Name, IReadOnlyList<string> Rules, double Cost, double CoverGained, double Hours, int Unpopular,
    double RefusedWish);

internal static class RosterReplanning
{
    private static readonly Guid Example = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapReplanning()
        {
            var rosters = routes.MapGroup("/rosters/{id:guid}").WithTags("Rosters");

            rosters.MapGet("/stand-ins", GetStandIns).Describe(
                "Who can take a shift, the best first, and of those who cannot the rules that forbid it",
                problems: ["outside-roster", "shift-unknown"]);
            rosters.MapPost("/re-plans", Replan).Describe(
                "What to change after an absence: few days of others, each with what it gains. Nothing is changed by it",
                new ReplanRequest([new(Example, new(2026, 3, 9), new(2026, 3, 11))]),
                ["agent-unknown", "outside-roster", "days-reversed"]);
            rosters.MapPost("/changes", Change).Describe(
                "Change days of several agents at once, as a re-plan proposes them: all or none, of the version that it was for",
                new ChangesRequest([new(Example, new(2026, 3, 9)), new(Example, new(2026, 3, 10), "D-0900")]),
                ["outside-roster", "day-twice", "shift-unknown", "break-in-activity", .. RosterEditing.Refusals]);
        }
    }

    private static async Task<Ok<IReadOnlyList<StandInView>>> GetStandIns(
        Guid id, [Description("Local day on which the shift starts")] DateOnly date,
        [Description("Code of a shift of that day"), MaxLength(30)] string shift,
        Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        MustBeWithin(roster, date, "date");
        var context = await RosterContext.For(roster, session, cancellation);
        var open = context.Problem.Shifts.FirstOrDefault(s => s.Day == context.Frame.DayOf(date) && s.Code == shift)
            ?? throw new InvalidException("shift", "shift-unknown", $"There is no shift '{shift}' on that day.");

        return TypedResults.Ok<IReadOnlyList<StandInView>>(
        [
            .. StandIns.For(context.Problem, context.WithOvertime().Problem, context.Frame.Assignments(roster), open, cancellation)
                .Select(s => new StandInView(s.AgentId, context.NameOf(s.AgentId), s.Rules, s.Cost, s.CoverGained,
                    Math.Round(s.PaidMinutes / 60.0, 2), s.Unpopular, s.RefusedWish)),
        ]);
    }

    private static async Task<Versioned<ReplanView>> Replan(
        Guid id, ReplanRequest request, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        var absences = request.Absences ?? [];
        Check(roster, absences);
        var first = request.From ?? absences.Select(a => (DateOnly?)(a.From < roster.From ? roster.From : a.From)).Min() ?? roster.From;
        MustBeWithin(roster, first, "/from");
        var context = await RosterContext.For(roster, session, cancellation);
        var frame = context.Frame;

        var away = absences.ToLookup(a => a.AgentId, a => new Unavailability(
            frame.Minute(frame.Calendar.StartOf(a.From)), frame.Minute(frame.Calendar.StartOf(a.To.AddDays(1))), "leave"));
        var shifts = frame.Assignments(roster).ToLookup(IsFreed);
        List<Assignment> left = [.. shifts[false]];
        var problem = context.Problem with
        {
            Agents = [.. context.Problem.Agents.Select(a => a with { Unavailable = [.. a.Unavailable, .. away[a.Id]] })],
        };
        var found = Replanning.Of(problem, left, absences.Select(a => a.AgentId).ToHashSet(),
            new(TimeSpan.FromSeconds(request.Seconds), frame.DayOf(first), request.MostMoved, request.ChangeWeight), cancellation);

        var service = await session.ExpectedServiceOf(roster, frame, cancellation);
        var levels = service is null ? [] : LevelsGained(service, problem, left, found);
        return new(new ReplanView(id, roster.Version,
            [.. shifts[true].Select(a => Move(new(a.AgentId, a.Shift.Day, a.Shift.Code, null, 0), null))],
            [.. found.Moves.Select((move, i) => Move(move, levels.ElementAtOrDefault(i)))],
            found.OthersDays == 0 ? 0 : Math.Round(found.Moves.Length / (double)found.OthersDays, 4), found.Before, found.After,
            Cover(left), Cover(found.Assignments)), roster.Version, complete: false);

        MoveView Move(RosterMove move, double? level) => new(
            move.AgentId, context.NameOf(move.AgentId), frame.From.AddDays(move.Day), move.From, move.To, move.CoverGained, level);

        bool IsFreed(Assignment a) => away[a.AgentId].Any(b => b.From < a.Shift.End && a.Shift.Start < b.To);

        IReadOnlyList<CoverSummary> Cover(IEnumerable<Assignment> shifts) => CoverSummary.Of(problem, shifts);
    }

    /// <summary>By how much each move raises the service level of its day, after those before it.</summary>
    private static List<double?> LevelsGained(
        ExpectedService service, RosterProblem problem, IReadOnlyList<Assignment> before, Replan found)
    {
        var after = found.Assignments.ToDictionary(a => (a.AgentId, a.Shift.Day));
        // A night of the day before reaches into the day.
        var near = before.ToLookup(a => a.Shift.Day);
        var of = new Dictionary<int, (List<Assignment> Shifts, double? Level)>();
        var gained = new List<double?>();
        foreach (var move in found.Moves)
        {
            if (!of.TryGetValue(move.Day, out var day))
            {
                List<Assignment> shifts = [.. near[move.Day - 1], .. near[move.Day]];
                day = (shifts, service.LevelOf(move.Day, Coverage.Of(problem, shifts)));
            }

            List<Assignment> moved = [.. day.Shifts.Where(a => a.AgentId != move.AgentId || a.Shift.Day != move.Day)];
            if (after.TryGetValue((move.AgentId, move.Day), out var shift))
                moved.Add(shift);
            var level = service.LevelOf(move.Day, Coverage.Of(problem, moved));
            gained.Add(level - day.Level is { } more ? Math.Round(more, 4) : null);
            of[move.Day] = (moved, level);
        }

        return gained;
    }

    private static async Task<WriteResult> Change(
        Guid id, ChangesRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        var agents = request.Changes.Select(c => c.AgentId).Distinct().ToArray();
        if (request.Changes.DistinctBy(c => (c.AgentId, c.Date)).Count() < request.Changes.Count)
            throw new InvalidException("/changes", "day-twice", "A day of an agent is changed once.");
        for (var i = 0; i < request.Changes.Count; i++)
            MustBeWithin(roster, request.Changes[i].Date, $"/changes/{i}/date");
        if (roster.Version != expected.Value)
            throw new StaleVersionException(expected.Value, roster.Version);

        await session.Lock(agents, cancellation);
        roster = agents.Aggregate(roster, (state, agent) => state.With(agent));
        var context = (await RosterContext.For(roster, session, cancellation)).WithOvertime();
        var changes = new List<ShiftChange>();
        var changed = request.Changes.Aggregate(roster, (state, c) => state.With(c.AgentId, c.Date, null));
        foreach (var (agent, date, code) in request.Changes)
        {
            var shift = code is null ? null : ShiftReading.Read(new(code), agent, date, changed, context);
            changes.Add(new(agent, date, shift));
            if (shift is not null)
                changed = changed.Evolve(new ShiftAssigned(id, agent, shift, caller.Id, caller.Now));
        }

        var command = new ChangeShifts([.. changes], context.Frame, context.Problem, caller.Id, caller.Now, context.Names);
        return new(await session.Decide<Roster>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static void Check(Roster roster, IReadOnlyList<AbsenceRequest> absences)
    {
        var errors = absences.SelectMany((absence, i) => new[]
        {
            roster.Agents.ContainsKey(absence.AgentId) ? null
                : new Error($"/absences/{i}/agentId", "agent-unknown", "The agent is not part of this roster."),
            absence.To < absence.From ? new($"/absences/{i}/to", "days-reversed", "The last day comes before the first.")
                : absence.From > roster.To || absence.To < roster.From ? new($"/absences/{i}/from", "outside-roster", Covers(roster))
                : null,
        }.OfType<Error>()).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    private static void MustBeWithin(Roster roster, DateOnly date, string at)
    {
        if (date < roster.From || date > roster.To)
            throw new InvalidException(at, "outside-roster", Covers(roster));
    }

    private static string Covers(Roster roster) => $"The roster covers {roster.From:yyyy-MM-dd} to {roster.To:yyyy-MM-dd}.";

    private static async Task<Roster> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<Roster>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(roster.ProjectId);
        return roster;
    }
}
