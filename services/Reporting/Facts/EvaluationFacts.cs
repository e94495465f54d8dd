using CallCenter.Contracts.Quality;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Quality.EvaluationV1>;

namespace CallCenter.Reporting.Facts;

internal static class EvaluationFacts
{
    public static readonly FactTable<EvaluationV1> Table = new("evaluation", "evaluation", of: "true", ["at"],
        Column("project_id", "uuid", evaluation => evaluation.ProjectId),
        Column("at", "timestamptz", evaluation => evaluation.SubmittedAt?.ToUniversalTime()),
        Column("agent_id", "uuid", evaluation => evaluation.AgentId),
        Column("call_id", "uuid", evaluation => evaluation.CallId),
        Column("score", "numeric", evaluation => evaluation.Score),
        Column("passed", "boolean", evaluation => evaluation.Passed));
}
