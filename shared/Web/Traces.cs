using System.Text;
using System.Text.RegularExpressions;
using CallCenter.Contracts;
using CallCenter.EventSourcing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Web;

/// <summary>
/// What any service keeps of people by the way: answers that are given again, messages that failed or were skipped, and what was said of
/// failures.
/// </summary>
internal static partial class Traces
{
    public static void EraseTraces(this Erasing erasing)
    {
        // They last a day and are no loss: what a request did keeps its id.
        erasing.From<IErasure>("kept-answers", (services, _, cancellation) => Delete<IdempotentRequest>(
            services, "data ->> 'Answer' is not null", cancellation));
        erasing.From<IErasure>("failed-messages", (services, erasure, cancellation) =>
        {
            var about = erasure.About.ToHashSet();
            return services.GetRequiredService<ErrorQueues>().Forget(
                message => !IsErasure(message.Type) && Names(Encoding.UTF8.GetString(message.Body), about), cancellation);
        });
        erasing.From<IErasure>("skipped-messages", ForgetSkipped);
        erasing.From<IErasure>("reasons", ForgetReasons);
    }

    private static async Task<long> ForgetSkipped(IServiceProvider services, IErasure erasure, CancellationToken cancellation)
    {
        var about = erasure.About.ToHashSet();
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var forgotten = 0L;
        await foreach (var message in session.Query<SkippedMessage>().ToAsyncEnumerable(cancellation))
            if (Names(Encoding.UTF8.GetString(message.Body), about))
            {
                session.Delete(message);
                forgotten++;
            }

        await session.SaveChangesAsync(cancellation);
        return forgotten;
    }

    private static async Task<long> ForgetReasons(IServiceProvider services, IErasure erasure, CancellationToken cancellation)
    {
        var about = erasure.About.ToHashSet();
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var telling = (await session.Query<SetAside>().ToListAsync(cancellation))
            .Where(aside => Names($"{aside.Thing} {aside.Reason}", about)).ToList();
        session.Store([.. telling.Select(aside => aside with { Reason = "erased", Skipped = aside.Skipped is null ? null : "erased" })]);
        await session.SaveChangesAsync(cancellation);
        return telling.Count;
    }

    private static async Task<long> Delete<TDocument>(IServiceProvider services, string which, CancellationToken cancellation)
    {
        var table = services.GetRequiredService<IDocumentStore>().Options.FindOrResolveDocumentType(typeof(TDocument))
            .TableName.QualifiedName;
        await using var command = services.GetRequiredService<Npgsql.NpgsqlDataSource>()
            .CreateCommand($"delete from {table} where {which}");
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static bool IsErasure(string type) => type.EndsWith("ErasedV1", StringComparison.Ordinal);

    private static bool Names(string text, HashSet<Guid> about) => Ids().Matches(text).Any(id => about.Contains(Guid.Parse(id.Value)));

    [GeneratedRegex("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Ids();
}
