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
        /// finds the first.
        /// </summary>
        /// <param name="among">What the name is told apart within: a project, or nothing.</param>
        /// <param name="others">Those that have it, without the thing itself.</param>
        /// <param name="address">Null where the caller may not know of it.</param>
        /// <exception cref="RefusedException">409 <c>name-taken</c>.</exception>
        public async Task MustBeFree<T>(
            string name, string among, IQueryable<T> others, Func<T, string?> address, CancellationToken cancellation)
            where T : notnull
        {
            await session.Lock([NameId.Of("name", typeof(T).Name, among, name)], cancellation);

            if (await others.FirstOrDefaultAsync(cancellation) is { } first)
                throw new RefusedException(Taken, $"'{name}' is the name of another one already.", address(first));
        }
    }
}
