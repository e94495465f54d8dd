using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.OnCall.OnCallDecider;

namespace CallCenter.Scheduling.Duty;

/// <param name="Role">What whoever is on call is there for, such as night duty officer.</param>
/// <param name="From">First day.</param>
/// <param name="Days">How many days; the last turn ends on the day after.</param>
/// <param name="HandOver">When turns change.</param>
/// <param name="AgentIds">Those among whom it goes by turns.</param>
/// <param name="Post">Instead: whoever of the project is in this post on the first day.</param>
public sealed record OnCallRequest(
    Guid ProjectId, [Required, VisibleText, Line, MaxLength(60)] string Role, DateOnly From, [Range(1, 184)] int Days, HandOver HandOver,
    [MinLength(1), MaxLength(200)] IReadOnlyList<Guid>? AgentIds = null, [Line, MaxLength(60)] string? Post = null);

/// <summary>Turns that go to others; two that change places are a swap.</summary>
/// <param name="Changes">Each turn once.</param>
public sealed record OnCallChangeRequest([MinLength(1), MaxLength(100)] IReadOnlyList<TurnTaker> Changes);

/// <param name="Turn">Number of the turn.</param>
/// <param name="AgentId">Who takes it.</param>
public sealed record TurnTaker(int Turn, Guid AgentId);

/// <summary>Who is on call from when to when.</summary>
/// <param name="Role">What they are there for.</param>
/// <param name="HandOver">When turns change.</param>
/// <param name="Agents">Those among whom it goes by turns.</param>
/// <param name="Turns">In order of time.</param>
public sealed record OnCallView(
    Guid Id, Guid ProjectId, string Role, string Zone, DateOnly From, int Days, OnCallStatus Status, HandOver HandOver,
    IReadOnlyList<Guid> Agents, IReadOnlyList<OnCallTurnView> Turns);

/// <param name="Number">In the roster, from 1.</param>
/// <param name="StartsAt">When it is taken over.</param>
/// <param name="EndsAt">When it is handed over.</param>
/// <param name="AgentId">Null while the turn is open.</param>
/// <param name="Name">Null while the turn is open.</param>
public sealed record OnCallTurnView(int Number, DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? AgentId, string? Name);

/// <summary>Somebody who could take a turn, or why not.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Rule">What is in the way; null where nothing is.</param>
/// <param name="Turns">Turns of the role that they had in the half year before the roster, and have in it.</param>
/// <param name="Special">Those of them that begin at a weekend or on a holiday.</param>
public sealed record OnCallCandidate(Guid AgentId, string Name, string? Rule, int Turns, int Special);

internal static class OnCallEndpoints
{
    private static readonly Guid Example = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    private static readonly string[] InTheWay =
        ["leave", "not-in-project", "not-yet-hired", "left", "fixed-rest-day", "night-exempt", "on-call-rest", "on-call-twice"];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapOnCallRosters()
        {
            var rosters = routes.MapGroup("/on-call-rosters").WithTag("On-call rosters",
                "Who of a project is on call for a role, by turns, from one hand-over to the next.");

            rosters.MapPost("/", Plan).Describe("Plan who is on call: turns go to who has borne least and can take them",
                new OnCallRequest(Example, "Night duty officer", new(2026, 3, 9), 14, new([new(8, 0), new(20, 0)], RestHours: 11),
                    [Guid.Parse("0199aaaa-0000-7000-8000-000000000011"), Guid.Parse("0199aaaa-0000-7000-8000-000000000012")]),
                ["project-unknown", "hand-over-unclear", "agents-unclear", "agent-unknown", "no-agents"]);
            rosters.MapGet("/", List).Describe("The on-call rosters of a project");
            rosters.MapGet("/{id:guid}", Get).Describe("Read one: every turn, and who has it");
            rosters.MapHistory("/{id:guid}", Get);
            rosters.MapGet("/{id:guid}/turns/{number:int}/candidates", GetCandidates).Describe(
                "Who could take a turn, those who have borne least first, and what is in the way of the others", problems: ["turn-unknown"]);
            rosters.MapPost("/{id:guid}/changes", Change).Describe(
                "Give turns to others, or let two change places; once it is published with a reason",
                new OnCallChangeRequest([new(1, Guid.Parse("0199aaaa-0000-7000-8000-000000000012")), new(2, Guid.Parse("0199aaaa-0000-7000-8000-000000000011"))]),
                ["turn-unknown", "turn-twice", "turn-over", "reason-missing", "on-call-cancelled", .. InTheWay]);
            rosters.MapPost("/{id:guid}/publication", Publish).Describe(
                "Publish it: those who have turns are told, and rosters keep the rest after them",
                problems: ["turn-open", "on-call-overlaps", "on-call-cancelled", .. InTheWay]);
            rosters.MapPost("/{id:guid}/cancellation", Cancel).Describe("Cancel it: turns that have not begun are nobody's any more");
        }
    }

    private static async Task<WriteResult> Plan(
        OnCallRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.Project(request.ProjectId, cancellation);
        Check(request.HandOver);
        var agents = await Agents(request, session, cancellation);
        var roster = new OnCallRoster
        {
            Id = id.Value, ProjectId = project.Id, Role = Names.Require("/role", request.Role), Zone = project.Zone, From = request.From,
            Days = request.Days, HandOver = request.HandOver,
        };
        var holidays = await session.DaysOf(project.Id, cancellation);
        var open = OnCallRotation.Turns(request.From, request.Days, request.HandOver, roster.Calendar());
        var turns = OnCallRotation.Fill(open, request.HandOver, await session.Known(roster, agents, cancellation),
            roster.Calendar(), holidays.IsHoliday);
        var command = new PlanOnCall(id.Value, project.Id, roster.Role, project.Zone, request.From, request.Days, request.HandOver, agents,
            turns, caller.Id, caller.Now);

        return new(await session.Start<OnCallRoster>(id.Value, state => Decide(command, state), cancellation), $"/on-call-rosters/{id.Value}");
    }

    private static async Task<IReadOnlyList<Guid>> Agents(OnCallRequest request, IQuerySession session, CancellationToken cancellation)
    {
        if (request.AgentIds is null == request.Post is null)
            throw new InvalidException("/agentIds", "agents-unclear", "Give either the people or their post.");

        var everybody = await session.Query<EmployeeV1>().Where(person => person.ProjectIds.Contains(request.ProjectId))
            .ToListAsync(cancellation);
        if (request.AgentIds is { } ids)
            return ids.Except(everybody.Select(person => person.Id)).ToList() is [var unknown, ..]
                ? throw new InvalidException($"/agentIds/{ids.ToList().IndexOf(unknown)}", "agent-unknown", "Nobody of this id works for the project.")
                : [.. ids.Distinct()];

        List<Guid> inPost =
        [
            .. everybody.Where(person => person.Posts?.Any(post => post.Post == request.Post && post.From <= request.From
                && !(post.To < request.From)) == true).OrderBy(person => person.StaffNumber, StringComparer.Ordinal)
                .Select(person => person.Id),
        ];
        return inPost.Count > 0 ? inPost : throw new RefusedException("no-agents", "Nobody of the project is in that post.");
    }

    private static async Task<Page<OnCallView>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var rosters = await session.Query<OnCallRoster>().Where(roster => roster.ProjectId == projectId)
            .ToPage(page, roster => roster.Id, cancellation);
        return new(await Views(rosters.Items, session, cancellation), rosters.Next);
    }

    private static async Task<Versioned<OnCallView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        return new((await Views([roster], session, cancellation))[0], roster.Version, complete: false);
    }

    private static async Task<IReadOnlyList<OnCallView>> Views(
        IReadOnlyList<OnCallRoster> rosters, IQuerySession session, CancellationToken cancellation)
    {
        var ids = rosters.SelectMany(roster => roster.Turns).Select(turn => turn.AgentId).OfType<Guid>().Distinct().ToArray();
        var names = (await session.LoadManyAsync<EmployeeV1>(cancellation, ids)).ToDictionary(person => person.Id, person => person.Name);

        return
        [
            .. rosters.Select(roster => new OnCallView(roster.Id, roster.ProjectId, roster.Role, roster.Zone, roster.From, roster.Days,
                roster.Status, roster.HandOver, roster.Agents,
                [
                    .. roster.Turns.Select(turn => new OnCallTurnView(turn.Number, turn.From, turn.To, turn.AgentId,
                        turn.AgentId is { } agent ? names.GetValueOrDefault(agent) : null)),
                ])),
        ];
    }

    private static async Task<Ok<IReadOnlyList<OnCallCandidate>>> GetCandidates(
        Guid id, [Description("Of the turn, from 1.")] int number, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        var turn = roster.Turns.FirstOrDefault(turn => turn.Number == number)
            ?? throw new InvalidException("number", "turn-unknown", $"There are turns 1 to {roster.Turns.Count}.");
        var (calendar, holidays) = (roster.Calendar(), await session.DaysOf(roster.ProjectId, cancellation));
        var own = roster.Turns.ToLookup(other => other.AgentId);

        return TypedResults.Ok<IReadOnlyList<OnCallCandidate>>(
        [
            .. (await session.Known(roster, roster.Agents, cancellation)).Select(person => new OnCallCandidate(person.Id, person.Name,
                    person.InTheWay(turn, roster.HandOver, calendar), person.Before.Turns + own[person.Id].Count(),
                    person.Before.Special + own[person.Id].Count(t => OnCallRotation.IsSpecial(t, calendar, holidays.IsHoliday))))
                .OrderBy(candidate => candidate.Rule is not null).ThenBy(candidate => candidate.Turns)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal),
        ]);
    }

    private static async Task<WriteResult> Change(
        Guid id, OnCallChangeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        if (request.Changes.DistinctBy(change => change.Turn).Count() < request.Changes.Count)
            throw new InvalidException("/changes", "turn-twice", "Each turn is given once.");

        var takers = request.Changes.ToDictionary(change => change.Turn, change => change.AgentId);
        await session.LockDays(roster.ProjectId, takers.Values, cancellation);
        var command = new ChangeOnCall(takers, await session.Known(roster, [.. takers.Values], cancellation), Actor.Current?.Reason,
            caller.Id, caller.Now);
        var decided = roster.Version == expected.Value ? Decide(command, roster) : [];
        if (roster.Status is OnCallStatus.Published && decided is [OnCallChanged changed])
        {
            await session.Show(roster.Evolve(changed), changed.Changes.Select(change => change.Turn).ToHashSet(), caller.Now, cancellation);
            session.TellOnCall(roster, changed.Changes.SelectMany(change => new[] { (Guid?)change.AgentId, change.Was }), caller.Now);
        }

        return new(await session.Decide<OnCallRoster>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Publish(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        List<Guid> agents = [.. roster.Turns.Select(turn => turn.AgentId).OfType<Guid>().Distinct()];
        await session.LockDays(roster.ProjectId, agents, cancellation);
        var command = new PublishOnCall(await session.Known(roster, agents, cancellation), caller.Id, caller.Now);
        if (roster.Version == expected.Value && Decide(command, roster) is not [])
        {
            await MustBeAlone(roster, session, cancellation);
            await session.Show(roster, roster.Turns.Select(turn => turn.Number).ToHashSet(), caller.Now, cancellation);
            session.TellOnCall(roster, agents.Cast<Guid?>(), caller.Now);
        }

        return new(await session.Decide<OnCallRoster>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task MustBeAlone(OnCallRoster roster, IQuerySession session, CancellationToken cancellation)
    {
        var (from, to) = (roster.Turns[0].From, roster.Turns[^1].To);
        if (await session.Query<OnCallDuty>().Where(duty => duty.ProjectId == roster.ProjectId && duty.Role == roster.Role
            && duty.RosterId != roster.Id && duty.StartsAt < to && duty.EndsAt > from).FirstOrDefaultAsync(cancellation) is { } other)
            throw new RefusedException("on-call-overlaps", $"Somebody is on call for this role from {other.StartsAt:yyyy-MM-dd HH:mm} UTC on already.",
                $"/on-call-rosters/{other.RosterId}");
    }

    private static async Task<WriteResult> Cancel(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        await session.LockDays(roster.ProjectId, [], cancellation);
        if (roster.Version == expected.Value && roster.Status is OnCallStatus.Published)
        {
            var now = caller.Now;
            session.DeleteWhere<OnCallDuty>(duty => duty.RosterId == id && duty.StartsAt > now);
            session.TellOnCall(roster, roster.Turns.Where(turn => turn.From > now).Select(turn => turn.AgentId), now);
        }

        return new(await session.Decide<OnCallRoster>(
            id, expected.Value, state => Decide(new CancelOnCall(caller.Id, caller.Now), state), cancellation));
    }

    extension(IDocumentSession session)
    {
        private async Task Show(OnCallRoster roster, IReadOnlySet<int> numbers, DateTimeOffset now, CancellationToken cancellation)
        {
            var holidays = await session.DaysOf(roster.ProjectId, cancellation);
            var shown = roster.Turns.Where(turn => numbers.Contains(turn.Number))
                .Select(turn => OnCallDuty.Of(roster, turn, holidays.IsHoliday, now)).ToList();
            var before = (await session.LoadManyAsync<OnCallDuty>(cancellation, shown.Select(duty => duty.Id).ToArray()))
                .ToDictionary(duty => duty.Id, duty => duty.Changes + 1);
            session.Store<OnCallDuty>([.. shown.Select(duty => duty with { Changes = before.GetValueOrDefault(duty.Id) })]);
        }

        private void TellOnCall(OnCallRoster roster, IEnumerable<Guid?> agents, DateTimeOffset now)
        {
            // Agents may not read the roster, but every turn of the project.
            var to = roster.From.AddDays(Math.Min(roster.Days, 92) - 1);
            var about = $"/on-call/turns?projectId={roster.ProjectId}&from={roster.From:yyyy-MM-dd}&to={to:yyyy-MM-dd}";
            foreach (var agent in agents.OfType<Guid>().Distinct())
                session.Tell(roster.ProjectId, agent, NoticeKind.RosterPublished, about, roster.From, now);
        }
    }

    private static async Task<OnCallRoster> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<OnCallRoster>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(roster.ProjectId);
        return roster;
    }
}
