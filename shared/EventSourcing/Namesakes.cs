using CallCenter.Rules;
using Marten;

namespace CallCenter.EventSourcing;

/// <summary>Things that people tell apart by their names have one each, but for those of before that have the same.</summary>
public static class Namesakes
{
    /// <summary>409, with the address of the first.</summary>
    public const string Taken = "name-taken";

    extension(IDocumentSession session)
    {
        /// <summary>
        /// The name is nobody else's, and remains so until this session's transaction ends: of two who ask for it at once the second
        /// finds the first. Names that people read as one are one (<see cref="Names.Key"/>).
        /// </summary>
        /// <param name="others">All that are told apart by their names, without the thing itself, in the order in which they came.</param>
        /// <param name="nameOf">The name, and what it is told apart within: a project, a client, or nothing.</param>
        /// <param name="address">Null where the caller may not know of it.</param>
        /// <exception cref="RefusedException">409 <c>name-taken</c>.</exception>
        public async Task MustBeFree<T>(
            string name, string among, IQueryable<T> others, Func<T, (string Name, string Among)> nameOf, Func<T, string?> address,
            CancellationToken cancellation)
            where T : notnull
        {
            var wanted = (Names.Key(name), Names.Key(among));
            // By its key; by itself as well, for the version before knows no other lock.
            await session.Lock(
                [NameId.Of("name-key", typeof(T).Name, wanted.Item2, wanted.Item1), NameId.Of("name", typeof(T).Name, among, name)],
                cancellation);

            // Compared here: the database has no such key of those of before, and there are few.
            var all = await others.ToListAsync(cancellation);
            if (all.Where(other => nameOf(other) is var own && (Names.Key(own.Name), Names.Key(own.Among)) == wanted).Take(1).ToList()
                is [var first])
                throw new RefusedException(Taken, $"'{name}' is the name of another one already.", address(first));
        }
    }
}
