using System.Linq.Expressions;
using CallCenter.Attendance.Rosters;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Attendance.Shifts;

/// <summary>What one agent's shift came to.</summary>
/// <param name="Id">The roster day's.</param>
/// <param name="Date">Local day of the project on which the shift begins.</param>
/// <param name="Ledgers">What it came to, by the roster as known then and as amended.</param>
public sealed record AttendanceView(Guid Id, Guid ProjectId, Guid AgentId, DateOnly Date, ShiftLedgers Ledgers);

/// <summary>The same with all that it was made of.</summary>
/// <param name="Id">The roster day's.</param>
/// <param name="Date">Local day of the project on which the shift begins.</param>
/// <param name="Ledgers">What it came to, by the roster as known then and as amended.</param>
/// <param name="Formulas">By which editions the figures were made.</param>
/// <param name="Rostered">Every publication of the day and since when it was known, the oldest first.</param>
/// <param name="States">What the person did, in any project, from the day before to the day after.</param>
/// <param name="Clockings">When they came and went.</param>
/// <param name="OnLeave">An approved leave has the day.</param>
/// <param name="Excuses">Time that was excused.</param>
public sealed record ShiftDetail(
    Guid Id, Guid ProjectId, Guid AgentId, DateOnly Date, ShiftLedgers Ledgers, IReadOnlyList<FormulaUsed> Formulas,
    IReadOnlyList<RosterVersion> Rostered, IReadOnlyList<AgentSegment> States, IReadOnlyList<ClockMark> Clockings, bool OnLeave,
    IReadOnlyList<ExcusedTime> Excuses);

/// <param name="Code">Which figure.</param>
/// <param name="Edition">Of its formula.</param>
public sealed record FormulaUsed(string Code, int Edition);

/// <summary>How much of the paid time of a project's shifts was no work on contacts.</summary>
/// <param name="Shifts">How many shifts it is made of: those that are over.</param>
/// <param name="UnknownShifts">Shifts that are over and of which something is unknown; they are in none of the figures of what was.</param>
/// <param name="LeaveDays">Days of approved leave, which have no hours and are in no other figure.</param>
/// <param name="RosteredSeconds">Rostered paid time.</param>
/// <param name="WorkSeconds">Rostered work.</param>
/// <param name="Planned">Share of rostered paid time that was not to be work; null where there is none.</param>
/// <param name="Actual">Share of rostered paid time that was not worked; null where there is none.</param>
/// <param name="Edition">Of the formula.</param>
public sealed record ShrinkageView(
    int Shifts, int UnknownShifts, int LeaveDays, long RosteredSeconds, long WorkSeconds, decimal? Planned, decimal? Actual, int Edition);

/// <param name="TeamId">Those who were in the team on the day.</param>
/// <param name="From">The first local day.</param>
/// <param name="To">The last local day, 31 days at most.</param>
public sealed record AttendanceFilter(Guid? ProjectId, Guid? TeamId, Guid? AgentId, DateOnly From, DateOnly To);

internal static class AttendanceEndpoints
{
    private const int MostDays = 31;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapAttendance()
        {
            var attendance = routes.MapGroup("/attendance").WithTag("Attendance",
                "What shifts came to: who was there, late, early, away, and how well it fits what was rostered, then and as amended.");

            attendance.MapGet("/", List).Describe(
                "Shifts by project, team, agent and days; agents see their own", problems: ["range-too-long"]);
            attendance.MapGet("/formulas", () => TypedResults.Ok(Formulas.All)).Describe("How the figures are made, and in which edition");
            attendance.MapGet("/shrinkage", Shrinkage).Describe(
                "Shrinkage of a project's shifts, as planned and as it was", problems: ["range-too-long"]);
            attendance.MapGet("/{id:guid}", Get).Describe("One shift, and all that its figures are made of");
            attendance.MapGet("/{id:guid}/history", History).Describe(
                "Who said and took back what of it, when and why, oldest first; versions count these entries");
        }
    }

    private static readonly Visibility<RosterHistory> Visible = new(
        (day, projects) => day.ProjectId.IsOneOf(projects), own: (day, agent) => day.AgentId == agent, ownIsTheirs: true);

    private static async Task<Ok<Page<AttendanceView>>> List(
        [AsParameters] AttendanceFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        Require(filter.From, filter.To);
        var days = session.Query<RosterHistory>().VisibleTo(caller, Visible, filter.ProjectId)
            .Where(d => d.Date >= filter.From && d.Date <= filter.To);
        if (filter.AgentId is { } agent)
            days = days.Where(d => d.AgentId == agent);
        if (filter.TeamId is { } team)
            days = days.Where(OfTeam(await session.LoadAsync<TeamV1>(team, cancellation) is { } known && caller.Sees(known.ProjectId)
                ? known : throw new StreamNotFoundException(team)));

        var shown = await days.ToPage(page, d => d.Id, cancellation);
        var lines = await session.Lines(shown.Items, caller.Now, cancellation);
        return TypedResults.Ok(new Page<AttendanceView>([.. lines.Select(View)], shown.Next));
    }

    private static async Task<Versioned<ShiftDetail>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var day = caller.MustSee(await session.LoadAsync<RosterHistory>(id, cancellation), Visible);
        var (_, evidence, _, ledgers) = (await session.Lines([day], caller.Now, cancellation))[0];

        return new(new(day.Id, day.ProjectId, day.AgentId, day.Date, ledgers,
            [.. Formulas.All.Select(f => new FormulaUsed(f.Code, f.Edition))], day.Versions, evidence.States, evidence.Clockings,
            evidence.OnLeave, evidence.Excused), day.Version, complete: false);
    }

    // A shift is made of facts; what people do to it they do to its clockings and excuses.
    private static async Task<Page<HistoryEntry>> History(
        Guid id, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var day = caller.MustSee(await session.LoadAsync<RosterHistory>(id, cancellation), Visible);

        return await session.History(await session.StreamsOf(day, cancellation), page, cancellation);
    }

    private static async Task<Ok<ShrinkageView>> Shrinkage(
        Guid projectId, DateOnly from, DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        Require(from, to);
        var days = await session.Query<RosterHistory>().Where(d => d.ProjectId == projectId && d.Date >= from && d.Date <= to)
            .OrderBy(d => d.Id).ToListAsync(cancellation);

        return TypedResults.Ok(ShrinkageOf(await session.Lines(days, caller.Now, cancellation), caller.Now));
    }

    internal static ShrinkageView ShrinkageOf(IReadOnlyList<SheetLine> lines, DateTimeOffset now)
    {
        var amended = lines.Select(line => line.Ledgers.Amended).ToList();
        var over = amended.Where(f => f.EndsAt <= now && f.Presence is not ShiftPresence.Excused).ToList();
        var known = over.Where(f => f.UnknownSeconds == 0).ToList();
        var (paid, work) = (over.Sum(f => (long)f.PaidSeconds), over.Sum(f => (long)f.RosteredWorkSeconds));
        var knownPaid = known.Sum(f => (long)f.PaidSeconds);

        return new(over.Count, over.Count - known.Count, lines.Count(line => line.IsLeave), paid, work, Rest(work, paid),
            Rest(known.Sum(f => (long)Math.Min(f.ProductiveSeconds, f.RosteredWorkSeconds)), knownPaid),
            Formulas.All.First(f => f.Code == "shrinkage").Edition);
    }

    private static decimal? Rest(long part, long whole) => whole == 0 ? null : Math.Round(1 - (decimal)part / whole, 4);

    private static AttendanceView View(SheetLine line) =>
        new(line.Day.Id, line.Day.ProjectId, line.Day.AgentId, line.Day.Date, line.Ledgers);

    private static void Require(DateOnly from, DateOnly to)
    {
        if (to < from || to.DayNumber - from.DayNumber >= MostDays)
            throw new InvalidException("to", "range-too-long", $"Ask for 1 to {MostDays} days.");
    }

    // Somebody who moves is in each team on the days that they were in it.
    private static Expression<Func<RosterHistory, bool>> OfTeam(TeamV1 team)
    {
        var stays = team.Memberships ?? [.. team.Members.Select(member => new MemberPeriod(member, DateOnly.MinValue, null))];
        var day = Expression.Parameter(typeof(RosterHistory), "day");

        return Expression.Lambda<Func<RosterHistory, bool>>(stays.Select(stay =>
        {
            var (agent, from, to) = (stay.AgentId, stay.From, stay.To ?? DateOnly.MaxValue);
            Expression<Func<RosterHistory, bool>> isIn = d => d.AgentId == agent && d.Date >= from && d.Date <= to;
            return new Renaming(isIn.Parameters[0], day).Visit(isIn.Body);
        }).Aggregate((Expression)Expression.Equal(
            Expression.Property(day, nameof(RosterHistory.ProjectId)), Expression.Constant(Guid.Empty)), Expression.OrElse), day);
    }

    private sealed class Renaming(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
