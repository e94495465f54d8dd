using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using CallCenter.Contracts;
using CallCenter.Health;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace CallCenter.EventSourcing;

/// <summary>
/// Publishes facts in MassTransit's envelope, in windows, each confirmed by the broker or failed within a deadline; over a
/// connection of its own, so that nothing that consumers wait for can keep a fact from leaving (docs/decisions/0010).
/// </summary>
public sealed class FactBus(Uri broker, string service, ServiceMeter meter, ILogger<FactBus> log) : IAsyncDisposable
{
    public static readonly ActivitySource Activities = new("CallCenter.EventSourcing");

    internal static readonly Count Published = new("callcenter.facts.published", "{fact}", "Facts that the broker has confirmed.");

    private const int Window = 1000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private static readonly JsonSerializerOptions Format = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = false };

    private readonly BrokerConnection connection = new(broker, $"{service}: facts", log);
    private Declared declared = new(null, []);

    // What is known to be there, for the channel by which it was declared.
    private sealed record Declared(IChannel? By, ImmutableHashSet<Type> Facts);

    private sealed record Envelope(
        Guid MessageId, Guid? CorrelationId, string[] MessageType, object Message, DateTime SentTime,
        IReadOnlyDictionary<string, string> Headers);

    /// <summary>Returns when the broker has confirmed every fact.</summary>
    /// <exception cref="TimeoutException">The broker did not confirm in time; what it may have taken comes again, which is the same fact
    /// twice.</exception>
    internal async Task Publish(
        IReadOnlyList<(IFact Fact, Guid MessageId, string? Trace)> facts, CancellationToken cancellation)
    {
        foreach (var window in facts.Chunk(Window))
        {
            await connection.Use(async (channel, token) =>
            {
                await Declare(channel, window.Select(f => f.Fact.GetType()), token);
                await Task.WhenAll(window.Select(f =>
                    PublishOne(channel, f.Fact, f.MessageId, f.Fact.Id, f.Trace, token)));
                return true;
            }, Deadline, cancellation);
            meter.Add(Published, window.Length);
        }
    }

    /// <summary>
    /// Tells all services something that is no fact, of the contracts' own namespace: in that of a service only that service may publish.
    /// Returns when the broker has confirmed it.
    /// </summary>
    public Task Say(object message, CancellationToken cancellation) => connection.Use(async (channel, token) =>
    {
        await Declare(channel, [message.GetType()], token);
        await PublishOne(channel, message, Guid.CreateVersion7(), null, null, token);
        return true;
    }, Deadline, cancellation);

    // As MassTransit declares it. A fact may be published before anybody has ever listened to its kind.
    private async Task Declare(IChannel channel, IEnumerable<Type> types, CancellationToken cancellation)
    {
        var known = declared is var (by, facts) && by == channel ? facts : [];
        foreach (var type in types.Distinct().Where(type => !known.Contains(type)))
        {
            await channel.ExchangeDeclareAsync(
                ExchangeOf(type), ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
            known = known.Add(type);
        }

        declared = new Declared(channel, known);
    }

    private static async Task PublishOne(
        IChannel channel, object message, Guid messageId, Guid? about, string? trace, CancellationToken cancellation)
    {
        ActivityContext.TryParse(trace, null, isRemote: true, out var parent);
        using var activity = Activities.StartActivity("publish fact", ActivityKind.Producer, parent);
        var headers = (activity?.Id ?? trace) is { } id ? new Dictionary<string, string> { ["MT-Activity-Id"] = id } : [];

        var properties = new BasicProperties
        {
            MessageId = messageId.ToString(),
            CorrelationId = about?.ToString(),
            ContentType = SystemTextJsonMessageSerializer.JsonContentType.MediaType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers.ToDictionary(h => h.Key, h => (object?)h.Value),
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Envelope(
                messageId, about, [MessageUrn.ForTypeString(message.GetType())], message, TimeProvider.System.GetUtcNow().UtcDateTime,
                headers),
            Format);

        await channel.BasicPublishAsync(ExchangeOf(message.GetType()), routingKey: "", mandatory: false, properties, body, cancellation);
    }

    internal static string ExchangeOf(Type fact) => $"{fact.Namespace}:{fact.Name}";

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
