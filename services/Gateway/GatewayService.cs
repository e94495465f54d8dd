using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using CallCenter.Health;
using CallCenter.Web;
using Microsoft.AspNetCore.RateLimiting;
using Scalar.AspNetCore;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CallCenter.Gateway;

/// <summary>One address for all services: checks the sign-in, limits the rate, shows one API document.</summary>
public static class GatewayService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "paths.json"));
        builder.AddHttpDefaults("gateway");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null); // files have the limits of their service
        builder.Services.AddRateLimiter(limits => Configure(limits, builder.Configuration.GetSection("RateLimit")));

        var services = ServiceMap.Read(builder.Configuration);
        builder.Services.AddSingleton(services);
        // a service makes its document when it is first asked
        builder.Services.AddHttpClient<ApiDocument>(client => client.Timeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSubject<ServicesHealth>();
        builder.Services.AddSingleton<AllDesks>();
        builder.Services.AddReverseProxy().LoadFromMemory(services.Routes(), services.Clusters())
            .AddTransforms(transforms => transforms.AddRequestTransform(Forwarding.AskBeforeLargeBodies));

        var app = builder.Build();
        app.UseSafeHeaders();
        app.UseProblems();
        app.UseStatusCodePages();
        app.UseReadableAddresses();
        app.UseWhen(context => !services.Answers(context.Request.Path), own => own.Use(ServiceDefaults.AnswerHeads));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.Use((context, next) => HideFromTheWorld(context, next, builder.Configuration.GetValue<int?>("Watch:Port")));

        app.MapWatching();
        app.MapGet("/health/live", () => Results.Ok()).AllowAnonymous();
        app.MapGet("/health/ready", () => Results.Ok()).AllowAnonymous(); // one service that is away must not take the others along
        app.MapGet("/health/startup", () => Results.Ok()).AllowAnonymous();
        app.MapGet("/health", (ApiDocument api, CancellationToken cancellation) => api.Ready(cancellation)).AllowAnonymous();
        app.MapGet("/openapi.json", (ApiDocument api, CancellationToken cancellation) => api.Merged(cancellation)).AllowAnonymous();
        app.MapGet("/operations-desk", (AllDesks desks, HttpRequest request, CancellationToken cancellation) =>
            desks.Get(request, cancellation)).RequireAuthorization();
        // The address that is printed last is the one that is opened first.
        app.MapGet("/", () => Results.Redirect("docs/")).AllowAnonymous();
        app.MapScalarApiReference("/docs", page => page
            .WithTitle("CallCenter").WithOpenApiRoutePattern("/openapi.json").DisableDefaultFonts()).AllowAnonymous();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(Forwarding.TakeWhole);
            proxy.Use(Forwarding.Explain);
        });
        return app;
    }

    // The gateway's port is the world's. Who watches comes by a port of their own or, where there is none, from this machine.
    private static Task HideFromTheWorld(HttpContext context, RequestDelegate next, int? port)
    {
        var open = context.GetEndpoint()?.Metadata.GetMetadata<WatchersOnly>() is null
            || (port is { } watchers ? context.Connection.LocalPort == watchers
                : context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from));
        if (open)
            return next(context);

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // Machines that feed call events need more than a person at a screen does.
    private static void Configure(RateLimiterOptions limits, IConfigurationSection settings)
    {
        var perPerson = settings.GetValue("PerSecond", 100);
        var perIntegrator = settings.GetValue("IntegratorPerSecond", 2000);

        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            var who = context.User.FindFirst("sub")?.Value ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
            var rate = context.User.IsInRole("integrator") || context.User.IsInRole("admin") ? perIntegrator : perPerson;

            return RateLimitPartition.GetTokenBucketLimiter(who, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 2 * rate, TokensPerPeriod = rate, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
            });
        });
    }
}
