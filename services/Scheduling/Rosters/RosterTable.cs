using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>An agent's day of a roster, as a row of a table.</summary>
/// <param name="Date">Local day of the project.</param>
/// <param name="Shift">Code of the shift; null on a day off.</param>
/// <param name="Kind">early, late, night, day, two-shifts or day-into-night; null on a day off.</param>
/// <param name="StartsAt">By the clock of the project.</param>
/// <param name="EndsAt">By the clock of the project.</param>
/// <param name="Breaks">From when to when, by the clock of the project.</param>
/// <param name="PaidHours">Elapsed time without unpaid breaks; 0 on a day off.</param>
/// <param name="Leave">Kind of an approved leave that has the day, or hours of it; null where none has.</param>
/// <param name="DayKind">A holiday or a make-up working day by the project's calendar; null on other days.</param>
/// <param name="DayName">Of the holiday; null on other days.</param>
public sealed record RosterDayRow(
    DateOnly Date, Guid AgentId, string StaffNumber, string Name, string? Shift, ShiftKind? Kind, DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt, string Breaks, decimal PaidHours, string? Leave, DayKind? DayKind = null,
    string? DayName = null);

internal static class RosterTable
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRosterTable() => routes.MapGet("/rosters/{id:guid}/days", Get).WithTags("Rosters").Describe(
            "Every agent's days of a roster, as JSON, CSV (Accept: text/csv) or a workbook (XLSX)");
    }

    private static async Task<Tabular<IReadOnlyList<RosterDayRow>>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<Roster>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(roster.ProjectId);

        return new(Of(roster, await RosterContext.For(roster, session, cancellation)), Table);
    }

    internal static IReadOnlyList<RosterDayRow> Of(Roster roster, RosterContext context)
    {
        return
        [
            .. from agent in roster.Agents
               let person = context.People.GetValueOrDefault(agent.Key)
               orderby person?.StaffNumber, agent.Key
               from date in context.Frame.Dates
               let shift = agent.Value.FirstOrDefault(s => s.Date == date)
               let named = context.Accounts.Days.Named(date)
               let leave = context.Leaves[agent.Key].FirstOrDefault(l => l.FirstDay <= date && date <= l.LastDay)
               select new RosterDayRow(
                   date, agent.Key, person?.StaffNumber ?? "", context.NameOf(agent.Key), shift?.Code, shift?.Kind, Local(shift?.StartsAt),
                   Local(shift?.EndsAt), string.Join(", ", (shift?.Breaks ?? []).Select(b => $"{Local(b.From):HH:mm}-{Local(b.To):HH:mm}")),
                   Math.Round(shift?.PaidHours ?? 0, 2), leave?.Kind.Code, named?.Kind, named?.Name),
        ];

        DateTimeOffset? Local(DateTimeOffset? at) => at is { } instant ? context.Frame.Calendar.Local(instant) : null;
    }

    private static Table Table(IReadOnlyList<RosterDayRow> rows)
    {
        var table = new Table(
            "date", "staff_number", "name", "agent", "shift", "kind", "starts_at", "ends_at", "breaks", "paid_hours", "leave",
            "day_kind", "day_name");
        foreach (var row in rows)
            table.Add(row.Date, row.StaffNumber, row.Name, row.AgentId, row.Shift, row.Kind?.Code, row.StartsAt, row.EndsAt, row.Breaks,
                row.PaidHours, row.Leave, row.DayKind?.Code, row.DayName);
        return table;
    }
}
