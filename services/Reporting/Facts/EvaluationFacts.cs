using CallCenter.Contracts.Quality;
using MassTransit;
using Npgsql;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Quality.EvaluationV1>;

namespace CallCenter.Reporting.Facts;

internal sealed class EvaluationFacts(NpgsqlDataSource database) : IConsumer<Batch<EvaluationV1>>
{
    public static readonly FactTable<EvaluationV1> Table = new("evaluation", "evaluation", ["at"],
        Column("project_id", "uuid", evaluation => evaluation.ProjectId),
        Column("at", "timestamptz", evaluation => evaluation.SubmittedAt?.ToUniversalTime()),
        Column("agent_id", "uuid", evaluation => evaluation.AgentId),
        Column("call_id", "uuid", evaluation => evaluation.CallId),
        Column("score", "numeric", evaluation => evaluation.Score),
        Column("passed", "boolean", evaluation => evaluation.Passed));

    public Task Consume(ConsumeContext<Batch<EvaluationV1>> context) =>
        Table.Keep(database, context.Message.Select(message => message.Message), context.CancellationToken);
}
