using System.Collections.Concurrent;
using CallCenter.EventSourcing;
using Marten;
using Microsoft.Extensions.Logging;

namespace CallCenter.Jobs;

/// <summary>
/// Does the same work for many things, each by itself: one that fails is set aside with its reason and tried again after a
/// growing wait, and the others do not notice. Which those are is stored, so that all instances and the next start know it.
/// </summary>
public sealed class Fence(IDocumentStore store, TimeProvider clock, ILogger<Fence> log)
{
    private readonly ConcurrentDictionary<string, bool> works = new();

    /// <summary>Names of the work that was done here.</summary>
    internal ICollection<string> Works => works.Keys;

    /// <param name="work">Name of the work, the same each time.</param>
    /// <param name="things">All there are: what is set aside and not among them is forgotten.</param>
    /// <param name="nameOf">Which it is, as operators know it: an id.</param>
    /// <exception cref="Exception">It could not be stored that one is set aside: without a database no turn is worth taking.</exception>
    public async Task Each<T>(
        string work, IReadOnlyCollection<T> things, Func<T, string> nameOf, Func<T, CancellationToken, Task> turn,
        CancellationToken cancellation)
    {
        works.TryAdd(work, true);
        await using var session = store.LightweightSession();
        var known = await session.Query<SetAside>().Where(s => s.Work == work).ToListAsync(cancellation);
        var aside = known.ToDictionary(s => s.Thing);
        var gone = aside.Keys.ToHashSet();

        foreach (var thing in things)
        {
            var name = nameOf(thing);
            var before = aside.GetValueOrDefault(name);
            gone.Remove(name);
            if (before?.NextTry > clock.GetUtcNow())
                continue;

            try
            {
                await turn(thing, cancellation);
                if (!aside.Remove(name))
                    continue;
                session.Delete<SetAside>(SetAside.IdOf(work, name));
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                var after = aside[name] = SetAside.After(before, work, name, e, clock.GetUtcNow());
                session.Store(after);
                if (Fault.IsRefusal(e)) // as of a plan whose form is not active
                    log.LogWarning("{Work} of {Thing} was refused {Failures} times in a row; the next try is at {NextTry}: {Reason}", work,
                        name, after.Failures, after.NextTry, e.Message);
                else
                    log.LogError(e, "{Work} of {Thing} failed {Failures} times in a row; the next try is at {NextTry}", work, name,
                        after.Failures, after.NextTry);
            }

            await session.SaveChangesAsync(cancellation);
        }

        foreach (var name in gone)
        {
            aside.Remove(name);
            session.Delete<SetAside>(SetAside.IdOf(work, name));
        }

        await session.SaveChangesAsync(cancellation);
    }
}
