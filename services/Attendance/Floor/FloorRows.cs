using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Marten;

namespace CallCenter.Attendance.Floor;

/// <summary>Makes the rows of agents. All of them, or those of whom something has changed.</summary>
internal static class FloorRows
{
    // A shift of yesterday may go on, and what an agent did until midnight too.
    private const int Around = 1;

    extension(IQuerySession session)
    {
        /// <param name="only">Of these agents; of all when null.</param>
        public async Task<IReadOnlyList<FloorAgent>> AgentsNow(
            ProjectV1 project, Guid[]? only, DateTimeOffset now, CancellationToken cancellation)
        {
            var today = LocalCalendar.Of(project.Zone).DayOf(now);
            var (first, last) = (today.AddDays(-1), today);
            var rostered = session.Query<RosterHistory>().Where(d => d.ProjectId == project.Id && d.Date >= first && d.Date <= last);
            var told = session.Query<AgentDayV1>().Where(d => d.ProjectId == project.Id && d.Date >= first && d.Date <= last);
            if (only is not null)
                (rostered, told) = (rostered.Where(d => d.AgentId.IsOneOf(only)), told.Where(d => d.AgentId.IsOneOf(only)));

            var days = (await rostered.ToListAsync(cancellation)).GroupBy(day => day.AgentId)
                .Select(own => Now([.. own], today, now)).OfType<RosterHistory>().ToList();
            var known = days.Select(day => day.AgentId).ToHashSet();
            var others = (await told.Select(d => d.AgentId).ToListAsync(cancellation)).Distinct().Where(agent => !known.Contains(agent))
                .Select(agent => new RosterHistory(Guid.Empty, 0, project.Id, agent, today, []));
            var lines = await session.Lines([.. days, .. others], now, cancellation, Around);
            var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. lines.Select(line => line.Day.AgentId)]))
                .ToDictionary(person => person.Id);

            return
            [
                .. lines.Select(line => Row(line, people.GetValueOrDefault(line.Day.AgentId), now))
                    .Where(row => row.ShiftId is not null || row.State is not ("offline" or "unknown"))
                    .OrderBy(row => row.StaffNumber, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The shift that goes on, or else today's. Who was to work yesterday only is no more on the floor.</summary>
    internal static RosterHistory? Now(IReadOnlyList<RosterHistory> days, DateOnly today, DateTimeOffset now) =>
        days.FirstOrDefault(day => day.Date < today && Duty(day) is [{ From: var from }, ..] duty && from <= now && now < duty[^1].To)
        ?? days.FirstOrDefault(day => day.Date == today && RosteredShift.AsAmended(day.Versions).Activities.Count > 0);

    private static IReadOnlyList<Stretch> Duty(RosterHistory day) => RosteredShift.AsAmended(day.Versions).Of(a => a.Kind != "leave");

    internal static FloorAgent Row(SheetLine line, EmployeeV1? person, DateTimeOffset now)
    {
        var activities = RosteredShift.AsAmended(line.Day.Versions).Activities;
        var scheduled = activities.FirstOrDefault(a => a.From <= now && now < a.To);
        var figures = line.Ledgers.Amended;
        var state = ShiftAttendance.Now(line.Evidence, line.Tolerances);
        var kind = figures.Presence is ShiftPresence.Excused ? "leave" : scheduled?.Kind ?? "off";
        var isRostered = line.Day.Versions.Count > 0;
        bool? fits = kind is "off" or "leave" || state.State == "unknown" ? null : ShiftAttendance.Fits(kind, state.State);
        var until = scheduled?.To ?? activities.Where(a => a.From > now).Select(a => (DateTimeOffset?)a.From).Min();
        var (deviation, since) = Deviation(kind, fits, figures, scheduled, state);
        var from = since + (deviation is FloorDeviation.Idle ? line.Tolerances.Idle : line.Tolerances.Deviation);

        return new(
            line.Day.AgentId, person?.StaffNumber ?? "", person?.Name ?? "", isRostered ? line.Day.Id : null, figures.ShiftCode,
            figures.StartsAt, figures.EndsAt, kind, until, state.State, state.Since, fits, figures.Presence, figures.LateSeconds,
            figures.UnknownSeconds, figures.Adherence, from <= now ? deviation : null)
        {
            NextAt = new[] { until, from }.Where(at => at > now).Min(),
        };
    }

    // Since when: of the state or of what is rostered, whichever came later.
    private static (FloorDeviation? Kind, DateTimeOffset? Since) Deviation(
        string kind, bool? fits, ShiftFigures figures, RosterActivity? scheduled, StateNow state) => fits switch
    {
        false when figures.Presence is ShiftPresence.Awaited => (FloorDeviation.Late, figures.StartsAt),
        false => (state.State == "offline" ? FloorDeviation.Offline : FloorDeviation.OtherActivity,
            state.Since > scheduled?.From ? state.Since : scheduled?.From),
        true when state.State == "ready" && kind == "work" => (FloorDeviation.Idle, state.Since),
        _ => (null, null),
    };
}
