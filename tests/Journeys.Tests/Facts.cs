using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using CallCenter.Contracts;
using CallCenter.Testing;
using MassTransit.Serialization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CallCenter.Journeys.Tests;

/// <param name="At">By <see cref="Stopwatch.GetTimestamp"/>.</param>
public sealed record PassedFact(IFact Fact, string? MessageId, string? Trace, long At);

/// <summary>
/// Reads along what the services publish, from a queue that survives the broker. It connects anew from nothing whenever its
/// connection ends, and shares no code with the services: what it misses, they have not told.
/// </summary>
public sealed class Facts : IAsyncDisposable
{
    private const string Queue = "journeys";
    private static readonly Dictionary<string, Type> Kinds = typeof(IFact).Assembly.GetTypes()
        .Where(t => t.IsAssignableTo(typeof(IFact)) && t.IsClass).ToDictionary(t => $"{t.Namespace}:{t.Name}");

    private readonly ConcurrentQueue<PassedFact> passed = [];
    private readonly ConcurrentDictionary<(Type, Guid), long> newest = [];
    private readonly CancellationTokenSource end = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task reading = Task.CompletedTask;

    public static async Task<Facts> Listen(Uri broker)
    {
        var facts = new Facts();
        facts.reading = facts.ReadForEver(broker);
        await facts.listening.Task;
        return facts;
    }

    private async Task ReadForEver(Uri broker)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Read(broker);
            }
            catch (Exception) when (!end.IsCancellationRequested)
            {
                await Task.Delay(500, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Until the connection ends.
    private async Task Read(Uri broker)
    {
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false,
            ContinuationTimeout = TimeSpan.FromSeconds(5) };
        await using var connection = await factory.CreateConnectionAsync(end.Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: end.Token);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, _) => Task.FromResult(ended.TrySetResult());

        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: end.Token);
        foreach (var exchange in Kinds.Keys)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: end.Token);
            await channel.QueueBindAsync(Queue, exchange, "", cancellationToken: end.Token);
        }

        await channel.BasicQosAsync(0, 500, global: false, end.Token);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            Pass(message);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, end.Token);
        listening.TrySetResult();
        await ended.Task.WaitAsync(end.Token);
    }

    private void Pass(BasicDeliverEventArgs message)
    {
        using var envelope = JsonDocument.Parse(message.Body);
        var fact = (IFact)envelope.RootElement.GetProperty("message")
            .Deserialize(Kinds[message.Exchange], SystemTextJsonMessageSerializer.Options)!;
        var trace = message.BasicProperties.Headers?.TryGetValue("MT-Activity-Id", out var id) == true && id is byte[] text
            && ActivityContext.TryParse(System.Text.Encoding.UTF8.GetString(text), null, out var context) ? context.TraceId.ToString()
                : null;

        newest.AddOrUpdate((fact.GetType(), fact.Id), fact.Version, (_, held) => Math.Max(held, fact.Version));
        passed.Enqueue(new PassedFact(fact, message.BasicProperties.MessageId, trace, Stopwatch.GetTimestamp()));
    }

    /// <summary>All that passed, in the order of arrival, repetitions included.</summary>
    public IReadOnlyCollection<PassedFact> Passed => passed;

    public int Count => passed.Count;

    /// <summary>The newest version of a thing that has passed; 0 for none.</summary>
    public long Newest<TFact>(Guid id) where TFact : class, IFact => newest.GetValueOrDefault((typeof(TFact), id));

    /// <summary>How many different things of this kind have passed.</summary>
    public int Different<TFact>() where TFact : class, IFact => newest.Keys.Count(k => k.Item1 == typeof(TFact));

    public IEnumerable<TFact> All<TFact>() where TFact : class, IFact => passed.Select(p => p.Fact).OfType<TFact>();

    /// <summary>Waits for a fact that a service publishes from now on.</summary>
    /// <param name="owner">The service.</param>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> Next(string owner, TimeSpan limit)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), CountOf(owner));
        await Eventually.True(() => Task.FromResult(CountOf(owner) > before), $"a new fact of {owner}", limit);
        return Stopwatch.GetElapsedTime(start);
    }

    private int CountOf(string owner) => passed.Count(p => p.Fact.GetType().Namespace == $"CallCenter.Contracts.{owner}");

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading;
        end.Dispose();
    }
}
