using System.Globalization;

namespace CallCenter.Reporting.Backups;

/// <summary>How often backups are made and looked at. Which one a centre keeps is its own choice: firms differ.</summary>
/// <param name="Incremental">At most so long after the backup before, of whichever kind.</param>
/// <param name="Full">At most so long after the full one before.</param>
/// <param name="Inspection">At most so long after the inspection before.</param>
/// <param name="Places">In how many places each backup lies.</param>
public sealed record BackupCadence(string Name, TimeSpan Incremental, TimeSpan Full, TimeSpan Inspection, int Places)
{
    // Half a month is fifteen days and a month thirty, so that no calendar stands between two backups.
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly BackupCadence[] Known =
    [
        new("daily", Day, 15 * Day, 15 * Day, Places: 2),
        new("three-days", 3 * Day, 15 * Day, 15 * Day, Places: 1),
        new("half-month", 15 * Day, 30 * Day, 15 * Day, Places: 1),
    ];

    /// <summary>The one that <c>Backups:Cadence</c> names, with the intervals and places that are configured in place of its own.</summary>
    /// <exception cref="InvalidOperationException">There is no such cadence, or an interval is not longer than zero.</exception>
    public static BackupCadence Of(IConfiguration configuration)
    {
        var section = configuration.GetSection("Backups");
        var name = section["Cadence"] ?? "daily";
        var known = Known.FirstOrDefault(cadence => cadence.Name == name)
            ?? throw new InvalidOperationException(
                $"Backups:Cadence is '{name}'; it is {string.Join(", ", Known.Select(cadence => cadence.Name))}.");
        var own = known with
        {
            Incremental = section.GetValue("Incremental", known.Incremental),
            Full = section.GetValue("Full", known.Full),
            Inspection = section.GetValue("Inspection", known.Inspection),
            Places = section.GetValue("Places", known.Places),
        };

        return new[] { own.Incremental, own.Full, own.Inspection }.Min() > TimeSpan.Zero && own.Places >= 1 ? own
            : throw new InvalidOperationException("Backups: intervals are longer than zero, and a backup has a place.");
    }

    /// <summary>What is to be made now; null when nothing is.</summary>
    /// <param name="lastFull">When the last full backup that succeeded began.</param>
    /// <param name="last">When the last one of any kind did.</param>
    public BackupKind? Due(DateTimeOffset? lastFull, DateTimeOffset? last, DateTimeOffset now) =>
        lastFull is not { } full || now >= full + Full ? BackupKind.Full
        : now >= last + Incremental ? BackupKind.Incremental : null;

    /// <summary>When the next backup is due; null when one is at once, as none has been made yet.</summary>
    public DateTimeOffset? NextDue(DateTimeOffset? lastFull, DateTimeOffset? last) =>
        lastFull is { } full && last is { } any ? new[] { full + Full, any + Incremental }.Min() : null;

    /// <summary>How late a backup may be before health says so: a day, or less where they are made more often.</summary>
    public TimeSpan Patience => Incremental < Day ? Incremental : Day;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: every {Incremental}, full every {Full}");
}
