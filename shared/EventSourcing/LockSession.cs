using System.Globalization;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>What an advisory lock is taken on. One database per service, so a name need be unique in its service only.</summary>
public readonly record struct LockKey(long Value)
{
    /// <summary>Which instance runs the projections and the publisher. The number is the one that earlier versions hold it by.</summary>
    public static readonly LockKey Leader = new(0x43_61_6C_6C);

    /// <summary>The key that follows from a name, as the ids of streams do.</summary>
    public static LockKey Of(params ReadOnlySpan<object> name) => Of(NameId.Of(name));

    /// <summary>The key of the thing with an id.</summary>
    public static LockKey Of(Guid id) => new(BitConverter.ToInt64(id.ToByteArray(), 8));

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A session for locks alone. The server ends it, and with it what it holds, after a time of silence: a holder that is
/// killed lets go at once, one that is frozen within seconds. That setting belongs to the session and must never reach the
/// pool, where the next borrower would be cut off: so the connection is its own and is closed with it.
/// </summary>
public sealed class LockSession : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private LockSession(NpgsqlConnection connection, TimeSpan beat) => (this.connection, Heartbeat) = (connection, beat);

    /// <summary>How often its holder must be heard of, with a margin.</summary>
    public TimeSpan Heartbeat { get; }

    internal static async Task<LockSession> Open(string connectionString, string holder, TimeSpan silence, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            ApplicationName = holder,
            CommandTimeout = 5,
            Options = $"-c idle_session_timeout={silence.TotalMilliseconds:0}",
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return new LockSession(connection, silence / 5);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <returns>False when another holds it.</returns>
    public Task<bool> TryTake(LockKey key, CancellationToken cancellation) =>
        Execute<bool>($"select pg_try_advisory_lock({key})", cancellation);

    /// <summary>Waits until nobody else holds it.</summary>
    public async Task Take(LockKey key, CancellationToken cancellation)
    {
        // Waiting inside the server would outlast the holder's time limit, and be no sign of life.
        while (!await TryTake(key, cancellation))
            await Task.Delay(Heartbeat / 4, cancellation);
    }

    /// <summary>Asks the server for something; any question is a sign of life.</summary>
    public async Task<T?> Execute<T>(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is T value ? value : default;
    }

    /// <summary>Does the work while the session lives, and stops it when that is lost.</summary>
    /// <param name="stillWanted">Asked with each beat; the work is stopped once it says no.</param>
    /// <exception cref="OperationCanceledException">The work was stopped, by its caller or because it is not wanted any more.</exception>
    /// <exception cref="TimeoutException">The session is lost, and with it the lock: another may have it already.</exception>
    public async Task<T> While<T>(
        Func<CancellationToken, Task<T>> work, CancellationToken cancellation, Func<CancellationToken, Task<bool>>? stillWanted = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = Watch(stop, stillWanted);
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw watch.IsFaulted ? new TimeoutException("The session that held the lock is lost.", e) : e;
        }
        finally
        {
            await stop.CancelAsync();
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Watch(CancellationTokenSource stop, Func<CancellationToken, Task<bool>>? stillWanted)
    {
        try
        {
            do
                await Task.Delay(Heartbeat / 2, stop.Token);
            while (await Execute<bool>("select true", stop.Token) && (stillWanted is null || await stillWanted(stop.Token)));
        }
        finally
        {
            // Whatever went wrong, nobody can say any more that the lock is held.
            await stop.CancelAsync();
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}

/// <summary>Opens the sessions that hold a service's locks.</summary>
/// <param name="silence">After how long a silence the server ends one (<c>Database:LockIdleSeconds</c>).</param>
public sealed class LockSessions(string connectionString, TimeSpan silence)
{
    /// <param name="holder">What it is for, as the server lists it.</param>
    public Task<LockSession> Open(string holder, CancellationToken cancellation) =>
        LockSession.Open(connectionString, holder, silence, cancellation);
}
