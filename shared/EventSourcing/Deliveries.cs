using System.Collections.Concurrent;
using CallCenter.Health;
using MassTransit;

namespace CallCenter.EventSourcing;

/// <summary>What came out of each queue.</summary>
internal sealed class Deliveries(ServiceMeter meter) : IReceiveObserver
{
    public static readonly Count Taken = new("callcenter.messages.consumed", "{message}", "Messages that were taken and handled.");
    public static readonly Count GivenUp = new("callcenter.messages.failed", "{message}",
        "Messages that could not be handled and went to an error queue.");

    private readonly ConcurrentDictionary<string, (long Taken, long InHand)> counts = [];

    public (long Taken, long InHand) Of(string queue) => counts.GetValueOrDefault(queue);

    public Task PreReceive(ReceiveContext context) => Count(context, taken: 1, inHand: 1);

    public Task PostReceive(ReceiveContext context) => Done(context, Taken);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Done(context, GivenUp);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    private Task Done(ReceiveContext context, Count count)
    {
        meter.Add(count);
        return Count(context, taken: 0, inHand: -1);
    }

    private Task Count(ReceiveContext context, int taken, int inHand)
    {
        counts.AddOrUpdate(context.InputAddress.Segments[^1],
            _ => (taken, inHand), (_, count) => (count.Taken + taken, count.InHand + inHand));
        return Task.CompletedTask;
    }
}
