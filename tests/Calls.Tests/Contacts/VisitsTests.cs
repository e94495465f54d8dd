using CallCenter.Calls.Contacts;

namespace CallCenter.Calls.Tests.Contacts;

/// <summary>Which visit of a caller a report speaks of, where the source says nothing along with it that would tell.</summary>
public sealed class VisitsTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void an_end_that_is_known_is_news_of_its_visit_when_it_tells_what_the_source_never_says(bool isAnswered)
    {
        Call visit = Fold([.. isAnswered ? new object[] { Answered(20) } : [], Ended(60)]);
        var more = Ended(60) with { HoldUnknown = true, AfterContactUnknown = true };

        Of([visit], more).Should().Be(0);
        CallDecider.Decide(more, visit).Should().Equal(more);
        Of([visit.Evolve(more)], Ended(60)).Should().Be(0);
        CallDecider.Decide(Ended(60), visit.Evolve(more)).Should().Equal([Ended(60)], "the later word counts");
    }

    [Fact]
    public void what_is_told_of_a_later_visit_is_not_taken_for_a_copy_of_what_is_known_of_an_earlier_one()
    {
        var first = Fold(Offered(0), Answered(10), Ended(20), Worked(25));

        Of([first], Offered(60)).Should().Be(1);
        foreach (var report in new ICallReport[] { Answered(70), Ended(90), Worked(95) })
            Of([first, Fold(Offered(60))], report).Should().Be(1);
    }

    [Fact]
    public void an_end_is_of_the_visit_that_its_agent_answered_unless_the_caller_came_again_since()
    {
        var left = Fold(Offered(0), Answered(10));

        Of([left, Fold(Offered(60), Answered(70) with { AgentId = Project })], Ended(50)).Should().Be(0);
        Of([left, Fold(Offered(60))], Ended(90)).Should().Be(1);
    }

    private static int? Of(Call[] visits, ICallReport report) => Visits.Of(visits, report, TimeSpan.FromSeconds(2));

    private static Call Fold(params object[] events) => events.Aggregate(new Call(), (state, e) => state.Evolve(e));

    private static CallOffered Offered(int at) => new(
        Project, "switch", "a", Nine.AddSeconds(at), "billing", "inbound", "voice", CustomerId: null, LinkedCallId: null);

    private static CallAnswered Answered(int at) => new(Project, "switch", "a", Nine.AddSeconds(at), Agent);

    private static CallEnded Ended(int at) => new(Project, "switch", "a", Nine.AddSeconds(at), AgentId: Agent);

    private static AfterContactWorkEnded Worked(int at) => new(Project, "switch", "a", Nine.AddSeconds(at));
}
