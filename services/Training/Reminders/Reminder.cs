using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Reminders;

// ---- Values

/// <summary>What falls due.</summary>
public enum DueKind { Material, Module, Exam, Certificate, Session, Coaching }

/// <summary>Something that falls due for somebody.</summary>
/// <param name="PersonId">Who is to know; null where that is the supervisors of the project.</param>
/// <param name="About">Address of it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">The last local day; of a session its day.</param>
/// <param name="StartsAt">Of a session; null otherwise.</param>
public sealed record Due(
    Guid ProjectId, Guid? PersonId, DueKind Kind, string About, string Title, DateOnly DueOn, DateTimeOffset? StartsAt = null)
{
    /// <summary>The same for the same person, thing and day: who was reminded of it is not reminded again.</summary>
    public Guid Id => NameId.Of("training-reminder", ProjectId, $"{PersonId}", Kind.Code, About, Title, DueOn, $"{StartsAt?.UtcTicks}");
}

// ---- Events

public sealed record ReminderGiven(Guid ReminderId, Due Due, DateTimeOffset At);

// ---- Commands

public sealed record GiveReminder(Due Due, DateTimeOffset Now);

// ---- State

/// <summary>That somebody was reminded of something.</summary>
public sealed record Reminder
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Due? Due { get; init; }
    public DateTimeOffset At { get; init; }

    public Reminder Evolve(object @event) => @event switch
    {
        ReminderGiven e => this with { Id = e.ReminderId, Due = e.Due, At = e.At },
        _ => this,
    };

    /// <summary>Of what is told to a role nobody can be mailed.</summary>
    public TrainingReminderV1? ToFact(Guid id, long version) => Due is not { PersonId: { } person } due
        ? null
        : new(id, version, due.ProjectId, person, due.Kind.Code, due.About, due.Title, due.DueOn, due.StartsAt, At);
}

// ---- Decisions

public static class ReminderDecider
{
    public static object[] Decide(GiveReminder command, Reminder state) =>
        state.Due is not null ? [] : [new ReminderGiven(command.Due.Id, command.Due, command.Now)];
}
