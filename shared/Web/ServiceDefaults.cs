using System.Reflection;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace CallCenter.Web;

/// <summary>What every service of the product does in the same way.</summary>
public static class ServiceDefaults
{
    /// <summary>Bytes of a body of JSON at most. Files have limits of their own.</summary>
    public const long BodyLimit = 1 << 20;

    private static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(10);

    // Longer than in the gateway, so that who is slow hears it from there.
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(7));

    extension(WebApplicationBuilder builder)
    {
        /// <summary>A service: its routes' defaults, its store, what it tells and hears, what it does by itself.</summary>
        /// <param name="service">Its name in lower case; also the schema of its documents and the first part of its queues' names.</param>
        /// <param name="store">Its aggregates and documents.</param>
        /// <param name="publish">Which of its streams become facts for the others.</param>
        /// <param name="consume">Which facts of others it keeps.</param>
        /// <param name="work">Its jobs, operations and what it deletes when.</param>
        /// <param name="erase">Where it keeps what tells of people.</param>
        /// <remarks>
        /// A service calls <c>AddValidation()</c> and <c>AddOpenApi()</c> itself: their code generators work on the calling assembly only.
        /// </remarks>
        public void AddService(
            string service, Action<StoreOptions> store, Action<FactStreams>? publish = null, Action<Consumers>? consume = null,
            Action<Work>? work = null, Action<Erasing>? erase = null)
        {
            builder.AddServiceDefaults(service, store.Method.Module.Assembly);
            builder.AddEventStore(service, store, publish);
            builder.AddMessaging(service, consume, places =>
            {
                places.EraseTraces();
                erase?.Invoke(places);
            });
            builder.AddWork(service, own =>
            {
                own.Retain<IdempotencyKeys>();
                own.Retain<SkippedMessages>();
                work?.Invoke(own);
            });
        }

        private void AddServiceDefaults(string service, Assembly assembly)
        {
            builder.AddHttpDefaults(service);
            builder.Services.ConfigureHttpJsonOptions(options => Json.Strict(options.SerializerOptions));
            builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
            builder.Services.Configure<KestrelServerOptions>(options =>
            {
                options.Limits.MaxRequestBodySize = LargeBodies.MostRead; // imports and recordings set their own
                options.Limits.MinRequestBodyDataRate = SlowestBody;
            });

            builder.Services.AddSingleton(AccessTable.Of(assembly));
            builder.AddApiDocument(service);
            builder.Services.ConfigureMarten(options =>
            {
                options.Schema.For<IdempotentRequest>().Duplicate(r => r.StartedAt);
                options.RegisterDocumentType<DeskEntry>();
                options.RegisterDocumentType<SkippedMessage>();
            });

            builder.Services.AddHealthChecks()
                .AddCheck<DatabaseHealth>("database", tags: ["ready"])
                .AddCheck<DaemonHealth>("daemon", HealthStatus.Degraded)
                .AddCheck<ConsumerHealth>("consumers", HealthStatus.Degraded);
        }

        /// <summary>What the gateway needs as well: logs, telemetry, problem answers, tokens.</summary>
        public void AddHttpDefaults(string service)
        {
            builder.Services.TryAddSingleton(TimeProvider.System);
            builder.Services.AddHostedService<IdleMemory>();
            builder.AddMetrics(service);
            builder.AddLogs(service);
            builder.AddTelemetry(service);
            builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>(); // before the framework's own
            builder.Services.AddProblemDetails();
            builder.Services.Configure<KestrelServerOptions>(options =>
            {
                options.AddServerHeader = false;
                options.Limits.RequestHeadersTimeout = HeadLimit;
            });
            builder.AddBearerTokens();
        }

        private void AddLogs(string service) => builder.Services.AddSerilog(log => log
            .MinimumLevel.Is(builder.Configuration.GetValue("Log", LogEventLevel.Information))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .MinimumLevel.Override("Marten", LogEventLevel.Warning)
            // each failed statement with what was to be stored; whoever ran it says so without
            .MinimumLevel.Override("Marten.IDocumentStore", LogEventLevel.Fatal)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Service", service)
            .WriteTo.Console(new CompactJsonFormatter()),
            preserveStaticLogger: true); // services that share a process have a logger each

        // Spans cost time on every call, so they are recorded only where somebody collects them.
        private void AddTelemetry(string service)
        {
            if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is null or "")
                return;

            builder.Services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService(service, "callcenter"))
                .WithTracing(traces => traces
                    .AddSource("Marten", "MassTransit", "Quartz", FactBus.Activities.Name)
                    .AddNpgsql().AddAspNetCoreInstrumentation().AddOtlpExporter())
                .WithMetrics(metrics => metrics
                    .AddMeter("Marten", "MassTransit", "Npgsql", "Quartz", ServiceMeter.NameOf(service), "Microsoft.AspNetCore.Hosting")
                        .AddOtlpExporter());
        }
    }

    extension(WebApplication app)
    {
        /// <summary>The pipeline before the service's own routes.</summary>
        public void UseServiceDefaults()
        {
            app.UseSafeHeaders();
            app.UseProblems();
            app.UseStatusCodePages();
            app.UseRefusalsWithoutBody();
            app.Use(AnswerHeads);
            app.UseReadableAddresses();
            app.UseRouting();
            app.UseReadableMedia();
            app.UseDeadlines();
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseAccessTable();
            app.UseActor();
            app.UseStrictAddresses();
            app.UseBodyLimit();
            app.UseIdempotencyKeys();

            app.MapOpenApi("/openapi.json").AllowAnonymous().TakesLong(); // it is made when it is first asked for
            app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
            app.MapHealthChecks("/health/startup", new HealthCheckOptions { Predicate = c => c.Tags.Contains("ready") }).AllowAnonymous();
            app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains("ready") }).AllowAnonymous();
            app.MapHealthChecks("/health", new HealthCheckOptions
            {
                ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
                {
                    status = report.Status.ToString(),
                    checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), e.Value.Description }),
                }),
            }).AllowAnonymous();

            app.MapWatching();
            app.MapOperationsDesk();
            app.MapPost("/republications", Republish).WithTags("Operations")
                .Describe("Publish all facts again, for a consumer that was rebuilt").ExcludeFromDescription();
        }
    }

    private static readonly object AsksForHead = new();

    extension(HttpContext context)
    {
        /// <summary>Whether the body of the answer is left out: what would go on for long need not begin.</summary>
        internal bool IsHead => context.Items.ContainsKey(AsksForHead);
    }

    /// <summary>As to GET; the server leaves the body out. Programs ask so whether an address still holds.</summary>
    public static async Task AnswerHeads(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[AsksForHead] = AsksForHead;
        }

        await next(context);

        // The router, which says what an address takes, knows nothing of it.
        var allowed = context.Response.Headers.Allow.ToString().Split(", ");
        if (!context.Response.HasStarted && allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
            context.Response.Headers.Allow = string.Join(", ", [.. allowed, HttpMethods.Head]);
    }

    private static async Task<IResult> Republish(TimeProvider clock, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("insert into republication values ($1) on conflict do nothing");
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
        return Results.Accepted();
    }
}
