using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Substitutes;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Rosters.RosterDecider;

namespace CallCenter.Scheduling.Rosters;

/// <param name="Shift">Code of a shift of that day, as GET /rosters shows them; breaks are placed where they cost the least cover.</param>
/// <param name="StartsAt">Instead of a code: by the wall clock of the project, or with an offset.</param>
/// <param name="EndsAt">With <paramref name="StartsAt"/>: the first instant after the shift.</param>
/// <param name="Breaks">With <paramref name="StartsAt"/>: none when left out.</param>
public sealed record ShiftRequest(
    [MaxLength(30)] string? Shift = null, [MaxLength(35)] string? StartsAt = null, [MaxLength(35)] string? EndsAt = null,
    [MaxLength(10)] IReadOnlyList<BreakRequest>? Breaks = null);

/// <param name="Kind">break or meal; pause between two parts of the shift, which is not paid.</param>
/// <param name="From">By the wall clock of the project, or with an offset.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Paid">Whether the time counts towards contracted hours.</param>
public sealed record BreakRequest(
    [RegularExpression("break|meal|pause"), VisibleText] string Kind, [MaxLength(35)] string From, [MaxLength(35)] string To, bool Paid);

internal static class RosterEditing
{
    /// <summary>Codes of what forbids a shift to an agent, by itself or beside other days.</summary>
    public static readonly string[] Refusals =
    [
        "leave", "not-yet-hired", "left", "not-in-project", "works-elsewhere", "no-skill", "fixed-rest-day", "outside-availability",
        "night-exempt", "stated-unavailable", "on-call-rest", "activity-cut",
        .. RosterRule.All.Where(r => r.IsBrokenByWork).Select(r => r.Code),
    ];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapRosterEditing()
        {
            var days = routes.MapGroup("/rosters/{id:guid}").WithTags("Rosters");

            days.MapPut("/agents/{agentId:guid}/days/{date}", Assign).Describe(
                "Give an agent their shift of a day, in place of any other: one of the project's, or times by the wall clock or with offset; a "
                    + "split shift is one with a pause between its parts",
                new ShiftRequest(StartsAt: "2026-03-09T09:00", EndsAt: "2026-03-09T17:30",
                    Breaks: [new("meal", "2026-03-09T13:00", "2026-03-09T13:30", false)]),
                ["shift-unknown", "shift-length", "other-day", "outside-roster", "time-occurs-twice", "time-skipped", "not-a-time",
                    "break-outside-shift", "breaks-overlap", "no-work-left", "pause-out-of-range", "pause-twice", "break-in-activity", .. Refusals]);
            days.MapDelete("/agents/{agentId:guid}/days/{date}", Unassign).Describe("Take an agent's shift on a day away");
            days.MapPost("/publication", Publish).Describe(
                "Publish the roster: agents see their days, the other services are told; later publications replace earlier ones. A training that a "
                    + "shift leaves no room for is left out, and told",
                problems: ["leave", "works-elsewhere", "left", "not-yet-hired", "fixed-rest-day", "rest-needs-consent", "publication-late", "substitute-rests", "outside-availability", "night-exempt", "stated-unavailable",
                    "on-call-rest", .. RosterRule.All.Select(r => r.Code)]);
        }
    }

    private static async Task<WriteResult> Assign(
        Guid id, Guid agentId, DateOnly date, ShiftRequest request,
        ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        await session.Lock([agentId], cancellation);
        var context = (await RosterContext.For(roster.With(agentId).With(agentId, date, null), session, cancellation)).WithOvertime();
        var shift = ShiftReading.Read(request, agentId, date, roster, context);
        var command = new AssignShift(agentId, shift, context.Frame, context.Problem, caller.Id, caller.Now);

        return new(await session.Decide<Roster>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Unassign(
        Guid id, Guid agentId, DateOnly date, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        new(await session.Decide<Roster>(id, expected.Value, state =>
        {
            caller.MustSee(state.ProjectId);
            return state.Agents.ContainsKey(agentId)
                ? Decide(new UnassignShift(agentId, date, caller.Id, caller.Now), state)
                : throw new StreamNotFoundException(agentId);
        }, cancellation));

    private static async Task<WriteResult> Publish(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var roster = await Find(id, caller, session, cancellation);
        // Their leave, their training, their swaps and their other projects stay as they are read.
        await session.LockDays(roster.ProjectId, roster.Agents.Keys, cancellation);
        var (context, keptOut) = await RosterContext.ForPublication(roster, session, cancellation);
        context = context.WithOvertime();

        if (roster.Version != expected.Value)
            throw new StaleVersionException(expected.Value, roster.Version);

        var numbers = await session.Events.FetchForWriting<Publications>(Publications.IdOf(roster.ProjectId), cancellation);
        var number = (numbers.Aggregate?.Last ?? 0) + 1;
        var decided = Decide(new PublishRoster(number, context.Frame, context.Problem, caller.Id, caller.Now, context.Names), roster);

        if (decided is not [])
        {
            var (policy, today) = ((await session.LoadAsync<PublicationPolicies>(PublicationPolicies.IdOf(roster.ProjectId), cancellation))
                ?.On(roster.From), context.Frame.Calendar.DayOf(caller.Now));
            PublicationPolicyDecider.MustBeInTime(roster, policy, today, Actor.Current?.Reason);
            if (PublicationPolicyDecider.IsLate(roster, policy, today))
                session.TellManagers(roster.ProjectId, NoticeKind.PublishedLate, $"/rosters/{id}", roster.From, caller.Now);
        }

        // The number, the days and the roster's own event are one transaction; what is already published stays as it is.
        if (decided is not [])
        {
            await MustHaveConsent(roster, context, number, caller, session, cancellation);
            await MustBeStoodIn(roster, context, session, cancellation);
            numbers.AppendOne(new PublicationNumbered(roster.ProjectId, id, number, caller.Now));
            var days = await session.StorePublication(roster, context, number, caller.Now, cancellation);
            await session.BookDays(days, roster.ProjectId, caller.Id, caller.Now, cancellation);
            await session.KeepOut(roster, keptOut, caller.Now, cancellation);
            foreach (var agent in days.Where(day => day.ChangedAt == caller.Now).Select(day => day.AgentId).Distinct())
                session.Tell(roster.ProjectId, agent, NoticeKind.RosterPublished, $"/rosters/{id}", roster.From, caller.Now);
        }

        // Decided of the expected version, which the session insists on.
        return await PublicationStore.InOnePlace(async () =>
            new WriteResult(await session.Decide<Roster>(id, expected.Value, _ => decided, cancellation)));
    }

    private static async Task MustHaveConsent(
        Roster roster, RosterContext context, long number, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        if (context.Accounts.MostRestDaysInRow is null)
            return;

        var agents = roster.Agents.Keys.ToArray();
        var (from, to) = (roster.From.AddDays(-RestRuns.Reach), roster.To.AddDays(RestRuns.Reach));
        var around = await session.Query<PublishedDay>().Where(d => d.AgentId.IsOneOf(agents) && d.Date >= from && d.Date <= to)
            .ToListAsync(cancellation);
        var days = Publishing.Days(roster, context, number, caller.Now).ToList();
        var published = days.Select(day => day.Id).ToHashSet();

        RestRuns.MustHaveConsent(roster, around.Where(day => !published.Contains(day.Id)).Concat(days).ToLookup(day => day.AgentId),
            context.Accounts, await session.AccountsOf(agents, cancellation), context.IsEmployed, context.NameOf);
    }

    // A day on which nobody works at all is nobody's to stand in for.
    private static async Task MustBeStoodIn(Roster roster, RosterContext context, IQuerySession session, CancellationToken cancellation)
    {
        if (Actor.Current?.Reason is not null)
            return;

        var plans = await session.LoadManyAsync<SubstitutePlan>(cancellation, roster.Agents.Keys.Select(SubstitutePlan.IdOf).ToArray());
        var (from, to) = (roster.From, roster.To);
        var others = plans.SelectMany(plan => plan.Entries).SelectMany(entry => entry.Value).Select(substitute => substitute.AgentId)
            .Distinct().ToArray();
        var elsewhere = (await session.Query<PublishedDay>()
            .Where(day => day.AgentId.IsOneOf(others) && day.Date >= from && day.Date <= to && day.RosterId != roster.Id)
            .ToListAsync(cancellation)).ToLookup(day => (day.AgentId, day.Date), day => day.Shift is null);
        var worked = roster.Agents.Values.SelectMany(shifts => shifts).Select(shift => shift.Date).ToHashSet();

        if (SubstituteDecider.Missing(plans, [.. context.Frame.Dates.Where(worked.Contains)], IsOff).FirstOrDefault() is
            { AgentId: var agent, Date: var date } && agent != Guid.Empty)
            throw new RefusedException("substitute-rests",
                $"{context.NameOf(agent)} is off on {date:yyyy-MM-dd}, and so is everybody who stands in for them; say in X-Reason why.");

        bool? IsOff(Guid id, DateOnly day) => roster.ShiftOf(id, day) is not null || elsewhere[(id, day)].Contains(false) ? false
            : roster.Agents.ContainsKey(id) || elsewhere[(id, day)].Any() ? true : null;
    }

    private static async Task<Roster> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<Roster>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(roster.ProjectId);
        return roster;
    }
}
