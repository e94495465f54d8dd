using System.Text.Json;
using CallCenter.Contracts;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.EventSourcing;

public static class Messaging
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>The service's consumers on RabbitMQ (<c>ConnectionStrings:Broker</c>): quorum queues named after the service.</summary>
        public void AddMessaging(string service, Action<Consumers>? consume = null)
        {
            var broker = new Uri(builder.Configuration.GetConnectionString("Broker")
                ?? throw new InvalidOperationException("ConnectionStrings:Broker is not configured."));

            builder.Services.AddMassTransit(bus =>
            {
                bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, includeNamespace: false));
                bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
                {
                    if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                        queue.SetQuorumQueue();
                    endpoint.PrefetchCount = 500;
                    endpoint.UseMessageRetry(Retries);
                });
                consume?.Invoke(new Consumers(bus, service, builder.Services));
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(broker, host => host.PublisherConfirmation = true);
                    rabbit.Publish<IFact>(topology => topology.Exclude = true); // nobody listens to facts of every kind
                    // What lacks a part fails while it is read, by itself; in a consumer it would take its whole batch along.
                    rabbit.ConfigureJsonSerializerOptions(json => new JsonSerializerOptions(json)
                    {
                        RespectNullableAnnotations = true,
                        RespectRequiredConstructorParameters = true,
                    });
                    rabbit.ConfigureEndpoints(context);
                });
            });

            // The API answers without the broker; what must be published waits in the event store.
            builder.Services.AddOptions<MassTransitHostOptions>().Configure(o =>
            {
                o.WaitUntilStarted = false;
                o.StopTimeout = TimeSpan.FromSeconds(15);
            });
        }
    }

    // An outage is waited out, a conflict is cured by reading again, a refusal never is: that goes to the error queue.
    private static void Retries(IRetryConfigurator retry)
    {
        retry.Handle<Exception>(IsPassing);
        retry.Intervals([.. Enumerable.Range(0, 200).Select(attempt => TimeSpan.FromMilliseconds(Math.Min(20 * Math.Pow(1.7, attempt), 3000)))]);
    }

    internal static bool IsPassing(Exception e) => Transient.Is(e) || Conflict.Is(e);
}

/// <summary>What a service listens to.</summary>
public sealed class Consumers(IBusRegistrationConfigurator bus, string service, IServiceCollection services)
{
    /// <summary>
    /// Keeps the newest version of each <typeparamref name="TFact"/> as a document of the service's own:
    /// <c>session.LoadAsync&lt;TFact&gt;(id)</c>.
    /// </summary>
    public void Keep<TFact>() where TFact : class, IFact
    {
        services.ConfigureMarten(options => options.Schema.For<TFact>().UseNumericRevisions(true));
        Keep<TFact, IDocumentStore>(async (store, facts) =>
        {
            await using var session = store.LightweightSession();
            foreach (var fact in facts)
                session.TryUpdateRevision(fact, fact.Version); // unless a newer one is held
            await session.SaveChangesAsync();
        });
    }

    /// <summary>
    /// Keeps each <typeparamref name="TFact"/> in the service's own way, many in one transaction. A group holds one version
    /// of a fact, but the same group can come again, and an older version after a newer one.
    /// </summary>
    /// <param name="keep">Returns when the group is on disk; what it throws for one fact must not have stored another.</param>
    public void Keep<TFact, TStore>(Func<TStore, IReadOnlyList<TFact>, Task> keep) where TFact : class, IFact where TStore : notnull
    {
        services.AddSingleton(provider => new FactGroup<TFact>(facts => keep(provider.GetRequiredService<TStore>(), facts)));
        bus.AddConsumer<FactConsumer<TFact>>()
            .Endpoint(e => e.Name = $"{service}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(typeof(TFact).Name)}");
    }
}
