using System.Collections.Concurrent;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Quality.Projects;
using CallCenter.Time;
using Marten;
using Marten.Events;
using Npgsql;
using NpgsqlTypes;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// Keeps a <see cref="FigureRow"/> for each evaluation that was submitted. A trigger notes which have changed, whichever version of this
/// service wrote them; what is done is what was noted, however many there are (decision 97).
/// </summary>
internal sealed class FigureRows(IDocumentStore store, NpgsqlDataSource database, Fence fence)
{
    public const string Migration = "figures";

    private const int AtOnce = 500;

    /// <summary>Can be repeated: what has no row yet is noted.</summary>
    public const string Schema = """
        create schema if not exists figures;
        create table if not exists figures.changed (id uuid primary key, noted_at timestamptz not null default clock_timestamp());
        create table if not exists figures.changed_day (
            project_id uuid not null, day date not null, noted_at timestamptz not null default clock_timestamp(), primary key (project_id, day));
        create table if not exists figures.answer (id int generated always as identity primary key, form_id uuid not null, said text not null);
        create unique index if not exists answer_once on figures.answer (form_id, md5(said));
        create table if not exists figures.evaluation (
            id uuid primary key, version bigint not null, project_id uuid not null, form_id uuid not null, agent_id uuid not null,
            evaluator_id uuid not null, day date not null, counts boolean not null, score numeric, passed boolean,
            auto_failed boolean not null, critical_score numeric, band text, answers int[] not null, sections jsonb not null,
            contest jsonb, changed_version bigint not null);
        create table if not exists figures.told (
            report_id uuid not null, evaluation_id uuid not null, changed_version bigint not null, primary key (report_id, evaluation_id));
        alter table figures.evaluation add column if not exists header_version bigint, add column if not exists form_version int,
            add column if not exists assisted boolean;
        create index if not exists evaluation_without_header on figures.evaluation (id) where header_version is distinct from version;
        create index if not exists evaluation_by_day on figures.evaluation (project_id, day);
        create or replace function figures.note_changed() returns trigger language plpgsql security definer set search_path = figures as $$
        begin
            insert into changed (id) values (new.id) on conflict (id) do update set noted_at = clock_timestamp();
            return null;
        end $$;
        create or replace trigger note_figures_changed after insert or update on quality.mt_doc_evaluationsummary for each row
            when (new.data ->> 'SubmittedAt' is not null) execute function figures.note_changed();
        insert into figures.changed (id) select id from quality.mt_doc_evaluationsummary summary
            where summary.data ->> 'SubmittedAt' is not null and not exists (select from figures.evaluation kept where kept.id = summary.id)
            on conflict do nothing;
        """;

    private const string Columns =
        "id, version, project_id, form_id, agent_id, evaluator_id, day, counts, score, passed, auto_failed, critical_score, band, answers, "
        + "sections, contest, changed_version, form_version, assisted";

    // Rows of a release that left the header of forms out, before this one or beside it: made again.
    private const string WithoutHeader = """
        insert into figures.changed (id) select id from figures.evaluation where header_version is distinct from version limit 10000
        on conflict do nothing
        """;

    private readonly ConcurrentDictionary<(Guid Form, string Said), int> known = new();

    /// <summary>Keeps what has changed until nothing more is noted.</summary>
    public async Task Keep(CancellationToken cancellation)
    {
        await using (var note = database.CreateCommand(WithoutHeader))
            await note.ExecuteNonQueryAsync(cancellation);
        for (var after = Guid.Empty; await Changed(after, cancellation) is { Count: > 0 } changed; after = changed[^1].Id)
            try
            {
                await Keep(changed, cancellation);
            }
            catch (Exception) when (!cancellation.IsCancellationRequested && changed.Count > 1)
            {
                await fence.Each("figures", changed, one => $"evaluation {one.Id}", (one, stopping) => Keep([one], stopping), cancellation);
            }
    }

    /// <summary>How many evaluations have changed since their rows were kept.</summary>
    public async Task<long> Behind(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select count(*) from figures.changed");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Critical scores and bands of evaluations: of each that was submitted as it is at its version.</summary>
    public async Task<IReadOnlyDictionary<Guid, (decimal? CriticalScore, string? Band)>> Extras(
        IReadOnlyList<EvaluationSummary> evaluations, CancellationToken cancellation)
    {
        var scored = evaluations.Where(e => e.Score is not null).ToDictionary(e => e.Id);
        if (scored.Count == 0)
            return new Dictionary<Guid, (decimal?, string?)>();

        var found = new Dictionary<Guid, (decimal?, string?)>();
        await using (var command = database.CreateCommand("select id, version, critical_score, band from figures.evaluation where id = any($1)"))
        {
            command.Parameters.AddWithValue(scored.Keys.ToArray());
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                if (row.GetInt64(1) == scored[row.GetGuid(0)].Version)
                    found[row.GetGuid(0)] = (row.IsDBNull(2) ? null : row.GetDecimal(2), row.IsDBNull(3) ? null : row.GetString(3));
        }

        // Rows follow in a moment; others than standard ones have none. These are read where they stand, all at once.
        var others = scored.Keys.Where(id => !found.ContainsKey(id)).ToArray();
        if (others.Length == 0)
            return found;

        await using var session = store.QuerySession();
        foreach (var e in await session.Events.QueryAllRawEvents()
            .Where(e => e.StreamId.IsOneOf(others) && e.EventTypesAre(
                typeof(EvaluationSubmitted), typeof(DisputeResolved), typeof(EvaluationCorrected)))
            .OrderBy(e => e.Sequence).ToListAsync(cancellation))
            if (e.Data switch
            {
                EvaluationSubmitted submitted => submitted.Result,
                DisputeResolved resolved => resolved.Result,
                EvaluationCorrected corrected => corrected.Result,
                _ => null,
            } is { } result)
                found[e.StreamId] = (result.CriticalScore, result.Band);

        return found;
    }

    /// <summary>The rows of a project's days.</summary>
    public async Task<IReadOnlyList<FigureRow>> Read(Guid projectId, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var rows = new List<(FigureRow Row, int[] Answers)>();
        await using (var command = database.CreateCommand(
            $"select {Columns} from figures.evaluation where project_id = $1 and day between $2 and $3 order by id"))
        {
            command.Parameters.AddWithValue(projectId);
            command.Parameters.AddWithValue(from);
            command.Parameters.AddWithValue(to);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                rows.Add((RowOf(row), row.GetFieldValue<int[]>(13)));
        }

        var answers = await Answers([.. rows.Select(read => read.Row.FormId).Distinct()], cancellation);
        return [.. rows.Select(read => read.Row with { Answers = [.. read.Answers.Select(id => answers[id].Answer)] })];
    }

    /// <summary>The rows of those evaluations by a form that stand as they are: not of what has changed and is not counted yet.</summary>
    public async Task<IReadOnlyDictionary<Guid, FigureRow>> Settled(Guid form, Guid[] ids, CancellationToken cancellation)
    {
        var rows = new List<(FigureRow Row, int[] Answers)>();
        await using (var command = database.CreateCommand($"""
            select {Columns} from figures.evaluation kept where id = any($1) and form_id = $2 and header_version = version
                and not exists (select from figures.changed noted where noted.id = kept.id)
            """))
        {
            command.Parameters.AddWithValue(ids);
            command.Parameters.AddWithValue(form);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                rows.Add((RowOf(row), row.GetFieldValue<int[]>(13)));
        }

        var answers = await Answers([form], cancellation);
        return rows.ToDictionary(
            read => read.Row.Id, read => read.Row with { Answers = [.. read.Answers.Select(id => answers[id].Answer)] });
    }

    /// <summary>The answers that were ever given to the questions of forms, by the number that rows know them by.</summary>
    public async Task<IReadOnlyDictionary<int, (Guid FormId, JudgedAnswer Answer)>> Answers(Guid[] forms, CancellationToken cancellation)
    {
        var found = new Dictionary<int, (Guid, JudgedAnswer)>();
        await using var command = database.CreateCommand("select id, form_id, said from figures.answer where form_id = any($1)");
        command.Parameters.AddWithValue(forms);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            found[row.GetInt32(0)] = (row.GetGuid(1), JudgedAnswer.Parse(row.GetString(2)));
        return found;
    }

    private static FigureRow RowOf(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), row.GetGuid(2), row.GetGuid(3), row.GetGuid(4), row.GetGuid(5), row.GetFieldValue<DateOnly>(6),
        row.GetBoolean(7), row.IsDBNull(8) ? null : row.GetDecimal(8), row.IsDBNull(9) ? null : row.GetBoolean(9), row.GetBoolean(10),
        row.IsDBNull(11) ? null : row.GetDecimal(11), row.IsDBNull(12) ? null : row.GetString(12), [],
        JsonSerializer.Deserialize<IReadOnlyList<JudgedSection>>(row.GetString(14))!,
        row.IsDBNull(15) ? null : JsonSerializer.Deserialize<Contest>(row.GetString(15)), row.GetInt64(16),
        row.IsDBNull(17) ? 0 : row.GetInt32(17), !row.IsDBNull(18) && row.GetBoolean(18));

    private sealed record Noted(Guid Id, DateTime At);

    private async Task<IReadOnlyList<Noted>> Changed(Guid after, CancellationToken cancellation)
    {
        var changed = new List<Noted>();
        await using var command = database.CreateCommand($"select id, noted_at from figures.changed where id > $1 order by id limit {AtOnce}");
        command.Parameters.AddWithValue(after);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            changed.Add(new(row.GetGuid(0), row.GetDateTime(1)));
        return changed;
    }

    private async Task Keep(IReadOnlyList<Noted> changed, CancellationToken cancellation)
    {
        var (rows, kept) = await Fold([.. changed.Select(one => one.Id)], cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var numbers = await Numbers(connection, rows, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var row in rows)
            batch.BatchCommands.Add(Upsert(row, [.. row.Answers.Select(answer => numbers[(row.FormId, answer.ToText())])]));
        foreach (var (project, day) in (await Newer(connection, rows, cancellation)).Select(row => (row.ProjectId, row.Day)).Distinct())
            batch.BatchCommands.Add(new("""
                insert into figures.changed_day (project_id, day) values ($1, $2)
                on conflict (project_id, day) do update set noted_at = clock_timestamp()
                """) { Parameters = { new() { Value = project }, new() { Value = day } } });

        // What was noted once more meanwhile stays, and what has no calendar yet waits for it.
        var done = changed.Where(one => kept.Contains(one.Id)).ToList();
        batch.BatchCommands.Add(new("""
            delete from figures.changed noted using unnest($1, $2) as done(id, noted_at)
            where noted.id = done.id and noted.noted_at = done.noted_at
            """)
        {
            Parameters = { new() { Value = done.Select(one => one.Id).ToArray() }, new() { Value = done.Select(one => one.At).ToArray() } },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // That an agent has acknowledged a score changes no figure.
    private static async Task<IReadOnlyList<FigureRow>> Newer(
        NpgsqlConnection connection, IReadOnlyList<FigureRow> rows, CancellationToken cancellation)
    {
        var before = new Dictionary<Guid, long>();
        await using var command = new NpgsqlCommand("select id, changed_version from figures.evaluation where id = any($1)", connection);
        command.Parameters.AddWithValue(rows.Select(row => row.Id).ToArray());
        await using var found = await command.ExecuteReaderAsync(cancellation);
        while (await found.ReadAsync(cancellation))
            before[found.GetGuid(0)] = found.GetInt64(1);
        return [.. rows.Where(row => !before.TryGetValue(row.Id, out var version) || version != row.ChangedVersion)];
    }

    private static bool ChangesFigures(object @event) => @event is EvaluationSubmitted or EvaluationDisputed or DisputeAppealed
        or DisputeEscalated or DisputeResolved or EvaluationCorrected or EvaluationVoided;

    private async Task<(IReadOnlyList<FigureRow> Rows, IReadOnlySet<Guid> Kept)> Fold(Guid[] ids, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var evaluations = new Dictionary<Guid, (Evaluation State, long ChangedVersion)>();
        foreach (var e in await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(ids)).OrderBy(e => e.Sequence)
            .ToListAsync(cancellation))
        {
            var (state, changed) = evaluations.GetValueOrDefault(e.StreamId, (new Evaluation(), 0));
            evaluations[e.StreamId] = (state.Evolve(e.Data) with { Version = e.Version },
                ChangesFigures(e.Data) ? e.Version : changed);
        }

        var calendars = (await session.LoadManyAsync<ProjectV1>(cancellation,
            [.. evaluations.Values.Select(e => e.State.ProjectId).Distinct()]))
            .ToDictionary(project => project.Id, project => project.Calendar);
        var known = evaluations.Values.Where(e => calendars.ContainsKey(e.State.ProjectId)).ToList();
        return ([.. known.Select(e => FigureRow.Of(e.State, calendars[e.State.ProjectId], e.ChangedVersion)).OfType<FigureRow>()],
            known.Select(e => e.State.Id).ToHashSet());
    }

    // Apart from the rows' transaction: two who meet a new answer at once do not wait for each other, and one more number harms nobody.
    private async Task<IReadOnlyDictionary<(Guid, string), int>> Numbers(
        NpgsqlConnection connection, IReadOnlyList<FigureRow> rows, CancellationToken cancellation)
    {
        var all = rows.SelectMany(row => row.Answers.Select(answer => (Form: row.FormId, Said: answer.ToText()))).ToHashSet();
        if (all.Where(answer => !known.ContainsKey(answer)).ToList() is { Count: > 0 } met)
        {
            await using var command = new NpgsqlCommand("""
                insert into figures.answer (form_id, said) select form_id, said from unnest($1, $2) as met(form_id, said)
                on conflict (form_id, md5(said)) do nothing
                """, connection);
            command.Parameters.AddWithValue(met.Select(answer => answer.Form).ToArray());
            command.Parameters.AddWithValue(met.Select(answer => answer.Said).ToArray());
            await command.ExecuteNonQueryAsync(cancellation);
            await using var find = new NpgsqlCommand("""
                select answer.id, met.form_id, met.said from unnest($1, $2) as met(form_id, said)
                join figures.answer answer on answer.form_id = met.form_id and md5(answer.said) = md5(met.said) and answer.said = met.said
                """, connection);
            find.Parameters.AddWithValue(met.Select(answer => answer.Form).ToArray());
            find.Parameters.AddWithValue(met.Select(answer => answer.Said).ToArray());
            await using var row = await find.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                known[(row.GetGuid(1), row.GetString(2))] = row.GetInt32(0);
        }

        return all.ToDictionary(answer => answer, answer => known[answer]);
    }

    private static NpgsqlBatchCommand Upsert(FigureRow row, int[] answers) => new($"""
        insert into figures.evaluation ({Columns}, header_version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $2)
        on conflict (id) do update set version = excluded.version, evaluator_id = excluded.evaluator_id, day = excluded.day,
            counts = excluded.counts, score = excluded.score, passed = excluded.passed, auto_failed = excluded.auto_failed,
            critical_score = excluded.critical_score, band = excluded.band, answers = excluded.answers, sections = excluded.sections,
            contest = excluded.contest, changed_version = excluded.changed_version,
            form_version = excluded.form_version, assisted = excluded.assisted, header_version = excluded.header_version
        where evaluation.version <= excluded.version
        """)
    {
        Parameters =
        {
            new() { Value = row.Id }, new() { Value = row.Version }, new() { Value = row.ProjectId }, new() { Value = row.FormId },
            new() { Value = row.AgentId }, new() { Value = row.EvaluatorId }, new() { Value = row.Day }, new() { Value = row.Counts },
            Of(row.Score, NpgsqlDbType.Numeric), Of(row.Passed, NpgsqlDbType.Boolean), new() { Value = row.AutoFailed },
            Of(row.CriticalScore, NpgsqlDbType.Numeric), Of(row.Band, NpgsqlDbType.Text), new() { Value = answers },
            Of(JsonSerializer.Serialize(row.Sections), NpgsqlDbType.Jsonb),
            Of(row.Contest is null ? null : JsonSerializer.Serialize(row.Contest), NpgsqlDbType.Jsonb),
            new() { Value = row.ChangedVersion }, new() { Value = row.FormVersion }, new() { Value = row.Assisted },
        },
    };

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
