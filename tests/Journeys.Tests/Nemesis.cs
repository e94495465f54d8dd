namespace CallCenter.Journeys.Tests;

/// <summary>Kills everything in turn while work goes on, and sees that each comes back to work before the next one dies.</summary>
internal sealed class Nemesis(
    Cluster cluster, IReadOnlyDictionary<string, ServiceProcess> services, Workload work, int seed, Action<string> say)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);
    private static readonly string[] Busiest = ["People", "Calls"];
    private readonly Random random = new(seed);

    /// <summary>Each service once, those with the most to do and the two servers once more, in an order the seed decides.</summary>
    public IReadOnlyList<string> Victims()
    {
        string[] victims = [.. services.Keys, "broker", "database", .. Busiest, "broker", "database"];
        while (victims.Length < 12)
            victims = [.. victims, services.Keys.Order().ElementAt(random.Next(services.Count))];
        random.Shuffle(victims);
        return victims;
    }

    /// <returns>How many it killed.</returns>
    public async Task<int> Kill(IReadOnlyList<string> victims, int commands)
    {
        var share = commands / (victims.Count + 1);
        for (var i = 0; i < victims.Count; i++)
        {
            work.Release((i + 1) * share);
            await Testing.Eventually.True(
                () => work.Ledger.Acknowledged >= (i * share) + (share * (20 + random.Next(40)) / 100), "work to go on");

            var start = TimeProvider.System.GetTimestamp();
            await Kill(victims[i]);
            say($"{victims[i]} was killed and worked again after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        }

        work.Release(int.MaxValue);
        return victims.Count;
    }

    private async Task Kill(string victim)
    {
        switch (victim)
        {
            case "broker":
                cluster.Servers.KillBroker();
                await Task.Delay(random.Next(2000));
                await cluster.Servers.Start();
                break;
            case "database":
                cluster.Servers.KillDatabase();
                await Task.Delay(random.Next(2000));
                await cluster.Servers.Start();
                break;
            default:
                services[victim].Kill();
                await Task.Delay(random.Next(500));
                services[victim].Start();
                await services[victim].Ready();
                break;
        }

        // What is told from now on must come out at the other end: everything in between works again.
        await Task.WhenAll((services.ContainsKey(victim) ? [victim] : Busiest).Select(service => work.Probe(service, Recovery)));
    }
}
