using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Scheduling.Calendars;

// ---- Events

/// <param name="From">The first local day on which it holds.</param>
/// <param name="CalendarId">Null for none.</param>
public sealed record CalendarPolicySet(Guid ProjectId, DateOnly From, Guid? CalendarId, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record CalendarPolicyTakenBack(Guid ProjectId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetCalendarPolicy(Guid ProjectId, DateOnly From, Guid? CalendarId, Guid By, DateTimeOffset Now);

public sealed record TakeBackCalendarPolicy(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>Which calendar of holidays a project works by, from which day on.</summary>
public sealed record CalendarPolicies
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>In the order of days; one entry a day; none where the value is null.</summary>
    public IReadOnlyList<Dated<Guid?>> Entries { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("calendar-policies", projectId);

    public CalendarPolicies Evolve(object @event) => @event switch
    {
        CalendarPolicySet e => this with { ProjectId = e.ProjectId, Entries = Entries.With(new(e.From, e.CalendarId, e.At)) },
        CalendarPolicyTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

/// <summary>What the calendars of a project say of its days.</summary>
public sealed record ProjectDays(IReadOnlyList<Dated<Guid?>> Uses, IReadOnlyDictionary<Guid, HolidayCalendar> Calendars)
{
    public static readonly ProjectDays None = new([], new Dictionary<Guid, HolidayCalendar>());

    public HolidayCalendar? CalendarOn(DateOnly day) => Uses.On(day) is { } id ? Calendars.GetValueOrDefault(id) : null;

    /// <summary>What a notice says of the day: the later of two, for that of a year may change the last days of the year before.</summary>
    public NamedDay? Named(DateOnly day) => CalendarOn(day)?.Years.Where(year => year.Reaches(day))
        .SelectMany(year => year.Days).LastOrDefault(named => named.Date == day);

    public bool IsHoliday(DateOnly day) => Named(day)?.Kind is DayKind.Holiday;

    public bool IsMakeUpDay(DateOnly day) => Named(day)?.Kind is DayKind.WorkingDay;

    /// <summary>Whether the year of the day is published; null where the project works by no calendar then.</summary>
    public bool? IsKnown(DateOnly day) => CalendarOn(day)?.Years.Any(year => year.Year == day.Year);
}

internal static class CalendarReading
{
    extension(IQuerySession session)
    {
        /// <summary>A calendar as it stands; that of China stands from the beginning. Null where there is none.</summary>
        public async Task<HolidayCalendar?> Calendar(Guid id, CancellationToken cancellation) =>
            await session.LoadAsync<HolidayCalendar>(id, cancellation) is { } calendar ? calendar.Whole
                : id == China.Id ? new HolidayCalendar { Id = id }.Whole : null;

        public async Task<ProjectDays> DaysOf(Guid projectId, CancellationToken cancellation) =>
            (await session.DaysOf([projectId], cancellation))[projectId];

        public async Task<IReadOnlyDictionary<Guid, ProjectDays>> DaysOf(
            IReadOnlyCollection<Guid> projects, CancellationToken cancellation)
        {
            var uses = (await session.LoadManyAsync<CalendarPolicies>(cancellation, projects.Select(CalendarPolicies.IdOf).ToArray()))
                .ToDictionary(policies => policies.ProjectId, policies => policies.Entries);
            var calendars = new Dictionary<Guid, HolidayCalendar>();
            foreach (var id in uses.Values.SelectMany(entries => entries).Select(use => use.Value).OfType<Guid>().Distinct())
                if (await session.Calendar(id, cancellation) is { } calendar)
                    calendars[id] = calendar;

            return projects.ToDictionary(
                id => id, id => uses.TryGetValue(id, out var entries) ? new ProjectDays(entries, calendars) : ProjectDays.None);
        }
    }

    extension(HolidayCalendar calendar)
    {
        /// <summary>With the name that came with the product.</summary>
        public HolidayCalendar Whole => calendar.Id == China.Id ? calendar with { Name = China.Name } : calendar;
    }
}

// ---- Decisions

public static class CalendarPolicyDecider
{
    public static object[] Decide(SetCalendarPolicy command, CalendarPolicies state) =>
        state.Entries.EnteredFrom(command.From) is { } entry && entry.Value == command.CalendarId
            ? []
            : [new CalendarPolicySet(command.ProjectId, command.From, command.CalendarId, command.By, command.Now)];

    public static object[] Decide(TakeBackCalendarPolicy command, CalendarPolicies state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new CalendarPolicyTakenBack(state.ProjectId, command.From, command.By, command.Now)]
            : [];
}
