namespace CallCenter.Bench;

/// <summary>How soon a service is ready, and what it takes while nothing happens.</summary>
internal sealed class Startup(Site site, Report report)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public async Task Measure()
    {
        // The first start makes the tables.
        foreach (var service in Site.Services)
            await site.Start(service);
        await site.StopServices();

        // One at a time: the machine is the service's own while it starts.
        foreach (var service in Site.Services)
            report.Below($"{service}: ready after its start", (await site.Start(service)).ReadyAfter.TotalSeconds, 3, "s", "0.0");

        await Task.Delay(Idle);
        foreach (var service in Site.Services)
        {
            var running = await site.Start(service);
            report.Below($"{service}: resident memory when idle", running.Memory(), 150, "MB");
            report.Below($"{service}: its share of the memory of all six", running.Share(), 150, "MB");
        }
    }
}
