using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Wishes.PlanningPeriodDecider;
using static CallCenter.Scheduling.Wishes.StatementDecider;

namespace CallCenter.Scheduling.Wishes;

/// <param name="From">First day.</param>
/// <param name="Days">How many days there are.</param>
/// <param name="ClosesAt">When agents state nothing more: by the wall clock of the project, or with an offset.</param>
/// <param name="Limits">How much each agent may state; 10 wishes of 20, 3 dates when left out.</param>
public sealed record PlanningPeriodRequest(
    Guid ProjectId, DateOnly From, [Range(1, 42)] int Days, [Required, VisibleText, MaxLength(35)] string ClosesAt,
    StatementLimits? Limits = null);

/// <param name="ClosesAt">When agents state nothing more: by the wall clock of the project, or with an offset.</param>
/// <param name="Limits">How much each agent may state; 10 wishes of 20, 3 dates when left out.</param>
public sealed record PlanningPeriodChange([Required, VisibleText, MaxLength(35)] string ClosesAt, StatementLimits? Limits = null);

/// <summary>All that an agent states for a period: it replaces what was stated before.</summary>
/// <param name="Wishes">What they would like.</param>
/// <param name="Unavailable">When they cannot work.</param>
/// <param name="Reason">Why, where it is stated after the closing.</param>
public sealed record StatementRequest(
    [MaxLength(100)] IReadOnlyList<Wish>? Wishes = null, [MaxLength(100)] IReadOnlyList<UnavailableTime>? Unavailable = null,
    [property: FreeText] [VisibleText, MaxLength(500)] string? Reason = null);

/// <summary>Whether an agent has stated anything for a period.</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="StatedAt">When it was stated last; null where nothing was.</param>
/// <param name="StatedBy">Who stated it last; null where nothing was.</param>
/// <param name="Wishes">How many wishes.</param>
/// <param name="Unavailable">How many times at which they cannot work.</param>
public sealed record StatedRow(
    Guid AgentId, string StaffNumber, string Name, DateTimeOffset? StatedAt, Guid? StatedBy, int Wishes, int Unavailable);

internal static class PlanningPeriodEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPlanningPeriods()
        {
            var periods = routes.MapGroup("/planning-periods").WithTag("Wishes",
                "Days to be rostered, for which agents state what they would like and when they cannot work, until it closes.");

            periods.MapPost("/", Open).Describe("Open a planning period, and say until when wishes are stated",
                new PlanningPeriodRequest(Example, new(2026, 3, 9), 7, "2026-02-27T18:00"),
                ["period-overlaps", "period-exists", "project-unknown", "not-a-time", "time-skipped", "time-occurs-twice"]);
            periods.MapGet("/", List).Describe("The planning periods of a project");
            periods.MapGet("/{id:guid}", Get).Describe("One planning period: its days, when it closes, how much may be stated");
            periods.MapHistory("/{id:guid}", Get);
            periods.MapPut("/{id:guid}", Change).Describe("Close it at another time, or let more or less be stated",
                new PlanningPeriodChange("2026-02-28T12:00", new(MostWishes: 12)),
                ["period-cancelled", "not-a-time", "time-skipped", "time-occurs-twice"]);
            periods.MapPost("/{id:guid}/cancellation", Cancel).Describe("Cancel it: what was stated for it counts for nothing");
            periods.MapGet("/{id:guid}/statements", ListStatements).Describe("Who of the project has stated something, and who has not");
            periods.MapGet("/{id:guid}/statements/{agentId:guid}", GetStatement).Describe(
                "What an agent stated; agents read their own. Version 0: nothing yet");
            periods.MapGet("/{id:guid}/statements/{agentId:guid}/history", GetHistory)
                .Describe("Who stated something for the agent, when and why, oldest first");
            periods.MapPut("/{id:guid}/statements/{agentId:guid}", State).Describe(
                "State all that an agent would like and when they cannot work: agents for themselves until it closes, planners also after it, "
                    + "with a reason",
                new StatementRequest(
                    [new(new(2026, 3, 10), Kind: ShiftKind.Early, Weight: 6), new(new(2026, 3, 14), DayOff: true, Weight: 12)],
                    [new(new(2026, 3, 12), new(8, 0), new(12, 0))]),
                ["period-closed", "period-cancelled", "reason-missing", "too-many-wishes", "too-many-unavailable", "wish-unclear",
                    "weight-out-of-range", "outside-period", "shift-unknown", "day-twice", "time-unclear"]);
        }
    }

    private static readonly Guid Example = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    private static async Task<WriteResult> Open(
        PlanningPeriodRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.Project(request.ProjectId, cancellation);
        var command = new OpenPlanningPeriod(
            id.Value, project.Id, project.Zone, request.From, request.Days, project.Calendar.Read("/closesAt", request.ClosesAt),
            request.Limits ?? new(), caller.Id, caller.Now);
        await MustBeAlone(command, session, cancellation);

        return new(await session.Start<PlanningPeriod>(id.Value, state => Decide(command, state), cancellation),
            $"/planning-periods/{id.Value}");
    }

    private static async Task MustBeAlone(OpenPlanningPeriod command, IDocumentSession session, CancellationToken cancellation)
    {
        await session.Lock([command.ProjectId], cancellation);
        var others = await session.Query<PlanningPeriod>().Where(p => p.ProjectId == command.ProjectId && !p.Cancelled)
            .ToListAsync(cancellation);

        if (others.FirstOrDefault(p => p.Id != command.PeriodId && p.From < command.From.AddDays(command.Days) && p.To >= command.From)
            is { } other)
            throw new RefusedException("period-overlaps",
                $"Wishes for {other.From:yyyy-MM-dd} to {other.To:yyyy-MM-dd} are stated in another period.", $"/planning-periods/{other.Id}");
    }

    private static async Task<Page<PlanningPeriod>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<PlanningPeriod>().Where(p => p.ProjectId == projectId).ToPage(page, p => p.Id, cancellation);
    }

    private static async Task<Versioned<PlanningPeriod>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var period = await Find(id, caller, session, cancellation);
        return new(period, period.Version);
    }

    private static async Task<WriteResult> Change(
        Guid id, PlanningPeriodChange request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var period = await Find(id, caller, session, cancellation);
        var closes = LocalCalendar.Of(period.Zone).Read("/closesAt", request.ClosesAt);
        var command = new ChangePlanningPeriod(closes, request.Limits ?? new(), caller.Id, caller.Now);

        return new(await session.Decide<PlanningPeriod>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Cancel(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await Find(id, caller, session, cancellation);
        return new(await session.Decide<PlanningPeriod>(
            id, expected.Value, state => Decide(new CancelPlanningPeriod(caller.Id, caller.Now), state), cancellation));
    }

    private static async Task<Page<StatedRow>> ListStatements(
        Guid id, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var period = await Find(id, caller, session, cancellation);
        var people = await session.Query<EmployeeV1>().Where(person => person.ProjectIds.Contains(period.ProjectId))
            .ToPage(page, person => person.Id, cancellation);
        var statements = (await session.LoadManyAsync<AgentStatement>(
            cancellation, people.Items.Select(p => AgentStatement.IdOf(id, p.Id)).ToArray())).ToDictionary(s => s.AgentId);

        return new(
        [
            .. people.Items.Select(p => (Person: p, Stated: statements.GetValueOrDefault(p.Id))).Select(row => new StatedRow(
                row.Person.Id, row.Person.StaffNumber, row.Person.Name, row.Stated?.StatedAt, row.Stated?.StatedBy,
                row.Stated?.Wishes.Count ?? 0, row.Stated?.Unavailable.Count ?? 0)),
        ], people.Next);
    }

    private static async Task<Versioned<AgentStatement>> GetStatement(
        Guid id, Guid agentId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (period, agent) = await Find(id, agentId, caller, session, cancellation);
        var statement = await session.LoadAsync<AgentStatement>(AgentStatement.IdOf(id, agentId), cancellation)
            ?? new AgentStatement { PeriodId = id, ProjectId = period.ProjectId, AgentId = agent.Id };

        return new(statement, statement.Version);
    }

    private static async Task<Page<HistoryEntry>> GetHistory(
        Guid id, Guid agentId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await Find(id, agentId, caller, session, cancellation);
        return await session.History(AgentStatement.IdOf(id, agentId), page, cancellation);
    }

    private static async Task<WriteResult> State(
        Guid id, Guid agentId, StatementRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var (period, _) = await Find(id, agentId, caller, session, cancellation);
        var project = await session.Project(period.ProjectId, cancellation);
        var book = await session.RulesOf(project, cancellation);
        var command = new StateWishes(
            period, agentId, request.Wishes ?? [], request.Unavailable ?? [], date => TemplateRules.CodesOn(date, book),
            ByPlanner: !caller.SeesOnlyOwn, request.Reason, caller.Id, caller.Now);

        return new(await session.StartOrDecide<AgentStatement>(
            AgentStatement.IdOf(id, agentId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<PlanningPeriod> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var period = await session.LoadAsync<PlanningPeriod>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(period.ProjectId);
        return period;
    }

    private static async Task<(PlanningPeriod, EmployeeV1)> Find(
        Guid id, Guid agentId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var period = await Find(id, caller, session, cancellation);
        var agent = await session.Person(agentId, caller, cancellation);

        return agent.ProjectIds.Contains(period.ProjectId) ? (period, agent) : throw new StreamNotFoundException(agentId);
    }
}
