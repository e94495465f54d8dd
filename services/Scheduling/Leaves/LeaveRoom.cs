namespace CallCenter.Scheduling.Leaves;

/// <summary>A limit that a leave meets on a day, and who was there before.</summary>
/// <param name="Day">Local day.</param>
/// <param name="From">Of these hours; null for the whole day.</param>
/// <param name="To">First time after these hours; 00:00 is the end of the day.</param>
/// <param name="Most">How many may be on leave at once.</param>
/// <param name="Approved">How many are.</param>
/// <param name="Ahead">How many asked earlier and are not decided yet.</param>
public sealed record MetLimit(DateOnly Day, TimeOnly? From, TimeOnly? To, int Most, int Approved, int Ahead)
{
    /// <summary>Whose turn it is: 0 where there is room, 1 for who is next, 2 for the one after.</summary>
    public int Place => Math.Max(0, Approved + Ahead - Most + 1);
}

/// <summary>The limit that keeps a leave waiting longest.</summary>
/// <param name="Place">1 for who is next.</param>
public sealed record LimitReached(MetLimit Limit, int Place)
{
    public string Says => $"On {Limit.Day:yyyy-MM-dd}{(Limit.From is { } from ? $" from {from:HH:mm} to {Limit.To:HH:mm}" : "")} "
        + $"{Limit.Most} may be on leave at once: {Limit.Approved} are, {Limit.Ahead} asked earlier.";
}

/// <summary>Who is on leave and who asked for it, against the limits of a project. Places go in the order of request.</summary>
public static class LeaveRoom
{
    private const int Longest = 366;

    /// <summary>Every limit that holds on a day of the leave; sickness meets none.</summary>
    /// <param name="others">Of the project, whole: requested and approved.</param>
    public static IReadOnlyList<MetLimit> Met(Leave asked, IReadOnlyList<Leave> others, DatedLeavePolicy policy)
    {
        if (asked.Kind is LeaveKind.Sick)
            return [];

        var counted = others.Where(other => other.Kind is not LeaveKind.Sick && other.IsOpen && other.AgentId != asked.AgentId).ToList();
        var limits = policy.On(asked.FirstDay).Limits ?? [];

        return
        [
            .. from day in Enumerable.Range(0, Math.Min(Longest, asked.LastDay.DayNumber - asked.FirstDay.DayNumber + 1))
                   .Select(asked.FirstDay.AddDays)
               from limit in limits
               where limit.HoldsOn(day) && limit.Touches(asked.Part)
               let there = counted.Where(other => other.Covers(day) && limit.Touches(other.Part)).ToList()
               let approved = there.Where(other => other.Status is LeaveStatus.Approved).Select(other => other.AgentId).ToHashSet()
               let ahead = there.Where(other => other.Status is LeaveStatus.Requested && IsAhead(other, asked))
                   .Select(other => other.AgentId).Except(approved).Count()
               select new MetLimit(day, limit.From, limit.To, limit.Most, approved.Count, ahead),
        ];
    }

    public static LimitReached? Reached(IReadOnlyList<MetLimit> met) =>
        met.Where(limit => limit.Place > 0).MaxBy(limit => limit.Place) is { } longest ? new(longest, longest.Place) : null;

    private static bool IsAhead(Leave other, Leave asked) =>
        (other.RequestedAt, other.Id).CompareTo((asked.RequestedAt, asked.Id)) < 0;
}
