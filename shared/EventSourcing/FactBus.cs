using System.Diagnostics;
using CallCenter.Contracts;
using MassTransit;

namespace CallCenter.EventSourcing;

/// <summary>Publishes facts with broker confirms, in windows, each with a deadline.</summary>
public sealed class FactBus(IBus bus)
{
    public static readonly ActivitySource Activities = new("CallCenter.EventSourcing");

    private const int Window = 1000;

    // A publish can hang for ever when the broker dies at the wrong moment; the caller then tries the page again.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    // After a failure one fact tries the way for all: hundreds that wait for a connection would each ask for one again and
    // again, and keep a broker that is back from being reached.
    private volatile bool doubtful;

    /// <summary>Returns when the broker has confirmed every fact. The message id follows from type, id and version.</summary>
    public Task Publish(IReadOnlyList<IFact> facts, CancellationToken cancellation) =>
        Publish([.. facts.Select(f => (f, NameId.Of(f.GetType().Name, f.Id, f.Version), (string?)null))], cancellation);

    internal async Task Publish(
        IReadOnlyList<(IFact Fact, Guid MessageId, string? Trace)> facts, CancellationToken cancellation)
    {
        if (doubtful && facts.Count > 0)
            await PublishTogether([facts[0]], cancellation);

        foreach (var window in facts.Chunk(Window))
            await PublishTogether(window, cancellation);
    }

    private async Task PublishTogether((IFact Fact, Guid MessageId, string? Trace)[] window, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        try
        {
            // Not by the token alone: a publish that waits for a confirm which died with its connection ignores it.
            await Task.WhenAll(window.Select(f => PublishOne(f.Fact, f.MessageId, f.Trace, deadline.Token)))
                .WaitAsync(deadline.Token);
            doubtful = false;
        }
        catch (Exception e)
        {
            doubtful = true;
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new TimeoutException($"The broker did not confirm within {Deadline.TotalSeconds:0} s.");
            throw;
        }
    }

    private async Task PublishOne(IFact fact, Guid messageId, string? trace, CancellationToken cancellation)
    {
        ActivityContext.TryParse(trace, null, isRemote: true, out var parent);
        using var activity = Activities.StartActivity("publish fact", ActivityKind.Producer, parent);

        await bus.Publish(fact, fact.GetType(), context =>
        {
            context.MessageId = messageId;
            context.CorrelationId = fact.Id;
        }, cancellation);
    }
}
