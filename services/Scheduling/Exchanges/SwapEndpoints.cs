using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Exchanges.SwapDecider;

namespace CallCenter.Scheduling.Exchanges;

/// <param name="AgentId">Whose shift it is: agents offer their own.</param>
/// <param name="Date">The day on which it begins.</param>
/// <param name="ToAgentId">Who may take it; all of the project when left out.</param>
/// <param name="InReturn">For a shift of who takes it; given away when left out.</param>
public sealed record SwapRequest(Guid ProjectId, Guid AgentId, DateOnly Date, Guid? ToAgentId = null, bool InReturn = false);

/// <param name="Date">The day of the shift that is given in return; left out where nothing is.</param>
public sealed record TakeRequest(DateOnly? Date = null);

internal static class SwapEndpoints
{
    // What a changed day may break beside the other days of who works it.
    public static readonly string[] Rules =
    [
        "leave", "not-yet-hired", "left", "not-in-project", "works-elsewhere", "no-skill", "fixed-rest-day", "outside-availability",
        "night-exempt", "stated-unavailable", "activity-cut", "break-in-activity",
        "break-outside-shift", "breaks-overlap", "no-work-left", "day-changed", "other-roster", .. RosterRule.All.Where(rule => rule.IsBrokenByWork).Select(rule => rule.Code),
    ];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapSwaps()
        {
            var swaps = routes.MapGroup("/shift-swaps").WithTag("Swaps",
                "Published shifts that agents give away or exchange among themselves, checked by the roster's rules.");

            swaps.MapPost("/", Offer).Describe("Offer a published shift: to give it away, or for another in return",
                new SwapRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), Guid.Parse("0199aaaa-0000-7000-8000-000000000003"),
                    new(2026, 3, 12), InReturn: true),
                ["no-shift", "swap-exists", "shift-offered", "swap-not-allowed", "swap-too-late", "too-many-swaps", "own-swap"]);
            swaps.MapGet("/", List).Describe("The swaps of a project; agents see their own, and those that they may take");
            swaps.MapGet("/{id:guid}", Get).Describe("Read a swap");
            swaps.MapHistory("/{id:guid}", Get);
            swaps.MapPost("/{id:guid}/taker", Take).Describe(
                "Take the shift over, and give one in return where that is asked for: the first who may has it", new TakeRequest(new(2026, 3, 13)),
                ["no-shift", "swap-taken", "swap-closed", "own-swap", "swap-for-another", "swap-unclear", "skill-missing", "swap-too-late",
                    .. Rules]);
            swaps.MapPost("/{id:guid}/approval", Approve).Describe("Approve a swap that is taken: the published days change",
                problems: ["own-swap", "swap-not-taken", "swap-closed", "no-shift", .. Rules]);
            swaps.MapPost("/{id:guid}/refusal", Decline).Describe("Decline a swap", problems: ["swap-closed"]);
            swaps.MapPost("/{id:guid}/withdrawal", Withdraw).Describe("Take a swap back", problems: ["swap-closed"]);
        }
    }

    public static readonly Visibility<ShiftSwap> Visible = new(
        (swap, projects) => swap.ProjectId.IsOneOf(projects),
        own: (swap, agent) => swap.AgentId == agent || swap.TakerId == agent
            || (swap.Status == SwapStatus.Offered && (swap.ToAgentId == null || swap.ToAgentId == agent)));

    private static async Task<WriteResult> Offer(
        SwapRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        if (caller.SeesOnlyOwn && request.AgentId != caller.Id)
            throw new StreamNotFoundException(request.AgentId);

        await session.LockDays(request.ProjectId, [request.AgentId], cancellation);
        var day = await ShiftOf(request.ProjectId, request.AgentId, request.Date, session, cancellation);
        var month = new DateOnly(request.Date.Year, request.Date.Month, 1);
        var standing = await session.Query<ShiftSwap>().Where(swap => swap.Id != id.Value && swap.ProjectId == request.ProjectId
            && swap.AgentId == request.AgentId
            && (swap.Status == SwapStatus.Offered || swap.Status == SwapStatus.Taken || swap.Status == SwapStatus.Approved))
            .ToListAsync(cancellation);
        if (standing.FirstOrDefault(swap => swap.Status is not SwapStatus.Approved && swap.ToAgentId == request.ToAgentId
            && swap.InReturn == request.InReturn && swap.Shift.IsSameAs(day.Shift)) is { } same)
            throw new RefusedException("shift-offered", "The shift is offered in this way already.", $"/shift-swaps/{same.Id}");
        var offered = standing.Count(swap => swap.Shift.Date >= month && swap.Shift.Date < month.AddMonths(1));
        var policy = await session.ExchangePolicyOf(request.ProjectId, request.Date, cancellation);
        var command = new OfferSwap(id.Value, request.ProjectId, day.RosterId, request.AgentId, day.Shift!, request.ToAgentId,
            request.InReturn, policy, offered, caller.Id, caller.Now);
        if (request.ToAgentId is { } to)
            session.Tell(request.ProjectId, to, NoticeKind.SwapOffered, $"/shift-swaps/{id.Value}", request.Date, caller.Now);

        return new(await session.Start<ShiftSwap>(id.Value, state => Decide(command, state), cancellation), $"/shift-swaps/{id.Value}");
    }

    private static async Task<Page<SwapView>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var swaps = await session.Query<ShiftSwap>().Where(swap => swap.ProjectId == projectId).VisibleTo(caller, Visible)
            .ToPage(page, swap => swap.Id, cancellation);
        return new([.. swaps.Items.Select(SwapView.Of)], swaps.Next);
    }

    private static async Task<Versioned<SwapView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var swap = caller.MustSee(await session.LoadAsync<ShiftSwap>(id, cancellation), Visible);
        return new(SwapView.Of(swap), swap.Version, complete: false);
    }

    private static async Task<WriteResult> Take(
        Guid id, TakeRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var seen = caller.MustSee(await session.LoadAsync<ShiftSwap>(id, cancellation), Visible);
        await session.LockDays(seen.ProjectId, [seen.AgentId, caller.Id], cancellation);
        var swap = (await session.LoadAsync<ShiftSwap>(id, cancellation))!;
        var taker = await session.Person(caller.Id, caller, cancellation);
        var giver = await session.LoadAsync<EmployeeV1>(swap.AgentId, cancellation);
        var back = request.Date is { } date ? (await ShiftOf(swap.ProjectId, caller.Id, date, session, cancellation)).Shift : null;
        var queues = (await session.Project(swap.ProjectId, cancellation)).Queues.Select(queue => queue.Queue).ToHashSet();
        var day = swap.Shift.Date;
        var certified = await session.CertifiedSkills([swap.AgentId, caller.Id], day, day, cancellation);
        var command = new TakeSwap(caller.Id, back,
            [
                .. (giver?.Skills ?? []).Select(s => s.Skill).Union(certified[swap.AgentId]).Where(queues.Contains)
                    .Except(taker.Skills.Select(s => s.Skill)).Except(certified[caller.Id]),
            ],
            await session.ExchangePolicyOf(swap.ProjectId, swap.Shift.Date, cancellation), caller.Id, caller.Now);

        var decided = Decide(command, swap);
        var taken = decided.Aggregate(swap, (state, e) => state.Evolve(e));
        if (decided is [_, SwapApproved])
            await Apply(taken, caller, session, cancellation);
        else if (decided is not [])
        {
            // What could not be approved is not taken either.
            await MustStand(taken, session, cancellation);
            await session.MustHold(
                (await session.LoadAsync<Roster>(swap.RosterId, cancellation))!.With(caller.Id), (_, _) => taken.Changes, id,
                overtime: false, cancellation);
            session.Tell(swap.ProjectId, swap.AgentId, NoticeKind.SwapTaken, $"/shift-swaps/{id}", swap.Shift.Date, caller.Now);
            session.TellSchedulers(swap.ProjectId, NoticeKind.SwapTaken, $"/shift-swaps/{id}", swap.Shift.Date, caller.Now);
        }

        return await PublicationStore.InOnePlace(async () =>
            new WriteResult(await session.Decide<ShiftSwap>(id, state => Decide(command, state), cancellation)));
    }

    private static async Task<WriteResult> Approve(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var seen = caller.MustSee(await session.LoadAsync<ShiftSwap>(id, cancellation), Visible);
        await session.LockDays(seen.ProjectId, [seen.AgentId, seen.TakerId ?? seen.AgentId], cancellation);
        var swap = (await session.LoadAsync<ShiftSwap>(id, cancellation))!;
        var command = new ApproveSwap(caller.Id, caller.Now);
        if (swap.Version == expected.Value && Decide(command, swap) is [SwapApproved])
            await Apply(swap, caller, session, cancellation);

        return await PublicationStore.InOnePlace(async () =>
            new WriteResult(await session.Decide<ShiftSwap>(id, expected.Value, state => Decide(command, state), cancellation)));
    }

    private static async Task Apply(ShiftSwap swap, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await MustStand(swap, session, cancellation);
        await session.ChangePublished(swap.RosterId, (_, _) => swap.Changes, [swap.AgentId, swap.TakerId!.Value], swap.Id, overtime: false,
            caller.Id, caller.Now, cancellation);
        foreach (var agent in new[] { swap.AgentId, swap.TakerId.Value })
            session.Tell(swap.ProjectId, agent, NoticeKind.SwapApproved, $"/shift-swaps/{swap.Id}", swap.Shift.Date, caller.Now);
        session.TellSchedulers(swap.ProjectId, NoticeKind.SwapApproved, $"/shift-swaps/{swap.Id}", swap.Shift.Date, caller.Now);
    }

    private static async Task<WriteResult> Decline(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var swap = caller.MustSee(await session.LoadAsync<ShiftSwap>(id, cancellation), Visible);
        if (swap.Status is SwapStatus.Offered or SwapStatus.Taken)
            foreach (var agent in new[] { swap.AgentId, swap.TakerId }.OfType<Guid>())
                session.Tell(swap.ProjectId, agent, NoticeKind.SwapDeclined, $"/shift-swaps/{id}", swap.Shift.Date, caller.Now);

        return new(await session.Decide<ShiftSwap>(id, expected.Value, state => Decide(new DeclineSwap(caller.Id, caller.Now),
            caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> Withdraw(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<ShiftSwap>(id, expected.Value, state =>
        {
            // Who took it may leave it again; to who only sees the offer it is not theirs.
            caller.MustSee(state, Visible);
            return !caller.SeesOnlyOwn || state.AgentId == caller.Id || state.TakerId == caller.Id
                ? Decide(new WithdrawSwap(caller.Id, caller.Now), state) : throw new StreamNotFoundException(id);
        }, cancellation));

    // Leave frees a shift, a scheduler changes it, another swap gives it to somebody else: what was offered then is nobody's to give.
    private static async Task MustStand(ShiftSwap swap, IQuerySession session, CancellationToken cancellation)
    {
        await MustBe(swap.AgentId, swap.Shift);
        if (swap is { TakerId: { } taker, TakerShift: { } back })
            await MustBe(taker, back);

        async Task MustBe(Guid agent, RosterShift shift)
        {
            if (!shift.IsSameAs((await session.Published(swap.ProjectId, agent, shift.Date, cancellation))?.Shift))
                throw new RefusedException("no-shift", $"The shift of {shift.Date:yyyy-MM-dd} is no more what it was when it was offered.");
        }
    }

    private static async Task<PublishedDay> ShiftOf(
        Guid projectId, Guid agentId, DateOnly date, IQuerySession session, CancellationToken cancellation) =>
        await session.Published(projectId, agentId, date, cancellation) is { Shift: not null } day
            ? day : throw new RefusedException("no-shift", $"No shift of the agent is published for {date:yyyy-MM-dd}.");
}
