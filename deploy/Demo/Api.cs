using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CallCenter.DevToken;

namespace CallCenter.Demo;

/// <summary>The product as a person sees it: through the gateway, signed in as somebody.</summary>
internal sealed class Api(Uri gateway, DevelopmentKeys keys) : IDisposable
{
    /// <summary>Whoever set the centre up; the same in every run, so that a repeated command is recognised.</summary>
    public static readonly Guid Administrator = new("0195a000-0000-7000-8000-0000000000ad");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private readonly HttpClient http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(5) };
    private readonly ConcurrentDictionary<(Guid, string), string> tokens = new();

    public Uri Gateway => gateway;

    /// <summary>The same API as seen by somebody.</summary>
    public Seat As(Guid person, string roles, params Guid[] projects) => new(this, tokens.GetOrAdd(
        (person, roles + string.Join(',', projects)), _ => keys.Token(person, roles.Split(','), projects)));

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, string token)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var response = await http.SendAsync(request);

            // The fact that this request builds on may still be on its way from another service.
            if (response.IsSuccessStatusCode || attempt >= 60 ||
                response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.NotFound))
                return response;

            response.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>One person's view of the API.</summary>
    internal sealed class Seat(Api api, string token)
    {
        public async Task<JsonNode> Get(string path)
        {
            using var response = await api.Send(() => new HttpRequestMessage(HttpMethod.Get, path), token);
            return (await response.Checked(path).Content.ReadFromJsonAsync<JsonNode>())!;
        }

        public async Task<long> VersionOf(string path)
        {
            using var response = await api.Send(() => new HttpRequestMessage(HttpMethod.Get, path), token);
            return (await Read(response, path)).Version;
        }

        public async Task<string> GetText(string path)
        {
            using var response = await api.Send(() => new HttpRequestMessage(HttpMethod.Get, path), token);
            return await response.Checked(path).Content.ReadAsStringAsync();
        }

        /// <returns>Where the new thing is, its version, and the body if there is one.</returns>
        public async Task<(string Location, long Version, JsonNode? Body)> Send(
            HttpMethod method, string path, object? body = null, long? version = null, string? key = null)
        {
            using var response = await api.Send(() =>
            {
                var request = new HttpRequestMessage(method,
                    path) { Content = body is null ? null : JsonContent.Create(body, options: Json) };
                if (version is { } expected)
                    request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{expected}\""));
                if (key is not null)
                    request.Headers.Add("Idempotency-Key", key);
                return request;
            }, token);
            return await Read(response, path);
        }

        public Task<(string Location, long Version, JsonNode? Body)> Post(
            string path, object? body = null, long? version = null, string? key = null) =>
            Send(HttpMethod.Post, path, body, version, key);

        public async Task<(string Location, long Version, JsonNode? Body)> Upload(string path, Func<Stream> content, string mediaType)
        {
            using var response = await api.Send(() =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(content()) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
                return request;
            }, token);
            return await Read(response, path);
        }

        /// <summary>Waits for the end of long work and returns the operation.</summary>
        public async Task<JsonNode> Finish(string operation, Action<int>? progress = null)
        {
            while (true)
            {
                var state = await Get(operation);
                if (state["status"]!.GetValue<string>() is not ("queued" or "running") and var status)
                    return status == "succeeded" ? state : throw new DemoException($"{operation} ended {status}: {state["error"]}");

                progress?.Invoke(state["percent"]!.GetValue<int>());
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }

        private static async Task<(string Location, long Version, JsonNode? Body)> Read(HttpResponseMessage response, string path)
        {
            response.Checked(path);
            var text = await response.Content.ReadAsStringAsync();
            var version = long.TryParse(response.Headers.ETag?.Tag.Trim('"'), out var v) ? v : 0;
            return (response.Headers.Location?.ToString() ?? path, version,
                text.Length > 0 && text[0] is '{' or '[' ? JsonNode.Parse(text) : null);
        }
    }
}

/// <summary>The demo can't go on; the message says why.</summary>
internal sealed class DemoException(string message) : Exception(message);

internal static class Checking
{
    public static HttpResponseMessage Checked(this HttpResponseMessage response, string path) => response.IsSuccessStatusCode ? response
        : throw new DemoException($"{response.RequestMessage?.Method} {path} answered {(int)response.StatusCode}: {response.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
}
