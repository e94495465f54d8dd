using System.Collections.Immutable;
using CallCenter.Rules;

namespace CallCenter.Reporting.Backups;

// ---- Events

public sealed record BackupStarted(Guid BackupId, BackupKind Kind, string Cadence, DateTimeOffset At);

/// <param name="Kind">What it became: the first one in a place is full, whatever was asked.</param>
/// <param name="Words">What the tool said.</param>
public sealed record BackupSucceeded(
    BackupKind Kind, string? Label, long? Bytes, long? Files, IReadOnlyList<string> Places, string Words, DateTimeOffset At);

/// <param name="Words">Why, in the tool's words.</param>
public sealed record BackupFailed(string Words, DateTimeOffset At);

/// <param name="By">The person; null where the product read the backup by itself.</param>
/// <param name="Found">What they saw, or what the tool said.</param>
public sealed record BackupInspected(Guid InspectionId, Guid? By, bool Passed, string Found, string? Remark, DateTimeOffset At);

// ---- Commands

public sealed record StartBackup(Guid BackupId, BackupKind Kind, BackupCadence Cadence, DateTimeOffset Now);

public sealed record RecordBackup(BackupReport Report, BackupCadence Cadence, DateTimeOffset Now);

/// <summary>Whoever did it ended before it did.</summary>
public sealed record GiveUpBackup(DateTimeOffset Now);

public sealed record InspectBackup(Guid InspectionId, Guid? By, bool Passed, string Found, string? Remark, DateTimeOffset Now);

/// <summary>What the tool told of a run.</summary>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Kind">What it became; null where the tool does not say.</param>
/// <param name="Places">The folders or addresses that hold it; null where the tool does not say.</param>
public sealed record BackupReport(
    string Words, string? Failure = null, BackupKind? Kind = null, string? Label = null, long? Bytes = null, long? Files = null,
    IReadOnlyList<string>? Places = null);

// ---- State

public enum BackupKind { Full, Incremental }

public enum BackupStatus { None, Running, Succeeded, Failed }

/// <summary>Somebody, or the product by itself, looked whether a backup is what it should be.</summary>
/// <param name="By">Null where the product did.</param>
/// <param name="Passed">Whether it is what it should be.</param>
/// <param name="Found">What was looked at and seen.</param>
/// <param name="Remark">What else is to be said.</param>
/// <param name="At">When.</param>
public sealed record Inspection(Guid Id, Guid? By, bool Passed, string Found, string? Remark, DateTimeOffset At);

/// <summary>One run of the backup.</summary>
public sealed record Backup
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public BackupKind Kind { get; init; }
    public string Cadence { get; init; } = "";
    public BackupStatus Status { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Label { get; init; }
    public long? Bytes { get; init; }
    public long? Files { get; init; }
    public IReadOnlyList<string> Places { get; init; } = [];
    public string? Words { get; init; }
    public ImmutableList<Inspection> Inspections { get; init; } = [];

    public Backup Evolve(object @event) => @event switch
    {
        BackupStarted e => this with
        {
            Id = e.BackupId,
            Kind = e.Kind,
            Cadence = e.Cadence,
            Status = BackupStatus.Running,
            StartedAt = e.At,
        },
        BackupSucceeded e => this with
        {
            Kind = e.Kind,
            Status = BackupStatus.Succeeded,
            EndedAt = e.At,
            Label = e.Label,
            Bytes = e.Bytes,
            Files = e.Files,
            Places = e.Places,
            Words = e.Words,
        },
        BackupFailed e => this with { Status = BackupStatus.Failed, EndedAt = e.At, Words = e.Words },
        BackupInspected e => this with
        {
            Inspections = Inspections.Add(new(e.InspectionId, e.By, e.Passed, e.Found, e.Remark, e.At)),
        },
        _ => this,
    };
}

// ---- Decisions

public static class BackupDecider
{
    public static object[] Decide(StartBackup command, Backup state) => state.Status is not BackupStatus.None ? [] :
        [new BackupStarted(command.BackupId, command.Kind, command.Cadence.Name, command.Now)];

    public static object[] Decide(RecordBackup command, Backup state)
    {
        var (report, places) = (command.Report, command.Report.Places ?? []);

        return state.Status switch
        {
            BackupStatus.Succeeded or BackupStatus.Failed => [],
            BackupStatus.None => throw new RefusedException("backup-not-started", "This backup never began."),
            _ when report.Failure is { } failure => [new BackupFailed(failure, command.Now)],
            // A second copy that nobody made is missed on the day when the first is lost.
            _ when places.Distinct().Count() < command.Cadence.Places && (report.Places is not null || command.Cadence.Places > 1) =>
                [new BackupFailed($"It is in {places.Count} places and belongs in {command.Cadence.Places}. {report.Words}", command.Now)],
            _ =>
            [
                new BackupSucceeded(
                    report.Kind ?? state.Kind, report.Label, report.Bytes, report.Files, places, report.Words, command.Now),
            ],
        };
    }

    public static object[] Decide(GiveUpBackup command, Backup state) => state.Status is not BackupStatus.Running ? [] :
        [new BackupFailed("The service that ran it ended before it did.", command.Now)];

    public static object[] Decide(InspectBackup command, Backup state)
    {
        if (state.Inspections.Any(inspection => inspection.Id == command.InspectionId))
            return [];

        return state.Status is BackupStatus.Succeeded
            ? [new BackupInspected(
                command.InspectionId, command.By, command.Passed, command.Found, command.Remark, command.Now)]
            : throw new RefusedException("backup-not-complete", "Only a backup that is complete can be inspected.");
    }
}
