using System.Net;
using System.Text.Json.Nodes;

namespace CallCenter.Gateway;

/// <summary>The operations desk of one service, as it answered.</summary>
/// <param name="Desk">Null where it did not answer.</param>
/// <param name="Why">Why there is none.</param>
public sealed record ServiceDesk(string Service, JsonNode? Desk, string? Why);

/// <summary>The operations desks of all services as one list, which says who did not answer.</summary>
internal sealed class AllDesks(IHttpClientFactory clients, ServiceMap map)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public async Task<IResult> Get(HttpRequest request, CancellationToken cancellation)
    {
        var desks = await Task.WhenAll(map.Services.Select(service =>
            Ask(service.Key, service.Value.Address, request.Headers.Authorization.ToString(), cancellation)));

        // Whether somebody may look is each service's decision, and all have the same line for it.
        return desks.Any(answer => answer is { Forbidden: true }) ? Results.StatusCode(StatusCodes.Status403Forbidden)
            : Results.Ok(new { services = desks.Select(answer => answer.Desk) });
    }

    private async Task<(ServiceDesk Desk, bool Forbidden)> Ask(string service, Uri address, string token, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        using var http = clients.CreateClient();
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "operations-desk"));
        question.Headers.TryAddWithoutValidation("Authorization", token);
        try
        {
            using var answer = await http.SendAsync(question, deadline.Token);
            if (!answer.IsSuccessStatusCode)
                return (new(service, null, $"It answered {(int)answer.StatusCode}."), answer.StatusCode is HttpStatusCode.Forbidden);

            return (new(service, await answer.Content.ReadFromJsonAsync<JsonNode>(deadline.Token), null), false);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (new(service, null, "It did not answer."), false);
        }
    }
}
