using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;

// One service for all classes, one after the other: what is counted in it was done by the test that counts.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.Calls.Tests.CallsApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.Calls.Tests;

public class CallsApi() : ServiceFixture("calls", CallsService.Build)
{
    protected override IEnumerable<string> Settings =>
        [$"--Imports:Folder={Folder}/imports", $"--Recordings:Folder={Folder}/recordings", "--Recordings:MaxBytes=100000",
            "--OutdatedAgentDays:Every=00:00:01", "--Evidence:Every=01:00:00",
            "--OpenLegs:CloseAfter=36500.00:00:00"]; // the calls of the tests are of long ago

    private readonly ConcurrentDictionary<string, Task<Guid>> projects = new();

    /// <summary>A project shared by the tests of one class.</summary>
    public Task<Guid> Shared(string name) => projects.GetOrAdd(name, _ => Project());

    public HttpClient Integrator(params Guid[] projects) => As(Guid.CreateVersion7(), "integrator", projects);

    /// <summary>A project that the service has heard of.</summary>
    public async Task<Guid> Project(string zone = "Asia/Shanghai", params (Guid Id, string StaffNumber)[] staff)
    {
        var project = Guid.CreateVersion7();
        await Publish([.. staff.Select(s => new EmployeeV1(
            s.Id, 1, s.StaffNumber, "", new DateOnly(2020, 1, 1), null, "senior", [], [project], [], 40, zone))]);
        await Publish(new ProjectV1(project, 1, "Billing", "Acme", zone, DayOfWeek.Monday, [], [], [], []));

        using var admin = As(Guid.CreateVersion7(), "admin");
        var wanted = new { projectId = project, source = "probe", callId = "probe", type = "offered",
            at = DateTimeOffset.UnixEpoch.AddYears(50) };
        foreach (var (_, number) in staff.Append((project, "")))
            await Eventually.True(async () => number.Length == 0
                ? (await admin.PostAsJsonAsync("/call-events", wanted)).IsSuccessStatusCode
                : await Knows(number), "the service to hear of the project");
        return project;
    }

    private async Task<bool> Knows(string staffNumber)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand(
            "select exists(select from calls.mt_doc_employeev1 where data->>'StaffNumber' = $1)");
        command.Parameters.AddWithValue(staffNumber);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>The service that looks after its files all the time.</summary>
public sealed class WatchfulCallsApi : CallsApi
{
    protected override IEnumerable<string> Settings =>
        [.. base.Settings, "--Recordings:MaxBytes=2000000", "--Scrub:Every=00:00:01", "--Scrub:Round=00:00:00.1",
            "--Leftovers:Every=00:00:01"];
}

/// <summary>The service that listens to recordings all the time.</summary>
public sealed class ListeningCallsApi : CallsApi
{
    protected override IEnumerable<string> Settings =>
        [.. base.Settings, "--Evidence:Every=00:00:01", "--Evidence:RecountEvery=00:00:01"];
}

/// <summary>The service that looks for open legs all the time.</summary>
public sealed class ClosingCallsApi : CallsApi
{
    protected override IEnumerable<string> Settings => [.. base.Settings, "--OpenLegs:Every=00:00:01", "--OpenLegs:CloseAfter=1.00:00:00"];
}

internal static class Importing
{
    extension(HttpClient client)
    {
        public Task<HttpResponseMessage> Upload(string url, HttpContent content, string type)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            return client.PostAsync(new Uri(url, UriKind.Relative), content);
        }

        public Task<HttpResponseMessage> Import(Guid project, string mapping, string text, string type = "text/csv") =>
            client.Upload($"/imports?project={project}&mapping={mapping}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)), type);

        /// <summary>Imports and waits for the end of it.</summary>
        public async Task<Operation> Imported(Guid project, string mapping, string text, string type = "text/csv")
        {
            var accepted = await client.Import(project, mapping, text, type);
            ((int)accepted.StatusCode).Should().Be(202, await accepted.Content.ReadAsStringAsync());
            return await client.Ended(accepted.Headers.Location!.ToString());
        }

        /// <summary>What the first rows would become.</summary>
        public async Task<Calls.Imports.MappingTrial> Tried(Guid project, string mapping, string text, string type = "text/csv")
        {
            var answer = await client.Upload(
                $"/mappings/{mapping}/trial?project={project}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)), type);
            ((int)answer.StatusCode).Should().Be(200, await answer.Content.ReadAsStringAsync());
            return (await answer.Content.ReadFromJsonAsync<Calls.Imports.MappingTrial>(Http.Json))!;
        }

        public async Task<Operation> Ended(string url) => await Eventually.Some(
            async () => await client.Get<Operation>(url) is { Ended: true } operation ? operation : null, $"{url} to end");
    }
}
