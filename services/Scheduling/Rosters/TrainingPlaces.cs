using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using Marten;

namespace CallCenter.Scheduling.Rosters;

// ---- Events

/// <summary>What became of a session in the published days of those who have a seat.</summary>
/// <param name="SessionVersion">Version of the session.</param>
/// <param name="Places">Each who has a seat; null as the rule where it stands in their day.</param>
public sealed record TrainingPlaced(
    Guid SessionId, Guid ProjectId, long SessionVersion, DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<SlotPerson> Places,
    DateTimeOffset At);

// ---- Commands

public sealed record PlaceTraining(TrainingSessionV1 Session, IReadOnlyList<SlotPerson> Places, DateTimeOffset Now);

// ---- State

/// <summary>In whose published days a training session stands.</summary>
public sealed record TrainingPlaces
{
    /// <summary>Of the session.</summary>
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public long SessionVersion { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public IReadOnlyList<SlotPerson> Places { get; init; } = [];

    public TrainingPlaces Evolve(object @event) => @event switch
    {
        TrainingPlaced e => this with
        {
            Id = e.SessionId, ProjectId = e.ProjectId, SessionVersion = e.SessionVersion, StartsAt = e.StartsAt, EndsAt = e.EndsAt,
            Places = e.Places,
        },
        _ => this,
    };

    public TrainingPlacesV1 ToFact(Guid id, long version) => new(id, version, ProjectId, SessionVersion, Places);

    /// <summary>Whether the session has changed since it was brought into days, or out of them.</summary>
    public bool IsBehind(TrainingSessionV1 session) => SessionVersion < session.Version;

    /// <summary>Whether a rule keeps it out of some day.</summary>
    public bool IsKeptOut => Places.Any(place => place.Rule is not null);
}

// ---- Decisions

public static class TrainingPlacesDecider
{
    public static object[] Decide(PlaceTraining command, TrainingPlaces state) =>
        command.Session.Version < state.SessionVersion
        || (command.Session.Version == state.SessionVersion && command.Places.SequenceEqual(state.Places))
            ? []
            :
            [
                new TrainingPlaced(command.Session.Id, command.Session.ProjectId, command.Session.Version, command.Session.StartsAt,
                    command.Session.EndsAt, command.Places, command.Now),
            ];
}

// ---- Queries

/// <summary>Somebody's seat in a session.</summary>
public sealed record EnrolledTraining(Guid AgentId, TrainingSessionV1 Training);

internal static class StandingTrainings
{
    extension(IQuerySession session)
    {
        /// <summary>Those of published days: neither cut by a shift as it is, nor kept out by a rule when they were last brought
        /// in.</summary>
        /// <param name="broughtIn">Is tried anew.</param>
        internal async Task<IReadOnlyList<EnrolledTraining>> ThatStand(
            IReadOnlyList<EnrolledTraining> trainings, Roster roster, Guid broughtIn, CancellationToken cancellation)
        {
            var whole = trainings.Where(known => !roster.Agents.GetValueOrDefault(known.AgentId, [])
                .Any(shift => shift.Meets(known.Training.StartsAt, known.Training.EndsAt)
                    && !shift.Holds(known.Training.StartsAt, known.Training.EndsAt))).ToList();
            return await session.NotKeptOut(whole, broughtIn, cancellation);
        }

        /// <inheritdoc cref="ThatStand"/>
        internal async Task<IReadOnlyList<EnrolledTraining>> NotKeptOut(
            IReadOnlyList<EnrolledTraining> trainings, Guid broughtIn, CancellationToken cancellation)
        {
            var others = trainings.Select(known => known.Training.Id).Where(id => id != broughtIn).Distinct().ToArray();
            var places = others.Length == 0 ? [] : await session.LoadManyAsync<TrainingPlaces>(cancellation, others);
            var keptOut = places.SelectMany(of => of.Places.Where(place => place.Rule is not null).Select(place => (place.AgentId, of.Id)))
                .ToHashSet();
            return [.. trainings.Where(known => !keptOut.Contains((known.AgentId, known.Training.Id)))];
        }
    }
}
