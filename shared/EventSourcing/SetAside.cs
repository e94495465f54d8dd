using Marten;

namespace CallCenter.EventSourcing;

/// <summary>One of many things whose turn failed: left out until its time comes, while the others go on.</summary>
/// <param name="Work">What was done with it, by the name of the job, or of what else works on many.</param>
/// <param name="Thing">Which it is, mostly an id.</param>
/// <param name="Failures">Turns that failed one after the other.</param>
/// <param name="Reason">Of the last failure, for operators: it may quote data and is not shown to everybody.</param>
/// <param name="Since">The first of these failures.</param>
/// <param name="Last">The last of them.</param>
/// <param name="NextTry">Not tried before.</param>
/// <param name="Skipped">Why somebody decided that it is left out until it is retried by hand; null while its turns come by
/// themselves.</param>
public sealed record SetAside(
    Guid Id, string Work, string Thing, int Failures, string Reason, DateTimeOffset Since, DateTimeOffset Last, DateTimeOffset NextTry,
    string? Skipped = null)
{
    private const int LongestReason = 1000;

    /// <summary>Waits after the first failure, and twice as long after each further one, up to <see cref="LongestWait"/>.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Left out until somebody retries it.</summary>
    public SetAside Skip(string reason) => this with { NextTry = DateTimeOffset.MaxValue, Skipped = reason };

    /// <summary>As if its time had come.</summary>
    public SetAside Retry(DateTimeOffset now) => this with { NextTry = now, Skipped = null };

    public static Guid IdOf(string work, string thing) => NameId.Of("set-aside", work, thing);

    /// <summary>What is known after one more failure.</summary>
    /// <param name="before">What was known until then; null at the first.</param>
    public static SetAside After(SetAside? before, string work, string thing, Exception failure, DateTimeOffset now)
    {
        var failures = (before?.Failures ?? 0) + 1;
        var wait = FirstWait * Math.Pow(2, Math.Min(failures - 1, 20));
        var reason = $"{failure.GetType().Name}: {failure.Message}";

        return new SetAside(
            IdOf(work, thing), work, thing, failures, reason.Length <= LongestReason ? reason : reason[..LongestReason],
            before?.Since ?? now, now, now + (wait < LongestWait ? wait : LongestWait));
    }
}

internal static class SetAsides
{
    /// <summary>Tries again those whose time has come, each by itself. What is no fault of one of them keeps all from their turn.</summary>
    public static async Task Retry(
        this IDocumentSession session, IEnumerable<SetAside> asides, TimeProvider clock, Func<SetAside, Task> turn,
        CancellationToken cancellation)
    {
        foreach (var aside in asides.Where(aside => aside.NextTry <= clock.GetUtcNow()))
        {
            try
            {
                await turn(aside);
                session.Delete(aside);
            }
            catch (Exception e) when (Fault.IsOwn(e))
            {
                session.Store(SetAside.After(aside, aside.Work, aside.Thing, e, clock.GetUtcNow()));
            }

            await session.SaveChangesAsync(cancellation);
        }
    }
}
