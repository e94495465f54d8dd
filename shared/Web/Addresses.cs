using System.Reflection;
using System.Text.Json;
using System.Text.Unicode;
using System.Web;
using CallCenter.Rules;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallCenter.Web;

/// <summary>A value of an address or a header cannot be read: 400.</summary>
/// <param name="pointer">Name of the parameter or header.</param>
public sealed class UnreadableException(string pointer, string message) : BadHttpRequestException(message)
{
    public IReadOnlyList<Error> Errors { get; } = [new Error(pointer, "unreadable", message)];
}

internal static class Addresses
{
    /// <summary>
    /// Addresses are read as strictly as bodies. The framework's own reading of a parameter takes what the language of the
    /// machine takes ("Nov 3", "10:00"); what passes here it can only read in one way.
    /// </summary>
    public static void UseStrictAddresses(this WebApplication app) => app.Use((context, next) =>
    {
        RefuseForeignBytes(context);
        var query = context.Request.Query;
        foreach (var (name, values) in query)
            foreach (var text in values.Prepend(name))
                if (Text.Fault(text ?? "") is { } fault)
                    throw new UnreadableException(Text.Fault(name) is null ? name : "", fault);
        foreach (var (name, value) in context.Request.RouteValues)
            if (Text.Fault(value as string ?? "") is { } fault)
                throw new UnreadableException(name, fault);

        foreach (var parameter in context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>() ?? [])
            if (Read(parameter.ParameterInfo.ParameterType) is { } type)
                foreach (var text in context.Request.RouteValues.TryGetValue(parameter.Name, out var segment)
                    ? [segment as string] : query[parameter.Name].AsEnumerable())
                    Json.Read(type, parameter.Name, text ?? "");
        RefuseUnknown(context);
        RefuseSilence(context);

        return next(context);
    });

    // The framework keeps bytes that are no UTF-8 as they are escaped, so that nothing is ever found by them.
    private static void RefuseForeignBytes(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target
            && !Utf8.IsValid(HttpUtility.UrlDecodeToBytes(target)))
            throw new UnreadableException("", "The address is not written in UTF-8.");
    }

    // Nothing is called by an empty name: who asks for it has forgotten to fill it in, and would take the empty answer for the truth.
    private static void RefuseSilence(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>() ?? [])
            if (parameter.ParameterInfo.ParameterType is var type && (type == typeof(string) || type == typeof(string[]))
                && context.Request.Query[parameter.Name].Any(text => !Text.IsVisible(text ?? "")))
                throw new UnreadableException(parameter.Name, "The value has nothing visible in it; leave out what is not asked for.");
    }

    // A filter that is misspelt must not quietly answer with everything. Health and the like, which are no handlers, ask nothing; who
    // fetches a calendar by its secret address adds to it what keeps copies from being used.
    private static void RefuseUnknown(HttpContext context)
    {
        if (context.Request.Query.Count == 0 || context.GetEndpoint() is not { } route || route.Metadata.GetMetadata<MethodInfo>() is null
            || route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return;

        var parameters = route.Metadata.OfType<IParameterBindingMetadata>().ToList();
        List<string> known =
        [
            .. parameters.Where(p => !context.Request.RouteValues.ContainsKey(p.Name)
                    && (p.HasTryParse || p.ParameterInfo.ParameterType == typeof(string) || p.ParameterInfo.ParameterType.IsArray))
                .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)),
            .. parameters.Any(p => p.ParameterInfo.ParameterType == typeof(PageRequest)) ? ["limit", "cursor"] : (string[])[],
        ];

        if (context.Request.Query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new UnreadableException(unknown, known.Count == 0 ? $"'{unknown}': nothing is asked of this address by name."
                : $"'{unknown}' is none of what this address is asked by: {string.Join(", ", known)}.");
    }

    // Which parameters the framework reads from text; its own parsers are for these types, ours are strict already.
    private static Type? Read(Type type)
    {
        type = type.IsArray ? type.GetElementType()! : type;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type == typeof(decimal) || type == typeof(Guid) || type == typeof(DateOnly)
            || type == typeof(DateTimeOffset)
            ? type : null;
    }
}
