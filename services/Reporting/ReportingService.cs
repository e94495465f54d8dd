using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.RollUps;
using CallCenter.Web;

namespace CallCenter.Reporting;

/// <summary>The service on one page.</summary>
public static class ReportingService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.AddServiceDefaults("reporting");
        builder.Services.AddValidation();
        builder.Services.AddHostedService<FactSchema>();
        builder.AddEventStore("reporting", marten => { });
        builder.AddMessaging("reporting", bus =>
        {
            bus.Keep<EmployeeV1>();
            bus.Keep<TeamV1>();
            bus.Keep<ProjectV1>();
        });

        var app = builder.Build();
        app.UseServiceDefaults();
        return app;
    }
}
