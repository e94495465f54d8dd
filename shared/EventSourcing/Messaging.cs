using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Health;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CallCenter.EventSourcing;

public static class Messaging
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>
        /// What the service publishes to and takes from RabbitMQ (<c>ConnectionStrings:Broker</c>). The API answers without
        /// the broker: what must be published waits in the event store.
        /// </summary>
        /// <param name="erase">Where it keeps what tells of people.</param>
        public void AddMessaging(string service, Action<Consumers>? consume = null, Action<Erasing>? erase = null)
        {
            // What only brings the schema neither says nor hears anything.
            var broker = new Uri(builder.Configuration.GetConnectionString("Broker") ?? (builder.Migrates ? "amqp://none"
                : throw new InvalidOperationException("ConnectionStrings:Broker is not configured.")));
            var consumers = new Consumers(service, builder.Services);
            consume?.Invoke(consumers);

            builder.Services.AddSingleton(provider => new FactBus(
                broker, service, provider.GetRequiredService<ServiceMeter>(), provider.GetRequiredService<ILogger<FactBus>>()));
            builder.Services.AddSingleton<ToldFacts>();
            builder.Services.AddSingleton<Retelling>();
            builder.Services.AddSingleton(provider => new Reconciler(
                service, provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<FactStreams>(),
                provider.GetRequiredService<FactBus>(), provider.GetRequiredService<Retelling>(), provider,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Reconciler>>()));
            consumers.Queues.Add(Reconciliation(service, consumers));
            builder.AddErasing(service, consumers, erase);
            builder.Services.AddSingleton(provider => new ConsumerHost(
                broker, service, [.. consumers.Queues.Select(queue => queue(provider))],
                provider.GetRequiredService<ServiceMeter>(), provider.GetRequiredService<ILoggerFactory>(),
                provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<Reconciler>().AskTogether));
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ConsumerHost>());

            builder.Services.AddCount(FactBus.Published);
            builder.Services.AddCount(Deliveries.Taken);
            builder.Services.AddCount(Deliveries.GivenUp);
            builder.Services.AddCount(Retelling.Retold);
            builder.Services.AddCount(Reconciler.Forgotten);
            builder.Services.AddSingleton(provider => new QueueHealth(
                broker, service, provider.GetRequiredService<ConsumerHost>().Queues,
                provider.GetRequiredService<ILogger<QueueHealth>>()));
            builder.Services.AddSubject<QueueHealth>();
            builder.Services.AddSingleton(provider => new ErrorQueues(
                broker, service, provider.GetRequiredService<ConsumerHost>().Queues, provider.GetRequiredService<LockSessions>(),
                provider.GetRequiredService<ILogger<ErrorQueues>>()));
        }

        private void AddErasing(string service, Consumers consumers, Action<Erasing>? erase)
        {
            var places = new Erasing();
            erase?.Invoke(places);
            builder.Services.AddSingleton(places);
            builder.Services.AddSingleton<ErasedTexts>();
            if (places.Texts.Count > 0)
                builder.Services.ConfigureMarten((provider, options) => options.Events.Subscribe(
                    new ErasedTextsSubscription(provider.GetRequiredService<ErasedTexts>(), places)));
            builder.Services.AddSingleton(provider => new Erasures(
                service, places, provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<NpgsqlDataSource>(),
                provider.GetRequiredService<FactBus>(), provider.GetRequiredService<Retelling>(), provider,
                provider.GetRequiredService<TimeProvider>()));
            builder.Services.ConfigureMarten(options => options.Schema.For<ErasureAnswer>().Index(answer => answer.Erasure));
            builder.Services.AddSubject<ErasureHealth>();
            consumers.Erase<EmployeeErasedV1>();
            consumers.Erase<CustomerErasedV1>();
        }
    }

    private static Func<IServiceProvider, ConsumedQueue> Reconciliation(string service, Consumers consumers) => provider =>
    {
        var (reconciler, erasures) = (provider.GetRequiredService<Reconciler>(), provider.GetRequiredService<Erasures>());
        return new ConsumedQueue(Reconciler.QueueOf(service), endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1; // answers can be large, and nobody waits for them

            // By no token of the delivery: that ends with its channel, and what it cuts off would be taken for the message's own fault.
            endpoint.Handler<FactsHeldV1>(context => reconciler.Answer(context.Message, CancellationToken.None));
            endpoint.Handler<RestoredV1>(context => reconciler.Hear(
                new(DateTime.SpecifyKind(context.SentTime ?? default, DateTimeKind.Utc)), CancellationToken.None));
            endpoint.Handler<ErasureAnsweredV1>(context => erasures.Hear(context.Message, CancellationToken.None));
            endpoint.Handler<ErasureStandsV1>(context => erasures.Hear(context.Message, CancellationToken.None));
            foreach (var hear in consumers.Heard)
                hear(provider, endpoint);
        });
    };
}

/// <summary>What a service listens to.</summary>
public sealed class Consumers(string service, IServiceCollection services)
{
    internal List<Func<IServiceProvider, ConsumedQueue>> Queues { get; } = [];

    internal List<Action<IServiceProvider, IReceiveEndpointConfigurator>> Heard { get; } = [];

    /// <summary>Does what others say is to be done here. What it changes is told before anybody is told what was told.</summary>
    public void Hear<TMessage>(Func<IServiceProvider, TMessage, CancellationToken, Task> then) where TMessage : class =>
        Heard.Add((provider, endpoint) => endpoint.Handler<TMessage>(async context =>
        {
            await then(provider, context.Message, CancellationToken.None);
            await provider.GetRequiredService<Retelling>().AllTold(CancellationToken.None);
        }));

    /// <summary>Replicates what projects say of how long things are kept (<see cref="HeardRetention"/>).</summary>
    public void ReplicateRetention()
    {
        services.AddSingleton<HeardRetention>();
        services.ConfigureMarten(options =>
        {
            options.Schema.For<RetentionV1>().UseNumericRevisions(true);
            options.RegisterDocumentType<FactAgreement>();
            options.RegisterDocumentType<UndoneHold>();
        });
        Consume<RetentionV1, HeardRetention>(
            (heard, facts) => heard.Keep(facts), heard => heard.Held, (heard, gone) => heard.Forget(gone),
            (heard, said) => heard.Agree(said));
    }

    /// <summary>
    /// Replicates the newest version of each <typeparamref name="TFact"/> into a document of the service's own:
    /// <c>session.LoadAsync&lt;TFact&gt;(id)</c>.
    /// </summary>
    /// <param name="also">What else of them is kept, in the same transaction: of all that come, whether newer or not.</param>
    public void Replicate<TFact>(Action<IDocumentSession, IReadOnlyList<TFact>>? also = null) where TFact : class, IFact
    {
        services.ConfigureMarten(options => options.Schema.For<TFact>().UseNumericRevisions(true));
        Consume<TFact, IDocumentStore>(
            async (store, facts) =>
            {
                await using var session = store.LightweightSession();
                foreach (var fact in facts)
                    session.TryUpdateRevision(fact, fact.Version); // unless a newer one is held
                also?.Invoke(session, facts);
                await session.SaveChangesAsync();
            },
            HeldOf<TFact>,
            async (store, gone) =>
            {
                await using var session = store.LightweightSession();
                Forget<TFact>(session, gone);
                await session.SaveChangesAsync();
            });
    }

    internal static void Forget<TFact>(IDocumentSession session, FactsGoneV1 gone) => session.QueueSqlCommand(
        $"delete from {session.DocumentStore.Options.Schema.For<TFact>()} where id = any(?) and mt_version < ?", gone.Ids.ToArray(),
        gone.Before);

    internal static string HeldOf<TFact>(IDocumentStore store) =>
        $"select id, mt_version as version from {store.Options.Schema.For<TFact>()}";

    internal void Erase<TErasure>() where TErasure : class, IErasure
    {
        services.ConfigureMarten(options => options.Schema.For<TErasure>().UseNumericRevisions(true));
        Consume<TErasure, Erasures>(
            async (erasures, asked) =>
            {
                foreach (var erasure in asked)
                    await erasures.Erase(erasure, CancellationToken.None);
            },
            erasures => erasures.HeldOf<TErasure>(),
            (erasures, gone) => erasures.Insist<TErasure>(gone, CancellationToken.None));
    }

    /// <summary>
    /// Consumes each <typeparamref name="TFact"/> in the service's own way, many in one transaction. A group holds one version
    /// of a fact, but the same group can come again, and an older version after a newer one.
    /// </summary>
    /// <param name="consume">Returns when the group is on disk; what it throws for one fact must not have stored another.</param>
    /// <param name="held">SQL that answers <c>id</c> and <c>version</c> of each that is held.</param>
    /// <param name="forget">Forgets those that are held in a lower version: their owner was restored to a time before them.</param>
    /// <param name="agree">Told when what is held is all that the owner had told at an instant, by the owner's clock.</param>
    public void Consume<TFact, TStore>(
        Func<TStore, IReadOnlyList<TFact>, Task> consume, Func<TStore, string> held, Func<TStore, FactsGoneV1, Task> forget,
        Func<TStore, DateTimeOffset, Task>? agree = null)
        where TFact : class, IFact where TStore : notnull =>
        Queues.Add(provider =>
        {
            var queue = $"{service}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(typeof(TFact).Name)}";
            var store = provider.GetRequiredService<TStore>();
            var meter = provider.GetRequiredService<ServiceMeter>();
            var group = new BatchedConsumer<TFact>(async facts =>
            {
                Actor.Current = Actor.Job(queue);
                await consume(store, facts);
            });

            // A fact is acknowledged after its group is stored. What is said of all of them comes behind them, by the same way.
            return new ConsumedQueue(
                queue,
                endpoint =>
                {
                    endpoint.Handler<TFact>(context => group.Keep(context.Message));
                    endpoint.Handler<FactsToldV1>(context => OfThisKind(context.Message.Fact, async () =>
                    {
                        var reconciler = provider.GetRequiredService<Reconciler>();
                        if (await reconciler.Compare(context.Message, held(store), CancellationToken.None) && agree is not null)
                            await agree(store, context.SentTime ?? DateTime.MinValue);
                    }));
                    endpoint.Handler<FactsGoneV1>(context => OfThisKind(context.Message.Fact, async () =>
                    {
                        Actor.Current = Actor.Job(queue);
                        await forget(store, context.Message);
                        meter.Add(Reconciler.Forgotten, context.Message.Ids.Count);
                    }));
                });

            async Task OfThisKind(string kind, Func<Task> then)
            {
                if (kind != typeof(TFact).Name)
                    return;
                await group.Settled();
                await then();
            }
        });
}
