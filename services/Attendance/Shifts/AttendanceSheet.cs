using CallCenter.Attendance.Clockings;
using CallCenter.Attendance.Excuses;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Rosters;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Scheduling;
using Marten;

namespace CallCenter.Attendance.Shifts;

/// <summary>A shift with what is known of it and what it came to.</summary>
internal sealed record SheetLine(RosterHistory Day, ShiftEvidence Evidence, ShiftTolerances Tolerances, ShiftLedgers Ledgers)
{
    /// <summary>Whether a leave has the day, of whatever the roster says.</summary>
    public bool IsLeave => Evidence.OnLeave || (Day.Versions is [.., { Activities: { Count: > 0 } all }] && all.All(a => a.Kind == "leave"));
}

/// <summary>Makes shifts of what is held of them. Nothing is kept: whatever arrives is in the next answer.</summary>
internal static class AttendanceSheet
{
    // A shift begins on its day and ends on the next at the latest; people are in other zones, and come early.
    private const int Around = 2;

    extension(IQuerySession query)
    {
        /// <param name="around">How many days before and after are read with each day.</param>
        public async Task<IReadOnlyList<SheetLine>> Lines(
            IReadOnlyList<RosterHistory> days, DateTimeOffset now, CancellationToken cancellation, int around = Around)
        {
            if (days.Count == 0)
                return [];

            var agents = days.Select(day => day.AgentId).Distinct().ToArray();
            var (first, last) = (days.Min(day => day.Date).AddDays(-around), days.Max(day => day.Date).AddDays(around));
            var (from, to) = (Begin(first), Begin(last));
            var states = (await query.Query<AgentDayV1>().Where(d => d.AgentId.IsOneOf(agents) && d.Date >= first && d.Date <= last)
                .ToListAsync(cancellation)).ToLookup(d => d.AgentId);
            var clockings = (await query.Query<Clocking>()
                .Where(c => c.AgentId.IsOneOf(agents) && c.ClockedAt >= from && c.ClockedAt < to && c.Voided == null)
                .ToListAsync(cancellation)).ToLookup(c => c.AgentId);
            var leaves = (await query.Query<LeaveV1>().Where(l => l.AgentId.IsOneOf(agents) && l.Status == "approved"
                && l.FirstDay <= last && l.LastDay >= first).ToListAsync(cancellation)).ToLookup(l => l.AgentId);
            var excuses = (await query.Query<Excuse>().Where(e => e.AgentId.IsOneOf(agents) && e.Status == ExcuseStatus.Granted
                && e.From < to && e.To > from).ToListAsync(cancellation)).ToLookup(e => e.AgentId);
            var projects = days.Select(day => day.ProjectId).Distinct().ToArray();
            var policies = (await query.LoadManyAsync<AttendancePolicy>(cancellation, [.. projects.Select(AttendancePolicy.IdOf)]))
                .ToDictionary(p => p.ProjectId);

            var signs = await query.SignsOf(projects, from, to.AddDays(1), cancellation);
            var heard = days.Select(day => (day.ProjectId, TolerancesOn(day).Silence)).Distinct()
                .ToDictionary(source => source, source => Thinned([.. signs[source.ProjectId]], source.Silence));

            return [.. days.Select(Line)];

            SheetLine Line(RosterHistory day)
            {
                var tolerances = TolerancesOn(day);
                var (begin, end) = (Begin(day.Date.AddDays(-around)), Begin(day.Date.AddDays(around + 1)));
                var evidence = new ShiftEvidence(
                    day.Versions,
                    [.. states[day.AgentId].SelectMany(d => d.Segments).Where(s => s.From < end && !(s.To <= begin)).OrderBy(s => s.From)],
                    [.. heard[(day.ProjectId, tolerances.Silence)].Where(at => at >= begin && at < end)],
                    [
                        .. clockings[day.AgentId].Where(c => c.ClockedAt >= begin && c.ClockedAt < end).OrderBy(c => c.ClockedAt)
                            .ThenBy(c => c.Kind).Select(c => new ClockMark(c.ClockedAt, c.Kind is ClockingKind.In)),
                    ],
                    leaves[day.AgentId].Any(l => l.From is null && l.FirstDay <= day.Date && day.Date <= l.LastDay),
                    [
                        .. excuses[day.AgentId].Where(e => e.ProjectId == day.ProjectId && e.From < end && e.To > begin)
                            .Select(e => new ExcusedTime(new(e.From, e.To), e.Paid)),
                    ],
                    now);

                return new(day, evidence, tolerances, ShiftAttendance.Of(evidence, tolerances));
            }

            ShiftTolerances TolerancesOn(RosterHistory day) =>
                Tolerances(policies.GetValueOrDefault(day.ProjectId)?.On(day.Date) ?? PolicyTerms.Default);
        }

        /// <summary>The streams of what people have said of a shift.</summary>
        public async Task<Guid[]> StreamsOf(RosterHistory day, CancellationToken cancellation)
        {
            var (from, to) = (Begin(day.Date.AddDays(-1)), Begin(day.Date.AddDays(Around)));
            var clockings = await query.Query<Clocking>()
                .Where(c => c.AgentId == day.AgentId && c.ProjectId == day.ProjectId && c.ClockedAt >= from && c.ClockedAt < to)
                .Select(c => c.Id).ToListAsync(cancellation);
            var excuses = await query.Query<Excuse>()
                .Where(e => e.AgentId == day.AgentId && e.ProjectId == day.ProjectId && e.From < to && e.To > from)
                .Select(e => e.Id).ToListAsync(cancellation);

            return [.. clockings, .. excuses];
        }
    }

    private static ShiftTolerances Tolerances(PolicyTerms terms) => new(
        TimeSpan.FromMinutes(terms.SilenceMinutes), TimeSpan.FromMinutes(terms.IdleMinutes), TimeSpan.FromMinutes(terms.EarlyMinutes),
        TimeSpan.FromMinutes(terms.DeviationMinutes));

    /// <summary>As few of the signs as say the same: with the silence around each they cover what all of them cover.</summary>
    internal static IReadOnlyList<DateTimeOffset> Thinned(IReadOnlyList<DateTimeOffset> signs, TimeSpan silence)
    {
        var thinned = new List<DateTimeOffset>();
        foreach (var (i, sign) in signs.Index())
            if (i + 1 == signs.Count || thinned is [] || signs[i + 1] - thinned[^1] > 2 * silence)
                thinned.Add(sign);

        return thinned;
    }

    private static DateTimeOffset Begin(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
