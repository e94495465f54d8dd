using CallCenter.Contracts.Training;
using MassTransit;
using Npgsql;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Training.TrainingRecordV1>;

namespace CallCenter.Reporting.Facts;

internal sealed class TrainingFacts(NpgsqlDataSource database) : IConsumer<Batch<TrainingRecordV1>>
{
    public static readonly FactTable<TrainingRecordV1> Table = new("training_record", "training", ["at"],
        Column("project_id", "uuid", record => record.ProjectId),
        Column("at", "timestamptz", record => record.HeldAt.ToUniversalTime()),
        Column("agent_id", "uuid", record => record.EmployeeId),
        Column("attended", "boolean", record => record.Attended),
        Column("minutes", "integer", record => record.Minutes));

    public Task Consume(ConsumeContext<Batch<TrainingRecordV1>> context) =>
        Table.Keep(database, context.Message.Select(message => message.Message), context.CancellationToken);
}
