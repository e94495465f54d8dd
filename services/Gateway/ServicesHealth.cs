using System.Net;
using CallCenter.Health;
using CallCenter.Web;

namespace CallCenter.Gateway;

/// <summary>What stands in any of the services, as their own deep health says it, and who of them does not answer.</summary>
internal sealed class ServicesHealth(IHttpClientFactory clients, ServiceMap map) : ISubject
{
    private static readonly Gauge Answers = new("callcenter.gateway.upstream.answering", "{service}",
        "1 where the service answered when it was asked for its health, 0 where it did not.", "upstream");

    // One that hangs leaves the others' answers time to be told.
    private static readonly TimeSpan Deadline = ServiceHealth.Deadline * 0.9;

    public static string Name => "services";

    public static IReadOnlyList<Gauge> Gauges => [Answers];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        var services = await Task.WhenAll(map.Services.Select(service => Ask(service.Key, service.Value.Address, cancellation)));

        return new Measured([.. services.Select(s => s.Answer)], [.. services.SelectMany(s => s.Standing)]);
    }

    private async Task<(Reading Answer, IEnumerable<Standing> Standing)> Ask(string service, Uri address, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        using var http = clients.CreateClient();
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "health/deep"), deadline.Token);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                return Silent($"It answered {(int)answer.StatusCode}.");

            var health = await answer.Content.ReadFromJsonAsync<DeepHealth>(deadline.Token);
            return (new(Answers, 1, service), health!.Standing.Select(s => s with { What = $"{service}: {s.What}" }));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return Silent("It does not answer.");
        }

        (Reading, IEnumerable<Standing>) Silent(string why) => (new(Answers, 0, service), [new Standing($"{service} away", why)]);
    }
}
