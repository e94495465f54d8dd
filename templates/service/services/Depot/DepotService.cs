using CallCenter.Contracts.People;
using CallCenter.Depot.Gadgets;
using CallCenter.Web;
using JasperFx.Events.Projections;

namespace CallCenter.Depot;

public static class DepotService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.AddService("depot", marten =>
        {
            marten.Projections.Snapshot<Gadget>(SnapshotLifecycle.Inline);
            marten.Schema.For<Gadget>().Index(gadget => gadget.ProjectId);
        },
        consume: bus => bus.Replicate<ProjectV1>());

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGadgets();
        return app;
    }
}
