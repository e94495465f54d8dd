using CallCenter.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace CallCenter.Web;

/// <summary>What deep health answers: 200 with an empty list, 503 with what stands.</summary>
public sealed record DeepHealth(string Service, IReadOnlyList<Standing> Standing);

/// <summary>Marks a page that is for those who watch a service.</summary>
public sealed record WatchersOnly;

/// <summary>The pages for those who watch a service: <c>/metrics</c> for Prometheus and <c>/health/deep</c>.</summary>
public static class Watching
{
    private const string Prometheus = "Prometheus";

    extension(WebApplicationBuilder builder)
    {
        internal void AddMetrics(string service)
        {
            builder.Services.AddServiceHealth(service);
            builder.Services.AddHostedService(provider => new Begin(provider));

            builder.Services.AddKeyedSingleton(Prometheus, (provider, _) => Exporter(provider.GetRequiredService<ServiceMeter>()));
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>Open to whoever reaches them, as the other pages of health: the network says who does.</summary>
        public void MapWatching()
        {
            routes.MapPrometheusScrapingEndpoint(
                "/metrics", routes.ServiceProvider.GetRequiredKeyedService<MeterProvider>(Prometheus),
                page => page.Use(async (context, next) =>
                {
                    await context.RequestServices.GetRequiredService<ServiceHealth>().Measure();
                    await next(context);
                }),
                optionsName: null).AllowAnonymous().WithMetadata(new WatchersOnly());
            routes.MapGet("/health/deep", Deep).AllowAnonymous().WithMetadata(new WatchersOnly()).ExcludeFromDescription();
        }
    }

    // Of this service alone, whatever else is collected for OTLP and whatever else runs in this process. Meters are found by
    // name, and one of the same name that ends would take the counters of this one with it.
    private static MeterProvider Exporter(ServiceMeter meter) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(ServiceMeter.NameOf(meter.Service))
        .AddView(instrument => meter.Made(instrument) ? null : MetricStreamConfiguration.Drop)
        .AddPrometheusExporter(options => (options.ScopeInfoEnabled, options.TargetInfoEnabled) = (false, false))
        .Build();

    private static async Task<IResult> Deep(ServiceHealth health, ServiceMeter meter)
    {
        var standing = await health.Standing();
        return Results.Json(new DeepHealth(meter.Service, standing),
            statusCode: standing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Lets the gauges be there from the start, for a collector that reads no page.</summary>
    private sealed class Begin(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<ServiceHealth>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
