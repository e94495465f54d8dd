using System.ComponentModel;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Scheduling.Wishes;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Fairness;

/// <summary>A day of somebody's, as published or as a draft would have it.</summary>
public sealed record LedgerDay(Guid AgentId, DateOnly Date, RosterShift? Shift);

/// <summary>What somebody bore of what nobody likes.</summary>
/// <param name="Shifts">All shifts.</param>
/// <param name="Early">Early shifts.</param>
/// <param name="Late">Late shifts.</param>
/// <param name="Nights">Night shifts, those from day into night among them.</param>
/// <param name="Weekends">Shifts that begin on a Saturday or Sunday.</param>
/// <param name="Holidays">Shifts that begin on a public holiday.</param>
/// <param name="Wishes">Wishes that were stated for the days.</param>
/// <param name="RefusedWishes">Those of them that the days do not meet.</param>
/// <param name="TwoShifts">Days with two shifts.</param>
/// <param name="DayIntoNight">Shifts from day into night.</param>
/// <param name="OnCall">Turns on call that begin then.</param>
/// <param name="OnCallNights">Those of them that go over midnight.</param>
public sealed record Burden(int Shifts, int Early, int Late, int Nights, int Weekends, int Holidays, int Wishes, int RefusedWishes,
    int TwoShifts = 0, int DayIntoNight = 0, int OnCall = 0, int OnCallNights = 0)
{
    /// <param name="days">One person's.</param>
    /// <param name="wishes">Theirs.</param>
    public static Burden Of(IReadOnlyList<LedgerDay> days, IEnumerable<Wish> wishes, Func<DateOnly, bool> isHoliday)
    {
        var worked = days.Where(day => day.Shift is not null).ToList();
        var byDate = days.ToLookup(day => day.Date, day => day.Shift);
        var judged = wishes.Where(wish => byDate.Contains(wish.Date)).ToList(); // of what nobody has decided nothing is refused

        return new(worked.Count, Kind(ShiftKind.Early), Kind(ShiftKind.Late),
            Kind(ShiftKind.Night) + Kind(ShiftKind.DayIntoNight),
            worked.Count(day => day.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday), worked.Count(day => isHoliday(day.Date)),
            judged.Count, judged.Count(wish => !byDate[wish.Date].Any(shift => Meets(shift, wish))),
            Kind(ShiftKind.TwoShifts), Kind(ShiftKind.DayIntoNight));

        int Kind(ShiftKind kind) => worked.Count(day => day.Shift!.Kind == kind);
    }

    public Burden With(IEnumerable<OnCallDuty> duties) =>
        this with { OnCall = duties.Count(), OnCallNights = duties.Count(duty => duty.OverMidnight) };

    private static bool Meets(RosterShift? shift, Wish wish) => wish.DayOff || shift is null
        ? wish.DayOff && shift is null
        : wish.Kind is { } kind ? shift.Kind == kind : wish.Shift is { } code && ShiftOption.IsOf(shift.Code, code);
}

/// <param name="Name">The person's name.</param>
/// <param name="Published">What the published days come to.</param>
/// <param name="WithRoster">The same with the days of the roster asked for as it stands; null where none was.</param>
public sealed record FairnessRow(Guid AgentId, string StaffNumber, string Name, Burden Published, Burden? WithRoster);

/// <summary>Nights, weekends, holidays and refused wishes of each person over time, counted from what is published.</summary>
internal static class FairnessLedger
{
    private const int LongestSpan = 366;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapFairness() => routes.MapGet("/fairness", Get).WithTag("Fairness",
            "Nights, weekends, holidays and refused wishes of each person over time, and what a roster would make of them.").Describe(
            "What each person of a project bore in some days, and would bear with a roster that is not published yet; agents read their own",
            problems: ["span-too-long"]);
    }

    private static async Task<Page<FairnessRow>> Get(
        Guid projectId, DateOnly from, DateOnly to,
        [Description("Also as it would be with this roster, published or not.")] Guid? rosterId, PageRequest page, Caller caller,
        IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        if (to < from || to.DayNumber - from.DayNumber >= LongestSpan)
            throw new InvalidException("to", "span-too-long", $"Ask for 1 to {LongestSpan} days.");
        var roster = rosterId is { } id ? await session.LoadAsync<Roster>(id, cancellation) ?? throw new StreamNotFoundException(id) : null;
        if (roster is not null && (roster.ProjectId != projectId || caller.SeesOnlyOwn))
            throw new StreamNotFoundException(roster.Id); // drafts are nobody's business but the planners'

        var everybody = session.Query<EmployeeV1>().Where(person => person.ProjectIds.Contains(projectId));
        var people = await (caller.SeesOnlyOwn ? everybody.Where(person => person.Id == caller.Id) : everybody)
            .ToPage(page, person => person.Id, cancellation);
        var agents = people.Items.Select(person => person.Id).ToArray();
        var published = (await session.Query<PublishedDay>()
            .Where(day => day.ProjectId == projectId && day.Date >= from && day.Date <= to && day.AgentId.IsOneOf(agents))
            .ToListAsync(cancellation)).Select(day => new LedgerDay(day.AgentId, day.Date, day.Shift)).ToList();
        var periods = (await session.Query<PlanningPeriod>().Where(period => period.ProjectId == projectId && !period.Cancelled
            && period.From <= to).ToListAsync(cancellation)).Where(period => period.To >= from).Select(period => period.Id).ToArray();
        var wishes = (await session.Query<AgentStatement>()
            .Where(stated => stated.PeriodId.IsOneOf(periods) && stated.AgentId.IsOneOf(agents)).ToListAsync(cancellation))
            .SelectMany(stated => stated.Wishes.Select(wish => (stated.AgentId, Wish: wish)))
            .Where(stated => from <= stated.Wish.Date && stated.Wish.Date <= to).ToLookup(stated => stated.AgentId, stated => stated.Wish);
        var policy = await session.AccountPolicyOf(projectId, cancellation);

        var calendar = LocalCalendar.Of((await session.LoadAsync<ProjectV1>(projectId, cancellation))?.Zone ?? "UTC");
        var (start, end) = (calendar.StartOf(from), calendar.EndOf(to));
        var duties = (await session.Query<OnCallDuty>().Where(duty => duty.ProjectId == projectId && duty.StartsAt >= start
            && duty.StartsAt < end && duty.AgentId.IsOneOf(agents)).ToListAsync(cancellation)).ToLookup(duty => duty.AgentId);

        var before = published.ToLookup(day => day.AgentId);
        var after = roster is null ? null : With(roster, published, from, to).ToLookup(day => day.AgentId);
        return new(
        [
            .. people.Items.Select(person => new FairnessRow(person.Id, person.StaffNumber, person.Name,
                Burden.Of([.. before[person.Id]], wishes[person.Id], policy.IsHoliday).With(duties[person.Id]),
                after is null ? null : Burden.Of([.. after[person.Id]], wishes[person.Id], policy.IsHoliday).With(duties[person.Id]))),
        ], people.Next);
    }

    /// <summary>The days as the publication of a roster would leave them.</summary>
    public static IEnumerable<LedgerDay> With(Roster roster, IEnumerable<LedgerDay> published, DateOnly from, DateOnly to) =>
        published.Where(day => day.Date < roster.From || roster.To < day.Date).Concat(
            from agent in roster.Agents
            from date in Enumerable.Range(0, roster.Days).Select(roster.From.AddDays)
            where @from <= date && date <= to
            select new LedgerDay(agent.Key, date, agent.Value.FirstOrDefault(shift => shift.Date == date)));
}
