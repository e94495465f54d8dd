using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Courses;

namespace CallCenter.Training.Enrolments;

// ---- Values

/// <param name="NeedId">The training need, or need of a course, that a seat would answer.</param>
public sealed record Learner(Guid AgentId, Guid NeedId);

// ---- Events

/// <summary>Scheduling is asked when these people can be trained with the least harm.</summary>
/// <param name="Section">Empty where exams, certificates or learning paths ask for the course.</param>
/// <param name="QuestionId">By which the answer names it.</param>
/// <param name="CourseId">What would train them.</param>
/// <param name="From">First local day that is looked at.</param>
/// <param name="To">The last of them.</param>
/// <param name="Times">Planned sessions with seats left; any time where there is none.</param>
public sealed record SlotsAsked(
    Guid ProposalId, Guid ProjectId, string Section, Guid QuestionId, Guid CourseId, int Minutes, IReadOnlyList<Learner> Learners,
    DateOnly From,
    DateOnly To, IReadOnlyList<WantedTime> Times, DateTimeOffset At);

/// <param name="Slots">The least harmful first.</param>
public sealed record SlotsProposed(Guid QuestionId, IReadOnlyList<TrainingSlot> Slots, DateTimeOffset At);

/// <param name="By">Empty where the project's policy gave them.</param>
public sealed record SeatsGiven(Guid SessionId, IReadOnlyList<Learner> Learners, Guid By, DateTimeOffset At);

/// <summary>A rule kept somebody out of a session that was proposed for them.</summary>
/// <param name="Rule">Its code.</param>
public sealed record SeatRefused(Guid SessionId, Guid AgentId, string Rule, DateTimeOffset At);

/// <summary>The product planned no new session at a proposed time that the policy allows: a rule kept it from that.</summary>
/// <param name="Rule">Its code, such as <c>no-trainer-free</c> or <c>room-taken</c>.</param>
/// <param name="TrainersTold">Whether it was the last such time, and the trainers were asked.</param>
public sealed record SessionNotPlanned(DateTimeOffset StartsAt, string Rule, bool TrainersTold, DateTimeOffset At);

public sealed record ProposalDeclined(string Reason, Guid By, DateTimeOffset At);

/// <summary>Nobody is left who needs a seat.</summary>
public sealed record ProposalSettled(DateTimeOffset At);

// ---- Commands

/// <param name="Course">Null where no course trains the section.</param>
/// <param name="Learners">Who needs training and has no seat.</param>
public sealed record AskSlots(
    Guid ProposalId, Guid QuestionId, Guid ProjectId, string Section, Course? Course, IReadOnlyList<Learner> Learners, DateOnly From,
    DateOnly To,
    IReadOnlyList<WantedTime> Times, DateTimeOffset Now);

public sealed record ProposeSlots(TrainingSlotsV1 Answer, DateTimeOffset Now);

public sealed record TakeSeats(Guid SessionId, IReadOnlyList<Learner> Learners, Guid By, DateTimeOffset Now);

public sealed record RefuseSeat(Guid SessionId, Guid AgentId, string Rule, DateTimeOffset Now);

public sealed record RefuseSession(DateTimeOffset StartsAt, string Rule, EnrolmentPolicy Policy, DateTimeOffset Now);

public sealed record DeclineProposal(string Reason, Guid By, DateTimeOffset Now);

// ---- State

public enum EnrolmentStatus { Settled, Asked, Proposed, Declined }

/// <summary>Who of a project is to be trained in a section, or to attend a course, and when that harms the roster least: one for each,
/// round after round.</summary>
public sealed record EnrolmentProposal
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Code of the section; empty where exams, certificates or learning paths ask for the course.</summary>
    public string Section { get; init; } = "";
    public EnrolmentStatus Status { get; init; }

    /// <summary>What was asked last.</summary>
    public Guid QuestionId { get; init; }
    public Guid CourseId { get; init; }

    /// <summary>How long the training takes.</summary>
    public int Minutes { get; init; }

    /// <summary>Who needs training and has no seat.</summary>
    public IReadOnlyList<Learner> Learners { get; init; } = [];
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }

    /// <summary>Planned sessions with seats left when it was asked; any time is looked at where there is none.</summary>
    public IReadOnlyList<WantedTime> Times { get; init; } = [];

    /// <summary>Empty until there is an answer, and where no published roster has the days.</summary>
    public IReadOnlyList<TrainingSlot> Slots { get; init; } = [];

    /// <summary>Of the needs for which slots were proposed last: of these the trainer was told.</summary>
    public IReadOnlyList<Guid> ToldNeeds { get; init; } = [];

    /// <summary>Whom a rule kept out of which session in this round.</summary>
    public IReadOnlyList<SeatRefused> Refused { get; init; } = [];

    /// <summary>At which proposed times by which rule no new session was planned in this round.</summary>
    public IReadOnlyList<SessionNotPlanned> NotPlanned { get; init; } = [];

    /// <summary>Of the needs for which no session could be planned last: of these the trainers were asked.</summary>
    public IReadOnlyList<Guid> AskedNeeds { get; init; } = [];

    public static Guid IdOf(Guid projectId, string section) => NameId.Of("enrolment-proposal", projectId, section);

    /// <summary>Of a course that exams, certificates or learning paths ask for.</summary>
    public static Guid IdOf(Guid projectId, Guid courseId) => NameId.Of("enrolment-proposal-of-course", projectId, courseId);

    public EnrolmentProposal Evolve(object @event) => @event switch
    {
        SlotsAsked e => this with
        {
            Id = e.ProposalId, ProjectId = e.ProjectId, Section = e.Section, Status = EnrolmentStatus.Asked, QuestionId = e.QuestionId,
            CourseId = e.CourseId, Minutes = e.Minutes, Learners = e.Learners, From = e.From, To = e.To, Times = e.Times, Slots = [],
            Refused = [], NotPlanned = [],
        },
        SlotsProposed e => this with
        {
            Status = EnrolmentStatus.Proposed, Slots = e.Slots, ToldNeeds = [.. Learners.Select(learner => learner.NeedId)],
        },
        SeatsGiven e => this with { Learners = [.. Learners.Except(e.Learners)] },
        SeatRefused e => this with { Refused = [.. Refused, e] },
        SessionNotPlanned e => this with
        {
            NotPlanned = [.. NotPlanned, e],
            AskedNeeds = e.TrainersTold ? [.. Learners.Select(learner => learner.NeedId)] : AskedNeeds,
        },
        ProposalDeclined _ => this with { Status = EnrolmentStatus.Declined, ToldNeeds = [.. Learners.Select(learner => learner.NeedId)] },
        ProposalSettled _ => this with { Status = EnrolmentStatus.Settled, Learners = [], Slots = [] },
        _ => this,
    };

    public TrainingSlotsWantedV1 ToFact(Guid id, long version) => new(
        id, version, ProjectId, [.. Learners.Select(learner => learner.AgentId)], Minutes, From, To, Times,
            Status is EnrolmentStatus.Asked, QuestionId);

    /// <summary>Who may have a seat in a slot by what was answered.</summary>
    public IReadOnlyList<Learner> Able(TrainingSlot slot) =>
        [.. Learners.Where(learner => slot.People.Any(p => p.AgentId == learner.AgentId && p.Rule is null)
            && !Refused.Any(refused => refused.AgentId == learner.AgentId && refused.SessionId == slot.SessionId))];

    /// <summary>The slots in which the product itself gives seats: those that lose no more than is allowed, as far as that is known, in
    /// planned sessions, and in new ones where the policy says what these have and no rule was found in the way.</summary>
    public IEnumerable<TrainingSlot> GivenBy(EnrolmentPolicy policy) => policy.Automatic && Status is EnrolmentStatus.Proposed
        ? Slots.Where(slot => slot is { ServiceLevelBefore: { } before, ServiceLevelAfter: { } after }
            && (decimal)Math.Round(before - after, 4) <= policy.MostLost
            && (slot.SessionId is not null || (policy.NewSessions is not null && NotPlanned.All(not => not.StartsAt != slot.StartsAt))))
        : [];
}

// ---- Decisions

public static class EnrolmentProposalDecider
{
    public static object[] Decide(AskSlots command, EnrolmentProposal state)
    {
        if (command is not { Learners.Count: > 0, Course: { } course })
            return state.Status is EnrolmentStatus.Asked or EnrolmentStatus.Proposed ? [new ProposalSettled(command.Now)] : [];

        var same = state.CourseId == course.Id && state.Minutes == course.Minutes && (state.From, state.To) == (command.From, command.To)
            && state.Learners.SequenceEqual(command.Learners) && state.Times.SequenceEqual(command.Times);
        var declined = state.Status is EnrolmentStatus.Declined
            && command.Learners.All(learner => state.ToldNeeds.Contains(learner.NeedId));

        return declined || (same && state.Status is EnrolmentStatus.Asked or EnrolmentStatus.Proposed)
            ? []
            :
            [
                new SlotsAsked(command.ProposalId, command.ProjectId, command.Section, command.QuestionId, course.Id, course.Minutes,
                    command.Learners, command.From, command.To, command.Times, command.Now),
            ];
    }

    /// <summary>An answer to an earlier question says nothing of this one.</summary>
    public static object[] Decide(ProposeSlots command, EnrolmentProposal state) =>
        state.Status is EnrolmentStatus.Asked && command.Answer.QuestionId == state.QuestionId
            ? [new SlotsProposed(state.QuestionId, command.Answer.Slots, command.Now)]
            : [];

    public static object[] Decide(TakeSeats command, EnrolmentProposal state)
    {
        EnsureProposed(state);

        return [new SeatsGiven(command.SessionId, command.Learners, command.By, command.Now)];
    }

    public static object[] Decide(RefuseSeat command, EnrolmentProposal state) =>
        [new SeatRefused(command.SessionId, command.AgentId, command.Rule, command.Now)];

    /// <summary>The trainers are asked once for the same needs, when no time is left at which the product could plan a session.</summary>
    public static object[] Decide(RefuseSession command, EnrolmentProposal state)
    {
        EnsureProposed(state);
        var refused = new SessionNotPlanned(command.StartsAt, command.Rule, TrainersTold: false, command.Now);
        var left = state.Evolve(refused).GivenBy(command.Policy).Any(slot => state.Able(slot).Count > 0);

        return [refused with { TrainersTold = !left && state.Learners.Any(learner => !state.AskedNeeds.Contains(learner.NeedId)) }];
    }

    public static object[] Decide(DeclineProposal command, EnrolmentProposal state)
    {
        if (state.Status is EnrolmentStatus.Declined)
            return [];

        EnsureProposed(state);
        return [new ProposalDeclined(command.Reason, command.By, command.Now)];
    }

    private static void EnsureProposed(EnrolmentProposal state)
    {
        if (state.Status is not EnrolmentStatus.Proposed)
            throw new RefusedException("not-proposed", "Nothing is proposed now: it is asked for, settled or declined.");
    }
}
