using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Time;
using Marten;

namespace CallCenter.Training.Materials;

/// <summary>Whether somebody has read the newest version.</summary>
/// <param name="ReadAt">When they acknowledged it; null while they have not.</param>
/// <param name="NextShift">When their next shift begins; null where none is published.</param>
/// <param name="Late">Whether a shift of theirs began after the publication and before they had read it.</param>
public sealed record MaterialReader(Guid EmployeeId, DateTimeOffset? ReadAt, DateTimeOffset? NextShift, bool Late)
{
    /// <param name="shifts">When shifts begin, in any order.</param>
    public static MaterialReader Of(Material material, Guid employee, IReadOnlyCollection<DateTimeOffset> shifts, DateTimeOffset now)
    {
        var (read, published) = (material.ReadBy(employee), material.Newest().At);

        return new(employee, read, shifts.Where(shift => shift > now).Select(shift => (DateTimeOffset?)shift).Min(),
            shifts.Any(shift => shift >= published && shift <= (read ?? now)));
    }
}

internal static class Readers
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(60);

    /// <summary>
    /// Everybody of the project who works there: first those who have not read it, in the order in which their next shifts begin.
    /// </summary>
    public static async Task<IReadOnlyList<MaterialReader>> ReadersOf(
        this IQuerySession session, Material material, DateTimeOffset now, CancellationToken cancellation)
    {
        var people = (await session.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(material.ProjectId)).ToListAsync(cancellation))
            .Where(e => LocalCalendar.Of(e.Zone).DayOf(now) is var today && today >= e.HiredOn && !(today > e.LeftOn)).ToList();
        var (first, last) = (DateOnly.FromDateTime(material.Newest().At.UtcDateTime.AddDays(-1)),
            DateOnly.FromDateTime((now + Ahead).UtcDateTime));
        var shifts = (await session.Query<RosterDayV1>()
                .Where(d => d.ProjectId == material.ProjectId && d.Date >= first && d.Date <= last).ToListAsync(cancellation))
            .Where(d => d.Activities.Any(activity => activity.Kind != "leave"))
            .ToLookup(d => d.AgentId, d => d.Activities.Where(activity => activity.Kind != "leave").Min(activity => activity.From));

        return
        [
            .. people.Select(person => MaterialReader.Of(material, person.Id, [.. shifts[person.Id]], now))
                .OrderBy(reader => reader.ReadAt is not null).ThenBy(reader => reader.NextShift ?? DateTimeOffset.MaxValue)
                .ThenBy(reader => reader.EmployeeId),
        ];
    }
}
