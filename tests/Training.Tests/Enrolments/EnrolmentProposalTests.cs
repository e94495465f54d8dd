using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.Training.Courses;
using CallCenter.Training.Enrolments;
using static CallCenter.Training.Enrolments.EnrolmentProposalDecider;

namespace CallCenter.Training.Tests.Enrolments;

public sealed class EnrolmentProposalTests
{
    private static readonly DateTimeOffset Nine = TrainingApi.Nine;
    private static readonly DateOnly Day = new(2026, 3, 9);
    private static readonly Learner Ann = new(Guid.CreateVersion7(), Guid.CreateVersion7()),
        Bob = new(Guid.CreateVersion7(), Guid.CreateVersion7());
    private static readonly Course Course = new() { Id = Guid.CreateVersion7(), Minutes = 60, Sections = ["closing"] };

    [Fact]
    public void the_same_is_asked_once_and_another_day_person_or_session_is_asked_anew()
    {
        var asked = After(new(), Decide(Ask([Ann]), new()));

        Decide(Ask([Ann]), asked).Should().BeEmpty();
        Decide(Ask([Ann, Bob]), asked).Should().ContainSingle().Which.Should().BeOfType<SlotsAsked>();
        Decide(Ask([Ann]) with { From = Day.AddDays(1) }, asked).Should().ContainSingle();
        Decide(Ask([Ann]) with { Times = [new(Guid.CreateVersion7(), Nine, Nine.AddHours(1))] }, asked).Should().ContainSingle();
        Decide(Ask([]), asked).Should().ContainSingle().Which.Should().BeOfType<ProposalSettled>();
        Decide(Ask([]), new()).Should().BeEmpty();
        Decide(Ask([Ann]) with { Course = null }, new()).Should().BeEmpty("no course trains it");
    }

    [Fact]
    public void an_answer_counts_once_and_only_to_the_question_that_was_asked_last()
    {
        var first = Decide(Ask([Ann]), new());
        var asked = After(new(), first);
        var again = After(asked, Decide(Ask([Ann, Bob]), asked));
        var late = Answer(asked.QuestionId, Slot(0.8, 0.8));

        Decide(new ProposeSlots(late, Nine), again).Should().BeEmpty("it answers what nobody asks any more");
        var proposed = After(asked, Decide(new ProposeSlots(late, Nine), asked));
        proposed.Status.Should().Be(EnrolmentStatus.Proposed);
        Decide(new ProposeSlots(late, Nine), proposed).Should().BeEmpty("it came before");
    }

    [Theory]
    [InlineData(0.8, 0.78, true, true)]
    [InlineData(0.8, 0.7799, true, false)]
    [InlineData(0.8, 0.8, false, false)]
    [InlineData(null, null, true, false)]
    public void a_seat_is_given_by_policy_where_no_more_is_lost_than_allowed_and_that_is_known(
        double? before, double? after, bool automatic, bool given)
    {
        var asked = After(new(), Decide(Ask([Ann]), new()));
        var proposed = After(asked, Decide(new ProposeSlots(Answer(asked.QuestionId, Slot(before, after)), Nine), asked));

        proposed.GivenBy(new(automatic, MostLost: 0.02m)).Any().Should().Be(given);
    }

    [Fact]
    public void whom_a_rule_keeps_and_whom_a_session_refused_is_not_able()
    {
        var asked = After(new(), Decide(Ask([Ann, Bob]), new()));
        var slot = Slot(0.8, 0.8) with { People = [new(Ann.AgentId, null), new(Bob.AgentId, "leave")] };

        asked.Able(slot).Should().Equal(Ann);
        After(asked, Decide(new RefuseSeat(slot.SessionId!.Value, Ann.AgentId, "overlap", Nine), asked)).Able(slot).Should().BeEmpty();
    }

    [Fact]
    public void a_new_session_is_the_products_to_plan_where_the_policy_says_what_it_has_until_a_rule_is_in_the_way()
    {
        var policy = new EnrolmentPolicy(Automatic: true, NewSessions: new("Room 3", 4));
        var asked = After(new(), Decide(Ask([Ann]), new()));
        var first = Slot(0.8, 0.8) with { SessionId = null };
        var second = first with { StartsAt = Nine.AddHours(3) };
        var proposed = After(asked, Decide(new ProposeSlots(Answer(asked.QuestionId, first, second), Nine), asked));

        proposed.GivenBy(policy with { NewSessions = null }).Should().BeEmpty("who trains is the trainers' to say");
        proposed.GivenBy(policy with { Automatic = false }).Should().BeEmpty();
        proposed.GivenBy(policy).Should().Equal(first, second);
        var busy = After(proposed, Decide(new RefuseSession(first.StartsAt, "no-trainer-free", policy, Nine), proposed));
        busy.GivenBy(policy).Should().Equal(second);
        busy.NotPlanned.Should().Equal(new SessionNotPlanned(first.StartsAt, "no-trainer-free", TrainersTold: false, Nine));
        var none = After(busy, Decide(new RefuseSession(second.StartsAt, "room-taken", policy, Nine), busy));
        none.NotPlanned[1].TrainersTold.Should().BeTrue("no time is left");
        none.AskedNeeds.Should().Equal(Ann.NeedId);

        var again = After(none, Decide(Ask([Ann]) with { From = Day.AddDays(1) }, none));
        again.NotPlanned.Should().BeEmpty("another day, another round");
        again = After(again, Decide(new ProposeSlots(Answer(again.QuestionId, first), Nine), again));
        ((SessionNotPlanned)Decide(new RefuseSession(first.StartsAt, "room-taken", policy, Nine), again).Single()).TrainersTold.Should().BeFalse(
            "they were asked for the same needs before");
    }

    private static AskSlots Ask(IReadOnlyList<Learner> learners) => new(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(),
        "closing", Course, learners, Day, Day.AddDays(20), [], Nine);

    private static TrainingSlotsV1 Answer(Guid question, params TrainingSlot[] slots) =>
        new(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), question, slots);

    private static TrainingSlot Slot(double? before, double? after) =>
        new(Nine, Nine.AddHours(1), Guid.CreateVersion7(), 3, before, after, [new(Ann.AgentId, null)]);

    private static EnrolmentProposal After(EnrolmentProposal state, object[] events) => events.Aggregate(state, (so, e) => so.Evolve(e));
}
