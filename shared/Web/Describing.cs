using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Web;

/// <param name="Example">A request body that works as it stands.</param>
/// <param name="Problems">Codes of the refusals and rules this route knows.</param>
public sealed record Description(string Summary, object? Example, IReadOnlyList<string> Problems);

/// <summary>What the routes of one tag are about.</summary>
internal sealed record TagDescription(string Tag, string Text);

/// <summary>What the route gives may be lost: 410.</summary>
internal sealed record Losable;

public static class Describing
{
    /// <summary>Puts the route into the API document: a summary, an example of its body, and what it may refuse.</summary>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder route, string summary, object? example = null, IEnumerable<string>? problems = null) =>
        route.WithSummary(summary).WithMetadata(new Description(summary, example, [.. problems ?? []]));

    /// <summary>What the route gives lies outside the database, and may be lost: 410 is in the API document.</summary>
    public static RouteHandlerBuilder MayBeGone(this RouteHandlerBuilder route) => route.WithMetadata(new Losable());

    /// <summary>Puts routes under a tag of the API document and says what it is about; once for each tag of a service.</summary>
    public static TBuilder WithTag<TBuilder>(this TBuilder routes, string tag, string about) where TBuilder : IEndpointConventionBuilder =>
        routes.WithTags(tag).WithMetadata(new TagDescription(tag, about));
}
