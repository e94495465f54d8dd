using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace CallCenter.EventSourcing;

/// <summary>
/// A channel of a connection of its own, made when first needed. After any failure both are abandoned and made anew from
/// nothing: neither the client's own recovery nor a channel that once failed can be relied on after a broker's death
/// (docs/decisions/0010).
/// </summary>
/// <param name="address">With user, password and virtual host.</param>
/// <param name="name">What the broker's pages show it as.</param>
internal sealed class BrokerConnection(Uri address, string name, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim opening = new(1, 1);
    private readonly ConnectionFactory factory = new()
    {
        Uri = address,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        RequestedConnectionTimeout = Answer,
        HandshakeContinuationTimeout = Answer,
        ContinuationTimeout = TimeSpan.FromSeconds(20), // what is asked has a limit of its own
        SocketReadTimeout = TimeSpan.FromSeconds(20),
        SocketWriteTimeout = TimeSpan.FromSeconds(20),
    };

    private volatile Opened? opened;

    private sealed record Opened(IConnection Connection, IChannel Channel);

    /// <summary>Does something over the channel, with broker confirms switched on.</summary>
    /// <param name="limit">For the work and, where there is none yet, the connection.</param>
    /// <exception cref="TimeoutException">It took longer than the limit.</exception>
    public Task<T> Use<T>(Func<IChannel, CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellation) =>
        Use((Opened open, CancellationToken token) => work(open.Channel, token), limit, cancellation);

    /// <summary>As above for work over channels that it makes and loses itself.</summary>
    public Task<T> UseConnection<T>(Func<IConnection, CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellation) =>
        Use((Opened open, CancellationToken token) => work(open.Connection, token), limit, cancellation);

    private async Task<T> Use<T>(Func<Opened, CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        Opened? used = null;
        try
        {
            used = await Open(deadline.Token);

            // Not by the token alone: what waits for an answer that died with its connection may ignore it.
            return await work(used, deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception e)
        {
            Abandon(used);
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new TimeoutException($"The broker did not answer within {limit.TotalSeconds:0} s.", e);
            throw;
        }
    }

    private async Task<Opened> Open(CancellationToken cancellation)
    {
        if (opened is { Channel.IsOpen: true } ready)
            return ready;

        // One connects for all that wait: hundreds of attempts keep a broker that is back from being reached.
        await opening.WaitAsync(cancellation);
        try
        {
            if (opened is { Channel.IsOpen: true } other)
                return other;

            Abandon(opened);
            var connecting = factory.CreateConnectionAsync(cancellation);
            IConnection connection;
            try
            {
                connection = await connecting.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                _ = connecting.ContinueWith(late => Close(late.Result), CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }

            try
            {
                var channel = await connection.CreateChannelAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation)
                    .WaitAsync(cancellation);
                return opened = new Opened(connection, channel);
            }
            catch
            {
                _ = Close(connection);
                throw;
            }
        }
        finally
        {
            opening.Release();
        }
    }

    private void Abandon(Opened? failed)
    {
        if (failed is null)
            return;

        Interlocked.CompareExchange(ref opened, null, failed);
        _ = Close(failed.Connection);
    }

    // Nobody waits for it: a dead connection may not even close.
    private async Task Close(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(Answer).WaitAsync(Answer * 2);
            await connection.DisposeAsync().AsTask().WaitAsync(Answer * 2);
        }
        catch (Exception e)
        {
            log.LogDebug(e, "The connection {Name} was left behind", name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref opened, null) is { } last)
            await Close(last.Connection);
        opening.Dispose();
    }
}
