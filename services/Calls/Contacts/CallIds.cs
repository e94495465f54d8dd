using System.Text.RegularExpressions;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Calls.Contacts;

internal static partial class CallIds
{
    public const string OpaqueRule =
        "A customer id is your own system's: 1 to 64 of the characters A–Z a–z 0–9 . _ -, never a name, nor what looks like a telephone " +
        "or card number.";

    /// <summary>The same leg of the same source is the same stream, however and how often it is reported.</summary>
    public static Guid Of(Guid projectId, string source, string externalId) => NameId.Of("call", projectId, source, externalId);

    public static bool IsOpaque(string customerId) =>
        Opaque().IsMatch(customerId)
        && (Guid.TryParseExact(customerId, "D", out _) || !Numeric().IsMatch(customerId) || !IsNumber(customerId));

    // Telephone numbers have up to 15 digits; shorter ones than 10 are not told from any other number. Cards have 13 to 19.
    private static bool IsNumber(string customerId)
    {
        var digits = string.Concat(customerId.Where(char.IsAsciiDigit));
        return digits.Length is (>= 11 and <= 15) or > 19 || TenDigits().IsMatch(digits) || FreeTexts.IsCard(digits);
    }

    /// <exception cref="InvalidException">422 <c>customer-id-not-opaque</c>.</exception>
    public static void RequireOpaque(string? customerId)
    {
        if (customerId is not null && !IsOpaque(customerId))
            throw new InvalidException("/customerId", "customer-id-not-opaque", OpaqueRule);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Opaque();

    [GeneratedRegex(@"\A[0-9._-]+\z")]
    private static partial Regex Numeric();

    // With the 0 of a trunk call, or as in North America: area and exchange begin with 2 to 9.
    [GeneratedRegex(@"\A(0[0-9]{9}|[2-9][0-9]{2}[2-9][0-9]{6})\z")]
    private static partial Regex TenDigits();
}

/// <summary>What may be said along with a report; each kind takes what is its own.</summary>
internal sealed record ReportDetails(
    string? Queue, string Direction, string Channel, string? CustomerId, Guid? AgentId, CallOutcome? Outcome, string? WrapUpCode,
    Guid? LinkedCallId, string? ConversationId, Stage? Stage, EndReason? EndReason, References? References,
    decimal? WaitSeconds = null, decimal? TalkSeconds = null, bool HoldUnknown = false, bool AfterContactUnknown = false)
{
    public static readonly IReadOnlyList<string> Kinds =
        ["offered", "queued", "answered", "held", "resumed", "ended", "after-contact-work-ended", "wrapped-up"];

    /// <returns>Null for a kind that does not exist, or a wrap-up without its code.</returns>
    public ICallReport? Report(string kind, Guid projectId, string source, string externalId, DateTimeOffset at) => kind switch
    {
        "offered" => new CallOffered(
            projectId, source, externalId, at, Queue, Direction, Channel, CustomerId, LinkedCallId, ConversationId, Stage, References),
        "queued" => new CallQueued(projectId, source, externalId, at, Queue),
        "answered" => new CallAnswered(
            projectId, source, externalId, at, AgentId, Queue, WaitSeconds, HoldUnknown, AfterContactUnknown),
        "held" => new CallHeld(projectId, source, externalId, at),
        "resumed" => new CallResumed(projectId, source, externalId, at),
        "ended" => new CallEnded(projectId, source, externalId, at,
            Outcome is CallOutcome.Open ? null : Outcome, EndReason, AgentId, Queue, WaitSeconds, TalkSeconds, HoldUnknown,
            AfterContactUnknown),
        "after-contact-work-ended" => new AfterContactWorkEnded(projectId, source, externalId, at),
        "wrapped-up" when WrapUpCode is not null => new CallWrappedUp(projectId, source, externalId, at, WrapUpCode, Stage, References),
        _ => null,
    };
}
