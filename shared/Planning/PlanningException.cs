namespace CallCenter.Planning;

/// <summary>What was asked has no answer. <see cref="Code"/> is stable and names why; the message is for people.</summary>
public sealed class PlanningException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
