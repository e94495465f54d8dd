using System.Diagnostics;
using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>Two instances of a service: one of them runs the projections and publishes, whatever happens to it.</summary>
[Collection(RealProcesses.Name)]
public sealed class LeadershipTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(30);

    private readonly Cluster cluster = new(servers);
    private readonly Books books = new("people");
    private readonly CancellationTokenSource end = new();
    private readonly Dictionary<Guid, long> acknowledged = [];
    private HttpClient client = null!;
    private ServiceProcess leader = null!;
    private ServiceProcess other = null!;
    private Task<long> work = null!;
    private Task<int> watch = null!;

    public async ValueTask InitializeAsync()
    {
        await cluster.InitializeAsync();
        leader = await cluster.Start("People");
        await Eventually.True(leader.Leads, "the only instance to lead");
        other = await cluster.Start("People");
        client = cluster.As(other, "admin");
        work = Work();
        watch = Watch();
        await cluster.Facts.Next("People", Takeover);
    }

    [Fact]
    public async Task when_the_leader_is_killed_the_other_publishes_within_30_seconds()
    {
        (await leader.Leads()).Should().BeTrue();
        (await other.Health("daemon")).Should().Be("standing by");

        leader.Kill();
        var took = await FactOfAnEmployeeHiredNow();

        output.WriteLine($"takeover after kill -9: {took.TotalSeconds:0.0} s");
        took.Should().BeLessThan(Takeover);
        (await other.Leads()).Should().BeTrue();
        await ShouldBeUndisturbed();
    }

    [Fact]
    public async Task a_frozen_leader_is_replaced_within_30_seconds_and_steps_down_when_it_thaws()
    {
        leader.Freeze();
        var took = await FactOfAnEmployeeHiredNow();
        leader.Thaw();
        var thawed = Stopwatch.GetTimestamp();
        await Eventually.True(async () => await leader.Health("daemon") == "standing by", "the old leader to step down");

        output.WriteLine($"takeover after SIGSTOP: {took.TotalSeconds:0.0} s; stepped down after SIGCONT: {Stopwatch.GetElapsedTime(thawed).TotalSeconds:0.0} s");
        took.Should().BeLessThan(Takeover);
        (await other.Leads()).Should().BeTrue();

        // What a leader does that was frozen just before it wrote.
        await books.Rows("select people.mt_mark_event_progression('HighWaterMark', 1)", _ => 0);
        await ShouldBeUndisturbed();
    }

    [Fact]
    public async Task a_leader_that_is_asked_to_end_hands_over_at_once()
    {
        await leader.Stop();
        var took = await FactOfAnEmployeeHiredNow();

        output.WriteLine($"takeover after SIGTERM: {took.TotalSeconds:0.0} s");
        took.Should().BeLessThan(TimeSpan.FromSeconds(15));
        await ShouldBeUndisturbed();
    }

    private async Task<TimeSpan> FactOfAnEmployeeHiredNow()
    {
        var start = Stopwatch.GetTimestamp();
        var id = await Hire("probe");
        await Eventually.True(() => cluster.Facts.Newest<EmployeeV1>(id) == 1, "the fact of an employee hired after the leader was lost");
        return Stopwatch.GetElapsedTime(start);
    }

    private async Task ShouldBeUndisturbed()
    {
        await end.CancelAsync();
        var expected = await work + 1; // and the probe
        (await watch).Should().BeGreaterThan(10, "progress must have been looked at all the time");

        await Eventually.True(() =>
            acknowledged.All(a => cluster.Facts.Newest<EmployeeV1>(a.Key) == a.Value), "every employee's newest version");
        (await books.Events()).Should().Be(expected, "each command is one event");
        (await books.BrokenStreams()).Should().BeEmpty();
        output.WriteLine($"{expected} events, {cluster.Facts.Count} facts passed for them");
    }

    // Twenty employees whose contract changes all the time. Returns how many events that makes.
    private async Task<long> Work()
    {
        var events = 0L;
        var ids = new List<Guid>();
        while (!end.IsCancellationRequested)
        {
            if (ids.Count < 20)
            {
                var hired = await Hire($"W-{ids.Count}");
                ids.Add(hired);
                acknowledged[hired] = 1;
            }
            else
            {
                var id = ids[(int)(events % ids.Count)];
                var changed = await client.Send(
                    HttpMethod.Put, $"/employees/{id}", acknowledged[id], Employee($"W-{ids.IndexOf(id)}", 1 + (events % 160)));
                changed.StatusCode.Should().Be(HttpStatusCode.NoContent, await changed.Content.ReadAsStringAsync());
                acknowledged[id] = changed.Version();
            }

            events++;
        }

        return events;
    }

    private async Task<Guid> Hire(string number)
    {
        var hired = await client.Send(HttpMethod.Post, "/employees", body: Employee(number, hours: 0.5m));
        hired.StatusCode.Should().Be(HttpStatusCode.Created, await hired.Content.ReadAsStringAsync());
        return Guid.Parse(hired.Headers.Location!.ToString()[^36..]);
    }

    private static object Employee(string number, decimal hours) => new
    {
        StaffNumber = number,
        Name = "Li Na",
        HiredOn = "2026-01-05",
        Grade = "junior",
        WeeklyHours = hours,
        Zone = "Asia/Shanghai",
        TeamIds = Array.Empty<Guid>(),
        Skills = Array.Empty<object>(),
    };

    // The stored progress of a frozen and revived leader must never replace its successor's. Returns how often it was looked at.
    private async Task<int> Watch()
    {
        var highest = new Dictionary<string, long>();
        var looks = 0;
        for (; !end.IsCancellationRequested; looks++)
        {
            foreach (var (name, position) in await books.Progress())
            {
                position.Should().BeGreaterThanOrEqualTo(highest.GetValueOrDefault(name), $"progress of {name} must not go back");
                highest[name] = position;
            }

            await Task.Delay(50);
        }

        return looks;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await cluster.DisposeAsync();
        await books.DisposeAsync();
        end.Dispose();
    }
}
