using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Quartz;
using static CallCenter.Scheduling.Trainings.SlotAnswerDecider;

namespace CallCenter.Scheduling.Trainings;

// ---- Events

/// <param name="WantedId">Whose questions they are.</param>
/// <param name="QuestionId">Which of them.</param>
public sealed record SlotsAnswered(
    Guid WantedId, Guid ProjectId, Guid QuestionId, IReadOnlyList<TrainingSlot> Slots, DateTimeOffset At);

// ---- Commands

public sealed record AnswerSlots(TrainingSlotsWantedV1 Question, IReadOnlyList<TrainingSlot> Slots, DateTimeOffset Now);

// ---- State

/// <summary>What Training was answered last when it asked for times.</summary>
public sealed record SlotAnswer
{
    /// <summary>Whose questions they are.</summary>
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid QuestionId { get; init; }
    public IReadOnlyList<TrainingSlot> Slots { get; init; } = [];

    public SlotAnswer Evolve(object @event) => @event switch
    {
        SlotsAnswered e => this with { Id = e.WantedId, ProjectId = e.ProjectId, QuestionId = e.QuestionId, Slots = e.Slots },
        _ => this,
    };

    public TrainingSlotsV1 ToFact(Guid id, long version) => new(id, version, ProjectId, QuestionId, Slots);
}

// ---- Decisions

public static class SlotAnswerDecider
{
    /// <summary>A question is answered once: one that was asked again in between is a new one.</summary>
    public static object[] Decide(AnswerSlots command, SlotAnswer state) => command.Question.QuestionId == state.QuestionId
        ? []
        : [new SlotsAnswered(command.Question.Id, command.Question.ProjectId, command.Question.QuestionId, command.Slots, command.Now)];
}

/// <summary>Answers what Training asks: questions wait in the database, so that nobody's is lost whenever this service was away.</summary>
internal sealed class SlotAnswers(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "training-slots";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var asked = await query.Query<TrainingSlotsWantedV1>().Where(question => question.Open).ToListAsync(cancellationToken);
        var answered = (await query.LoadManyAsync<SlotAnswer>(cancellationToken, asked.Select(question => question.Id).ToArray()))
            .ToDictionary(answer => answer.Id, answer => answer.QuestionId);

        await fence.Each(Name, [.. asked.Where(question => question.QuestionId != answered.GetValueOrDefault(question.Id))],
            question => $"{question.Id}", Answer, cancellationToken);
    }

    private async Task Answer(TrainingSlotsWantedV1 question, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var slots = await session.TrainingSlots(
            new(question.ProjectId, question.AgentIds, question.Minutes, question.From, question.To, question.Times), clock.GetUtcNow(),
            cancellation);
        await session.Start<SlotAnswer>(
            question.Id, state => Decide(new AnswerSlots(question, slots, clock.GetUtcNow()), state), cancellation);
    }
}
