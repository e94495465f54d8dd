using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CallCenter.Rules;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.EventSourcing;

/// <summary>A message that could not be handled, as it lies in the error queue.</summary>
/// <param name="Id">Its own, where it has one; else it follows from its bytes.</param>
/// <param name="Type">What it says it is: the fact's exchange, or what the sender wrote.</param>
/// <param name="Reason">Why it could not be handled; it may quote what is in the message.</param>
/// <param name="At">When it could not; null where nobody wrote that down.</param>
public sealed record FailedMessage(
    Guid Id, string Queue, string Type, string Reason, DateTimeOffset? At, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <param name="Count">Messages in it.</param>
/// <param name="First">Those that have waited the longest.</param>
public sealed record ErrorQueue(string Queue, long Count, IReadOnlyList<FailedMessage> First);

/// <summary>
/// The error queues behind a service's queues. MassTransit fills them and offers no way to look into them or to move one
/// message back, so that is done by RabbitMQ's own client. Whatever is taken out to be looked at is unacknowledged: when the
/// channel closes, or dies, it lies where it lay.
/// </summary>
public sealed class ErrorQueues : IAsyncDisposable
{
    private const int NotFound = 404;
    private const int Reach = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(10); // for all messages of a queue

    private readonly IReadOnlyList<string> queues;
    private readonly BrokerConnection connection;
    private readonly LockSessions locks;

    internal ErrorQueues(Uri broker, string service, IReadOnlyList<string> queues, LockSessions locks, ILogger<ErrorQueues> log) =>
        (this.queues, this.locks, connection) = (queues, locks, new BrokerConnection(broker, $"{service}: operations desk", log));

    /// <summary>All of them that hold something, with their first messages.</summary>
    /// <param name="atMost">Messages of each.</param>
    public async Task<IReadOnlyList<ErrorQueue>> List(int atMost, CancellationToken cancellation)
    {
        var found = new List<ErrorQueue>();
        foreach (var queue in queues)
        {
            var (count, first) = await Open(queue, async (channel, token) =>
            {
                var count = await channel.MessageCountAsync(QueueHealth.ErrorQueueOf(queue), token);
                var first = new List<FailedMessage>();
                while (first.Count < atMost && await Next(channel, queue, token) is { } message)
                    first.Add(Read(queue, message));
                return (count, first);
            }, cancellation);
            if (count > 0)
                found.Add(new ErrorQueue(queue, count, first));
        }

        return found;
    }

    /// <summary>Looks at one message; it stays where it is.</summary>
    /// <returns>Null where no such message is among the first thousand.</returns>
    public Task<FailedMessage?> Find(string queue, Guid id, CancellationToken cancellation) =>
        At(queue, id, (_, _, _) => Task.CompletedTask, cancellation);

    /// <summary>
    /// Moves one message back to the queue that it failed in. It is there, confirmed, before it leaves the error queue: a crash
    /// in between leaves it in both, which is a fact told twice.
    /// </summary>
    /// <param name="before">What has to be on record before anything is moved.</param>
    /// <returns>Null where no such message is among the first thousand.</returns>
    /// <exception cref="PublishException">The queue is not there to take it; it stays in the error queue.</exception>
    public Task<FailedMessage?> Retry(string queue, Guid id, Func<FailedMessage, Task> before, CancellationToken cancellation) =>
        At(queue, id, async (channel, failed, found) =>
        {
            await before(failed);
            var properties = new BasicProperties(found.BasicProperties)
            {
                Headers = found.BasicProperties.Headers?.Where(header => !OfTheFault(header.Key)).ToDictionary(h => h.Key, h => h.Value),
            };
            // To the exchange that MassTransit binds to the queue by its name: a service may not write to the default exchange.
            await channel.BasicPublishAsync(queue, routingKey: "", mandatory: true, properties, found.Body, cancellation);
            await channel.BasicAckAsync(found.DeliveryTag, multiple: false, cancellation);
        }, cancellation);

    /// <summary>Takes one message away for good.</summary>
    /// <param name="keep">Returns when it is kept elsewhere; only then it leaves the error queue.</param>
    /// <returns>Null where no such message is among the first thousand.</returns>
    public Task<FailedMessage?> Remove(string queue, Guid id, Func<FailedMessage, Task> keep, CancellationToken cancellation) =>
        At(queue, id, async (channel, failed, found) =>
        {
            await keep(failed);
            await channel.BasicAckAsync(found.DeliveryTag, multiple: false, cancellation);
        }, cancellation);

    /// <summary>Takes away all messages that are about somebody. What is true by now is told by their owners.</summary>
    /// <returns>How many.</returns>
    public async Task<long> Forget(Predicate<FailedMessage> isAbout, CancellationToken cancellation)
    {
        var forgotten = 0L;
        foreach (var queue in queues)
            forgotten += await Open(queue, async (channel, token) =>
            {
                var count = 0L;
                while (await Next(channel, queue, token) is { } message)
                    if (isAbout(Read(queue, message)))
                    {
                        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, token);
                        count++;
                    }
                return count;
            }, cancellation, LongLimit);

        return forgotten;
    }

    private async Task<FailedMessage?> At(
        string queue, Guid id, Func<IChannel, FailedMessage, BasicGetResult, Task> work, CancellationToken cancellation) =>
        !queues.Contains(queue) ? null : await Open(queue, async (channel, token) =>
        {
            for (var passed = 0; passed < Reach && await Next(channel, queue, token) is { } message; passed++)
                if (Read(queue, message) is var failed && failed.Id == id)
                {
                    await work(channel, failed, message);
                    return failed;
                }

            return null;
        }, cancellation);

    // One at a time over all instances: what one has taken out to look at, another would not find.
    private async Task<T?> Open<T>(
        string queue, Func<IChannel, CancellationToken, Task<T>> work, CancellationToken cancellation, TimeSpan? limit = null)
    {
        await using var turn = await locks.Open("operations-desk", cancellation);
        await turn.Take(LockKey.Of("error-queue", queue), cancellation);

        return await connection.UseConnection(async (open, token) =>
        {
            await using var channel = await open.CreateChannelAsync(new CreateChannelOptions(true, true), token);
            try
            {
                return await work(channel, token);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
            {
                return default; // nothing has ever failed: MassTransit makes the queue with the first message
            }
            catch (OperationInterruptedException e)
            {
                throw new BusyException($"The broker does not let anybody at this queue: {e.ShutdownReason?.ReplyText}");
            }
        }, limit ?? Limit, cancellation);
    }

    private static Task<BasicGetResult?> Next(IChannel channel, string queue, CancellationToken cancellation) =>
        channel.BasicGetAsync(QueueHealth.ErrorQueueOf(queue), autoAck: false, cancellation);

    private static FailedMessage Read(string queue, BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers?.ToDictionary(header => header.Key, header => Written(header.Value)) ?? [];
        var body = message.Body.ToArray();

        return new FailedMessage(
            Guid.TryParse(message.BasicProperties.MessageId, out var id) ? id
                : NameId.Of("failed-message", Convert.ToHexStringLower(SHA256.HashData(body))),
            queue, headers.GetValueOrDefault("MT-Fault-MessageType") ?? TypeOf(body),
            $"{headers.GetValueOrDefault("MT-Fault-ExceptionType")}: {headers.GetValueOrDefault("MT-Fault-Message")}",
            DateTimeOffset.TryParse(headers.GetValueOrDefault("MT-Fault-Timestamp"), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var at) ? at : null, headers, body);
    }

    private static bool OfTheFault(string header) =>
        header is "MT-Reason" || header.StartsWith("MT-Fault-", StringComparison.Ordinal)
        || header.StartsWith("MT-Host-", StringComparison.Ordinal);

    private static string Written(object? value) => value switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        AmqpTimestamp at => DateTimeOffset.FromUnixTimeSeconds(at.UnixTime).ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string TypeOf(byte[] body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            return envelope.RootElement.GetProperty("messageType")[0].GetString() ?? "unknown";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return "unknown";
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
