using CallCenter.EventSourcing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CallCenter.Web;

/// <summary>A service's process: it runs, or it only brings the schema.</summary>
public static class Running
{
    extension(WebApplication app)
    {
        /// <summary>
        /// Runs the service until it is asked to stop; with <c>Migrate</c> it only brings its schema. One that can't says why in a line,
        /// and exits with 1.
        /// </summary>
        public async Task RunServiceAsync()
        {
            try
            {
                if (app.Configuration.GetValue<bool>("Migrate"))
                {
                    await app.MigrateAsync();
                    return;
                }

                await app.StartServiceAsync();
            }
            catch (Exception e)
            {
                app.Logger.LogCritical(e, "This service did not start: {Reason}", e.Message);
                Environment.ExitCode = 1;
                await app.DisposeAsync();
                return;
            }

            await app.WaitForShutdownAsync();
        }

        /// <summary>
        /// Starts the service, or the gateway, once its schema is there. Its routes are compiled meanwhile: that takes most of a
        /// second.
        /// </summary>
        public async Task StartServiceAsync()
        {
            // The host would hand the routes over only when all else has started.
            ((IApplicationBuilder)app).UseEndpoints(_ => { });
            var routes = app.Services.GetRequiredService<EndpointDataSource>();
            _ = Task.Run(() => routes.Endpoints);

            if (app.Services.GetService<NpgsqlDataSource>() is { } database)
            {
                await database.Answering(app.Logger, app.Lifetime.ApplicationStopping);
                await Schema.Wait(app, app.Lifetime.ApplicationStopping);
            }

            await app.StartAsync();
        }

        /// <summary>Brings the service's schema, once the database answers; of the gateway, which has none, nothing.</summary>
        public async Task MigrateAsync()
        {
            if (app.Services.GetService<NpgsqlDataSource>() is { } database)
            {
                await database.Answering(app.Logger, app.Lifetime.ApplicationStopping);
                await Schema.Migrate(app, CancellationToken.None);
            }

            await app.DisposeAsync();
        }
    }
}
