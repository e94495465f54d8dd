using System.Diagnostics;
using System.Resources;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using JasperFx;
using Marten.Exceptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace CallCenter.Web;

/// <summary>
/// The only place where a failure becomes an HTTP status. It is told in English where it arises; for other languages each code has a
/// general sentence in <c>Problems.zh-CN.resx</c>.
/// </summary>
public static partial class Problems
{
    private static readonly ResourceManager Sentences = new(typeof(Problems));

    internal const string NotFound = "There is no such thing, or none that you may see.";

    /// <summary>Failures become problem answers. Unlike UseExceptionHandler it keeps the ETag, which a stale caller is owed.</summary>
    public static void UseProblems(this WebApplication app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            if (context.RequestAborted.IsCancellationRequested)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            else
                await Answer(context, e, app.Logger);
        }
    });

    /// <summary>A refusal without a body, as of a range that is not there, says no type of it either: it becomes a problem too.</summary>
    public static void UseRefusalsWithoutBody(this WebApplication app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null or 0 } refused)
            (refused.ContentType, refused.ContentLength) = (null, null);
    });

    internal static async Task Answer(HttpContext context, Exception exception, ILogger log)
    {
        var problem = For(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
            log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        else if (problem.Status > StatusCodes.Status500InternalServerError)
            log.LogWarning("{Method} {Path} has to wait: {Reason}", context.Request.Method, context.Request.Path, exception.Message);

        context.Response.Clear();
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        if (exception is StaleVersionException stale)
            context.Response.Headers.ETag = $"\"{stale.Current}\"";
        if (exception is RefusedException { Existing: { } existing })
            context.Response.Headers.Location = existing;

        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static ProblemDetails For(Exception exception) => exception switch
    {
        RefusedException e => Refused(e),
        StreamNotFoundException => Problem(StatusCodes.Status404NotFound, "not-found", "Not found", NotFound),
        GoneException e => Problem(StatusCodes.Status410Gone, e.Code, "Gone", e.Message),
        StaleVersionException e => Problem(StatusCodes.Status412PreconditionFailed, "version-conflict", "Stale version", e.Message),
        ConcurrencyException or ExistingStreamIdCollisionException => Problem(StatusCodes.Status412PreconditionFailed,
            "version-conflict", "Stale version", "Somebody else changed it at the same moment. Read it again."),
        InvalidException e => Invalid(e.Errors),
        BadHttpRequestException { InnerException: RuleException e } => Invalid([FaultOf(e)]),
        UnreadableException e => Problem(StatusCodes.Status400BadRequest, "unreadable", "Unreadable request", e.Message, e.Errors),
        BadHttpRequestException e => Unreadable(e),
        UnknownEventTypeException or EventDeserializationFailureException => Problem(StatusCodes.Status503ServiceUnavailable,
            "history-unreadable", "Set aside", "Something in its history can't be read, so it is set aside until that is mended. " +
            "Everything else works."),
        BusyException e => Problem(StatusCodes.Status503ServiceUnavailable, "busy", "Busy", e.Message),
        _ when Transient.Is(exception) || exception is BrokenCircuitException => Problem(StatusCodes.Status503ServiceUnavailable, "unavailable", "Unavailable",
            "Something this service needs is away for a moment. Nothing may have been changed; the same request is safe to repeat."),
        _ => Problem(StatusCodes.Status500InternalServerError, "internal", "Internal error",
            "Our fault. The trace id finds it in the logs."),
    };

    private static ProblemDetails Refused(RefusedException exception)
    {
        var problem = Problem(StatusCodes.Status409Conflict, exception.Code, "Refused by a rule", exception.Message);
        if (exception.Existing is { } existing)
            problem.Extensions["existing"] = existing;
        return problem;
    }

    private static ProblemDetails Invalid(IReadOnlyList<Error> errors) => Problem(
        StatusCodes.Status422UnprocessableEntity, errors[0].Code, "Breaks a rule of the trade", errors[0].Message, errors);

    private static ProblemDetails Unreadable(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json)
        {
            var fault = FaultOf(json);
            return Problem(StatusCodes.Status400BadRequest, "unreadable", "Unreadable request",
                $"Line {json.LineNumber + 1}, byte {json.BytePositionInLine}: {fault.Message}", [fault]);
        }

        return exception.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => Problem(413, "too-large", "Too large", "The body is larger than this route accepts."),
            StatusCodes.Status415UnsupportedMediaType => Problem(415, "media-type", "Unsupported media type", exception.Message),
            StatusCodes.Status408RequestTimeout => Problem(408, "body-too-slow", "Too slow", "The body did not arrive in time."),
            StatusCodes.Status428PreconditionRequired => Problem(428, "version-required", "Version required", exception.Message),
            var status when Said(exception.Message) is { } said =>
                Problem(status, "unreadable", "Unreadable request", said.Message, [said]),
            var status => Problem(status, "unreadable", "Unreadable request", exception.Message),
        };
    }

    /// <summary>Where a value can't be read, or breaks a rule that all of its kind keep, and why.</summary>
    internal static Error FaultOf(JsonException e) => e is RuleException broken
        ? new(Pointer(broken.Path), broken.Code, broken.Message)
        : new(Pointer(e.Path) + (e as TextException)?.Inside, "unreadable", Reason(e));

    // The framework's own messages name .NET types and ways of binding; callers know the contract.
    private static Error? Said(string message)
    {
        if (NotRead().Match(message) is { Success: true } unread)
            return new(Member(unread), "unreadable",
                $"{Member(unread)} cannot be '{unread.Groups["value"].Value}'; the API document says what it is.");
        if (Missing().Match(message) is { Success: true } missing)
            return missing.Groups["from"].Value == "body" ? new("", "unreadable", "A body is needed.")
                : new(Member(missing), "unreadable", $"{Member(missing)} is needed.");
        return null;

        static string Member(Match match) => JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value);
    }

    [GeneratedRegex("""^Failed to bind parameter "(?:.* )?(?<name>[\w-]+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex NotRead();

    // The serializer's own messages name .NET types; callers know the contract, not our classes.
    private static string Reason(JsonException e) => e switch
    {
        TextException => e.Message,
        _ when e.Message.Contains("could not be mapped", StringComparison.Ordinal) =>
            "A member here is not part of the contract (names are case-sensitive).",
        _ when e.Message.Contains("missing required", StringComparison.Ordinal)
            || e.Message.Contains("was missing", StringComparison.Ordinal) => "A required member is missing: " + Quoted(e.Message),
        _ when e.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase) => "A member appears twice.",
        _ when e.Message.Contains("could not be converted", StringComparison.Ordinal)
            || e.Message.Contains("type discriminator", StringComparison.Ordinal) =>
            "The value has the wrong type or is not one of those allowed.",
        _ when e.Message.Contains("null", StringComparison.Ordinal) => "The value may not be null.",
        _ => "This is not well-formed JSON.",
    };

    private static string Quoted(string message) =>
        string.Join(", ", message.Split('\'').Where((_, i) => i % 2 == 1 && i > 1));

    [GeneratedRegex("^(?:Required parameter \"(?:\\S+ )?(?<name>\\w+)\" was not provided from (?<from>body)?|Implicit (?<from>body) inferred)")]
    private static partial Regex Missing();

    private static string Pointer(string? jsonPath) =>
        string.IsNullOrEmpty(jsonPath) ? "" : jsonPath.TrimStart('$').Replace('.', '/')
            .Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    private static ProblemDetails Problem(int status, string code, string title, string detail, IReadOnlyList<Error>? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Type = $"/problems/{code}", Title = title, Detail = detail };
        if (errors is not null)
            problem.Extensions["errors"] = errors;
        return problem;
    }

    /// <summary>Gives every problem, ours or the framework's, the same shape and the trace id.</summary>
    internal static void Shape(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails validation)
        {
            IReadOnlyList<Error> errors =
            [
                .. validation.Errors.SelectMany(field =>
                    field.Value.Select(message => new Error(FieldPointer(field.Key, context.HttpContext), "invalid", message))),
            ];
            context.ProblemDetails = Problem(
                StatusCodes.Status400BadRequest, "invalid", "Breaks the wire contract", errors is [var first, ..] ? first.Message : "", errors);
        }

        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith("/problems/", StringComparison.Ordinal) != true)
            (problem.Type, problem.Detail) = context.HttpContext.Response.StatusCode switch
            {
                400 => ("/problems/unreadable", problem.Detail ?? "The request cannot be read."),
                401 => ("/problems/unauthenticated", problem.Detail ?? "A valid bearer token is needed."),
                403 => ("/problems/forbidden", problem.Detail ?? "None of your roles may do this."),
                404 => ("/problems/not-found", NotFound),
                405 => ("/problems/method-not-allowed", "See the Allow header for what this path takes."),
                412 => ("/problems/version-conflict", "The version is no longer the newest. Read it again."),
                413 => ("/problems/too-large", "The body is larger than this route accepts."),
                415 => ("/problems/media-type", Media.TakenBy(context.HttpContext)),
                429 => ("/problems/too-many-requests", "Slow down; see Retry-After."),
                var status => ($"/problems/http-{status}", problem.Detail),
            };

        Translate(problem, context.HttpContext);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
    }

    private static void Translate(ProblemDetails problem, HttpContext context)
    {
        var language = Language.Of(context.Request);
        if (Sentence(problem.Type!["/problems/".Length..], language) is { } sentence)
        {
            (problem.Title, problem.Detail) = (sentence, sentence);
            if (problem.Extensions.TryGetValue("errors", out var errors) && errors is IReadOnlyList<Error> list)
                problem.Extensions["errors"] =
                    list.Select(error => error with { Message = Sentence(error.Code, language) ?? error.Message }).ToArray();
        }
        else
        {
            language = Language.English;
        }

        language.Tell(context.Response);
    }

    /// <summary>What a code means, in a language other than English; null for what the language has no sentence of.</summary>
    internal static string? Sentence(string code, Language language)
    {
        var sentences = Sentences.GetResourceSet(language.ToCulture(), createIfNotExists: true, tryParents: false);
        return sentences?.GetString(code.StartsWith("http-", StringComparison.Ordinal) ? "http" : code);
    }

    // "Sections[0].Weight" as the validator names it, /sections/0/weight as the caller wrote it; a parameter has its name alone.
    private static string FieldPointer(string field, HttpContext context) =>
        context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>().Any(parameter => parameter.Name == field) == true
            ? JsonNamingPolicy.CamelCase.ConvertName(field) : "/" + string.Join('/',
        field.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
            .Split('.', StringSplitOptions.RemoveEmptyEntries).Select(JsonNamingPolicy.CamelCase.ConvertName));
}
