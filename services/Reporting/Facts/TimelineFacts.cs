using System.Text.Json;
using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.Scheduling;

namespace CallCenter.Reporting.Facts;

/// <summary>A span of time in an agent's day, an agent's roster or a queue's coverage.</summary>
/// <param name="Kind">The agent's state or the roster's activity; <c>staff</c> for coverage.</param>
/// <param name="To">Null while it lasts: it counts when it is over.</param>
internal sealed record Span(string Kind, DateTimeOffset From, DateTimeOffset? To, decimal Required = 0, decimal Scheduled = 0);

internal static class Timeline
{
    public static readonly FactTable<AgentDayV1> AgentDays = Table<AgentDayV1>(
        "agent-day", day => (day.ProjectId, day.Date, day.AgentId, null),
        day => day.Segments.Select(segment => new Span(segment.State, segment.From, segment.To)));

    public static readonly FactTable<RosterDayV1> RosterDays = Table<RosterDayV1>(
        "roster", day => (day.ProjectId, day.Date, day.AgentId, null),
        day => day.Activities.Select(activity => new Span(activity.Kind, activity.From, activity.To)));

    public static readonly FactTable<CoverageDayV1> CoverageDays = Table<CoverageDayV1>(
        "coverage", day => (day.ProjectId, day.Date, null, day.Queue),
        day => day.Intervals.Select(interval =>
            new Span("staff", interval.StartsAt, interval.StartsAt.AddMinutes(interval.Minutes), interval.Required, interval.Scheduled)));

    private static FactTable<TFact> Table<TFact>(
        string kind, Func<TFact, (Guid Project, DateOnly Day, Guid? Agent, string? Queue)> of, Func<TFact, IEnumerable<Span>> spans)
        where TFact : IFact => new("timeline", kind, $"kind = '{kind}'", ["at", "until"],
            FactTable<TFact>.Column("project_id", "uuid", fact => of(fact).Project),
            FactTable<TFact>.Column("at", "timestamptz", fact =>
                spans(fact).Select(span => (DateTimeOffset?)span.From).Min()?.ToUniversalTime()),
            FactTable<TFact>.Column("until", "timestamptz", fact => spans(fact).Max(span => span.To)?.ToUniversalTime()),
            FactTable<TFact>.Column("kind", "text", _ => kind),
            FactTable<TFact>.Column("day", "date", fact => of(fact).Day),
            FactTable<TFact>.Column("agent_id", "uuid", fact => of(fact).Agent),
            FactTable<TFact>.Column("queue", "text", fact => of(fact).Queue),
            FactTable<TFact>.Column("spans", "jsonb", fact => JsonSerializer.Serialize(spans(fact), JsonSerializerOptions.Web)));
}
