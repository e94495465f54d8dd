using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.EventSourcing;

/// <summary>
/// A broker that was killed may list a queue that has no process any more: nobody can take from it, and whoever publishes to it is
/// refused. Such a queue is deleted; who needs it declares it again, and what was in it is asked for (docs/decisions/0010).
/// </summary>
internal sealed class LostQueues(BrokerConnection broker, ILogger log)
{
    private const int Looks = 2;
    private const int InternalError = 541;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>Whether there was one.</returns>
    public async Task<bool> Delete(IEnumerable<string> queues, CancellationToken stopping)
    {
        var lost = false;
        foreach (var queue in queues)
            try
            {
                if (!await StaysLost(queue, stopping))
                    continue;
                await broker.Use((channel, token) => channel.QueueDeleteAsync(
                    queue, ifUnused: false, ifEmpty: false, cancellationToken: token), Limit, stopping);
                log.LogError(
                    "ALARM: the broker has lost {Queue} with all that was in it; it is made anew, and what is missing asked for", queue);
                lost = true;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break; // the service stops
            }
            catch (Exception e)
            {
                log.LogDebug(e, "The broker does not say whether it has lost {Queue}", queue);
                if (!await Answers(stopping))
                    break; // it is asked again if the consumers do not work
            }

        return lost;
    }

    private async Task<bool> Answers(CancellationToken stopping)
    {
        try
        {
            return await broker.Use((channel, _) => Task.FromResult(channel.IsOpen), Limit, stopping);
        }
        catch (Exception)
        {
            return false;
        }
    }

    // One that is just being started again answers alike, so several answers count. Each closes the connection; a look that comes upon
    // the closed one is none.
    private async Task<bool> StaysLost(string queue, CancellationToken stopping)
    {
        for (var (looks, seen) = (0, 0); looks < 2 * Looks; looks++)
        {
            try
            {
                if (!await IsLost(queue, stopping))
                    return false;
                if (++seen == Looks)
                    return true;
            }
            catch (AlreadyClosedException)
            {
                // The look before did that.
            }

            await Task.Delay(BetweenLooks, stopping);
        }

        return false;
    }

    private async Task<bool> IsLost(string queue, CancellationToken stopping)
    {
        try
        {
            return await broker.Use(async (channel, token) =>
            {
                if (await channel.BasicGetAsync(queue, autoAck: false, token) is { } message)
                    await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, token);
                return false;
            }, Limit, stopping);
        }
        catch (OperationInterruptedException e) when (e is not AlreadyClosedException && e.ShutdownReason is { } reason)
        {
            // "noproc", and not one that has no majority just now; whatever else it says of this queue, it is there or never was.
            return reason.ReplyCode == InternalError && reason.ReplyText.Contains("noproc", StringComparison.Ordinal);
        }
    }
}
