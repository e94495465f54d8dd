using System.Reflection;
using CallCenter.Health;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using JasperFx.OpenTelemetry;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Weasel.Core;

namespace CallCenter.EventSourcing;

public static class EventStore
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>
        /// The service's event store and documents in its own database (<c>ConnectionStrings:Database</c>), and the facts
        /// that its streams become for the other services.
        /// </summary>
        /// <param name="service">Name of the service in lower case; also the schema.</param>
        public void AddEventStore(string service, Action<StoreOptions> configure, Action<FactStreams>? publish = null)
        {
            var connection = builder.Configuration.GetConnectionString("Database")
                ?? throw new InvalidOperationException("ConnectionStrings:Database is not configured.");
            builder.AddMigrations(typeof(EventStore).Assembly);
            builder.AddMartenMigration();
            builder.AddMigration("high-water mark", DaemonLeader.HighWaterMarkOnlyRises(service));
            var facts = new FactStreams();
            publish?.Invoke(facts);

            var settings = new NpgsqlConnectionStringBuilder(connection)
            {
                ApplicationName = service,
                MaxPoolSize = builder.Configuration.GetValue("Database:MaxPoolSize", Connections.Pool),
            };
            settings.Options = Connections.CutOffInTransaction(settings.Options, builder.Configuration);
            builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(settings));
            builder.Services.AddSingleton<DaemonState>();
            builder.Services.AddSingleton(new LockSessions(
                settings.ConnectionString, TimeSpan.FromSeconds(builder.Configuration.GetValue("Database:LockIdleSeconds", 10.0))));
            builder.Services.AddSingleton(facts);
            builder.Services.AddSingleton<StreamFence>();
            builder.Services.AddSingleton<DaemonWakeup>();
            builder.Services.AddHostedService(s => s.GetRequiredService<DaemonWakeup>());

            var marten = builder.Services.AddMarten(services =>
                {
                    var options = new StoreOptions();
                    options.DatabaseSchemaName = service;
                    options.AutoCreateSchemaObjects = AutoCreate.None; // the migration does
                    options.DisableNpgsqlLogging = true;
                    options.UseSystemTextJsonForSerialization(
                        EnumStorage.AsString, // names outlive the order of an enum
                        configure: json => json.AllowOutOfOrderMetadataProperties = true); // jsonb orders members by itself

                    options.Events.StreamIdentity = StreamIdentity.AsGuid;
                    options.Events.MetadataConfig.HeadersEnabled = true;
                    options.OpenTelemetry.TrackConnections = TrackLevel.Normal;
                    options.OpenTelemetry.TrackEventCounters();

                    // What can't be read is not lost sight of: the publisher sees it missing and sets its stream aside (StreamFence).
                    options.Projections.Errors.SkipApplyErrors = !facts.IsEmpty;
                    options.Projections.Errors.SkipSerializationErrors = !facts.IsEmpty;
                    options.Projections.Errors.SkipUnknownEvents = !facts.IsEmpty;

                    var wakeup = services.GetRequiredService<DaemonWakeup>();
                    options.Projections.Wakeup = wakeup;
                    options.Listeners.Add(new CommitListener(wakeup));

                    options.Events.AddEventTypes(EventsOf(configure.Method.Module.Assembly));
                    configure(options);
                    return options;
                })
                .UseNpgsqlDataSource()
                .UseLightweightSessions()
                .AddAsyncDaemon(DaemonMode.Disabled); // DaemonLeader runs it

            if (!facts.IsEmpty)
                marten.AddSubscriptionWithServices<FactPublisher>(ServiceLifetime.Singleton);

            builder.Services.AddHostedService<DaemonLeader>();
            builder.Services.AddSubject<EventHealth>();
            builder.Services.AddSubject<ServerHealth>();
        }
    }

    // Known from the start, an event is found by its name in the store, whatever has become of its class since.
    private static IEnumerable<Type> EventsOf(Assembly service) => service.GetCustomAttributes<GeneratedEvolverAttribute>()
        .Select(fold => Activator.CreateInstance(fold.EvolverType)!)
        .SelectMany(fold => (Type[])fold.GetType().GetProperty("EventTypes")!.GetValue(fold)!);
}
