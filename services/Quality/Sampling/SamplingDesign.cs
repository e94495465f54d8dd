using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Quality.Sampling;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record SamplingDesignMade(Guid DesignId, Guid ProjectId, string Seed, DesignRules Rules, Guid By, DateTimeOffset At);

public sealed record SamplingDesignChanged(int DesignVersion, DesignRules Rules, Guid By, DateTimeOffset At);

public sealed record SamplingDesignEnded(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record MakeSamplingDesign(Guid DesignId, Guid ProjectId, string Seed, DesignRules Rules, Guid By, DateTimeOffset Now);

public sealed record ChangeSamplingDesign(DesignRules Rules, Guid By, DateTimeOffset Now);

public sealed record EndSamplingDesign(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>
/// Which contacts of a project are drawn for evaluation, by richer rules than those of a <see cref="SamplingPlan"/>: it stands beside plans,
/// so that a release that knows only these never draws by it (docs/decisions/0026).
/// </summary>
public sealed record SamplingDesign
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Seed { get; init; } = "";
    public int DesignVersion { get; init; }
    public DesignRules Rules { get; init; } = DesignRules.None;
    public bool Ended { get; init; }
    public DateTimeOffset MadeAt { get; init; }

    public SamplingDesign Evolve(object @event) => @event switch
    {
        SamplingDesignMade e => this with
        {
            Id = e.DesignId, ProjectId = e.ProjectId, Seed = e.Seed, DesignVersion = 1, Rules = e.Rules, MadeAt = e.At,
        },
        SamplingDesignChanged e => this with { DesignVersion = e.DesignVersion, Rules = e.Rules },
        SamplingDesignEnded _ => this with { Ended = true },
        _ => this,
    };
}

// ---- Decisions

public static class SamplingDesignDecider
{
    // So long contacts may still come in of which nothing is known.
    private const int DaysOfLateContacts = 35;

    public static object[] Decide(MakeSamplingDesign command, SamplingDesign state) => state.DesignVersion > 0
        ? []
        : [new SamplingDesignMade(command.DesignId, command.ProjectId, command.Seed, command.Rules, command.By, command.Now)];

    public static object[] Decide(ChangeSamplingDesign command, SamplingDesign state)
    {
        EnsureGoing(state);
        // What a period is named by would come to mean another time.
        if (command.Rules.Period != state.Rules.Period)
            throw new RefusedException("period-fixed", "A design draws by weeks or by months from its first day to its last: make another.");

        return [new SamplingDesignChanged(state.DesignVersion + 1, command.Rules, command.By, command.Now)];
    }

    public static object[] Decide(EndSamplingDesign command, SamplingDesign state) =>
        state.Ended ? [] : [new SamplingDesignEnded(command.By, command.Now)];

    public static void EnsureGoing(SamplingDesign state)
    {
        if (state.Ended)
            throw new RefusedException("plan-ended", "The design has ended.");
    }

    /// <summary>
    /// The periods over by <paramref name="now"/> that are to be drawn, from the design's first one on, oldest first: those that were not
    /// drawn and, for five weeks after their end, those in which nobody had a candidate.
    /// </summary>
    public static IEnumerable<DueWeek> DuePeriods(
        this SamplingDesign design, LocalCalendar calendar, DateTimeOffset now, IReadOnlyDictionary<DateOnly, DrawnPeriod> drawn)
    {
        var (period, today) = (design.Rules.Period, calendar.DayOf(now));
        var current = period.FirstDay(calendar, today);
        for (var first = period.FirstDay(calendar, calendar.DayOf(design.MadeAt)); first < current; first = period.Next(first))
        {
            var late = period.Next(first).AddDays(DaysOfLateContacts) <= today;
            if (drawn.GetValueOrDefault(first) is not { } known || (known is { Units: 0, Skipped: null } && !late))
                yield return new(first, late);
        }
    }
}

/// <summary>How long a design collects before it draws.</summary>
public enum SamplingPeriod { Week, Month }

public static class SamplingPeriods
{
    extension(SamplingPeriod period)
    {
        /// <summary>The first day of the period that a day is in.</summary>
        public DateOnly FirstDay(LocalCalendar calendar, DateOnly day) =>
            period is SamplingPeriod.Week ? calendar.WeekOf(day) : new(day.Year, day.Month, 1);

        /// <summary>The first day of the period after the one that begins with a day.</summary>
        public DateOnly Next(DateOnly first) => period is SamplingPeriod.Week ? first.AddDays(7) : first.AddMonths(1);

        /// <summary>The period that begins with a day, from its first instant to before that of the next.</summary>
        /// <exception cref="InvalidException">422 <c>not-a-week-start</c> or <c>not-a-month-start</c> for any other day.</exception>
        public (DateTimeOffset From, DateTimeOffset To) Of(LocalCalendar calendar, DateOnly first, string pointer = "/first")
        {
            if (period is SamplingPeriod.Week)
                return calendar.Week(first, pointer);

            return Ranges.Days.Contains(first) && first.Day == 1
                ? (calendar.StartOf(first), calendar.StartOf(first.AddMonths(1)))
                : throw new InvalidException(pointer, "not-a-month-start", "A month is named by its first day.");
        }
    }
}
