using CallCenter.Rules;
using JasperFx;
using Marten;
using Marten.Exceptions;

namespace CallCenter.EventSourcing;

/// <summary>Load a stream, decide, append, save: one transaction.</summary>
public static class Deciding
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Decides on an existing stream. Fails with a <see cref="ConcurrencyException"/> when it is no longer at
        /// <paramref name="expectedVersion"/>, with a <see cref="StreamNotFoundException"/> when there is none.
        /// </summary>
        /// <returns>The stream's new version.</returns>
        public async Task<long> Decide<TState>(
            Guid id, long expectedVersion, Func<TState, object[]> decide, CancellationToken cancellation)
            where TState : class
        {
            var stream = await session.Events.FetchForWriting<TState>(id, cancellation);
            var state = stream.Aggregate ?? throw new StreamNotFoundException(id);
            var stale = stream.CurrentVersion != expectedVersion;

            // What the caller may not see is not found, whatever version they name: so the decision speaks first.
            // A rule that refuses speaks about a state the caller has not read yet, so there the version does.
            object[] events;
            try
            {
                events = decide(state);
            }
            catch (RefusedException) when (stale)
            {
                events = [];
            }

            if (stale)
                throw new StaleVersionException(expectedVersion, stream.CurrentVersion ?? 0);

            return await session.Append(stream, events, cancellation);
        }

        /// <summary>As above for those who have not seen a version: consumers and jobs.</summary>
        public async Task<long> Decide<TState>(Guid id, Func<TState, object[]> decide, CancellationToken cancellation)
            where TState : class
        {
            var stream = await session.Events.FetchForWriting<TState>(id, cancellation);

            return await session.Append(
                stream, decide(stream.Aggregate ?? throw new StreamNotFoundException(id)), cancellation);
        }

        /// <summary>
        /// As <c>Decide</c>, for the command that may be the stream's first. Two racing firsts end in an
        /// <see cref="ExistingStreamIdCollisionException"/> for one of them.
        /// </summary>
        public async Task<long> Start<TState>(Guid id, Func<TState, object[]> decide, CancellationToken cancellation)
            where TState : class, new()
        {
            var stream = await session.Events.FetchForWriting<TState>(id, cancellation);

            return await session.Append(stream, decide(stream.Aggregate ?? new TState()), cancellation);
        }

        /// <summary>As <c>Decide</c> on a version that the caller has seen; 0 where the stream was not there yet.</summary>
        public async Task<long> Start<TState>(
            Guid id, long expectedVersion, Func<TState, object[]> decide, CancellationToken cancellation)
            where TState : class, new()
        {
            var stream = await session.Events.FetchForWriting<TState>(id, cancellation);
            return (stream.CurrentVersion ?? 0) == expectedVersion
                ? await session.Append(stream, decide(stream.Aggregate ?? new TState()), cancellation)
                : throw new StaleVersionException(expectedVersion, stream.CurrentVersion ?? 0);
        }

        private async Task<long> Append<TState>(
            JasperFx.Events.IEventStream<TState> stream, object[] events, CancellationToken cancellation)
            where TState : class
        {
            // Documents stored beside the stream are saved even when nothing new was decided.
            stream.AppendMany(events);
            await session.SaveChangesAsync(cancellation);

            return (stream.StartingVersion ?? 0) + events.Length;
        }
    }
}

/// <summary>The caller decided on a version that is no longer the newest.</summary>
public sealed class StaleVersionException(long expected, long current)
    : ConcurrencyException($"Version {expected} is no longer the newest, {current} is.", typeof(object), expected)
{
    public long Current { get; } = current;
}
