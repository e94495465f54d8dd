using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.EventSourcing;

/// <summary>
/// A broker that was killed may list a queue that has no process any more, or one that never answers: nobody can take from it, and
/// whoever publishes to it is refused or waits for ever. Such a queue is deleted; who needs it declares it again, and what was in it is
/// asked for (docs/decisions/0010).
/// </summary>
internal sealed class LostQueues(BrokerConnection broker, ILogger log)
{
    private const int InternalError = 541;

    // One that is just being started again says that it has no process, or nothing: so it is looked at more than once, and longer
    // than any election takes.
    private const int LooksWithoutProcess = 2;
    private const int LooksInSilence = 4;
    private const int LooksWithoutResult = 5;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LimitOfDeletion = TimeSpan.FromSeconds(15); // the broker itself waits 5 s for a silent one

    private enum Look { Works, NoProcess, Silent, NoResult }

    /// <summary>What was seen of a queue that does not work.</summary>
    private sealed class Suspect(string queue)
    {
        private int withoutProcess, withoutResult, inSilence;
        private long? silentSince;

        public string Queue => queue;

        /// <returns>Whether it is lost; null while that is not known.</returns>
        public bool? After(Look look)
        {
            var now = Stopwatch.GetTimestamp();
            if (look is not Look.Silent)
                (inSilence, silentSince) = (0, null);
            switch (look)
            {
                case Look.Works:
                    return false;
                case Look.NoProcess:
                    return ++withoutProcess >= LooksWithoutProcess ? true : null;
                case Look.Silent:
                    silentSince ??= now;
                    return ++inSilence >= LooksInSilence && Stopwatch.GetElapsedTime(silentSince.Value, now) >= LongestSilence
                        ? true : null;
                default:
                    return ++withoutResult >= LooksWithoutResult ? false : null;
            }
        }
    }

    /// <summary>Ends where the broker does not answer: then it is asked again if the consumers do not work.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> Delete(IEnumerable<string> queues, CancellationToken stopping)
    {
        var suspects = queues.Select(queue => new Suspect(queue)).ToList();
        var lost = false;
        try
        {
            while (suspects.Count > 0)
            {
                foreach (var suspect in suspects.ToList())
                {
                    var look = await LookAt(suspect.Queue, stopping);
                    if (look is Look.Silent or Look.NoResult && !await BrokerAnswers(stopping))
                        return lost;
                    if (suspect.After(look) is not { } isLost)
                        continue;
                    suspects.Remove(suspect);
                    lost |= isLost && await Delete(suspect.Queue, stopping);
                }

                if (suspects.Count > 0)
                    await Task.Delay(BetweenLooks, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The service stops.
        }

        return lost;
    }

    private async Task<bool> Delete(string queue, CancellationToken stopping)
    {
        try
        {
            await broker.Use((channel, token) => channel.QueueDeleteAsync(
                queue, ifUnused: false, ifEmpty: false, cancellationToken: token), LimitOfDeletion, stopping);
            log.LogError(
                "ALARM: the broker has lost {Queue} with all that was in it; it is made anew, and what is missing asked for", queue);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.LogWarning(e, "The broker has lost {Queue} and does not delete it", queue);
            return false;
        }
    }

    private async Task<bool> BrokerAnswers(CancellationToken stopping)
    {
        try
        {
            return await broker.Use((channel, _) => Task.FromResult(channel.IsOpen), Limit, stopping);
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<Look> LookAt(string queue, CancellationToken stopping)
    {
        try
        {
            return await broker.Use(async (channel, token) =>
            {
                if (await channel.BasicGetAsync(queue, autoAck: false, token) is { } message)
                    await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, token);
                return Look.Works;
            }, Limit, stopping);
        }
        catch (OperationInterruptedException e) when (e is not AlreadyClosedException && e.ShutdownReason is { } reason)
        {
            // Whatever else it says of this queue, it is there or never was.
            return reason.ReplyCode == InternalError && reason.ReplyText.Contains("noproc", StringComparison.Ordinal)
                ? Look.NoProcess
                : Look.Works;
        }
        catch (TimeoutException)
        {
            return Look.Silent;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.LogDebug(e, "The broker does not say whether it has lost {Queue}", queue); // as where the look before has closed it
            return Look.NoResult;
        }
    }
}
