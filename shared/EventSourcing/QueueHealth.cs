using CallCenter.Health;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.EventSourcing;

/// <summary>What waits in the service's queues, and in the error queues behind them.</summary>
internal sealed class QueueHealth(Uri broker, string service, IReadOnlyList<string> queues, ILogger<QueueHealth> log)
    : ISubject, IAsyncDisposable
{
    private const int NotFound = 404;

    private static readonly Gauge Waiting = new("callcenter.queue.messages", "{message}",
        "Messages that wait to be taken.", "queue");
    private static readonly Gauge Listening = new("callcenter.queue.consumers", "{consumer}",
        "Consumers of the queue, of all instances.", "queue");
    private static readonly Gauge Failed = new("callcenter.error_queue.messages", "{message}",
        "Messages that could not be handled and wait for somebody to look.", "queue");

    private readonly BrokerConnection connection = new(broker, $"{service}: health", log);

    public static string Name => "queues";

    public static IReadOnlyList<Gauge> Gauges => [Waiting, Listening, Failed];

    /// <summary>Where MassTransit puts what a queue's consumer could not handle.</summary>
    public static string ErrorQueueOf(string queue) => $"{queue}_error";

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        var (readings, standing) = (new List<Reading>(), new List<Standing>());
        await connection.UseConnection(async (open, token) =>
        {
            foreach (var queue in queues)
            {
                var (waiting, consumers) = await State(open, queue, token);
                var (failed, _) = await State(open, ErrorQueueOf(queue), token);
                readings.AddRange([new(Waiting, waiting, queue), new(Listening, consumers, queue), new(Failed, failed, queue)]);
                if (failed > 0)
                    standing.Add(new Standing($"error queue of {queue}", $"{failed} messages could not be handled: see /operations-desk."));
            }

            return true;
        }, ServiceHealth.Deadline, cancellation);
        return new Measured(readings, standing);
    }

    // To ask for a queue that is not there costs the channel it was asked by: each question has one of its own.
    private static async Task<(uint Messages, uint Consumers)> State(IConnection connection, string queue, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            var state = await channel.QueueDeclarePassiveAsync(queue, cancellation);
            return (state.MessageCount, state.ConsumerCount);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            return (0, 0);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
