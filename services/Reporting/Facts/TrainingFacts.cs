using CallCenter.Contracts.Training;
using static CallCenter.Reporting.Facts.FactTable<CallCenter.Contracts.Training.TrainingRecordV1>;

namespace CallCenter.Reporting.Facts;

internal static class TrainingFacts
{
    public static readonly FactTable<TrainingRecordV1> Table = new("training_record", "training", of: "true", ["at"],
        Column("project_id", "uuid", record => record.ProjectId),
        Column("at", "timestamptz", record => record.HeldAt.ToUniversalTime()),
        Column("agent_id", "uuid", record => record.EmployeeId),
        Column("attended", "boolean", record => record.Attended),
        Column("minutes", "integer", record => record.Minutes));
}
