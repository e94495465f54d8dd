using System.Net;
using System.Text;
using CallCenter.Testing;

// One service for all classes, one after the other: what is counted in it was done by the test that counts.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.People.Tests.PeopleApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.People.Tests;

public sealed class PeopleApi() : ServiceFixture("people", PeopleService.Build)
{
    public HttpClient Admin => As(Guid.CreateVersion7(), "admin");

    public async Task<Guid> OpenProject(string? name = null, object[]? readers = null) =>
        await Created("/projects", new
        {
            name = name ?? $"Acme care {Guid.CreateVersion7()}",
            client = "Acme",
            zone = "Asia/Shanghai",
            openingHours = new[] { new { day = "monday", opens = "08:00", closes = "20:00" } },
            queues = new[] { new { code = "billing", name = "Billing", channel = "voice", serviceLevelSeconds = 20 } },
            targets = new[] { new { kpi = "service-level", value = 0.8m, effectiveFrom = "2026-01-01" } },
            digestReaders = readers ?? [],
        });

    public Task<Guid> FormTeam(Guid projectId, string? name = null, Guid? supervisorId = null) =>
        Created("/teams", new { projectId, name = name ?? $"Billing {Guid.CreateVersion7()}", supervisorId });

    public Task<Guid> Hire(string staffNumber, params Guid[] teams) => Created("/employees", Employee(staffNumber, teams));

    public static Dictionary<string, object?> Employee(string staffNumber, params Guid[] teams) => new()
    {
        ["staffNumber"] = staffNumber, ["name"] = "张伟", ["hiredOn"] = "2025-03-03", ["grade"] = "junior", ["weeklyHours"] = 40,
        ["zone"] = "Asia/Shanghai", ["teamIds"] = teams, ["skills"] = new[] { new { code = "billing", level = 3 } },
    };

    public static Dictionary<string, object?> Renamed(string staffNumber, string name, params Guid[] teams) =>
        Employee(staffNumber, teams).With("name", name);

    /// <summary>Whether a text stands anywhere in a table.</summary>
    public async Task<bool> Stored(string table, string text)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand($"select count(*) from {table} where data::text like '%' || $1 || '%'");
        command.Parameters.AddWithValue(text);
        return (long)(await command.ExecuteScalarAsync())! > 0;
    }

    public async Task<HttpResponseMessage> Import(string csv, bool dryRun = false, string contentType = "text/csv")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await Admin.PostAsync(new Uri($"/employees/imports?dryRun={(dryRun ? "true" : "false")}", UriKind.Relative), content);
    }

    private async Task<Guid> Created(string url, object body)
    {
        var response = await Admin.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return Guid.Parse(response.Headers.Location!.ToString()[^36..]);
    }
}

internal static class Bodies
{
    public static Dictionary<string, object?> With(this Dictionary<string, object?> body, string member, object? value) =>
        new(body) { [member] = value };

    public static Dictionary<string, object?> Without(this Dictionary<string, object?> body, string member) =>
        new(body.Where(m => m.Key != member));
}
