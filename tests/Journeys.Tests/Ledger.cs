using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// A careful client: it repeats a command until it is answered, always with the same identity, and writes down what was
/// acknowledged. Whatever stands here must be found afterwards, once.
/// </summary>
public sealed class Ledger
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ConcurrentQueue<TimeSpan> took = [];
    private int repeated;

    public int Acknowledged => took.Count;

    /// <summary>How often a command had to be sent again.</summary>
    public int Repeated => repeated;

    /// <summary>How long the slowest commands took until they were acknowledged.</summary>
    public TimeSpan Slowest => took.Max();

    /// <returns>The answer, which is a success.</returns>
    public async Task<HttpResponseMessage> Send(HttpClient client, Func<HttpRequestMessage> command)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            string failure;
            using var request = command();
            try
            {
                var response = await client.SendAsync(request);
                if (response.IsSuccessStatusCode)
                {
                    took.Enqueue(Stopwatch.GetElapsedTime(start));
                    return response;
                }

                failure = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
                if (!MayBeRepeated(response.StatusCode, failure))
                    throw new InvalidOperationException($"{request.Method} {request.RequestUri} was refused: {failure}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                failure = e.Message;
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"{request.Method} {request.RequestUri} got no answer for {Patience}; the last attempt: {failure}");

            Interlocked.Increment(ref repeated);
            await Task.Delay(Random.Shared.Next(50, 250));
        }
    }

    private static bool MayBeRepeated(HttpStatusCode status, string answer) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
        || (status is HttpStatusCode.Conflict && answer.Contains("/problems/still-running", StringComparison.Ordinal));
}
