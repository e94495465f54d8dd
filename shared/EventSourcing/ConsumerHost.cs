using System.Diagnostics;
using System.Text.Json;
using CallCenter.Contracts;
using CallCenter.Health;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.EventSourcing;

/// <param name="Name">Of the queue, after the service and the fact.</param>
internal sealed record ConsumedQueue(string Name, Action<IReceiveEndpointConfigurator> Handle);

/// <summary>
/// Runs the service's consumers: a MassTransit bus, and a watch over it. A bus can lose its consumers with the broker and
/// never take up again, so where messages wait or nobody listens, and nothing is taken, the bus is abandoned and another
/// made from nothing, with the queues that the broker has lost; where that does not help either, the process ends with a cause
/// (docs/decisions/0010).
/// </summary>
public sealed class ConsumerHost : BackgroundService
{
    private const int MaxAttempts = 4;
    private const int NotFound = 404;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly Uri broker;
    private readonly string service;
    private readonly IReadOnlyList<ConsumedQueue> queues;
    private readonly ServiceMeter meter;
    private readonly ILoggerFactory loggers;
    private readonly ILogger log;
    private readonly IHostApplicationLifetime lifetime;
    private readonly Func<CancellationToken, Task> askAgain;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int attempts;
    private bool missing;

    /// <param name="askAgain">For what the others have told and a queue has lost, or was not there to hear.</param>
    internal ConsumerHost(
        Uri broker, string service, IReadOnlyList<ConsumedQueue> queues, ServiceMeter meter, ILoggerFactory loggers,
        IHostApplicationLifetime lifetime, Func<CancellationToken, Task> askAgain)
    {
        (this.broker, this.service, this.queues, this.meter) = (broker, service, queues, meter);
        (this.loggers, this.lifetime, this.askAgain) = (loggers, lifetime, askAgain);
        log = loggers.CreateLogger<ConsumerHost>();
    }

    /// <summary>Names of the queues that it listens to.</summary>
    internal IReadOnlyList<string> Queues => [.. queues.Select(queue => queue.Name)];

    /// <summary>Ends when every queue has been listened to once.</summary>
    public Task Ready => ready.Task;

    /// <summary>What was seen when the consumers had to be made anew; null while they work.</summary>
    public string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var watching = new BrokerConnection(broker, $"{service}: watch", log);
        var lostQueues = new LostQueues(watching, log);
        missing = await IsNew(watching, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var deliveries = new Deliveries(meter);
            var sockets = new BusSockets();
            var bus = Build(deliveries, sockets);
            using var abandon = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var starting = Start(bus, abandon.Token);
            try
            {
                Failure = await IdleTooLong(watching, deliveries, stoppingToken);
                log.LogError("ALARM: {Failure}. The consumers are made anew", Failure);
                if (++attempts == MaxAttempts)
                    End(Failure);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The service stops.
            }

            await abandon.CancelAsync();
            await Stop(bus, starting);
            sockets.Cut();
            missing |= await lostQueues.Delete([.. Queues, .. Queues.Select(QueueHealth.ErrorQueueOf)], stoppingToken);
        }
    }

    // Who listens to something for the first time has heard nothing of what was told before.
    private async Task<bool> IsNew(BrokerConnection broker, CancellationToken stopping)
    {
        try
        {
            foreach (var queue in Queues)
                await broker.Use((channel, token) => channel.QueueDeclarePassiveAsync(queue, token), Interval, stopping);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.LogDebug(e, "The broker does not say which queues there are"); // the owners say in some minutes what they have told
        }

        return false;
    }

    private async Task Start(IBusControl bus, CancellationToken cancellation)
    {
        try
        {
            await bus.StartAsync(cancellation);
            ready.TrySetResult();
        }
        catch (Exception e)
        {
            if (!cancellation.IsCancellationRequested)
                log.LogError(e, "The consumers did not start");
            return;
        }

        if (missing)
        {
            await askAgain(cancellation);
            missing = cancellation.IsCancellationRequested;
        }
    }

    // A bus that does not react is left behind, and cut off: its messages come again.
    private async Task Stop(IBusControl bus, Task starting)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            await starting.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await bus.StopAsync(deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The consumers did not stop within {Seconds} s", Deadline.TotalSeconds);
        }
    }

    private void End(string cause)
    {
        log.LogCritical("{Cause}, and making the consumers anew {Attempts} times did not help. This process ends", cause, attempts);
        Environment.ExitCode = 70;
        lifetime.StopApplication();
    }

    private IBusControl Build(Deliveries deliveries, BusSockets sockets)
    {
        LogContext.ConfigureCurrentLogContext(loggers);
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(broker, $"{service}: consumers", host =>
            {
                host.PublisherConfirmation = true; // for what goes to error queues
                host.OnRefreshConnectionFactory = factory =>
                {
                    factory.SocketFactory = sockets.Open;
                    return sockets.AreCut ? throw new InvalidOperationException("This bus was left behind.") : Task.CompletedTask;
                };
            });
            rabbit.Publish<IFact>(topology => topology.Exclude = true); // nobody listens to facts of every kind
            // What lacks a part fails while it is read, by itself; in a group it would take others along.
            rabbit.ConfigureJsonSerializerOptions(json => new JsonSerializerOptions(json)
            {
                RespectNullableAnnotations = true,
                RespectRequiredConstructorParameters = true,
            });
            foreach (var queue in queues)
                rabbit.ReceiveEndpoint(queue.Name, endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.PrefetchCount = 500;
                    endpoint.UseMessageRetry(Retries);
                    queue.Handle(endpoint);
                });
        });
        bus.ConnectReceiveObserver(deliveries);
        return bus;
    }

    // Only what is proved the message's own fault goes to the error queue, at once; everything else is waited out, however long.
    private static void Retries(IRetryConfigurator retry)
    {
        retry.Handle<Exception>(e => !Fault.IsOwn(e));
        retry.Exponential(int.MaxValue, FirstWait, LongestWait, FirstWait);
    }

    /// <returns>What was seen when a queue had not been worked for too long though the broker answered; never while all are.</returns>
    private async Task<string> IdleTooLong(BrokerConnection watching, Deliveries deliveries, CancellationToken stopping)
    {
        var (taken, silentSince) = (new Dictionary<string, long>(), new Dictionary<string, long>());

        while (true)
        {
            await Task.Delay(Interval, stopping);
            var now = Stopwatch.GetTimestamp();
            var states = await States(watching, stopping);

            foreach (var (queue, waiting, listening) in states)
            {
                var (count, inHand) = deliveries.Of(queue);
                var idle = taken.TryGetValue(queue, out var before) && before == count;
                taken[queue] = count;
                if (!idle || (listening > 0 && (waiting == 0 || inHand > 0)))
                    silentSince.Remove(queue);
                else if (silentSince.TryAdd(queue, now) is false && Stopwatch.GetElapsedTime(silentSince[queue], now) >= LongestSilence)
                    return $"{queue} has {waiting} messages and {listening} consumers, and none was taken for " +
                        $"{LongestSilence.TotalSeconds:0} s";
            }

            if (states.Count < queues.Count)
                silentSince.Clear(); // the broker does not answer
            else if (silentSince.Count == 0)
                (attempts, Failure) = (0, null);
        }
    }

    /// <summary>How many messages wait in each queue for how many consumers; none of a broker that does not answer.</summary>
    private async Task<IReadOnlyList<(string Queue, uint Waiting, uint Listening)>> States(
        BrokerConnection watching, CancellationToken stopping)
    {
        var states = new List<(string, uint, uint)>();
        foreach (var queue in queues)
        {
            try
            {
                var state = await watching.Use((channel, token) => channel.QueueDeclarePassiveAsync(queue.Name, token), Interval, stopping);
                states.Add((queue.Name, state.MessageCount, state.ConsumerCount));
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
            {
                states.Add((queue.Name, 0, 0));
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                log.LogDebug(e, "The broker does not answer");
                return [];
            }
        }

        return states;
    }
}
