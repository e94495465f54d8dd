using CallCenter.EventSourcing;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CallCenter.Shared.Tests;

/// <summary>The notes, with a job that always fails and a retention that looks every second.</summary>
public sealed class WorkingNotesApi() : ServiceFixture("notes", NoteService.Build)
{
    protected override IEnumerable<string> Settings =>
        ["--Failing:Every=00:00:01", "--Jobs:Check=00:00:01", "--Retention:Every=00:00:01", "--Retention:Operations=30.00:00:00"];
}

public sealed class JobTests(WorkingNotesApi api) : IClassFixture<WorkingNotesApi>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Now);
    private readonly string work = $"work-{Guid.CreateVersion7():N}";

    private IDocumentStore Store => api.App.Services.GetRequiredService<IDocumentStore>();

    [Theory]
    [InlineData(1, 15)]
    [InlineData(2, 30)]
    [InlineData(3, 60)]
    [InlineData(8, 1920)]
    [InlineData(9, 3600)]
    [InlineData(5000, 3600)]
    public void who_fails_again_waits_twice_as_long_up_to_an_hour(int failures, int seconds)
    {
        var before = failures == 1 ? null : new SetAside(Guid.Empty, work, "a", failures - 1, "", Now.AddDays(-1), Now.AddHours(-1), Now);

        var after = SetAside.After(before, work, "a", new InvalidOperationException("no such zone"), Now);

        after.Should().BeEquivalentTo(
            new { Failures = failures, Reason = "InvalidOperationException: no such zone", Last = Now, NextTry = Now.AddSeconds(seconds) });
        after.Since.Should().Be(failures == 1 ? Now : Now.AddDays(-1));
    }

    [Fact]
    public async Task what_a_rule_refuses_is_set_aside_and_is_no_error_in_the_log()
    {
        var heard = new Heard();
        var fence = new Fence(Store, clock, heard);

        await fence.Each(work, ["form", "bug"], thing => thing, (thing, _) => throw (thing == "form"
            ? new RefusedException("form-not-active", "The form is not active.") : new InvalidOperationException("A bug.")),
            TestContext.Current.CancellationToken);

        heard.Levels.Should().Equal((LogLevel.Warning, false), (LogLevel.Error, true));
    }

    /// <summary>How loud something was, and whether with a stack.</summary>
    private sealed class Heard : ILogger<Fence>
    {
        public List<(LogLevel, bool)> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Levels.Add((logLevel, exception is not null));
    }

    [Fact]
    public async Task one_that_fails_is_set_aside_and_named_and_the_others_go_on()
    {
        var fence = new Fence(Store, clock, NullLogger<Fence>.Instance);
        var broken = new HashSet<string> { "b" };

        (await Turns(fence, broken)).Should().Equal("a", "b", "c");
        (await Health()).Status.Should().Be("Degraded");
        (await Health()).Description.Should().Contain($"{work} of b set aside since 2026-03-02T09:00:00Z, failed 1 times");

        // Another instance knows it too, and takes no turn before its time.
        (await Turns(new Fence(Store, clock, NullLogger<Fence>.Instance), broken)).Should().Equal("a", "c");
        clock.Advance(SetAside.FirstWait);
        (await Turns(fence, [])).Should().Equal("a", "b", "c");
        (await Health()).Description.Should().NotContain(work);
        (await Turns(fence, [])).Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task what_is_not_there_any_more_is_not_named_any_more()
    {
        var fence = new Fence(Store, clock, NullLogger<Fence>.Instance);
        await Turns(fence, ["a"]);

        await fence.Each(work, ["b"], name => name, (_, _) => Task.CompletedTask, default);

        (await Health()).Description.Should().NotContain(work);
    }

    [Fact]
    public async Task who_is_stopped_in_a_turn_has_not_failed()
    {
        using var stop = new CancellationTokenSource();
        var fence = new Fence(Store, clock, NullLogger<Fence>.Instance);

        var stopped = () => fence.Each(work, ["a"], name => name, async (_, cancellation) =>
        {
            await stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }, stop.Token);

        await stopped.Should().ThrowAsync<OperationCanceledException>();
        (await Health()).Description.Should().NotContain(work);
    }

    [Fact]
    public async Task a_job_that_fails_is_named_in_health_and_runs_again() => await Eventually.True(
        async () => Regex.IsMatch((await Health()).Description, @"\bfailing failed ([2-9]|\d\d+) times, last success never"),
        "a second failure in health");

    [Theory]
    [InlineData("trigger_state = 'ERROR'")]
    [InlineData("trigger_state = 'ACQUIRED'")]
    [InlineData("next_fire_time = next_fire_time + 8 * 864000000000")]
    public async Task a_job_that_another_instance_has_stopped_or_taken_up_or_put_off_runs_again(string wrong)
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        await Eventually.True(async () => (int)(await database.CreateCommand(
            $"update quartz.qrtz_triggers set {wrong} where trigger_name = 'failing' and trigger_state = 'WAITING'").ExecuteNonQueryAsync()) == 1,
            "the job's trigger to be there");
        var before = await Failures();

        await Eventually.True(async () => await Failures() > before + 1, "the job to run again");
    }

    private async Task<int> Failures()
    {
        await using var session = Store.QuerySession();
        return (await session.LoadAsync<JobRecord>("failing"))?.Failures ?? 0;
    }

    [Fact]
    public async Task what_was_kept_long_enough_is_deleted_and_nothing_else()
    {
        var now = DateTimeOffset.UtcNow;
        var (oldKey, newKey) = (new IdempotentRequest(Guid.CreateVersion7(), "", now.AddDays(-2), null),
            new IdempotentRequest(Guid.CreateVersion7(), "", now.AddHours(-2), null));
        var oldEnded = Ended(now.AddDays(-31));
        var (recent, running) = (Ended(now.AddDays(-29)), Ended(now.AddDays(-31)) with { Status = OperationStatus.Running });
        await using (var session = Store.LightweightSession())
        {
            session.Store(oldKey, newKey);
            session.Store(oldEnded, recent, running);
            session.Store(new OperationWork(oldEnded.Id, JsonSerializer.SerializeToElement(1), null, Done: true));
            await session.SaveChangesAsync();
        }

        await Eventually.True(async () =>
            await Kept<OperationWork>(oldEnded.Id) is null && await Kept<IdempotentRequest>(oldKey.Id) is null, "the old to go");

        (await Kept<Operation>(oldEnded.Id)).Should().BeNull();
        (await Kept<Operation>(recent.Id)).Should().NotBeNull();
        (await Kept<Operation>(running.Id)).Should().NotBeNull();
        (await Kept<IdempotentRequest>(newKey.Id)).Should().NotBeNull();
    }

    [Theory]
    [InlineData("--Retention:IdempotencyKeys=00:00:00")]
    [InlineData("--Retention:Every=-00:00:01")]
    public void a_period_that_is_none_is_refused_at_the_start(string setting)
    {
        var build = () => NoteService.Build(
            [setting, "--ConnectionStrings:Database=Host=nowhere", "--ConnectionStrings:Broker=amqp://nowhere", "--Auth:Issuer=x",
                "--Auth:KeysFile=/dev/null"]);

        build.Should().Throw<InvalidOperationException>().WithMessage("Retention:*longer than zero*");
    }

    private async Task<List<string>> Turns(Fence fence, HashSet<string> broken)
    {
        var taken = new List<string>();
        await fence.Each(work, ["a", "b", "c"], name => name, (name, _) =>
        {
            taken.Add(name);
            return broken.Contains(name) ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        }, default);
        return taken;
    }

    private static Operation Ended(DateTimeOffset at) =>
        new(Guid.CreateVersion7(), "count", Guid.Empty, Guid.Empty, at, OperationStatus.Succeeded, 100, new Dictionary<string, long>(),
            null, null);

    private async Task<T?> Kept<T>(Guid id) where T : class
    {
        await using var session = Store.QuerySession();
        return await session.LoadAsync<T>(id);
    }

    private async Task<(string Status, string Description)> Health()
    {
        using var client = api.Anonymous();
        var jobs = (await client.Get<JsonElement>("/health")).GetProperty("checks").GetProperty("jobs");
        return (jobs.GetProperty("status").GetString()!, jobs.GetProperty("description").GetString()!);
    }
}
