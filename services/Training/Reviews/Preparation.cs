using CallCenter.Contracts.Scheduling;
using CallCenter.Rules;
using CallCenter.Training.Resources;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using Marten;

namespace CallCenter.Training.Reviews;

/// <summary>What a planned session still lacks.</summary>
/// <param name="Equipment">What is booked for it.</param>
/// <param name="Lacks">Nothing once it is ready.</param>
public sealed record Preparation(Guid SessionId, IReadOnlyList<BookedEquipment> Equipment, IReadOnlyList<Lack> Lacks)
{
    /// <param name="resources">Of the project.</param>
    /// <param name="left">Pieces left for it by resource, at its time.</param>
    /// <param name="places">What Scheduling said of its seats; null while it said nothing.</param>
    internal static Preparation Of(
        TrainingSession training, LessonPlan? plan, SessionEquipment equipment, IReadOnlyList<TrainingResource> resources,
        IReadOnlyDictionary<Guid, int> left, TrainingPlacesV1? places)
    {
        var lacks = new List<Lack>();
        if (plan is null)
            lacks.Add(new("no-lesson-plan", null));

        var rooms = resources.Where(r => r.Kind is ResourceKind.Room && !r.Withdrawn).ToList();
        if (rooms.Find(r => Names.Key(r.Name) == Names.Key(training.Plan.Room)) is { } room)
        {
            if (room.Count < training.Plan.Seats)
                lacks.Add(new("room-too-small", $"{room.Name}: {room.Count}"));
        }
        else if (rooms.Count > 0)
            lacks.Add(new("room-unknown", training.Plan.Room));

        var booked = equipment.Items.Select(item => item.ResourceId).ToHashSet();
        lacks.AddRange((plan?.Equipment ?? [])
            .Where(name => !resources.Any(r => booked.Contains(r.Id) && Names.Key(r.Name) == Names.Key(name)))
            .Select(name => new Lack("equipment-not-booked", name)));
        lacks.AddRange(equipment.Items.Where(item => item.Count > left.GetValueOrDefault(item.ResourceId)).Select(item =>
            new Lack("equipment-taken", $"{resources.FirstOrDefault(r => r.Id == item.ResourceId)?.Name}: "
                + $"{Math.Max(0, left.GetValueOrDefault(item.ResourceId))}")));
        if (training.Enrolments.Count == 0)
            lacks.Add(new("nobody-enrolled", null));
        lacks.AddRange((places?.Places ?? []).Where(place => place.Rule is not null && training.IsEnrolled(place.AgentId))
            .Select(place => new Lack("not-in-roster", $"{place.AgentId}: {place.Rule}")));

        return new(training.Id, equipment.Items, lacks);
    }
}

/// <param name="Code">no-lesson-plan, room-unknown, room-too-small, equipment-not-booked, equipment-taken, nobody-enrolled or
/// not-in-roster.</param>
/// <param name="Detail">Which it is: a name with what there is, a person with the rule of the roster; null where the code says all.</param>
public sealed record Lack(string Code, string? Detail);

internal static class PreparationEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPreparations() => routes.MapGroup("/training-sessions/{id:guid}").WithTags("Training sessions")
            .MapGet("/preparation", Get).Describe(
                "What a planned session still lacks: lesson plan, room, equipment, people, and who cannot come by which rule of the roster");
    }

    private static async Task<Preparation> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var training = caller.MustSee(await session.LoadAsync<TrainingSession>(id, cancellation), SessionViewEndpoints.Visible);
        var review = await session.LoadAsync<SessionReview>(SessionReview.IdOf(id), cancellation);
        var equipment = await session.LoadAsync<SessionEquipment>(SessionEquipment.IdOf(id), cancellation) ?? new();
        var resources = await session.Query<TrainingResource>().Where(r => r.ProjectId == training.ProjectId).ToListAsync(cancellation);
        var left = await session.PiecesLeft(id, training.Plan,
            [.. resources.Where(r => equipment.Items.Any(item => item.ResourceId == r.Id))], cancellation);
        var places = await session.LoadAsync<TrainingPlacesV1>(id, cancellation);

        return Preparation.Of(training, review?.Plan, equipment, resources, left, places);
    }
}
