using System.Net.Sockets;
using CallCenter.Rules;
using JasperFx;
using Marten.Exceptions;
using Microsoft.Extensions.Logging;
using Npgsql;
using BrokerClosed = RabbitMQ.Client.Exceptions.RabbitMQClientException;
using ConsumerCanceled = MassTransit.ConsumerCanceledException;

namespace CallCenter.EventSourcing;

/// <summary>Failures that say nothing about the request: the same attempt may succeed in a moment.</summary>
public static class Transient
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // 57: the server shuts down, recovers or took too long. 53: out of connections, memory or disk. 08: connection. 25006: it takes no
    // writes now. 28: a password that is being changed. 55P03: a lock that was not to be had in time.
    private static readonly string[] Away = ["57P", "57014", "53", "08", "25006", "28", "55P03"];

    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        PostgresException e => e.IsTransient || Away.Any(state => e.SqlState.StartsWith(state, StringComparison.Ordinal)),
        NpgsqlException e => e.IsTransient || e.InnerException is null or IOException or SocketException or TimeoutException,
        SocketException or TimeoutException or IOException => true,
        AggregateException e => e.InnerExceptions.Any(Is),
        _ => Is(exception.InnerException),
    };

    /// <summary>Waits until the database answers: it may be started after those who need it.</summary>
    public static async Task Answering(this NpgsqlDataSource database, ILogger log, CancellationToken cancellation)
    {
        while (true)
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellation);
                return;
            }
            catch (Exception e) when (Is(e))
            {
                log.LogWarning("Waiting for the database, which does not answer yet: {Reason}", e.Message);
                await Task.Delay(Pause, cancellation);
            }
    }
}

/// <summary>
/// Whose fault a failure is. Only what is proved to come of the thing itself may be put aside: whatever else it was, the others would
/// meet it too, and the thing waits for it to pass.
/// </summary>
public static class Fault
{
    // Data that no column takes, rules of a table, a value too large: the same in an hour.
    private static readonly string[] OfTheData = ["22", "23", "54"];

    /// <summary>Whether a rule said no: an answer, which is told to whoever asked. Nothing is broken, so it is no error in a log.</summary>
    public static bool IsRefusal(Exception exception) => exception is RefusedException or InvalidException;

    /// <summary>Whether the same thing would fail again when everything around it works.</summary>
    public static bool IsOwn(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => true,
        OperationCanceledException or IOException or SocketException or TimeoutException or OutOfMemoryException
            or ObjectDisposedException or BrokerClosed or ConsumerCanceled => false,
        PostgresException e => OfTheData.Any(state => e.SqlState.StartsWith(state, StringComparison.Ordinal)),
        NpgsqlException => false,
        AggregateException e => e.InnerExceptions.All(IsOwn),
        _ when Conflict.Is(exception) => false,
        _ => exception.InnerException is not { } inner || IsOwn(inner),
    };
}

/// <summary>Another wrote to the stream or document first: to be read again and decided again.</summary>
public static class Conflict
{
    /// <summary>Tries again while another was first. An attempt reads what it decides on anew.</summary>
    /// <param name="isConflict">What else is one; <see cref="Is"/> if nothing is said.</param>
    public static async Task<T> Retry<T>(int attempts, Func<Task<T>> attempt, Func<Exception, bool>? isConflict = null)
    {
        for (var nth = 1; ; nth++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (nth < attempts && (isConflict ?? Is)(e))
            {
                // Whoever was first has stored what the next attempt reads.
            }
        }
    }

    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        ConcurrencyException or ExistingStreamIdCollisionException => true,
        _ => Is(exception.InnerException),
    };
}
