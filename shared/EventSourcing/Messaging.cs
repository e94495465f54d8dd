using CallCenter.Contracts;
using CallCenter.Health;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CallCenter.EventSourcing;

public static class Messaging
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>
        /// What the service publishes to and takes from RabbitMQ (<c>ConnectionStrings:Broker</c>). The API answers without
        /// the broker: what must be published waits in the event store.
        /// </summary>
        public void AddMessaging(string service, Action<Consumers>? consume = null)
        {
            var broker = new Uri(builder.Configuration.GetConnectionString("Broker")
                ?? throw new InvalidOperationException("ConnectionStrings:Broker is not configured."));
            var consumers = new Consumers(service, builder.Services);
            consume?.Invoke(consumers);

            builder.Services.AddSingleton(provider => new FactBus(
                broker, service, provider.GetRequiredService<ServiceMeter>(), provider.GetRequiredService<ILogger<FactBus>>()));
            builder.Services.AddSingleton(provider => new ConsumerHost(
                broker, service, [.. consumers.Queues.Select(queue => queue(provider))],
                provider.GetRequiredService<ServiceMeter>(), provider.GetRequiredService<ILoggerFactory>(),
                provider.GetRequiredService<IHostApplicationLifetime>()));
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ConsumerHost>());

            builder.Services.AddCount(FactBus.Published);
            builder.Services.AddCount(ConsumerHost.Taken);
            builder.Services.AddCount(ConsumerHost.GivenUp);
            builder.Services.AddSingleton(provider => new QueueHealth(
                broker, service, provider.GetRequiredService<ConsumerHost>().Queues, provider.GetRequiredService<ILogger<QueueHealth>>()));
            if (consumers.Queues.Count > 0)
                builder.Services.AddSubject<QueueHealth>();
            builder.Services.AddSingleton(provider => new ErrorQueues(
                broker, service, provider.GetRequiredService<ConsumerHost>().Queues, provider.GetRequiredService<LockSessions>(),
                provider.GetRequiredService<ILogger<ErrorQueues>>()));
        }
    }
}

/// <summary>What a service listens to.</summary>
public sealed class Consumers(string service, IServiceCollection services)
{
    internal List<Func<IServiceProvider, ConsumedQueue>> Queues { get; } = [];

    /// <summary>
    /// Replicates the newest version of each <typeparamref name="TFact"/> into a document of the service's own:
    /// <c>session.LoadAsync&lt;TFact&gt;(id)</c>.
    /// </summary>
    public void Replicate<TFact>() where TFact : class, IFact
    {
        services.ConfigureMarten(options => options.Schema.For<TFact>().UseNumericRevisions(true));
        Consume<TFact, IDocumentStore>(async (store, facts) =>
        {
            await using var session = store.LightweightSession();
            foreach (var fact in facts)
                session.TryUpdateRevision(fact, fact.Version); // unless a newer one is held
            await session.SaveChangesAsync();
        });
    }

    /// <summary>
    /// Consumes each <typeparamref name="TFact"/> in the service's own way, many in one transaction. A group holds one version
    /// of a fact, but the same group can come again, and an older version after a newer one.
    /// </summary>
    /// <param name="consume">Returns when the group is on disk; what it throws for one fact must not have stored another.</param>
    public void Consume<TFact, TStore>(Func<TStore, IReadOnlyList<TFact>, Task> consume)
        where TFact : class, IFact where TStore : notnull =>
        Queues.Add(provider =>
        {
            var queue = $"{service}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(typeof(TFact).Name)}";
            var group = new BatchedConsumer<TFact>(async facts =>
            {
                Actor.Current = Actor.Job(queue);
                await consume(provider.GetRequiredService<TStore>(), facts);
            });

            // A fact is acknowledged after its group is stored.
            return new ConsumedQueue(
                queue,
                endpoint => endpoint.Handler<TFact>(context => group.Keep(context.Message)));
        });
}
