using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Training.Sessions;

/// <summary>When a person, or a room, is taken by training: nobody sits in two sessions at once, whichever streams they are in.</summary>
/// <param name="Id">The employee, or an id derived from project and room.</param>
public sealed record ResourceCalendar(Guid Id, IReadOnlyList<Booking> Bookings)
{
    /// <summary>Books the session's time, in place of what it had before.</summary>
    /// <param name="refusal">Code of the refusal when another session has some of that time.</param>
    public ResourceCalendar Book(Booking wanted, string refusal)
    {
        if (Bookings.FirstOrDefault(b => b.SessionId != wanted.SessionId && b.Overlaps(wanted)) is { } taken)
            throw new RefusedException(refusal, $"Taken from {taken.From:u} to {taken.To:u} by session {taken.SessionId}.");

        return this with { Bookings = [.. Free(wanted.SessionId).Bookings, wanted] };
    }

    public ResourceCalendar Free(Guid sessionId) => this with { Bookings = [.. Bookings.Where(b => b.SessionId != sessionId)] };
}

public sealed record Booking(Guid SessionId, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Touching is not overlapping: one may end when the other starts.</summary>
    public bool Overlaps(Booking other) => From < other.To && other.From < To;
}

/// <summary>Who or what a session takes, and what is said when it is taken already.</summary>
internal sealed record Participant(Guid Id, string Refusal)
{
    public static Participant Learner(Guid employeeId) => new(employeeId, "overlap");

    public static IEnumerable<Participant> Of(Guid projectId, Plan plan) =>
    [
        new(plan.TrainerId, "trainer-busy"),
        new(NameId.Of("room", projectId, plan.Room.ToUpperInvariant()), "room-taken"), // as the version before knows it
        new(NameId.Of("room-key", projectId, Names.Key(plan.Room)), "room-taken"),
    ];

    public static IEnumerable<Participant> Of(TrainingSession session) =>
        Of(session.ProjectId, session.Plan).Concat(session.Enrolments.Select(e => Learner(e.EmployeeId)));
}

internal static class Timetables
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Gives the session's time back to those it took before and takes it from those it takes now. They are held until
        /// the transaction ends, so of two sessions wanting the same hour the second sees the first one's booking.
        /// </summary>
        public async Task Rebook(
            Guid sessionId, IEnumerable<Participant> before, IEnumerable<Participant> now, Plan plan, CancellationToken cancellation)
        {
            var participants = now.ToArray();
            var ids = before.Concat(participants).Select(t => t.Id).Distinct().ToArray();
            await session.Lock(ids, cancellation);

            var tables = (await session.LoadManyAsync<ResourceCalendar>(cancellation, ids)).ToDictionary(t => t.Id);
            var booking = new Booking(sessionId, plan.StartsAt, plan.EndsAt);

            foreach (var id in ids)
            {
                var table = tables.GetValueOrDefault(id) ?? new ResourceCalendar(id, []);
                var participant = participants.FirstOrDefault(t => t.Id == id);

                session.Store(participant is null ? table.Free(sessionId) : table.Book(booking, participant.Refusal));
            }
        }
    }
}
