using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Shared.Tests;

/// <summary>What is wrong with one thing keeps no other from going on; what is wrong around all of them is waited out.</summary>
public sealed class OneBadThingTests(NotesApi api) : IClassFixture<NotesApi>
{
    private readonly Guid project = Guid.CreateVersion7();

    private HttpClient Supervisor => api.As(Guid.CreateVersion7(), "supervisor", project);

    private NpgsqlDataSource Database => api.App.Services.GetRequiredService<NpgsqlDataSource>();

    [Theory]
    [InlineData("note_corrected", """{"Text": {"not": "a text"}}""")]
    [InlineData("note_of_a_newer_version", """{"Text": "later"}""")]
    public async Task a_stream_of_which_an_event_cannot_be_read_is_set_aside_until_it_can(string type, string data)
    {
        var (bad, good) = (await Written("bad"), await Written("good"));

        await Append(bad, type, data);
        (await Supervisor.Send(HttpMethod.Put, $"/notes/{good}", version: 1, new CorrectNote("better"))).EnsureSuccessStatusCode();

        (await api.Published<TrainingNeedV1>(f => f.Id == good && f.Version == 2)).Section.Should().Be("better");
        await Eventually.True(async () => (await SetAsideThings()).Contains(bad), "the stream to be set aside");
        (await Health()).Should().Contain($"{bad}");

        await Sql($"""
            update notes.mt_events set type = 'note_corrected', data = jsonb_build_object('Text', 'mended')
            where stream_id = '{bad}' and version = 2
            """);
        await TryNow(bad);
        (await api.Published<TrainingNeedV1>(f => f.Id == bad && f.Version == 2)).Section.Should().Be("mended");
        await Eventually.True(async () => !(await SetAsideThings()).Contains(bad), "nothing to be set aside any more");
    }

    [Fact]
    public async Task a_stream_that_makes_no_fact_is_set_aside_and_told_whole_when_it_does()
    {
        var (bad, good) = (await Written("bad"), await Written("good"));
        var client = Supervisor;

        (await client.Send(HttpMethod.Put, $"/notes/{bad}", version: 1, new CorrectNote("unspeakable"))).EnsureSuccessStatusCode();
        (await client.Send(HttpMethod.Put, $"/notes/{good}", version: 1, new CorrectNote("better"))).EnsureSuccessStatusCode();
        await api.Published<TrainingNeedV1>(f => f.Id == good && f.Version == 2);
        await Eventually.True(async () => (await SetAsideThings()).Contains(bad), "the stream to be set aside");

        (await client.Send(HttpMethod.Put, $"/notes/{bad}", version: 2, new CorrectNote("said"))).EnsureSuccessStatusCode();
        await TryNow(bad);

        (await api.Published<TrainingNeedV1>(f => f.Id == bad && f.Version == 3)).Section.Should().Be("said");
    }

    [Fact]
    public async Task a_database_that_takes_no_writes_is_waited_for()
    {
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        await ReadOnly(true);
        try
        {
            await (await Supervisor.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "not now")))
                .ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            await api.Publish([.. ids.Select(id => new EvaluationV1(
                id, 1, project, id, id, id, id, 1, "submitted", null, null, false, [], default, null))]);
            await Eventually.True(async () => await api.InHand("notes-evaluation-v1") == ids.Length, "all to be in the consumer's hands");
        }
        finally
        {
            await ReadOnly(false);
        }

        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        await Eventually.True(async () =>
            await query.Query<EvaluationV1>().CountAsync(f => f.Id.IsOneOf(ids)) == ids.Length, "all of them");
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task an_operation_that_fails_for_what_may_pass_keeps_no_other_from_its_turn()
    {
        var stumbling = await Queue("stumble", new NoteService.Over(File: false));
        var counting = await Queue("count", new NoteService.CountTo(2));

        (await Ended(counting)).Status.Should().Be(OperationStatus.Succeeded);
        await Eventually.True(async () => (await SetAsideThings()).Contains(stumbling), "the operation to be set aside");
        await TryNow(stumbling);

        (await Ended(stumbling)).Should().BeEquivalentTo(new { Status = OperationStatus.Succeeded, Result = "/arrived" });
        (await SetAsideThings()).Should().NotContain(stumbling);
    }

    [Fact]
    public async Task an_operation_whose_file_is_gone_has_failed()
    {
        var gone = await Queue("stumble", new NoteService.Over(File: true));

        (await Ended(gone)).Should().BeEquivalentTo(
            new { Status = OperationStatus.Failed, Error = "The file that it was to work on is gone." });
    }

    private async Task<Guid> Queue<TInput>(string kind, TInput input)
    {
        var id = Guid.CreateVersion7();
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        await api.App.Services.GetRequiredService<Operations>().Queue(session, id, kind, project, Guid.Empty, input);
        await session.SaveChangesAsync();
        return id;
    }

    private async Task<Operation> Ended(Guid id)
    {
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await Eventually.Some(async () =>
            await query.LoadAsync<Operation>(id) is { Ended: true } operation ? operation : null, "the end of the operation");
    }

    private async Task<Guid> Written(string text)
    {
        var written = await Supervisor.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, text));
        var id = Guid.Parse(written.Headers.Location!.ToString()[^36..]);
        await api.Published<TrainingNeedV1>(f => f.Id == id);
        return id;
    }

    // As another version of the service, or a hand, would have left it there.
    private Task Append(Guid stream, string type, string data) => Sql($"""
        insert into notes.mt_events (seq_id, id, stream_id, version, type, data, timestamp, mt_dotnet_type, tenant_id, is_archived)
        select nextval('notes.mt_events_sequence'), '{Guid.CreateVersion7()}', stream_id, 2, '{type}', '{data}', now(),
            case type when '{type}' then mt_dotnet_type else 'Nowhere, Nothing' end, tenant_id, false
        from notes.mt_events where stream_id = '{stream}';
        update notes.mt_streams set version = 2 where id = '{stream}';
        """);

    private async Task<IReadOnlyList<Guid>> SetAsideThings()
    {
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return [.. (await query.Query<SetAside>().ToListAsync()).Select(aside => Guid.Parse(aside.Thing))];
    }

    private async Task TryNow(Guid thing)
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        var aside = await session.Query<SetAside>().SingleAsync(a => a.Thing == thing.ToString());
        session.Store(aside with { NextTry = DateTimeOffset.UnixEpoch });
        await session.SaveChangesAsync();
    }

    private async Task<string> Health() => await api.Anonymous().GetStringAsync(new Uri("/health", UriKind.Relative));

    private async Task ReadOnly(bool on)
    {
        var name = new NpgsqlConnectionStringBuilder(api.Database).Database;
        await using var admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(api.Database) { Database = "postgres" });
        await admin.CreateCommand($"alter database {name} set default_transaction_read_only = {(on ? "on" : "off")}")
            .ExecuteNonQueryAsync();
        await admin.CreateCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
            .ExecuteNonQueryAsync();
    }

    private async Task Sql(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
