namespace CallCenter.EventSourcing;

/// <summary>A business rule said no. <see cref="Code"/> is public API; the message is for people.</summary>
public sealed class RefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>There is no such thing, or none that the caller may know of.</summary>
public sealed class StreamNotFoundException(Guid id) : Exception($"Nothing is stored under {id}.");
