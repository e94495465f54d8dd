using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using CallCenter.Attendance;
using CallCenter.Calls;
using CallCenter.People;
using CallCenter.Quality;
using CallCenter.Reporting;
using CallCenter.Scheduling;
using CallCenter.Testing;
using CallCenter.Training;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>Who sends a request; nobody signed in where there are no roles.</summary>
internal sealed record Sender(Guid Person, string Roles, params Guid[] Projects)
{
    public static readonly Sender Nobody = new(Guid.Empty, "");
}

/// <summary>A request as it goes out; whatever is wrong with it is wrong on purpose.</summary>
internal sealed record Request(Operation Operation, string Method, string Address, Sender Sender)
{
    public List<(string Name, string Value)> Headers { get; } = [];
    public byte[]? Body { get; init; }
    public string? Type { get; init; } = "application/json";

    /// <summary>To be tried by hand.</summary>
    public override string ToString() => $"curl -X {Method} '$URL{Address}'"
        + (Sender.Roles.Length == 0 ? "" : $" -H 'Authorization: {Sender.Roles} {Sender.Person} in {string.Join(',', Sender.Projects)}'")
        + string.Concat(Headers.Select(header => $" -H '{header.Name}: {Shown(header.Value)}'"))
        + (Body is null ? "" : $" -H 'Content-Type: {Type}' --data-binary '{Shown(Encoding.UTF8.GetString(Body))}'");

    private static string Shown(string text) => text.Length > 700 ? $"{text[..700]}… ({text.Length})" : text;
}

internal sealed record Answer(int Status, string? Type, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>All services in one process as a small centre runs them, with what their API documents say.</summary>
public sealed class Centre : IAsyncLifetime
{
    private static readonly SocketsHttpHandler Handler = new()
    {
        AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    };

    private readonly HttpClient http = new(Handler, disposeHandler: false) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Dictionary<string, Service> services = [];
    private readonly ConcurrentDictionary<string, string> tokens = new();

    internal IReadOnlyList<Operation> Operations { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var people = await Start("people", PeopleService.Build, null);
        await Start("calls", CallsService.Build, people);
        await Start("quality", QualityService.Build, people);
        await Start("training", TrainingService.Build, people);
        await Start("scheduling", SchedulingService.Build, people);
        await Start("attendance", AttendanceService.Build, people);
        await Start("reporting", ReportingService.Build, people);

        Operations = [.. (await Task.WhenAll(services.Select(async service => Operation.In(service.Key,
            JsonNode.Parse(await http.GetStringAsync(new Uri(service.Value.Address, "openapi.json")))!.AsObject())))).SelectMany(all => all)];
    }

    private async Task<Service> Start(string name, Func<string[], WebApplication> build, Service? beside)
    {
        var service = services[name] = new Service(name, build, beside);
        await service.InitializeAsync();
        return service;
    }

    internal async Task<Answer> Send(Request request)
    {
        var service = request.Operation.Service;
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(
            services[service].Address.ToString().TrimEnd('/') + request.Address, new UriCreationOptions
            {
                DangerousDisablePathAndQueryCanonicalization = true,
            }));
        if (request.Sender.Roles.Length > 0)
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {TokenOf(service, request.Sender)}");
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            if (request.Type is not null)
                message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Type);
        }

        foreach (var (name, value) in request.Headers)
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        var media = response.Content.Headers.ContentType?.MediaType;

        // A stream of events has no end.
        return new((int)response.StatusCode, media, media == "text/event-stream" ? [] : await response.Content.ReadAsByteArrayAsync(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(
                header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    private string TokenOf(string service, Sender sender) => sender.Roles == "forged" ? "eyJhbGciOiJub25lIn0.e30."
        : tokens.GetOrAdd($"{service} {sender.Roles} {sender.Person} {string.Join(',', sender.Projects)}",
            _ => services[service].Token(sender.Person, sender.Roles, sender.Projects));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var service in services.Values.Reverse())
            await service.DisposeAsync();
    }

    private sealed class Service(string name, Func<string[], WebApplication> build, Service? beside)
        : ServiceFixture(name, build, beside)
    {
        protected override Task Prepare(NpgsqlDataSource database) => File.WriteAllTextAsync(
            Path.Combine(Folder, "backup"), """echo "{\"kind\":\"$1\",\"label\":\"L\",\"bytes\":12,\"files\":3,\"repositories\":[\"/a\",\"/b\"]}" """);

        protected override IEnumerable<string> Settings =>
        [
            $"--Imports:Folder={Folder}/imports", $"--Recordings:Folder={Folder}/recordings", "--RollUps:Every=00:00:01",
            "--RollUps:Debounce=00:00:00.2", "--Smtp:Host=127.0.0.1", "--Smtp:Port=9", // nobody reads mail here
            $"--Backups:Command=/bin/sh {Folder}/backup {{kind}}", "--Backups:Every=00:00:01", "--Backups:Cadence=daily",
            "--Enrolments:Every=00:00:01", "--CourseNeeds:Every=00:00:01", "--TrainingSlots:Every=00:00:01",
        ];
    }
}
