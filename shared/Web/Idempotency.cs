using System.Security.Cryptography;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using JasperFx;
using Marten;
using Marten.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace CallCenter.Web;

/// <summary>A request that carried an <c>Idempotency-Key</c>, and its answer once there is one.</summary>
/// <param name="Id">Derived from caller, method, route and key.</param>
/// <param name="Body">SHA-256 of the request body: the same key with another body is a mistake of the caller.</param>
/// <param name="Sight">What the caller could see then; null in requests of before it was kept.</param>
public sealed record IdempotentRequest(Guid Id, string Body, DateTimeOffset StartedAt, IdempotentAnswer? Answer, string? Sight = null);

public sealed record IdempotentAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);

/// <summary>
/// Keys are for repeating a request that was just sent; what it did keeps its id, so that a late repetition is harmless too.
/// </summary>
internal sealed class IdempotencyKeys(NpgsqlDataSource database, IDocumentStore store) : IRetained
{
    private const int AtOnce = 10_000;

    public static string Name => "IdempotencyKeys";

    public static TimeSpan Period => TimeSpan.FromDays(1);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        var table = store.Options.FindOrResolveDocumentType(typeof(IdempotentRequest)).TableName.QualifiedName;
        for (var deleted = 0L; ;)
        {
            await using var command = database.CreateCommand(
                $"delete from {table} where id in (select id from {table} where started_at < $1 limit {AtOnce})");
            command.Parameters.AddWithValue(before);
            var some = await command.ExecuteNonQueryAsync(cancellation);
            deleted += some;
            if (some < AtOnce)
                return deleted;
        }
    }
}

/// <summary>
/// POST with an <c>Idempotency-Key</c>: the same key gets the first answer again, another body 422, one still running 409.
/// A request that died half-way is run again after its lease; <see cref="NewId"/> makes that harmless.
/// </summary>
internal static class Idempotency
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public static void UseIdempotencyKeys(this WebApplication app) => app.Use(async (context, next) =>
    {
        var key = HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint() is RouteEndpoint ? KeyOf(context.Request) : null;
        if (key is null || !context.Request.HasJsonContentTypeOrNone())
            await next(context);
        else
            await Once(context, next, key);
    });

    /// <summary>The request's key; null where it has none.</summary>
    /// <exception cref="UnreadableException">400: it is no key, or there are two, which proxies join by a comma.</exception>
    public static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers["Idempotency-Key"];
        if (header.Count == 0)
            return null;

        var key = header.ToString();
        return header.Count == 1 && key.Length is > 0 and <= 255 && key.All(c => c is >= ' ' and <= '~' and not ',') ? key
            : throw new UnreadableException(
                "Idempotency-Key", "There is one key, of 1 to 255 printable ASCII characters other than commas.");
    }

    /// <summary>What a request is aimed at, however its address is spelt: its route and the values in it.</summary>
    public static string TargetOf(HttpContext context)
    {
        var values = context.Request.RouteValues.OrderBy(value => value.Key, StringComparer.Ordinal)
            .Select(value => Guid.TryParse(value.Value as string, out var id) ? $"{id}" : $"{value.Value}");

        return string.Join('/', values.Prepend(AccessTable.RouteOf((RouteEndpoint)context.GetEndpoint()!)));
    }

    private static async Task Once(HttpContext context, RequestDelegate next, string key)
    {
        var store = context.RequestServices.GetRequiredService<IDocumentStore>();
        var caller = Caller.Of(context);
        var request = new IdempotentRequest(
            NameId.Of("idempotency", caller.Id, context.Request.Method, TargetOf(context), key),
            await HashOfBody(context), caller.Now, Answer: null, SightOf(caller));

        if (await Claim(store, request, context.RequestAborted) is { } first)
        {
            await Replay(context, first);
            return;
        }

        var body = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        IdempotentAnswer? answer = null;
        try
        {
            await next(context);
            if (context.Response.StatusCode is (>= 200 and < 300) or StatusCodes.Status409Conflict)
                answer = new IdempotentAnswer(context.Response.StatusCode, context.Response.ContentType,
                    context.Response.Headers.Location, context.Response.Headers.ETag, copy.ToArray());
        }
        finally
        {
            context.Response.Body = body;
            await Settle(store, request, answer);
        }

        copy.Position = 0;
        await copy.CopyToAsync(body, context.RequestAborted);
    }

    /// <returns>The answer to give again, or null when the request is ours to run.</returns>
    private static async Task<IdempotentAnswer?> Claim(IDocumentStore store, IdempotentRequest request, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        session.Insert(request);
        try
        {
            await session.SaveChangesAsync(cancellation);
            return null;
        }
        catch (DocumentAlreadyExistsException)
        {
            // Seen before: what became of it decides.
        }

        await using var again = store.LightweightSession();
        var first = await again.LoadAsync<IdempotentRequest>(request.Id, cancellation);

        if (first is not null && first.Body != request.Body)
            throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another body.");
        // Who sees other things by now is answered anew: what was done is found done, and what is no longer theirs to see is not told.
        if (first?.Answer is { } answer && first.Sight == request.Sight)
            return answer;
        if (first?.Answer is not null)
            return null;
        if (first is not null && request.StartedAt - first.StartedAt < Lease)
            throw new RefusedException("still-running", "The first request with this key is still running.");

        again.Store(request);
        await again.SaveChangesAsync(cancellation);
        return null;
    }

    // An answer that says nothing about the effect (bad input, outage) is forgotten, so that the key may be used again.
    private static async Task Settle(IDocumentStore store, IdempotentRequest request, IdempotentAnswer? answer)
    {
        await using var session = store.LightweightSession();
        if (answer is null)
            session.Delete(request);
        else
            session.Store(request with { Answer = answer });
        try
        {
            using var soon = new CancellationTokenSource(Soon);
            await session.SaveChangesAsync(soon.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || Transient.Is(e))
        {
            // The lease runs out and the request is run again, onto the same stream.
        }
    }

    private static async Task Replay(HttpContext context, IdempotentAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers.Location = answer.Location;
        context.Response.Headers.ETag = answer.ETag;
        context.Response.Headers["Idempotency-Replayed"] = "true";
        if (answer.Body.Length > 0) // a 204 takes not even nothing
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static async Task<string> HashOfBody(HttpContext context)
    {
        context.Request.EnableBuffering(bufferThreshold: 1 << 20);
        var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash);
    }

    private static string SightOf(Caller caller) => string.Join(' ', caller.Roles.Order()
        .Concat(caller.Projects is { } projects ? projects.Order().Select(project => $"{project:N}") : ["all"]));

    // Uploads are recognised by their content's own hash and are too large to be kept here.
    private static bool HasJsonContentTypeOrNone(this HttpRequest request) =>
        request.ContentType is null ||
        (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));
}
