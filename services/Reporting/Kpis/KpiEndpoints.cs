using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Npgsql;

namespace CallCenter.Reporting.Kpis;

/// <summary>Values of KPIs.</summary>
/// <param name="By">project, queue, team or agent.</param>
/// <param name="Interval">quarter, day or week.</param>
/// <param name="From">First local day; of weeks, the first day of the first.</param>
/// <param name="To">Last local day.</param>
/// <param name="Values">In order of time, then key, then KPI.</param>
public sealed record KpiValues(
    Guid ProjectId, string Zone, string By, string Interval, DateOnly From, DateOnly To, IReadOnlyList<KpiValue> Values);

/// <summary>One number, with what it takes to believe it.</summary>
/// <param name="Variant">Which of the KPI's formulas, and <paramref name="Version"/> which edition of it.</param>
/// <param name="Version">Which edition of the formula.</param>
/// <param name="Unit">contacts, conversations, share (0–1), seconds, points, hours or evaluations.</param>
/// <param name="Key">Queue code, team or agent; empty for the whole project; <c>none</c> for agents in no team.</param>
/// <param name="Name">Name of the queue, team or agent.</param>
/// <param name="StartsAt">First instant of the interval: in UTC; in CSV, which people read in a spreadsheet, local with its offset.</param>
/// <param name="EndsAt">First instant after it.</param>
/// <param name="Value">Numerator / denominator, rounded for the unit; null when there is nothing to divide by.</param>
/// <param name="Numerator">What the value is made of, not rounded.</param>
/// <param name="Denominator">What it is divided by.</param>
/// <param name="Target">The client's target in force on the day (of a week: on its last day).</param>
/// <param name="Position">The newest fact counted when the figures last changed.</param>
/// <param name="Revision">1 when first told; raised each time late facts changed them.</param>
/// <param name="Calls">Where the contacts behind the number are listed; null for KPIs that are not about contacts.</param>
/// <param name="Basis">
/// What an occupancy was measured by: <c>states</c> of agents, <c>calls</c> where no state says when they are on calls, or
/// <c>states-and-calls</c>. What a handle time or talk time is made of: <c>complete</c>, <c>partial</c> where of some contacts hold or
/// after-contact work is not known, <c>talk</c> where of none both are, <c>with-hold</c> where hold is not told from talk. Null for other
/// KPIs and where there is no value.
/// </param>
public sealed record KpiValue(
    string Kpi, string Variant, int Version, string Unit, string Key, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    decimal? Value, decimal Numerator, decimal Denominator, decimal? Target, long Position, int Revision, string? Calls, string? Basis);

internal static class KpiEndpoints
{
    private const int MostValues = 100_000;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapKpis()
        {
            routes.MapGet("/kpis", (Language language) => KpiCatalogue.In(language))
                .WithTag("KPIs", "What is measured, and the values by queue, team, agent and time.").Describe(
                "The catalogue: every KPI with its formulas; names in the caller's language");
            routes.MapGet("/kpis/values", Values).WithTags("KPIs").Describe(
                "Values of KPIs by project, queue, team or agent and by quarter hour, day or week; JSON or CSV",
                problems: ["not-by-this", "period-backwards", "period-too-long", "too-many-values"]);
        }
    }

    private static async Task<Tabular<KpiValues>> Values(
        [AsParameters] KpiParameters asked, Caller caller, IQuerySession session, NpgsqlDataSource database,
        CancellationToken cancellation)
    {
        var question = KpiQuery.Of(asked);
        var scope = await ProjectScope.Load(session, caller, question.Project, cancellation);
        var from = question.Interval == "week" ? scope.Calendar.WeekOf(question.Period.From) : question.Period.From;

        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.Figures(
            question.Project, question.Interval, question.By, from, question.Period.To, cancellation, question.Key,
            MostValues / question.Kpis.Count + 1);
        if (rows.Count * question.Kpis.Count > MostValues)
            throw new InvalidException("to", "too-many-values",
                $"More than {MostValues} values; ask for fewer days, KPIs or a longer interval.");

        return new(new KpiValues(
            question.Project, scope.Project.Zone, question.By, question.Interval, from, question.Period.To,
            [.. rows.SelectMany(row => question.Kpis.Select(asked => Value(scope, question, row, asked.Kpi, asked.Variant)))]), Table);
    }

    private static KpiValue Value(ProjectScope scope, KpiQuery question, FigureRow row, Kpi kpi, KpiVariant variant)
    {
        var ratio = variant.Of(row.Figures);
        var (starts, ends) = Interval(scope.Calendar, question.Interval, row);

        return new KpiValue(
            kpi.Id, variant.Id, kpi.Version, kpi.Unit, row.Key, scope.NameOf(row.Key), starts, ends, kpi.ValueOf(ratio), ratio.Numerator,
            ratio.Denominator,
            scope.TargetOf(kpi.Id, question.Interval == "week" ? row.Day.AddDays(6) : row.Day), row.Position, row.Revision,
            CallQuery.Link(question.Project, kpi, question.By, row.Key, starts, ends),
            ratio.Denominator == 0 ? null : kpi.Basis?.Invoke(row.Figures));
    }

    private static (DateTimeOffset, DateTimeOffset) Interval(LocalCalendar calendar, string interval, FigureRow row)
    {
        var starts = calendar.StartOf(row.Day) + row.Quarter * LocalCalendar.Quarter;
        var ends = interval switch
        {
            "quarter" => starts + LocalCalendar.Quarter,
            "day" => calendar.EndOf(row.Day),
            _ => calendar.StartOf(row.Day.AddDays(7)),
        };

        return (calendar.Local(starts), calendar.Local(ends));
    }

    private static Table Table(KpiValues values)
    {
        var table = new Table("kpi", "variant", "version", "unit", values.By, "name", "starts_at", "ends_at",
            "value", "numerator", "denominator", "target", "position", "revision", "basis");
        foreach (var value in values.Values)
            table.Add(value.Kpi, value.Variant, value.Version, value.Unit, value.Key, value.Name, value.StartsAt, value.EndsAt,
                value.Value, value.Numerator, value.Denominator, value.Target, value.Position, value.Revision,
                value.Basis);

        return table;
    }
}
