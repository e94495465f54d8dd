using CallCenter.Contracts.Scheduling;

namespace CallCenter.Attendance.Rosters;

/// <summary>An agent's day as one publication showed it.</summary>
/// <param name="KnownFrom">Since when the agent could know it.</param>
/// <param name="Activities">In order of time; empty on a day off.</param>
/// <param name="ShiftCode">Null on a day off.</param>
/// <param name="ShiftKind">early, day, late, night, two-shifts or day-into-night; null on a day off.</param>
public sealed record RosterVersion(
    long Version, DateTimeOffset KnownFrom, IReadOnlyList<RosterActivity> Activities, string? ShiftCode, string? ShiftKind);

/// <summary>What somebody was to do on one day, by one reading of what was published.</summary>
public sealed record RosteredShift(IReadOnlyList<RosterActivity> Activities, string? ShiftCode)
{
    public static readonly RosteredShift None = new([], null);

    /// <summary>
    /// As the agent knew it: for each moment, what was published last before that moment. What is published later says nothing of the
    /// time before, so no later edit changes it.
    /// </summary>
    /// <param name="versions">All that were published, the oldest first.</param>
    public static RosteredShift AsKnownThen(IReadOnlyList<RosterVersion> versions)
    {
        var activities = new List<RosterActivity>();
        string? code = null;
        foreach (var (i, version) in versions.Index())
        {
            var until = i + 1 < versions.Count ? versions[i + 1].KnownFrom : DateTimeOffset.MaxValue;
            var shown = version.Activities.Select(a => (Activity: a, Time: new Stretch(a.From, a.To).Clipped(version.KnownFrom, until)))
                .Where(a => a.Time.From < a.Time.To).Select(a => a.Activity with { From = a.Time.From, To = a.Time.To }).ToList();
            if (shown.Count > 0)
                code ??= version.ShiftCode;
            activities.AddRange(shown);
        }

        return new([.. activities.OrderBy(a => a.From)], code);
    }

    /// <summary>As it was published last, whenever that was.</summary>
    public static RosteredShift AsAmended(IReadOnlyList<RosterVersion> versions) =>
        versions is [.., var last] ? new(last.Activities, last.ShiftCode) : None;

    /// <summary>The time of activities of some kinds.</summary>
    public IReadOnlyList<Stretch> Of(Func<RosterActivity, bool> which) =>
        Activities.Where(which).Select(a => new Stretch(a.From, a.To)).Union();
}
