using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Reflection;
using CallCenter.EventSourcing;
using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CallCenter.Web;

/// <summary>One thing that was done: when, by whom, what and why.</summary>
/// <param name="Version">The version of the thing that it made.</param>
/// <param name="At">When it was stored.</param>
/// <param name="By">Who did it.</param>
/// <param name="What">In kebab-case: <c>leave-requested</c>, <c>team-renamed</c>, …</param>
/// <param name="Why">The reason that the request gave; null where it gave none.</param>
public sealed record HistoryEntry(long Version, DateTimeOffset At, HistoryActor By, string What, string? Why);

/// <param name="Kind">Of what kind whoever did it is.</param>
/// <param name="Id">Of the person, the machine or the import; null for a job.</param>
/// <param name="Name">Of the job or import.</param>
/// <param name="For">The person who asked for the import.</param>
public sealed record HistoryActor(ActorKind Kind, Guid? Id, string? Name, Guid? For);

/// <summary>The one shape in which every aggregate tells its history.</summary>
public static class HistoryExtensions
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> Persons = new();
    private static readonly ConcurrentDictionary<Type, Func<object, string?>> Reasons = new();

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary><c>GET {thing}/history</c>, for whoever may read the thing.</summary>
        /// <param name="thing">The route of the thing itself, with its <c>{id}</c>.</param>
        /// <param name="see">What answers there: it is asked first, and whom it refuses the history refuses.</param>
        /// <param name="streamOf">Which stream the thing is; the one of the same id when left out.</param>
        public RouteHandlerBuilder MapHistory<T>(
            string thing, Func<Guid, Caller, IDocumentSession, CancellationToken, Task<T>> see, Func<Guid, Guid>? streamOf = null) =>
            routes.MapGet(thing.TrimEnd('/') + "/history", async (
                Guid id, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
            {
                await see(id, caller, session, cancellation);

                return await session.History(streamOf?.Invoke(id) ?? id, page, cancellation);
            }).Describe("Who did what to it, when and why, oldest first");
    }

    extension(IQuerySession session)
    {
        /// <summary>A page of a stream's history, oldest first. Who may see it is for the caller to say.</summary>
        /// <param name="seen">Which of its events may be seen; all when left out. Versions then count what is seen, and tell of nothing
        /// else.</param>
        public async Task<Page<HistoryEntry>> History(
            Guid stream, PageRequest page, CancellationToken cancellation, Func<IEvent, bool>? seen = null)
        {
            var after = NumberCursor.Read(page.After);
            var events = session.Events.QueryAllRawEvents().Where(e => e.StreamId == stream).OrderBy(e => e.Version);
            var entries = seen is null
                ? (await events.Where(e => e.Version > after).Take(page.Limit + 1).ToListAsync(cancellation))
                    .Select(e => Entry(e, e.Version))
                : (await events.ToListAsync(cancellation)).Where(seen).Select((e, i) => Entry(e, i + 1))
                    .Where(entry => entry.Version > after).Take(page.Limit + 1);

            return page.Of([.. entries], entry => NumberCursor.Of(entry.Version));
        }
    }

    extension(IQuerySession session)
    {
        /// <summary>A page of what was done to any of several streams, in the order in which it was stored. Versions count it.</summary>
        public async Task<Page<HistoryEntry>> History(Guid[] streams, PageRequest page, CancellationToken cancellation)
        {
            var after = NumberCursor.Read(page.After);
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(streams)).OrderBy(e => e.Sequence)
                .Take((int)Math.Min(after + page.Limit + 1, int.MaxValue)).ToListAsync(cancellation);

            return page.Of([.. events.Select((e, i) => Entry(e, i + 1)).Where(entry => entry.Version > after)],
                entry => NumberCursor.Of(entry.Version));
        }
    }

    private static HistoryEntry Entry(IEvent e, long version) => new(
        version, e.Timestamp, By(e), e.EventTypeName.Replace('_', '-'),
        e.Actor?.Reason ?? Reasons.GetOrAdd(e.EventType, ReasonIn)(e.Data));

    // Older events name nobody but the person that some of them hold themselves.
    private static HistoryActor By(IEvent e) => (e.Actor, Persons.GetOrAdd(e.EventType, PersonIn)?.GetValue(e.Data)) switch
    {
        ({ } actor, _) => new(actor.Kind, actor.Id, actor.Name, actor.For),
        (_, Guid person) when person != Guid.Empty => new(ActorKind.Person, person, null, null),
        _ => new(ActorKind.Unknown, null, null, null),
    };

    private static PropertyInfo? PersonIn(Type type) => type.GetProperty("By") ?? type.GetProperty("EvaluatorId");

    // The command's own reason, in the event or in the one value that it is about.
    private static Func<object, string?> ReasonIn(Type type)
    {
        if (type.GetProperty("Reason") is { } own && own.PropertyType == typeof(string))
            return e => (string?)own.GetValue(e);

        return type.GetProperties().Select(member => (member, inner: member.PropertyType.GetProperty("Reason")))
            .FirstOrDefault(m => m.inner?.PropertyType == typeof(string)) is { inner: { } reason, member: var value }
            ? e => value.GetValue(e) is { } held ? (string?)reason.GetValue(held) : null
            : _ => null;
    }
}

/// <summary>Cursors are made of ids, also those of lists in the order of a number, such as the events of a stream.</summary>
public static class NumberCursor
{
    public static Guid Of(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        return new Guid(bytes, bigEndian: true);
    }

    public static long Read(Guid cursor) => BinaryPrimitives.ReadInt64BigEndian(cursor.ToByteArray(bigEndian: true).AsSpan(8));
}
