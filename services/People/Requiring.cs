using CallCenter.Rules;
using Marten;

namespace CallCenter.People;

internal static class Requiring
{
    /// <summary>What a request points to must be there: else the request is wrong, not the address.</summary>
    public static async Task Require<TDocument>(
        this IQuerySession session, string pointer, string code, Guid? id, CancellationToken cancellation) where TDocument : notnull
    {
        if (id is { } given && await session.LoadAsync<TDocument>(given, cancellation) is null)
            throw new InvalidException(pointer, code, $"There is no {typeof(TDocument).Name.ToLowerInvariant()} {given}.");
    }
}
