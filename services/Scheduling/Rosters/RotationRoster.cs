using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Requirements;
using CallCenter.Scheduling.Rotations;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Rosters.RosterDecider;

namespace CallCenter.Scheduling.Rosters;

/// <param name="RequirementId">What the roster is judged by.</param>
/// <param name="Groups">As many as the rotation has weeks: who is in each, in the order in which they follow each other.</param>
/// <param name="From">First day; the requirement's when left out.</param>
/// <param name="Days">The rest of the requirement when left out.</param>
/// <param name="FirstWeek">A Monday on which the first group begins the first week; that of <paramref name="From"/> when left
/// out.</param>
public sealed record RotationRosterRequest(
    Guid RequirementId, [MinLength(1), MaxLength(200)] IReadOnlyList<RotationGroup> Groups, DateOnly? From = null,
    [Range(1, 42)] int? Days = null, DateOnly? FirstWeek = null);

/// <param name="AgentIds">Who works its weeks; nobody where the group is to be filled later.</param>
public sealed record RotationGroup([MaxLength(200)] IReadOnlyList<Guid> AgentIds);

/// <summary>
/// A draft roster from a rotation: each day of it is given as an edit by hand would be, and left free where a rule forbids that.
/// </summary>
internal static class RotationRoster
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRotationRosters() => routes.MapPost("/rotations/{id:guid}/rosters", Make).WithTags("Rotations").Describe(
            "Make a draft roster from a rotation: every agent has the shifts of their group, but where a rule forbids one",
            new RotationRosterRequest(
                Guid.Parse("0199aaaa-0000-7000-8000-000000000004"), [new([Guid.Parse("0199aaaa-0000-7000-8000-000000000003")]), new([])]),
            ["outside-requirement", "groups-unlike-rotation", "agent-twice", "agent-unknown", "not-a-monday", "shift-unknown"]).TakesLong();
    }

    private static async Task<WriteResult> Make(
        Guid id, RotationRosterRequest request, NewId roster, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var rotation = await session.LoadAsync<Rotation>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(rotation.ProjectId);
        var requirement = await session.LoadAsync<StaffingRequirement>(request.RequirementId, cancellation);
        if (requirement?.ProjectId != rotation.ProjectId)
            throw new StreamNotFoundException(request.RequirementId);

        var (from, days) = RosterEndpoints.DaysOf(request.From, request.Days, requirement);
        var firstWeek = request.FirstWeek ?? from.AddDays(-(((int)from.DayOfWeek + 6) % 7));
        var groupOf = GroupOf(request, rotation, firstWeek);
        var context = await RosterContext.Load(
            rotation.ProjectId, requirement.Id, roster.Value, from, days, [.. groupOf.Keys], [], session, cancellation);
        MustBeOfProject(request, rotation, context);

        var rostered = Rostered(context, (agent, date) => rotation.ShiftOf(groupOf[agent], date, firstWeek));
        var shifts = rostered.ToLookup(a => a.AgentId, context.Shift);
        var command = new GenerateRoster(
            roster.Value, rotation.ProjectId, requirement.Id, requirement.Zone, from, days, [.. groupOf.Keys],
            [.. groupOf.Keys.Select(agent => new AgentRostered(roster.Value, agent, [.. shifts[agent].OrderBy(s => s.Date)]))],
            RosterCost.Of(context.Problem, rostered, cancellation), Seed: 0, Rounds: 0, caller.Id, caller.Now,
            Known: [.. context.Known.Values.Where(known => !known.IsNothing)], RotationId: rotation.Id);

        return new(await session.Start<Roster>(roster.Value, state => Decide(command, state), cancellation), $"/rosters/{roster.Value}");
    }

    private static SortedDictionary<Guid, int> GroupOf(RotationRosterRequest request, Rotation rotation, DateOnly firstWeek)
    {
        if (request.Groups.Count != rotation.Weeks.Length)
            throw new InvalidException("/groups", "groups-unlike-rotation",
                $"The rotation has {rotation.Weeks.Length} groups, not {request.Groups.Count}; a group may be empty.");
        if (firstWeek.DayOfWeek is not DayOfWeek.Monday)
            throw new InvalidException("/firstWeek", "not-a-monday", $"{firstWeek:yyyy-MM-dd} is a {firstWeek.DayOfWeek}; weeks begin on Mondays.");

        var groups = new SortedDictionary<Guid, int>();
        foreach (var (i, group) in request.Groups.Index())
            foreach (var agent in group.AgentIds)
                if (!groups.TryAdd(agent, i))
                    throw new InvalidException($"/groups/{i}/agentIds", "agent-twice", $"{agent} is in a group already.");
        return groups;
    }

    private static void MustBeOfProject(RotationRosterRequest request, Rotation rotation, RosterContext context)
    {
        foreach (var (i, group) in request.Groups.Index())
            if (group.AgentIds.FirstOrDefault(a => context.People.GetValueOrDefault(a)?.ProjectIds.Contains(rotation.ProjectId) != true)
                is var unknown && unknown != Guid.Empty)
                throw new InvalidException($"/groups/{i}/agentIds", "agent-unknown", $"{unknown} is no agent of the project.");
    }

    /// <summary>Day by day, each beside the days before it.</summary>
    private static List<Assignment> Rostered(RosterContext context, Func<Guid, DateOnly, string?> shiftOf)
    {
        var (frame, given) = (context.Frame, new List<Assignment>());
        var own = context.Problem.Agents.ToDictionary(agent => agent.Id, _ => new List<Assignment>());
        var shifts = context.Problem.Shifts.ToLookup(shift => (shift.Day, shift.Code));
        foreach (var (day, date) in frame.Dates.Index())
        {
            // Breaks are placed beside those who work then: of the day before they are those of nights.
            var beside = given.Where(a => a.Shift.Day >= day - 1).ToList();
            foreach (var agent in context.Problem.Agents)
            {
                if (shiftOf(agent.Id, date) is not { } code)
                    continue;
                var shift = shifts[(day, code)].FirstOrDefault() ?? throw new InvalidException("", "shift-unknown",
                    $"The project has no shift '{code}' on {date:yyyy-MM-dd} any more: make another rotation.");
                if (BreakPlacement.Place(context.Problem, beside, agent, shift) is not { } placed
                    || IsForbidden(context, agent, own[agent.Id], placed))
                    continue;
                own[agent.Id].Add(placed);
                beside.Add(placed);
                given.Add(placed);
            }
        }

        return given;
    }

    private static bool IsForbidden(RosterContext context, RosterAgent agent, List<Assignment> days, Assignment more) =>
        RosterChecker.New(context.Problem, agent, days, [.. days, more]).Any(v => RosterRule.Of(v.Rule) is not { IsOfMissingWork: true });
}
