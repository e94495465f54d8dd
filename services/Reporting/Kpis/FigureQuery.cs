using CallCenter.Reporting.Facts;
using CallCenter.Reporting.RollUps;
using Npgsql;

namespace CallCenter.Reporting.Kpis;

/// <param name="Day">The local day, or the first day of the week.</param>
/// <param name="Quarter">The nth quarter hour of the day; 0 for days and weeks.</param>
/// <param name="Position">The newest fact counted when the figures last changed.</param>
/// <param name="Revision">1, and one more each time they changed.</param>
internal sealed record FigureRow(DateOnly Day, int Quarter, string Key, long Position, int Revision, Figures Figures);

internal static class FigureQuery
{
    private static readonly string Select = $"""
        SELECT day, quarter, key, position, revision, {string.Join(", ", RollUps.Figures.Columns)} FROM rollups.figure
        WHERE project_id = $1 AND grain = $2 AND scope = $3 AND day BETWEEN $4 AND $5 AND ($6::text IS NULL OR key = $6)
        ORDER BY day, quarter, key LIMIT $7
        """;

    extension(NpgsqlConnection connection)
    {
        /// <summary>Rolled-up figures in order of time.</summary>
        /// <param name="grain">quarter, day or week.</param>
        /// <param name="scope">project, queue, team or agent.</param>
        public Task<List<FigureRow>> Figures(
            Guid project, string grain, string scope, DateOnly from, DateOnly to, CancellationToken cancellation, string? key = null,
            int limit = int.MaxValue) =>
            connection.Rows(Select, row => new FigureRow(
                row.GetFieldValue<DateOnly>(0), row.GetInt16(1), row.GetString(2), row.GetInt64(3), row.GetInt32(4),
                RollUps.Figures.Read(row, 5)),
                cancellation, project, grain, scope, from, to, key, limit);
    }
}
