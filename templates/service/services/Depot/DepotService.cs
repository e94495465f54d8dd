using CallCenter.Contracts.People;
using CallCenter.Depot.Gadgets;
using CallCenter.EventSourcing;
using CallCenter.Web;
using JasperFx.Events.Projections;

namespace CallCenter.Depot;

public static class DepotService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("depot");
        builder.Services.AddValidation();
        builder.AddEventStore("depot", marten =>
        {
            marten.Projections.Snapshot<Gadget>(SnapshotLifecycle.Inline);
            marten.Schema.For<Gadget>().Index(gadget => gadget.ProjectId);
        });
        builder.AddMessaging("depot", bus => bus.Keep<ProjectV1>());

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGadgets();
        return app;
    }
}
