using System.Net;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Shared.Tests;

/// <summary>The notes, with locks that are let go after a second of silence.</summary>
public sealed class QuietNotesApi() : ServiceFixture("notes", NoteService.Build)
{
    protected override IEnumerable<string> Settings => ["--Database:LockIdleSeconds=1", "--Database:TransactionIdleSeconds=1"];
}

public sealed class LockTests(QuietNotesApi api) : IClassFixture<QuietNotesApi>
{
    private readonly LockKey key = LockKey.Of("test", Guid.CreateVersion7());

    private LockSessions Locks => api.App.Services.GetRequiredService<LockSessions>();

    // A setting of the lock's session must not stay with a connection that the pool lends to somebody else.
    [Fact]
    public async Task after_an_operation_and_silence_every_request_is_answered()
    {
        var project = Guid.CreateVersion7();
        var admin = api.As(Guid.CreateVersion7(), "admin");
        var accepted = await admin.Send(HttpMethod.Post, "/counts");
        await Eventually.Some(async () =>
            await admin.Get<Operation>(accepted.Headers.Location!.ToString()) is { Ended: true } ended ? ended : null, "its end");
        await using var server = NpgsqlDataSource.Create(api.Database);
        var ended = (DateTime)(await server.CreateCommand("select clock_timestamp()").ExecuteScalarAsync())!;
        await Eventually.True(async () =>
            (DateTime)(await server.CreateCommand("select clock_timestamp()").ExecuteScalarAsync())! > ended.AddSeconds(2), "silence");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => admin.GetAsync($"/notes?project={project}")));

        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    // A process that is frozen there would keep its locks for ever, and the publisher from what it may still store.
    [Fact]
    public async Task who_falls_silent_in_a_transaction_is_cut_off()
    {
        var pool = api.App.Services.GetRequiredService<NpgsqlDataSource>();
        await using var silent = await pool.OpenConnectionAsync();
        await using var begun = await silent.BeginTransactionAsync();
        await new NpgsqlCommand("select pg_advisory_xact_lock(4711)", silent).ExecuteNonQueryAsync();

        await using var server = NpgsqlDataSource.Create(api.Database);
        await Eventually.True(async () =>
            await server.CreateCommand("select pg_try_advisory_xact_lock(4711)").ExecuteScalarAsync() is true, "its lock to be free");
    }

    [Fact]
    public async Task a_lock_is_one_sessions_until_it_ends()
    {
        await using var second = await Locks.Open("second", default);
        await using (var first = await Locks.Open("first", default))
        {
            (await first.TryTake(key, default)).Should().BeTrue();
            (await second.TryTake(key, default)).Should().BeFalse();
        }

        await second.Take(key, default).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task who_falls_silent_lets_go()
    {
        await using var silent = await Locks.Open("silent", default);
        (await silent.TryTake(key, default)).Should().BeTrue();
        await using var next = await Locks.Open("next", default);

        await next.Take(key, default).WaitAsync(TimeSpan.FromSeconds(30));

        await silent.Awaiting(s => s.Execute<bool>("select true", default)).Should().ThrowAsync<NpgsqlException>();
    }

    [Fact]
    public async Task work_is_heard_of_as_long_as_it_lasts_and_stops_when_its_session_is_lost()
    {
        await using var server = NpgsqlDataSource.Create(api.Database);
        await using var session = await Locks.Open("worker", default);
        await session.TryTake(key, default);
        var process = await session.Execute<int>("select pg_backend_pid()", default);
        await using var other = await Locks.Open("other", default);

        var work = session.While(async held =>
        {
            var started = (DateTime)(await server.CreateCommand("select clock_timestamp()").ExecuteScalarAsync(held))!;
            await Eventually.True(async () => (await other.TryTake(key, held)).Equals(false)
                && (DateTime)(await server.CreateCommand("select clock_timestamp()").ExecuteScalarAsync(held))! > started.AddSeconds(2),
                    "longer than the silence");
            await server.CreateCommand($"select pg_terminate_backend({process})").ExecuteNonQueryAsync(held);
            await Task.Delay(Timeout.Infinite, held);
            return true;
        }, default);

        await work.Awaiting(w => w.WaitAsync(TimeSpan.FromSeconds(30))).Should().ThrowAsync<TimeoutException>().WithMessage("*session*");
    }

    [Fact]
    public async Task work_that_nobody_wants_any_more_is_stopped()
    {
        await using var session = await Locks.Open("worker", default);

        var work = session.While(async held =>
        {
            await Task.Delay(Timeout.Infinite, held);
            return true;
        }, default, stillWanted: _ => Task.FromResult(false));

        await work.Awaiting(w => w.WaitAsync(TimeSpan.FromSeconds(30))).Should().ThrowAsync<OperationCanceledException>();
    }
}
