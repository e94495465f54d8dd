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

public static class Addresses
{
    /// <summary>
    /// Addresses are read as strictly as bodies. The framework's own reading of a parameter takes what the language of the
    /// machine takes ("Nov 3", "10:00"); what passes here it can only read in one way.
    /// </summary>
    internal static void UseStrictAddresses(this WebApplication app) => app.Use((context, next) =>
    {
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
                    Json.Read(type, NameOf(parameter), text ?? "");
        RefuseUnknown(context);
        RefuseRepeated(context);
        RefuseSilence(context);
        Respell(context);

        return next(context);
    });

    /// <summary>
    /// The framework keeps bytes that are no UTF-8 as they are escaped, so that nothing is ever found by them. They are refused before
    /// anything is looked for: in the path as in the query, whether there is such a route or not.
    /// </summary>
    public static void UseReadableAddresses(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target
            && !Utf8.IsValid(HttpUtility.UrlDecodeToBytes(target)))
            throw new UnreadableException("", "The address is not written in UTF-8.");

        return next(context);
    });

    // As documents and callers write it; a member of a record that is read from a query has a capital here.
    private static string NameOf(IParameterBindingMetadata parameter) => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name);

    // What is compared with names and ids of bodies and files is brought into the one form that those are in. What is chosen from a few
    // is named as in bodies, and handed on as the framework reads it.
    private static void Respell(HttpContext context)
    {
        var query = context.Request.Query.ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>() ?? [])
            if (Spelling(parameter) is not { } spelt)
                continue;
            else if (context.Request.RouteValues.TryGetValue(parameter.Name, out var segment))
                context.Request.RouteValues[parameter.Name] = segment is string text ? spelt(text) : segment;
            else if (query.TryGetValue(parameter.Name, out var values))
                query[parameter.Name] = values.Select(value => spelt(value ?? "")).ToArray();
        context.Request.Query = new QueryCollection(query);
    }

    private static Func<string, string>? Spelling(IParameterBindingMetadata parameter) =>
        IsText(parameter.ParameterInfo.ParameterType) ? Text.Bare
        : Read(parameter.ParameterInfo.ParameterType) is { IsEnum: true } choice ? text => $"{Json.Read(choice, NameOf(parameter), text)}"
        : null;

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);

    // Of two values for what takes one, none is what was meant for certain.
    private static void RefuseRepeated(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>() ?? [])
            if (!parameter.ParameterInfo.ParameterType.IsArray && context.Request.Query[parameter.Name].Count > 1)
                throw new UnreadableException(NameOf(parameter), $"{NameOf(parameter)} is asked for once.");
    }

    // Nothing is called by an empty name: who asks for it has forgotten to fill it in, and would take the empty answer for the truth.
    private static void RefuseSilence(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>() ?? [])
            if (IsText(parameter.ParameterInfo.ParameterType)
                && context.Request.Query[parameter.Name].Any(text => !Text.IsVisible(text ?? "")))
                throw new UnreadableException(NameOf(parameter), "The value has nothing visible in it; leave out what is not asked for.");
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
                .Select(NameOf),
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
            || type == typeof(DateTimeOffset) || type.IsEnum
            ? type : null;
    }
}
