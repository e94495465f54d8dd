using System.Text.Json.Serialization;
using CallCenter.Rules;

namespace CallCenter.Calls.Contacts;

public enum CallOutcome
{
    /// <summary>Neither answered nor over, as far as we know.</summary>
    Open,

    /// <summary>An agent took it.</summary>
    Answered,

    /// <summary>The other side gave up before an agent took it.</summary>
    Abandoned,

    /// <summary>Over without answer or abandonment: sent elsewhere, timed out, blocked.</summary>
    Other,
}

/// <summary>
/// Which part of the customer's dealings a contact belongs to, as service teams and their quality are divided (docs/decisions/0054).
/// </summary>
public enum Stage
{
    /// <summary>Before the order: questions, advice, the way to a purchase.</summary>
    PreSale,

    /// <summary>From the order to its fulfilment: appointments, changes, delivery.</summary>
    InSale,

    /// <summary>After fulfilment: service, returns, complaints.</summary>
    AfterSale,
}

/// <summary>What brought a leg to its end.</summary>
public enum EndReason
{
    /// <summary>The customer hung up or left.</summary>
    Customer,

    /// <summary>The agent hung up or closed it.</summary>
    Agent,

    /// <summary>It went on elsewhere; that leg names this one.</summary>
    Transfer,

    /// <summary>It waited or stood still for too long.</summary>
    Timeout,

    /// <summary>Nobody was there to take it: closed, or a queue without agents.</summary>
    Unattended,

    /// <summary>A line, a device or a system failed.</summary>
    Failure,

    /// <summary>None of these.</summary>
    Other,

    /// <summary>Nobody has said that it ended; it was closed after the time that is set (<c>OpenLegs:*</c>).</summary>
    Unreported,
}

/// <summary>One contact leg as far as it is known: what an import row states, and what live events add up to.</summary>
/// <param name="Queue">Queue code within the project; null while unknown.</param>
/// <param name="Direction">inbound or outbound.</param>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="CustomerId">The customer's id in the source's own books: never a name or a telephone number.</param>
/// <param name="QueuedAt">When it began to wait for an agent; null when it did not wait.</param>
/// <param name="ConversationId">The source's own name of what its legs are parts of.</param>
/// <param name="Holds">How often it was put on hold; 0 also where the source does not count.</param>
/// <param name="References">Never empty: null where there are none.</param>
/// <param name="HoldMs">Time on hold in milliseconds, where it is not <paramref name="HoldSeconds"/> to the millisecond.</param>
/// <param name="AfterContactMs">Work after the contact in milliseconds, likewise.</param>
/// <param name="HoldUnknown">Its source never says how long a leg is on hold. Legs of before do not tell, and 0 is what they are known
/// for.</param>
/// <param name="AfterContactUnknown">Its source never says how long there is work after a leg, likewise.</param>
public sealed record Leg(
    string? Queue, string Direction, string Channel, string? CustomerId,
    DateTimeOffset? OfferedAt, DateTimeOffset? QueuedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    int HoldSeconds, int AfterContactSeconds, CallOutcome Outcome, Guid? AgentId, string? WrapUpCode, Guid? LinkedCallId,
    string? ConversationId = null, Stage? Stage = null, int Holds = 0, EndReason? EndReason = null, References? References = null,
    long? HoldMs = null, long? AfterContactMs = null, bool HoldUnknown = false, bool AfterContactUnknown = false)
{
    /// <summary>A leg that lasts longer is a stuck clock, not a conversation; left in, it would pull every mean.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    // Parts of a telephone system stamp the same moment by clocks of their own.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    [JsonIgnore]
    public TimeSpan Hold => TimeSpan.FromMilliseconds(HoldMs ?? HoldSeconds * 1000L);

    [JsonIgnore]
    public TimeSpan AfterContact => TimeSpan.FromMilliseconds(AfterContactMs ?? AfterContactSeconds * 1000L);

    /// <summary>Answer to end, without hold; null while it lasts or when either end is unknown.</summary>
    [JsonIgnore]
    public TimeSpan? Talk => EndedAt - AnsweredAt - Hold is not { } talk ? null : talk > TimeSpan.Zero ? talk : TimeSpan.Zero;

    /// <summary>The leg with a time on hold, to the millisecond; null where its source never says.</summary>
    public Leg Holding(TimeSpan? hold) => this with
    {
        HoldSeconds = Whole(hold ?? TimeSpan.Zero), HoldMs = Exact(hold ?? TimeSpan.Zero), HoldUnknown = hold is null,
    };

    /// <summary>The leg with a time of work after it, to the millisecond; null where its source never says.</summary>
    public Leg Working(TimeSpan? work) => this with
    {
        AfterContactSeconds = Whole(work ?? TimeSpan.Zero), AfterContactMs = Exact(work ?? TimeSpan.Zero),
        AfterContactUnknown = work is null,
    };

    private static int Whole(TimeSpan time) => (int)Math.Round(time.TotalSeconds, MidpointRounding.AwayFromZero);

    private static long? Exact(TimeSpan time) =>
        (long)Math.Round(time.TotalMilliseconds, MidpointRounding.AwayFromZero) is var ms && ms % 1000 == 0 ? null : ms;

    public static bool IsDirection(string text) => text is "inbound" or "outbound";

    /// <summary>The earliest time known of it.</summary>
    [JsonIgnore]
    public DateTimeOffset? StartedAt => OfferedAt ?? QueuedAt ?? AnsweredAt ?? EndedAt;

    /// <summary>The same without what tells of the customer.</summary>
    public Leg OfNobody() => this with { CustomerId = null, References = null };

    /// <summary>What is impossible about it, worst first.</summary>
    public IEnumerable<Error> Contradictions()
    {
        if (Hold < TimeSpan.Zero || AfterContact < TimeSpan.Zero)
            yield return new("/at", "negative-duration", "A duration cannot be negative.");

        if (EndedAt is { } ended && new[] { OfferedAt, QueuedAt, AnsweredAt }.Any(before => before > ended))
            yield return new("/at", "ends-before-it-starts", "The call would end before it was offered, queued or answered.");

        if (AnsweredAt is { } answered && (OfferedAt > answered + ClockSkew || QueuedAt > answered + ClockSkew))
            yield return new("/at", "answered-before-offered", "The call would be answered before it was offered or queued.");

        if (QueuedAt is { } queued && OfferedAt > queued + ClockSkew)
            yield return new("/at", "queued-before-offered", "The call would be queued before it was offered.");

        if (Outcome is CallOutcome.Abandoned && AnsweredAt is not null)
            yield return new("/outcome", "abandoned-after-answer", "A call that was answered was not abandoned.");

        if (EndedAt - AnsweredAt is { } conversation && Hold > conversation)
            yield return new("/holdSeconds", "hold-exceeds-call", "The call would be on hold for longer than it lasted.");

        if (EndedAt - StartedAt > Longest || AfterContact > Longest)
            yield return new("/at", "too-long", $"A leg lasts {Longest.TotalDays:0} days at most.");
    }
}
