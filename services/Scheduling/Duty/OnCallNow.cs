using System.ComponentModel;
using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Duty;

/// <summary>Who is on call for a role at an instant, and who is next.</summary>
/// <param name="Role">What they are there for.</param>
/// <param name="Now">Null where nobody is.</param>
/// <param name="Next">Who takes over next, then or later; null where nothing is published.</param>
public sealed record OnCallNow(string Role, DutyView? Now, DutyView? Next);

/// <param name="Role">What they are there for.</param>
/// <param name="Name">The person's name.</param>
/// <param name="StartsAt">When they take over.</param>
/// <param name="EndsAt">When they hand over.</param>
/// <param name="RosterId">The on-call roster it is of.</param>
/// <param name="Turn">Its number there.</param>
/// <param name="OnLeave">They have leave then, approved after it was published: somebody else is to be found.</param>
public sealed record DutyView(
    string Role, Guid AgentId, string StaffNumber, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid RosterId, int Turn,
    bool OnLeave);

internal static class OnCallReader
{
    private const int LongestSpan = 92;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapOnCall()
        {
            var duties = routes.MapGroup("/on-call").WithTag("On call", "Who is on call, as published.");

            duties.MapGet("/", GetNow).Describe("Who is on call now, or at an instant, and who is next, role by role");
            duties.MapGet("/turns", GetTurns).Describe("Who is on call in some days", problems: ["span-too-long", "project-unknown"]);
        }
    }

    private static async Task<Ok<IReadOnlyList<OnCallNow>>> GetNow(
        Guid projectId, [Description("The instant; now when left out.")] DateTimeOffset? at,
        [Description("Of this role only.")] string? role, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var when = (at ?? caller.Now).ToUniversalTime();
        var duties = await session.Query<OnCallDuty>().Where(duty => duty.ProjectId == projectId && duty.EndsAt > when)
            .OrderBy(duty => duty.StartsAt).ToListAsync(cancellation);
        var shown = duties.Where(duty => role is null || Names.Key(duty.Role) == Names.Key(role)).GroupBy(duty => Names.Key(duty.Role))
            .Select(of => (of.First().Role, Now: of.FirstOrDefault(duty => duty.StartsAt <= when),
                Next: of.FirstOrDefault(duty => duty.StartsAt > when)))
            .OrderBy(of => of.Role, StringComparer.Ordinal).ToList();
        var views = await session.Views([.. shown.SelectMany(of => new[] { of.Now, of.Next }).OfType<OnCallDuty>()], cancellation);

        return TypedResults.Ok<IReadOnlyList<OnCallNow>>([.. shown.Select(of => new OnCallNow(of.Role, View(of.Now), View(of.Next)))]);

        DutyView? View(OnCallDuty? duty) => duty is null ? null : views[duty.Id];
    }

    private static async Task<Ok<IReadOnlyList<DutyView>>> GetTurns(
        Guid projectId, DateOnly from, DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        if (to < from || to.DayNumber - from.DayNumber >= LongestSpan)
            throw new InvalidException("to", "span-too-long", $"Ask for 1 to {LongestSpan} days.");

        var calendar = (await session.Project(projectId, cancellation)).Calendar;
        var (start, end) = (calendar.StartOf(from), calendar.EndOf(to));
        var duties = await session.Query<OnCallDuty>()
            .Where(duty => duty.ProjectId == projectId && duty.EndsAt > start && duty.StartsAt < end)
            .OrderBy(duty => duty.StartsAt).ToListAsync(cancellation);
        var views = await session.Views(duties, cancellation);

        return TypedResults.Ok<IReadOnlyList<DutyView>>([.. duties.Select(duty => views[duty.Id])]);
    }

    extension(IQuerySession session)
    {
        private async Task<IReadOnlyDictionary<Guid, DutyView>> Views(IReadOnlyList<OnCallDuty> duties, CancellationToken cancellation)
        {
            if (duties.Count == 0)
                return new Dictionary<Guid, DutyView>();

            var ids = duties.Select(duty => duty.AgentId).Distinct().ToArray();
            var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, ids)).ToDictionary(person => person.Id);
            // A day more at both ends, whatever the zone.
            var (first, last) = (DateOnly.FromDateTime(duties.Min(duty => duty.StartsAt).UtcDateTime).AddDays(-1),
                DateOnly.FromDateTime(duties.Max(duty => duty.EndsAt).UtcDateTime).AddDays(1));
            var leaves = (await session.Whole(await session.Query<Leave>()
                .Where(leave => leave.AgentId.IsOneOf(ids) && leave.Status == LeaveStatus.Approved && leave.FirstDay <= last
                    && leave.LastDay >= first).ToListAsync(cancellation), cancellation)).ToLookup(leave => leave.AgentId);
            var projects = new Dictionary<Guid, ProjectV1>();
            foreach (var id in leaves.SelectMany(own => own).Select(leave => leave.ProjectId).Distinct())
                projects[id] = await session.Project(id, cancellation);

            return duties.ToDictionary(duty => duty.Id, duty => new DutyView(duty.Role, duty.AgentId,
                people.GetValueOrDefault(duty.AgentId)?.StaffNumber ?? "", people.GetValueOrDefault(duty.AgentId)?.Name ?? "",
                duty.StartsAt, duty.EndsAt, duty.RosterId, duty.Number,
                leaves[duty.AgentId].Any(leave => leave.Span(projects[leave.ProjectId].Calendar) is var (from, to)
                    && from < duty.EndsAt && duty.StartsAt < to)));
        }
    }
}
