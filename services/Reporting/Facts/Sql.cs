using Npgsql;

namespace CallCenter.Reporting.Facts;

/// <summary>Statements with positional parameters, without the ceremony.</summary>
internal static class Sql
{
    extension(NpgsqlConnection connection)
    {
        public async Task<int> Execute(string sql, CancellationToken cancellation, params object[] values)
        {
            await using var command = connection.With(sql, values);
            return await command.ExecuteNonQueryAsync(cancellation);
        }

        public async Task<List<T>> Rows<T>(
            string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
        {
            var found = new List<T>();
            await using var command = connection.With(sql, values);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
                found.Add(read(rows));

            return found;
        }

        private NpgsqlCommand With(string sql, object?[] values)
        {
            var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });

            return command;
        }
    }

    extension(NpgsqlDataSource database)
    {
        public async Task<List<T>> Rows<T>(
            string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            return await connection.Rows(sql, read, cancellation, values);
        }
    }
}
