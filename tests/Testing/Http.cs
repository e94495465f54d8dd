using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FluentAssertions;

namespace CallCenter.Testing;

public static class Http
{
    /// <summary>How clients read and write our JSON.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Web.Json.NameKinds } },
        AllowOutOfOrderMetadataProperties = true,
    };

    extension(HttpClient client)
    {
        /// <summary>A request with <c>If-Match</c> when a version is given and <c>Idempotency-Key</c> when a key is.</summary>
        public Task<HttpResponseMessage> Send(
            HttpMethod method, string url, long? version = null, object? body = null, string? key = null)
        {
            var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body, options: Json) };
            if (version is { } expected)
                request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{expected}\""));
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            return client.SendAsync(request);
        }

        public async Task<T> Get<T>(string url)
        {
            var response = await client.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute));
            response.IsSuccessStatusCode.Should().BeTrue(
                $"GET {url} answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return (await response.Content.ReadFromJsonAsync<T>(Json))!;
        }
    }

    extension(HttpResponseMessage response)
    {
        /// <summary>A problem answer of this status and <c>/problems/{code}</c>.</summary>
        public async Task ShouldBeProblem(HttpStatusCode status, string? code = null)
        {
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.Should().Be(status, text);
            response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            using var problem = JsonDocument.Parse(text);
            problem.RootElement.GetProperty("traceId").GetString().Should().NotBeEmpty();
            if (code is not null)
                problem.RootElement.GetProperty("type").GetString().Should().Be($"/problems/{code}");
        }

        public long Version() => long.Parse(response.Headers.ETag!.Tag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
    }
}
