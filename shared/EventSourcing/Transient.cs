using System.Net.Sockets;
using JasperFx;
using Marten.Exceptions;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>Failures that say nothing about the request: the same attempt may succeed in a moment.</summary>
public static class Transient
{
    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        // Class 57: the server is shutting down, or was killed and recovers. 53: out of connections, memory or disk.
        PostgresException e => e.IsTransient || e.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || e.SqlState.StartsWith("53", StringComparison.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException e => e.IsTransient || e.InnerException is null or IOException or SocketException or TimeoutException,
        SocketException or TimeoutException or IOException => true,
        AggregateException e => e.InnerExceptions.Any(Is),
        _ => Is(exception.InnerException),
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
