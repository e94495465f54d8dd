using System.Globalization;
using System.Security.Claims;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Web;

/// <summary>Who asks, and when: what every command takes from its request.</summary>
/// <param name="Id">The person or system: the token's <c>sub</c>.</param>
/// <param name="Roles">Of their roles those that the route admits: no other has a say in what they see or do here.</param>
/// <param name="Projects">The projects they may see; null for whom a route admits as an admin, who sees all.</param>
public sealed record Caller(Guid Id, DateTimeOffset Now, IReadOnlySet<string> Roles, IReadOnlySet<Guid>? Projects)
{
    public bool Is(string role) => Roles.Contains(role);

    /// <summary>
    /// Whether the route admits the caller as an agent only: they see what is their own. Whom no role admits sees no more than that.
    /// </summary>
    public bool SeesOnlyOwn => Roles.All(role => role == "agent");

    public bool Sees(Guid projectId) => Projects is null || Projects.Contains(projectId);

    /// <summary>Another project's thing is answered like one that does not exist.</summary>
    public void MustSee(Guid projectId)
    {
        if (!Sees(projectId))
            throw new StreamNotFoundException(projectId);
    }

    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    internal static Caller Of(HttpContext context)
    {
        var user = context.User;
        var roles = context.Features.Get<AdmittedRoles>()?.Roles ?? new HashSet<string>();

        return new Caller(
            Guid.TryParse(user.FindFirstValue("sub"), out var id) ? id : Guid.Empty,
            context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            roles,
            roles.Contains("admin") ? null
                : user.FindAll("project").Select(c => Guid.TryParse(c.Value, out var p) ? p : Guid.Empty).ToHashSet());
    }
}

/// <summary>The stream version the caller last saw: the <c>If-Match</c> header.</summary>
public readonly record struct ExpectedVersion(long Value)
{
    public static ValueTask<ExpectedVersion> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString();

        if (header.Length == 0)
            throw new BadHttpRequestException("If-Match must carry the version last read.", StatusCodes.Status428PreconditionRequired);

        return header is ['"', .. var tag, '"']
            && long.TryParse(Language.Without(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? ValueTask.FromResult(new ExpectedVersion(version))
            : throw new UnreadableException("If-Match", "It must be one quoted version, as the ETag gave it.");
    }
}

/// <summary>
/// The id of the thing a request creates. With an <c>Idempotency-Key</c> it follows from caller, route and key, so that a
/// repeated request aims at the same stream even if the first one died half-way.
/// </summary>
public readonly record struct NewId(Guid Value)
{
    public static ValueTask<NewId> BindAsync(HttpContext context)
    {
        return ValueTask.FromResult(new NewId(Idempotency.KeyOf(context.Request) is { } key
            ? NameId.Of("created", context.User.FindFirstValue("sub") ?? "", Idempotency.TargetOf(context), key)
            : Guid.CreateVersion7()));
    }
}

/// <summary>The answer to the reading of one thing: its version as the <c>ETag</c>, and 304 to who has that version already.</summary>
/// <param name="complete">
/// Whether the version says all: false where the answer also holds what changes without it, and so is always given in full.
/// </param>
/// <param name="language">Of the answer, where it tells more in one than in another: part of the tag then.</param>
public sealed class Versioned<T>(T value, long version, bool complete = true, Language? language = null)
    : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var tag = new EntityTagHeaderValue($"\"{version}{language?.Suffix}\"");
        httpContext.Response.Headers.ETag = tag.ToString();

        if (!complete || !HttpMethods.IsGet(httpContext.Request.Method)
            || !httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(
                known => known.Compare(tag, useStrongComparison: false) || known.Tag == "*"))
            return TypedResults.Ok(value).ExecuteAsync(httpContext);

        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    static void IEndpointMetadataProvider.PopulateMetadata(
        System.Reflection.MethodInfo method, Microsoft.AspNetCore.Builder.EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        if (builder.Metadata.OfType<IHttpMethodMetadata>().All(methods => methods.HttpMethods.Contains(HttpMethods.Get)))
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void),
                []) { Description = "If-None-Match named the newest version." });
    }
}

/// <summary>The answer to every write: no body, the new version as the <c>ETag</c>; 201 with the place of a new thing.</summary>
public sealed class WriteResult(long version, string? location = null) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = location is null ? StatusCodes.Status204NoContent : StatusCodes.Status201Created;
        httpContext.Response.Headers.Location = location;
        httpContext.Response.Headers.ETag = $"\"{version}\"";

        return Task.CompletedTask;
    }

    static void IEndpointMetadataProvider.PopulateMetadata(
        System.Reflection.MethodInfo method, Microsoft.AspNetCore.Builder.EndpointBuilder builder) =>
        builder.Metadata.Add(method.GetParameters().Any(p => p.ParameterType == typeof(NewId))
            ? new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(void),
                []) { Description = "Done; Location is the new thing, ETag its version." }
            : new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void),
                []) { Description = "Done; ETag is the new version." });
}

/// <summary>As <see cref="WriteResult"/>, where the thing's id is not the request's to choose: 201 with its place, new or not.</summary>
public sealed class PlacedResult(long version, string location) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext) => new WriteResult(version, location).ExecuteAsync(httpContext);

    static void IEndpointMetadataProvider.PopulateMetadata(
        System.Reflection.MethodInfo method, Microsoft.AspNetCore.Builder.EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(void),
            []) { Description = "Done; Location is the thing, ETag its version." });
}
