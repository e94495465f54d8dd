using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using CallCenter.Contracts;
using CallCenter.Testing;
using MassTransit;

namespace CallCenter.Journeys.Tests;

/// <param name="At">By <see cref="Stopwatch.GetTimestamp"/>.</param>
public sealed record PassedFact(IFact Fact, Guid? MessageId, string? Trace, long At);

/// <summary>Reads along what the services publish, from a queue that survives the broker.</summary>
public sealed class Facts : IAsyncDisposable
{
    private readonly ConcurrentQueue<PassedFact> passed = [];
    private readonly ConcurrentDictionary<(Type, Guid), long> newest = [];
    private IBusControl bus = null!;

    public static async Task<Facts> Listen(Uri broker)
    {
        var facts = new Facts();
        facts.bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(broker);
            rabbit.ReceiveEndpoint("journeys", endpoint =>
            {
                endpoint.PrefetchCount = 500;
                foreach (var fact in typeof(IFact).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IFact)) && t.IsClass))
                    typeof(Facts).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Instance)!
                        .MakeGenericMethod(fact).Invoke(facts, [endpoint]);
            });
        });
        await facts.bus.StartAsync(TestContext.Current.CancellationToken);
        return facts;
    }

    private void Read<TFact>(IReceiveEndpointConfigurator endpoint) where TFact : class, IFact =>
        endpoint.Handler<TFact>(context =>
        {
            newest.AddOrUpdate((typeof(TFact), context.Message.Id), context.Message.Version, (_, held) => Math.Max(held, context.Message.Version));
            passed.Enqueue(new PassedFact(context.Message, context.MessageId, Activity.Current?.TraceId.ToString(), Stopwatch.GetTimestamp()));
            return Task.CompletedTask;
        });

    public IBus Bus => bus;

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

    public async ValueTask DisposeAsync() => await bus.StopAsync(TimeSpan.FromSeconds(10));
}
