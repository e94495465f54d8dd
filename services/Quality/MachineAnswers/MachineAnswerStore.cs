using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using CallCenter.Contracts;
using CallCenter.Quality.Evaluations;
using CallCenter.Rules;
using CallCenter.Web;
using Npgsql;
using NpgsqlTypes;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>What a machine said of one contact.</summary>
/// <param name="Kind">call, conversation or chat.</param>
/// <param name="ContactId">The call or chat; of a conversation what its parts of one agent are known by.</param>
/// <param name="Calls">Its legs, of a conversation; null else.</param>
/// <param name="AgentId">Whose contact it is; null where nobody was known to have taken it.</param>
/// <param name="At">When the contact began.</param>
/// <param name="FormVersion">The version of the form the answers are to.</param>
/// <param name="Model">What said it.</param>
/// <param name="ModelVersion">Of the model.</param>
/// <param name="Answers">Questions that it could not answer are not among them.</param>
/// <param name="ReceivedFrom">Id of the system that sent it.</param>
public sealed record ContactAnswers(
    Guid Id, Guid ProjectId, SubjectKind Kind, Guid ContactId, IReadOnlyList<Guid>? Calls, Guid? AgentId, DateTimeOffset At, Guid FormId,
    int FormVersion, string Model, string ModelVersion, IReadOnlyList<MachineAnswer> Answers, DateTimeOffset ReceivedAt, Guid ReceivedFrom);

/// <summary>What a machine's answers of a contact came to.</summary>
internal sealed record ContactShares(Guid ContactId, int FormVersion, double? Score, bool? Passed, IReadOnlyList<double?> Shares);

/// <summary>What machines said, in rows: too many for streams, and never changed but by time and erasure (docs/decisions/0058).</summary>
internal sealed class MachineAnswerStore(NpgsqlDataSource database)
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const string All = """
        select a.id, a.project_id, a.kind, a.contact_id, a.calls, a.agent_id, a.at, a.form_id, a.form_version, j.model, j.version,
            a.answers, a.evidence, a.received_at, a.received_from
        from machine.answers a join machine.judge j on j.id = a.judge_id
        """;

    /// <summary>Keeps what is not known, in one statement.</summary>
    /// <returns>Those that were kept now, and those of which the same judge had said something else: these stay as they were.</returns>
    public async Task<(IReadOnlySet<Guid> Kept, IReadOnlySet<Guid> Otherwise)> Keep(
        IReadOnlyList<JudgedContact> contacts, Guid from, DateTimeOffset now, CancellationToken cancellation)
    {
        var judges = await Judges([.. contacts.Select(contact => (contact.Model, contact.ModelVersion)).Distinct()], cancellation);
        var kept = new HashSet<Guid>();
        await using (var command = database.CreateCommand("""
            with said as (
                select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::int[], $6::uuid[], $7::text[], $8::text[],
                    $9::uuid[], $10::timestamptz[], $11::real[], $12::boolean[], $13::text[], $14::jsonb[], $15::jsonb[], $16::uuid[])
                as said(id, judge_id, project_id, form_id, form_version, contact_id, kind, calls, agent_id, at, score, passed, shares,
                    answers, evidence, digest)),
            kept as (
                insert into machine.answers (id, judge_id, project_id, form_id, form_version, contact_id, kind, calls, agent_id, at, score,
                    passed, shares, answers, evidence, digest, received_at, received_from)
                select id, judge_id, project_id, form_id, form_version, contact_id, kind, calls::uuid[], agent_id, at, score, passed,
                    shares::real[], answers, evidence, digest, $17, $18 from said order by id
                on conflict (id) do nothing returning id)
            select id from kept
            """))
        {
            Add(contacts.Select(c => c.Id).ToArray());
            Add(contacts.Select(c => judges[(c.Model, c.ModelVersion)]).ToArray());
            Add(contacts.Select(c => c.ProjectId).ToArray());
            Add(contacts.Select(c => c.FormId).ToArray());
            Add(contacts.Select(c => c.FormVersion).ToArray());
            Add(contacts.Select(c => c.ContactId).ToArray());
            Add(contacts.Select(c => c.Subject.Kind.Code).ToArray());
            Add(contacts.Select(c => c.Calls is { } calls ? $"{{{string.Join(',', calls)}}}" : null).ToArray());
            Add(contacts.Select(c => c.AgentId).ToArray());
            Add(contacts.Select(c => c.At.ToUniversalTime()).ToArray());
            Add(contacts.Select(c => (float?)c.Score).ToArray());
            Add(contacts.Select(c => c.Passed).ToArray());
            Add(contacts.Select(c => $"{{{string.Join(',', c.Shares.Select(Written))}}}").ToArray());
            Json(contacts.Select(c => JsonSerializer.Serialize(c.Answers.Select(answer => answer with { Evidence = null }), Compact)));
            Json(contacts.Select(c => c.Answers.Where(answer => answer.Evidence is [_, ..])
                .ToDictionary(answer => answer.Question, answer => answer.Evidence) is { Count: > 0 } places
                ? JsonSerializer.Serialize(places, Compact) : null));
            Add(contacts.Select(c => c.Digest).ToArray());
            command.Parameters.AddWithValue(now.ToUniversalTime());
            command.Parameters.AddWithValue(from);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                kept.Add(row.GetGuid(0));

            void Add<T>(T[] values) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });

            void Json(IEnumerable<string?> texts) => command.Parameters.Add(
                new NpgsqlParameter { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        }

        // After they are there: whoever is erased at the same moment is met by this, or meets them.
        await ForgetErased([.. contacts.Select(contact => contact.Id)], cancellation);
        var held = await Digests([.. contacts.Select(contact => contact.Id).Where(id => !kept.Contains(id))], cancellation);
        return (kept, contacts.Where(contact => held.TryGetValue(contact.Id, out var digest) && digest != contact.Digest)
            .Select(contact => contact.Id).ToHashSet());
    }

    private async Task<Dictionary<Guid, Guid>> Digests(Guid[] ids, CancellationToken cancellation)
    {
        var digests = new Dictionary<Guid, Guid>();
        if (ids.Length == 0)
            return digests;

        await using var command = database.CreateCommand("select id, digest from machine.answers where id = any($1)");
        command.Parameters.AddWithValue(ids);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            digests[row.GetGuid(0)] = row.GetGuid(1);
        return digests;
    }

    private static string Written(double? share) =>
        share is { } value ? value.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "NULL";

    // Found first: a conflict would use up a number each time.
    private async Task<Dictionary<(string, string), int>> Judges(
        IReadOnlyList<(string Model, string Version)> named, CancellationToken cancellation)
    {
        var judges = new Dictionary<(string, string), int>();
        foreach (var (model, version) in named)
        {
            await using var command = database.CreateCommand("""
                with known as (select id from machine.judge where model = $1 and version = $2),
                added as (insert into machine.judge (model, version) select $1, $2 where not exists (select from known)
                    on conflict (model, version) do update set model = excluded.model returning id)
                select id from known union all select id from added
                """);
            command.Parameters.AddWithValue(model);
            command.Parameters.AddWithValue(version);
            judges[(model, version)] = (int)(await command.ExecuteScalarAsync(cancellation))!;
        }

        return judges;
    }

    private async Task ForgetErased(Guid[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update machine.answers a set evidence = null where id = any($1) and evidence is not null
                and exists (select from public.erased e where e.id = a.agent_id or e.id = a.contact_id or e.id = any(a.calls))
            """);
        command.Parameters.AddWithValue(ids);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<ContactAnswers?> Find(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{All} where a.id = $1");
        command.Parameters.AddWithValue(id);
        return (await Read(command, cancellation)).SingleOrDefault();
    }

    /// <summary>What was said of a call by itself and of conversations that it is a leg of, the last received first.</summary>
    public async Task<IReadOnlyList<ContactAnswers>> OfCall(Guid call, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"{All} where a.contact_id = $1 or (a.calls is not null and a.calls @> array[$1]) order by a.received_at desc, a.id limit 100");
        command.Parameters.AddWithValue(call);
        return await Read(command, cancellation);
    }

    /// <summary>What all judges said of these calls by a form.</summary>
    public async Task<IReadOnlyList<ContactAnswers>> OfCalls(Guid form, Guid[] calls, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{All} where a.contact_id = any($1) and a.form_id = $2");
        command.Parameters.AddWithValue(calls);
        command.Parameters.AddWithValue(form);
        return await Read(command, cancellation);
    }

    /// <summary>What a judge's answers of these calls came to; of one judged by several versions of the form, by the last.</summary>
    public async IAsyncEnumerable<ContactShares> SharesOf(
        Guid form, string model, string version, Guid[] calls, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select distinct on (a.contact_id) a.contact_id, a.form_version, a.score, a.passed, a.shares
            from machine.answers a join machine.judge j on j.id = a.judge_id
            where a.contact_id = any($1) and a.form_id = $2 and j.model = $3 and j.version = $4
            order by a.contact_id, a.form_version desc
            """);
        command.Parameters.AddWithValue(calls);
        command.Parameters.AddWithValue(form);
        command.Parameters.AddWithValue(model);
        command.Parameters.AddWithValue(version);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            yield return new(
                row.GetGuid(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetFloat(2), row.IsDBNull(3) ? null : row.GetBoolean(3),
                [.. row.GetFieldValue<float?[]>(4).Select(share => (double?)share)]);
    }

    private static async Task<IReadOnlyList<ContactAnswers>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        var found = new List<ContactAnswers>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var kind = row.GetString(2);
            var places = row.IsDBNull(12) ? null
                : JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<EvidencePlace>>>(row.GetString(12), Compact);
            found.Add(new(
                row.GetGuid(0), row.GetGuid(1), Enum.GetValues<SubjectKind>().First(known => known.Code == kind), row.GetGuid(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<Guid[]>(4), row.IsDBNull(5) ? null : row.GetGuid(5),
                row.GetFieldValue<DateTimeOffset>(6), row.GetGuid(7), row.GetInt32(8), row.GetString(9), row.GetString(10),
                [
                    .. JsonSerializer.Deserialize<IReadOnlyList<MachineAnswer>>(row.GetString(11), Compact)!
                        .Select(answer => answer with { Evidence = places?.GetValueOrDefault(answer.Question) }),
                ],
                row.GetFieldValue<DateTimeOffset>(13), row.GetGuid(14)));
        }

        return found;
    }

    /// <summary>Where answers were found in contacts of somebody tells of them: it is taken out, and what was answered stays.</summary>
    public async Task<long> Forget(IErasure erasure, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update machine.answers set evidence = null where evidence is not null and id in (
                select id from machine.answers where agent_id = any($1) and evidence is not null
                union select id from machine.answers where contact_id = any($1)
                union select id from machine.answers where calls is not null and calls && $1)
            """);
        command.Parameters.AddWithValue(erasure.About.ToArray());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Contacts of a project from before an instant, in the order of their time, after a place.</summary>
    public async Task<IReadOnlyList<(Guid Id, DateTimeOffset At)>> Due(
        Guid project, DateTimeOffset before, DateTimeOffset since, Guid after, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select id, at from machine.answers where project_id = $1 and at < $2 and (at, id) > ($3, $4) order by at, id limit $5
            """);
        command.Parameters.AddWithValue(project);
        command.Parameters.AddWithValue(before.ToUniversalTime());
        command.Parameters.AddWithValue(since.ToUniversalTime());
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(count);
        var due = new List<(Guid, DateTimeOffset)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            due.Add((row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1)));
        return due;
    }

    public async Task<long> Count(Guid project, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select count(*) from machine.answers where project_id = $1 and at < $2");
        command.Parameters.AddWithValue(project);
        command.Parameters.AddWithValue(before.ToUniversalTime());
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<long> Delete(Guid[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from machine.answers where id = any($1)");
        command.Parameters.AddWithValue(ids);
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
