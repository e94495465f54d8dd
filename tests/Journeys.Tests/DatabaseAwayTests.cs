using System.Net;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// A database that hangs takes connections, and nothing that is sent to it is ever answered; one that is away takes none.
/// </summary>
[Collection(RealProcesses.Name)]
public sealed class DatabaseAwayTests(PrivateServers servers) : IAsyncLifetime
{
    private readonly Cluster cluster = new(servers);

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task every_request_is_answered_while_the_database_hangs_and_carried_out_when_it_does_not()
    {
        var people = await cluster.Start("People");
        var client = cluster.As(people, "admin");
        var project = new
        {
            Name = "Acme care", Client = "Acme", Zone = "Asia/Shanghai",
            OpeningHours = new[] { new { Day = "monday", Opens = "08:00", Closes = "20:00" } },
            Queues = new[] { new { Code = "billing", Name = "Billing", Channel = "voice", ServiceLevelSeconds = 20 } },
        };
        Task<HttpResponseMessage> Open() => client.Send(HttpMethod.Post, "/projects", body: project, key: "once");

        PrivateServers.FreezeDatabase();
        try
        {
            await (await client.Send(HttpMethod.Get, "/employees")).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            await (await Open()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            (await client.Send(HttpMethod.Get, "/health/ready")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await client.Send(HttpMethod.Get, "/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
            var deep = await client.Send(HttpMethod.Get, "/health/deep");
            deep.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await deep.Content.ReadAsStringAsync()).Should()
                .Contain("events not measured").And.Contain("database not measured").And.Contain("jobs not measured");
            (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Should()
                .MatchRegex("callcenter_health_measured\\{[^}]*subject=\"events\"\\} 0").And.NotContain("callcenter_events_lag");
        }
        finally
        {
            PrivateServers.ThawDatabase();
        }

        await Eventually.True(async () => (await Open()).StatusCode == HttpStatusCode.Created, "the project to be opened");
    }

    [Fact]
    public async Task a_service_that_starts_before_its_database_waits_for_it()
    {
        servers.KillDatabase();
        var starting = cluster.Start("People");
        await Eventually.True(() => cluster.LogOf("People").Contains("Waiting for the database", StringComparison.Ordinal), "it to say so");

        await servers.Start();

        (await (await starting).Health("daemon")).Should().NotBeNull();
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
