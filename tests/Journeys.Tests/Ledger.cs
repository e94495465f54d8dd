using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// A careful client: it repeats a command until it is answered, always with the same identity, and writes down what was
/// acknowledged. Whatever stands here must be found afterwards, once.
/// </summary>
public sealed class Ledger
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ConcurrentQueue<TimeSpan> took = [];
    private readonly ConcurrentQueue<string> interrupted = [];
    private int repeated;

    public int Acknowledged => took.Count;

    /// <summary>How often a command had to be sent again.</summary>
    public int Repeated => repeated;

    /// <summary>What was said where that was because it was not answered, or not by somebody who could have done it.</summary>
    public IReadOnlyCollection<string> Interrupted => interrupted;

    /// <summary>How long the slowest commands took until they were acknowledged.</summary>
    public TimeSpan Slowest => took.Max();

    /// <param name="untilFound">The service may not have heard yet of what the command is about.</param>
    /// <param name="becomes">
    /// The version the command leads to, if it names the one it was decided on: sent again, it may be told that its own
    /// first attempt has made that version old.
    /// </param>
    /// <returns>The answer, which is a success or that.</returns>
    public async Task<HttpResponseMessage> Send(
        HttpClient client, Func<HttpRequestMessage> command, bool untilFound = false, long? becomes = null)
    {
        var start = Stopwatch.GetTimestamp();
        for (var first = true; ; first = false)
        {
            string failure;
            var behind = false;
            using var request = command();
            try
            {
                var response = await client.SendAsync(request);
                var ours = !first && response.StatusCode is HttpStatusCode.PreconditionFailed
                    && response.Headers.ETag?.Tag == $"\"{becomes}\"";
                if (response.IsSuccessStatusCode || ours)
                {
                    took.Enqueue(Stopwatch.GetElapsedTime(start));
                    return response;
                }

                failure = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
                behind = untilFound && IsBehind(response.StatusCode, failure);
                if (!MayBeRepeated(response.StatusCode, failure) && !behind)
                    throw new InvalidOperationException($"{request.Method} {request.RequestUri} was refused: {failure}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                failure = e.Message;
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException(
                    $"{request.Method} {request.RequestUri} got no answer for {Patience}; the last attempt: {failure}");

            Interlocked.Increment(ref repeated);
            if (!behind)
                interrupted.Enqueue($"{request.Method} {request.RequestUri} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {failure}");
            await Task.Delay(Random.Shared.Next(50, 250));
        }
    }

    /// <summary>What is there now; null while nobody answers.</summary>
    public static async Task<JsonElement?> Read(HttpClient client, Uri address)
    {
        try
        {
            return await client.GetFromJsonAsync<JsonElement>(address);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    // It has not heard of the thing yet, or only of an older version of it.
    private static bool IsBehind(HttpStatusCode status, string answer) => status is HttpStatusCode.NotFound
        || (status is HttpStatusCode.Conflict && answer.Contains("/problems/call-without-agent", StringComparison.Ordinal));

    private static bool MayBeRepeated(HttpStatusCode status, string answer) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
        || (status is HttpStatusCode.Conflict && answer.Contains("/problems/still-running", StringComparison.Ordinal));
}
