using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Testing;
using Npgsql;

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
    public async Task a_password_that_is_changed_beneath_a_service_is_waited_for()
    {
        var services = await cluster.Start(["People", "Reporting"]);
        var client = cluster.As(services["People"], "admin");
        var number = 0;
        Task<HttpResponseMessage> Hire() => client.Send(HttpMethod.Post, "/employees", body: new
        {
            StaffNumber = $"E-{number++}", Name = "Li Na", HiredOn = "2026-01-05", Grade = "junior", WeeklyHours = 40, Zone = "UTC",
            TeamIds = Array.Empty<Guid>(), Skills = Array.Empty<object>(),
        });
        async Task<int> Heard()
        {
            await using var reporting = new Books("reporting"); // whose connections are cut off too
            return (await reporting.Kept<EmployeeV1>()).Count;
        }

        (await Hire()).EnsureSuccessStatusCode();
        await Eventually.True(async () => await Heard() == 1, "Reporting to hear of employees");
        await using (await OtherPassword("reporting"))
        {
            for (var i = 0; i < 20; i++)
                (await Hire()).EnsureSuccessStatusCode();
            await Eventually.True(() => cluster.LogOf("Reporting").Contains("28P01", StringComparison.Ordinal), "Reporting to be shut out");
        }

        await Eventually.True(async () => await Heard() == 21, "Reporting to take what has waited");
        await using (await OtherPassword("people"))
            await (await Hire()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");

        await Eventually.True(async () => (await Hire()).IsSuccessStatusCode, "People to be let in again");
        await Eventually.True(async () => await Heard() == 22, "it to be told as before");
        (await servers.Queues()).Where(queue => queue.Key.EndsWith("_error", StringComparison.Ordinal) && queue.Value > 0).Should().BeEmpty();
    }

    // The service's own again at the end; whoever was connected is cut off each time.
    private static async Task<IAsyncDisposable> OtherPassword(string service)
    {
        var own = new NpgsqlConnectionStringBuilder(PrivateServers.Environment(service)["ConnectionStrings__Database"]);
        var admin = PrivateServers.Administrator();
        async Task Set(string password)
        {
            await admin.CreateCommand($"alter role {own.Username} password '{password}'").ExecuteNonQueryAsync();
            await admin.CreateCommand($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{own.Username}'")
                .ExecuteNonQueryAsync();
        }

        await Set("another");
        return new Again(async () =>
        {
            await Set(own.Password!);
            await admin.DisposeAsync();
        });
    }

    private sealed class Again(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
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
