using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Reporting.Backups.BackupDecider;

namespace CallCenter.Reporting.Backups;

/// <summary>A run of the backup in a list.</summary>
/// <param name="Kind">Everything, or what changed since the last one.</param>
/// <param name="Cadence">By which it was due.</param>
/// <param name="Status">running, succeeded or failed.</param>
/// <param name="Label">Its name in the tool that made it.</param>
/// <param name="Bytes">Of the databases, as they lie in the first place.</param>
/// <param name="Files">Recordings, imports, mails and keys.</param>
/// <param name="Places">Where it lies.</param>
/// <param name="Inspected">Whether the newest inspection of it passed; null when there was none.</param>
public sealed record BackupSummary(
    Guid Id, BackupKind Kind, string Cadence, BackupStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Label,
    long? Bytes, long? Files, IReadOnlyList<string> Places, bool? Inspected);

/// <param name="Backup">The run.</param>
/// <param name="Inspections">Oldest first.</param>
/// <param name="Words">What the tool said, or why it failed.</param>
public sealed record BackupDetails(BackupSummary Backup, string? Words, IReadOnlyList<Inspection> Inspections);

/// <summary>What is due by the cadence that is configured.</summary>
/// <param name="On">Whether this service makes backups: a command is configured.</param>
/// <param name="Cadence">Its name.</param>
/// <param name="Incremental">From one backup to the next.</param>
/// <param name="Full">From one full backup to the next.</param>
/// <param name="Inspection">From one inspection to the next.</param>
/// <param name="Places">In how many places each has to lie.</param>
/// <param name="LastStartedAt">When the newest that succeeded began; null while none has.</param>
/// <param name="NextDue">Null when one is due at once.</param>
/// <param name="NextInspection">When the product reads the backups again by itself; null while there are none.</param>
public sealed record BackupPlan(
    bool On, string Cadence, TimeSpan Incremental, TimeSpan Full, TimeSpan Inspection, int Places,
    DateTimeOffset? LastStartedAt, DateTimeOffset? NextDue, DateTimeOffset? NextInspection);

internal static class BackupEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapBackups()
        {
            var backups = routes.MapGroup("/backups")
                .WithTag("Backups", "What was saved when and where, and who looked whether it can be restored.");

            backups.MapGet("/", List).Describe("Every run of the backup, oldest first; or only those that failed, or did not");
            backups.MapGet("/plan", Plan).Describe("How often backups are made and looked at, and when the next one is due");
            backups.MapGet("/{id:guid}", Get).Describe("One run: what the tool said, and who inspected it");
            backups.MapHistory("/{id:guid}", (id, _, session, cancellation) => Get(id, session, cancellation));
            backups.MapPost("/{id:guid}/inspections", Inspect).Describe(
                "Put on record that somebody inspected a backup",
                new InspectionRequest(Passed: true, "Restored Training of yesterday beside the real one and read ten sessions"),
                ["text-length", "backup-not-complete"]);
        }
    }

    /// <param name="Passed">Whether it is what it should be.</param>
    /// <param name="Found">What was looked at and seen, 1 to 1000 characters.</param>
    /// <param name="Remark">At most 1000 characters.</param>
    public sealed record InspectionRequest(
        bool Passed, [property: FreeText] [MaxLength(1000)] string Found,
        [property: FreeText] [MaxLength(1000)] string? Remark = null);

    private static async Task<Page<BackupSummary>> List(
        [Description("Only those that failed, or only the others; all when left out.")] bool? failed,
        PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        IQueryable<Backup> backups = session.Query<Backup>();
        if (failed is not null)
            backups = failed is true ? backups.Where(b => b.Status == BackupStatus.Failed)
                : backups.Where(b => b.Status != BackupStatus.Failed);
        var found = await backups.ToPage(page, b => b.Id, cancellation);

        return new([.. found.Items.Select(Summary)], found.Next);
    }

    private static async Task<Ok<BackupPlan>> Plan(
        BackupSchedule schedule, BackupCadence cadence, IServiceProvider services, CancellationToken cancellation)
    {
        var state = await schedule.Read(cancellation);

        return TypedResults.Ok(new BackupPlan(services.GetService<BackupCommand>() is not null, cadence.Name, cadence.Incremental,
            cadence.Full, cadence.Inspection, cadence.Places, state.Last, state.NextDue, state.NextInspection));
    }

    private static async Task<Versioned<BackupDetails>> Get(Guid id, IQuerySession session, CancellationToken cancellation)
    {
        var backup = await session.LoadAsync<Backup>(id, cancellation) ?? throw new StreamNotFoundException(id);

        return new(new BackupDetails(Summary(backup), backup.Words, backup.Inspections), backup.Version);
    }

    private static async Task<WriteResult> Inspect(
        Guid id, InspectionRequest request, NewId inspection, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        if (!Text.IsVisible(request.Found))
            throw new InvalidException("/found", "text-length", "What was found has something visible in it.");
        var command = new InspectBackup(
            inspection.Value, caller.Id, request.Passed, request.Found.Trim(), request.Remark?.Trim(), caller.Now);

        return new(await session.Decide<Backup>(id, state => Decide(command, state), cancellation), $"/backups/{id}");
    }

    private static BackupSummary Summary(Backup backup) => new(
        backup.Id, backup.Kind, backup.Cadence, backup.Status, backup.StartedAt, backup.EndedAt, backup.Label, backup.Bytes, backup.Files,
        backup.Places, backup.Inspections.IsEmpty ? null : backup.Inspections[^1].Passed);
}
