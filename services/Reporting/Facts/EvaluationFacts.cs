using CallCenter.Contracts.Quality;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Quality.EvaluationV1>;

namespace CallCenter.Reporting.Facts;

internal static class EvaluationFacts
{
    public static readonly FactTable<EvaluationV1> Table = new("evaluation", "evaluation", of: "true", ["at"], OfTheirCall,
        Column("project_id", "uuid", evaluation => evaluation.ProjectId),
        Column("at", "timestamptz", evaluation => evaluation.SubmittedAt?.ToUniversalTime()),
        Column("agent_id", "uuid", evaluation => evaluation.AgentId),
        Column("call_id", "uuid", evaluation => evaluation.CallId),
        Column("score", "numeric", evaluation => evaluation.Score),
        Column("passed", "boolean", evaluation => evaluation.Passed));

    public static readonly (string Name, string Sql) Index =
        ("evaluation_call", "CREATE INDEX CONCURRENTLY IF NOT EXISTS evaluation_call ON facts.evaluation (call_id)");

    // It counts in the quarter hour of its call as well.
    private static RelatedFacts OfTheirCall => new(["call_id"],
        "related AS (SELECT c.project_id, c.at FROM moved JOIN facts.call c ON c.id = moved.call_id)");
}
