using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Handovers;

// ---- Values

/// <summary>What was known of a day when it was looked at.</summary>
/// <param name="Shifts">Shifts that were rostered, leave and excused ones left out.</param>
/// <param name="Absent">Agents who did not come.</param>
/// <param name="Late">Agents who came late.</param>
/// <param name="Offline">Shifts with time offline that nobody has excused.</param>
/// <param name="Idle">Shifts with idle-online.</param>
/// <param name="Unknown">Shifts of which nobody knows whether the agent was there.</param>
/// <param name="OpenExcuses">Excuses of the day that nobody has decided.</param>
/// <param name="OpenHandovers">Handovers of the day that nobody has acknowledged.</param>
public sealed record DayFigures(
    int Shifts, int Absent, int Late, int Offline, int Idle, int Unknown, int OpenExcuses, int OpenHandovers);

// ---- Events

/// <param name="Date">Local day that was looked at.</param>
/// <param name="Findings">What follows from it for the day to come.</param>
/// <param name="InTime">Whether it was before the first shift of the next day began.</param>
public sealed record DayReviewed(
    Guid ReviewId, Guid ProjectId, DateOnly Date, DayFigures Figures, string Findings, bool InTime, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record ReviewDay(
    Guid ReviewId, Guid ProjectId, DateOnly Date, DayFigures Figures, string Findings, bool InTime, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>The look at a day before the next one is assigned.</summary>
public sealed record DayReview
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Local day that was looked at.</summary>
    public DateOnly Date { get; init; }

    /// <summary>What was known of it then.</summary>
    public DayFigures Figures { get; init; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>What follows from it for the day to come.</summary>
    public string Findings { get; init; } = "";

    /// <summary>Whether it was before the first shift of the next day began.</summary>
    public bool InTime { get; init; }

    public Guid ReviewedBy { get; init; }

    /// <summary>One for each day of a project.</summary>
    public static Guid IdOf(Guid projectId, DateOnly date) => NameId.Of("day-review", projectId, date);

    public DayReview Evolve(object @event) => @event switch
    {
        DayReviewed e => this with
        {
            Id = e.ReviewId, ProjectId = e.ProjectId, Date = e.Date, Figures = e.Figures, Findings = e.Findings, InTime = e.InTime,
            ReviewedBy = e.By,
        },
        _ => this,
    };
}

// ---- Decisions

public static class DayReviewDecider
{
    public static object[] Decide(ReviewDay command, DayReview state)
    {
        if (state.Id == Guid.Empty)
            return
            [
                new DayReviewed(command.ReviewId, command.ProjectId, command.Date, command.Figures, command.Findings, command.InTime,
                    command.By, command.Now),
            ];

        return (state.Findings, state.ReviewedBy) == (command.Findings, command.By) ? []
            : throw new RefusedException("day-reviewed", "The day was reviewed already.", $"/day-reviews/{state.Id}");
    }
}
