namespace CallCenter.Rules;

/// <summary>A business rule said no: 409. <see cref="Code"/> is public API; the message is for people.</summary>
/// <param name="existing">Address of the thing that is there already; null where there is none, or none that the caller may see.</param>
public sealed class RefusedException(string code, string message, string? existing = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Existing { get; } = existing;
}

/// <summary>There is no such thing, or none that the caller may know of: 404.</summary>
public sealed class StreamNotFoundException(Guid id) : Exception($"Nothing is stored under {id}.");

/// <summary>It was there, and what it consisted of is lost: 410. <see cref="Code"/> is public API; the message is for people.</summary>
public sealed class GoneException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>One thing wrong with a request.</summary>
/// <param name="Pointer">Where: a JSON pointer into the body, or the name of a parameter or header.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Message">For people.</param>
public sealed record Error(string Pointer, string Code, string Message);

/// <summary>The request can be read but breaks a rule of the trade: 422.</summary>
public sealed class InvalidException(IEnumerable<Error> errors) : Exception("The request breaks a rule.")
{
    public InvalidException(string pointer, string code, string message) : this([new Error(pointer, code, message)])
    {
    }

    public IReadOnlyList<Error> Errors { get; } = [.. errors];
}

/// <summary>What a rule refused, where nobody is answered: the rule stands beside what was tried.</summary>
public static class RefusalExtensions
{
    extension(Exception refused)
    {
        /// <summary>Code of the rule that refused something; null where it was none.</summary>
        public string? Rule => refused switch
        {
            RefusedException r => r.Code,
            InvalidException i => i.Errors[0].Code,
            _ => null,
        };
    }
}

/// <summary>The service is busy or waits for something it needs: 503 with <c>Retry-After</c>.</summary>
public sealed class BusyException(string message) : Exception(message);
