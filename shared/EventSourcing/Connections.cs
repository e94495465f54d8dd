using Microsoft.Extensions.Configuration;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// How many connections to the database an instance of a service has at most, counted as it opens them: its pool, in which one listens
/// all the time, its jobs' store, and sessions for locks. docs/reference/configuration.md adds them up.
/// </summary>
public static class Connections
{
    /// <summary>Of the pool where <c>Database:MaxPoolSize</c> says nothing.</summary>
    public const int Pool = 20;

    /// <summary>Of the store that jobs are kept in, a pool of its own.</summary>
    public const int Jobs = 4;

    /// <summary>Who leads, and who moves a message at the desk.</summary>
    public const int Locks = 2;

    /// <summary>One for each operation that is worked on, where a service has any.</summary>
    public const int Operations = 2;

    public static int Of(int pool, bool operations) => pool + Jobs + Locks + (operations ? Operations : 0);

    /// <summary>
    /// Lets the server cut off who is silent in the middle of a transaction (<c>Database:TransactionIdleSeconds</c>), as a process that
    /// was frozen there: others would wait for its locks for ever, and the publisher for events that it may still store.
    /// </summary>
    public static string? CutOffInTransaction(string? options, IConfiguration configuration) =>
        $"{options} -c idle_in_transaction_session_timeout={configuration.GetValue("Database:TransactionIdleSeconds", 60) * 1000}".Trim();
}
