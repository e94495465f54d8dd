using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Resources;
using Marten;

namespace CallCenter.Training.Sessions;

// ---- Values

/// <param name="ResourceId">The kind of equipment.</param>
/// <param name="Count">How many pieces.</param>
public sealed record BookedEquipment(Guid ResourceId, int Count);

// ---- Events

/// <param name="Items">All that the session has from now on.</param>
public sealed record EquipmentBooked(
    Guid BookingId, Guid SessionId, Guid ProjectId, ImmutableArray<BookedEquipment> Items, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record BookEquipment(TrainingSession Session, ImmutableArray<BookedEquipment> Items, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>The equipment that a session has booked.</summary>
public sealed record SessionEquipment
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid SessionId { get; init; }
    public Guid ProjectId { get; init; }
    public ImmutableArray<BookedEquipment> Items { get; init; } = [];

    public static Guid IdOf(Guid sessionId) => NameId.Of("session-equipment", sessionId);

    public SessionEquipment Evolve(object @event) => @event switch
    {
        EquipmentBooked e => this with { Id = e.BookingId, SessionId = e.SessionId, ProjectId = e.ProjectId, Items = e.Items },
        _ => this,
    };
}

// ---- Decisions

public static class SessionEquipmentDecider
{
    public static object[] Decide(BookEquipment command, SessionEquipment state)
    {
        if (command.Session.Status is not SessionStatus.Planned)
            throw new RefusedException(
                command.Session.Status is SessionStatus.Held ? "session-held" : "session-cancelled", "The session is no longer planned.");

        return command.Items.SequenceEqual(state.Items)
            ? []
            :
            [
                new EquipmentBooked(SessionEquipment.IdOf(command.Session.Id), command.Session.Id, command.Session.ProjectId, command.Items,
                    command.By, command.Now),
            ];
    }
}

/// <summary>
/// Which sessions have booked how many pieces. When they are is read from the sessions: one that was moved or cancelled, by whichever
/// version of the service, takes its equipment along or gives it back by itself.
/// </summary>
/// <param name="Id">Of the resource.</param>
public sealed record EquipmentCalendar(Guid Id, IReadOnlyList<EquipmentUse> Uses);

public sealed record EquipmentUse(Guid SessionId, int Count);

internal static class Equipment
{
    /// <summary>The most pieces that others have at a time of a plan.</summary>
    /// <param name="uses">Of other sessions that are planned, with their times.</param>
    public static int MostUsed(Plan plan, IEnumerable<(Plan Plan, int Count)> uses)
    {
        var then = uses.Where(use => use.Plan.StartsAt < plan.EndsAt && plan.StartsAt < use.Plan.EndsAt).ToList();
        return then.Select(use => use.Plan.StartsAt < plan.StartsAt ? plan.StartsAt : use.Plan.StartsAt).Distinct()
            .Select(at => then.Where(use => use.Plan.StartsAt <= at && at < use.Plan.EndsAt).Sum(use => use.Count)).DefaultIfEmpty().Max();
    }

    extension(IQuerySession session)
    {
        /// <summary>Each is equipment that the project has, named once.</summary>
        public async Task RequireEquipment(
            string pointer, Guid projectId, IReadOnlyList<BookedEquipment> items, CancellationToken cancellation)
        {
            var known = (await session.LoadManyAsync<TrainingResource>(cancellation, items.Select(item => item.ResourceId).ToArray()))
                .Where(r => r.ProjectId == projectId && r.Kind is ResourceKind.Equipment && !r.Withdrawn).Select(r => r.Id).ToHashSet();
            foreach (var (i, item) in items.Index())
            {
                if (!known.Contains(item.ResourceId))
                    throw new InvalidException($"{pointer}/{i}/resourceId", "unknown-resource", "The project has no such equipment.");
                if (items.Take(i).Any(other => other.ResourceId == item.ResourceId))
                    throw new InvalidException($"{pointer}/{i}/resourceId", "resource-twice", "Equipment is named once, with its pieces.");
            }
        }

        /// <summary>Pieces that are left for a session at the time of a plan, by resource.</summary>
        public async Task<IReadOnlyDictionary<Guid, int>> PiecesLeft(
            Guid sessionId, Plan plan, IReadOnlyList<TrainingResource> resources, CancellationToken cancellation)
        {
            var calendars = await session.LoadManyAsync<EquipmentCalendar>(cancellation, resources.Select(r => r.Id).ToArray());
            var others = (await session.LoadManyAsync<TrainingSession>(cancellation,
                    calendars.SelectMany(c => c.Uses).Select(use => use.SessionId).Where(id => id != sessionId).Distinct().ToArray()))
                .Where(other => other.Status is SessionStatus.Planned).ToDictionary(other => other.Id, other => other.Plan);

            return resources.ToDictionary(r => r.Id, r => (r.Withdrawn ? 0 : r.Count) - MostUsed(plan,
                (calendars.FirstOrDefault(c => c.Id == r.Id)?.Uses ?? []).Where(use => others.ContainsKey(use.SessionId))
                    .Select(use => (others[use.SessionId], use.Count))));
        }
    }

    extension(IDocumentSession session)
    {
        /// <summary>Books the pieces for the time of a plan; whoever else wants one waits until the transaction ends.</summary>
        /// <exception cref="RefusedException"><c>equipment-taken</c>, by its name.</exception>
        public async Task Hold(
            Guid sessionId, Plan plan, IReadOnlyList<BookedEquipment> before, IReadOnlyList<BookedEquipment> items,
            CancellationToken cancellation)
        {
            var ids = before.Concat(items).Select(item => item.ResourceId).Distinct().ToArray();
            if (ids.Length == 0)
                return;
            await session.Lock(ids, cancellation);
            var resources = await session.LoadManyAsync<TrainingResource>(cancellation, ids);
            var left = await session.PiecesLeft(sessionId, plan, [.. resources], cancellation);
            foreach (var item in items)
                if (item.Count > left.GetValueOrDefault(item.ResourceId))
                    throw new RefusedException("equipment-taken",
                        $"{resources.First(r => r.Id == item.ResourceId).Name}: {Math.Max(0, left.GetValueOrDefault(item.ResourceId))} of "
                            + $"{resources.First(r => r.Id == item.ResourceId).Count} are free then, {item.Count} are wanted.");

            var calendars = (await session.LoadManyAsync<EquipmentCalendar>(cancellation, ids)).ToDictionary(c => c.Id);
            // What was held or cancelled needs nothing any more: the calendar does not grow by it.
            var planned = (await session.LoadManyAsync<TrainingSession>(cancellation,
                    calendars.Values.SelectMany(c => c.Uses).Select(use => use.SessionId).Distinct().ToArray()))
                .Where(other => other.Status is SessionStatus.Planned).Select(other => other.Id).ToHashSet();
            foreach (var id in ids)
            {
                var uses = (calendars.GetValueOrDefault(id)?.Uses ?? [])
                    .Where(use => use.SessionId != sessionId && planned.Contains(use.SessionId));
                session.Store(new EquipmentCalendar(id,
                    [.. uses, .. items.Where(item => item.ResourceId == id).Select(item => new EquipmentUse(sessionId, item.Count))]));
            }
        }

        /// <summary>The room as it is on record has the seats; of a room that is not there is nothing to say.</summary>
        /// <exception cref="RefusedException"><c>room-too-small</c></exception>
        public async Task MustFit(Guid projectId, Plan plan, CancellationToken cancellation)
        {
            var room = await session.LoadAsync<TrainingResource>(TrainingResource.IdOf(projectId, ResourceKind.Room, plan.Room),
                cancellation);
            if (room is { Withdrawn: false } && plan.Seats > room.Count)
                throw new RefusedException("room-too-small", $"{room.Name} has {room.Count} seats.");
        }
    }
}
