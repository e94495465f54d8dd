using CallCenter.Contracts.Training;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>A training that stands not in somebody's day of a roster, since the shift is so.</summary>
/// <param name="Rule">The rule that keeps it out.</param>
internal sealed record KeptOutTraining(EnrolledTraining Seat, string Rule)
{
    public const string Cut = "activity-cut", BreakInIt = "break-in-activity";

    /// <summary>Those that the shifts of a roster leave no room for as they are.</summary>
    public static IReadOnlyList<KeptOutTraining> Of(Roster roster, IEnumerable<EnrolledTraining> trainings) =>
    [
        .. from seat in trainings
           let times = (From: seat.Training.StartsAt, To: seat.Training.EndsAt)
           let shift = roster.ShiftAt(seat.AgentId, times.From, times.To)
           where shift is not null
           let breaks = shift.Breaks.Where(pause => pause.From < times.To && times.From < pause.To).ToList()
           let rule = !shift.Holds(times.From, times.To) ? Cut
               : breaks.Exists(pause => pause.Kind == LeaveFreeing.Kind) ? LeaveFreeing.Kind : breaks is [] ? null : BreakInIt
           where rule is not null
           select new KeptOutTraining(seat, rule),
    ];
}

internal static class KeepingOut
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Adds to the session that trainings do not stand in the days of a roster that is published: Training is told, and agent and
        /// schedulers where they did not know it yet. It is tried again, as whatever a rule keeps out.
        /// </summary>
        internal async Task KeepOut(
            Roster roster, IReadOnlyList<KeptOutTraining> keptOut, DateTimeOffset now, CancellationToken cancellation)
        {
            foreach (var of in keptOut.Where(kept => kept.Seat.Training is { Status: not "held" } training && training.StartsAt > now)
                .GroupBy(kept => kept.Seat.Training.Id))
            {
                var training = of.First().Seat.Training;
                var stream = await session.Events.FetchForWriting<TrainingPlaces>(training.Id, cancellation);
                var known = stream.Aggregate ?? new();
                var rules = of.ToDictionary(kept => kept.Seat.AgentId, kept => kept.Rule);
                foreach (var (agent, rule) in rules.Where(kept => !known.Places.Contains(new(kept.Key, kept.Value))))
                {
                    var date = roster.ShiftAt(agent, training.StartsAt, training.EndsAt)?.Date;
                    session.Tell(roster.ProjectId, agent, NoticeKind.TrainingKeptOut, $"/training-sessions/{training.Id}", date, now);
                    session.TellSchedulers(roster.ProjectId, NoticeKind.TrainingKeptOut, $"/training-sessions/{training.Id}", date, now);
                }

                // Otherwise the session is yet to be brought into days, and its rules are told then.
                if (training.ProjectId == roster.ProjectId && known.SessionVersion == training.Version)
                    stream.AppendMany(TrainingPlacesDecider.Decide(
                        new PlaceTraining(training, [.. known.Places.Select(place =>
                            rules.TryGetValue(place.AgentId, out var rule) ? place with { Rule = rule } : place)], now), known));
            }
        }
    }
}
