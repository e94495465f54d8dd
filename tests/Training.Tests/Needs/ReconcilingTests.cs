using CallCenter.Contracts.Quality;
using CallCenter.Training.Needs;
using FsCheck.Xunit;

namespace CallCenter.Training.Tests.Needs;

public class ReconcilingTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid[] Evaluations = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>One version of an evaluation: which one, and what it says of two sections.</summary>
    public sealed record Said(byte Evaluation, byte Day, bool IsDraft, bool? Greeting, bool? Closing);

    [Property(MaxTest = 500)]
    public void the_needs_do_not_depend_on_the_order_of_arrival_nor_on_repetition(Said[] said, int seed)
    {
        var facts = Facts(said);
        var (inOrder, anyhow) = (new Desk(), new Desk());
        var random = new Random(seed);
        EvaluationV1[] deliveries = [.. facts, .. facts.Where(_ => random.Next(3) == 0)];
        random.Shuffle(deliveries);

        foreach (var fact in facts)
            inOrder.Deliver(fact);
        while (deliveries.Length > 0)
        {
            var batch = random.Next(1, 4);
            anyhow.Deliver([.. deliveries.Take(batch)]);
            deliveries = [.. deliveries.Skip(batch)];
        }

        anyhow.Standing.Should().BeEquivalentTo(inOrder.Standing);
        anyhow.Standing.Where(n => n.Status is NeedStatus.Open).Select(n => n.Section).Should().OnlyHaveUniqueItems();
    }

    [Property(MaxTest = 200)]
    public void what_is_known_already_changes_nothing(Said[] said)
    {
        var facts = Facts(said);
        var desk = new Desk();
        foreach (var fact in facts)
            desk.Deliver(fact);

        facts.Sum(fact => desk.Deliver(fact)).Should().Be(0);
    }

    [Fact]
    public void a_failed_section_opens_a_need_and_a_later_pass_closes_it()
    {
        var desk = new Desk();

        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false, closing: true));
        desk.Deliver(Fact(1, version: 2, day: 3, greeting: true, closing: true));

        desk.Standing.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            AgentId = Agent, ProjectId = Project, Section = "greeting", Status = NeedStatus.Closed, EvaluationId = Evaluations[0],
            OpenedAt = Monday.AddDays(1), ClosedById = Evaluations[1], ClosedAt = Monday.AddDays(3),
        });
    }

    [Fact]
    public void a_second_failure_opens_no_second_need()
    {
        var desk = new Desk();

        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false), Fact(1, version: 2, day: 2, greeting: false));

        desk.Standing.Should().ContainSingle().Which.EvaluationId.Should().Be(Evaluations[0]);
    }

    [Fact]
    public void an_old_failure_does_not_reopen_what_is_closed()
    {
        var desk = new Desk();
        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false), Fact(1, version: 2, day: 3, greeting: true));

        desk.Deliver(Fact(2, version: 2, day: 2, greeting: false)).Should().Be(0);
    }

    [Fact]
    public void a_pass_that_came_first_closes_the_need_of_an_earlier_failure()
    {
        var desk = new Desk();
        desk.Deliver(Fact(1, version: 2, day: 3, greeting: true));

        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false));

        desk.Standing.Should().ContainSingle().Which.ClosedAt.Should().Be(Monday.AddDays(3));
    }

    [Fact]
    public void a_pass_of_the_same_instant_is_not_later()
    {
        var desk = new Desk();

        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false), Fact(1, version: 2, day: 1, greeting: true));

        desk.Standing.Should().ContainSingle().Which.Status.Should().Be(NeedStatus.Open);
    }

    [Fact]
    public void a_dispute_resolved_into_a_pass_withdraws_the_need()
    {
        var desk = new Desk();
        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false));

        desk.Deliver(Fact(0, version: 4, day: 1, greeting: true, status: "resolved"));

        desk.Standing.Should().BeEmpty();
        desk.Needs.Single().Status.Should().Be(NeedStatus.Withdrawn);
        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false)).Should().Be(0, "the failure is an old version");
    }

    [Fact]
    public void a_pass_taken_back_reopens_the_need()
    {
        var desk = new Desk();
        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false), Fact(1, version: 2, day: 2, greeting: true));

        desk.Deliver(Fact(1, version: 4, day: 2, greeting: false, status: "resolved"));

        desk.Standing.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Status = NeedStatus.Open, EvaluationId = Evaluations[0], ClosedAt = (DateTimeOffset?)null });
    }

    [Fact]
    public void an_earlier_failure_that_turns_up_late_takes_over_the_need_and_its_sessions()
    {
        var desk = new Desk();
        var session = Guid.CreateVersion7();
        desk.Deliver(Fact(1, version: 2, day: 2, greeting: false));
        desk.Apply(desk.Needs.Single().Id, new SessionLinked(session));

        desk.Deliver(Fact(0, version: 2, day: 1, greeting: false));

        desk.Standing.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { EvaluationId = Evaluations[0], OpenedAt = Monday.AddDays(1), SessionIds = new[] { session } });
    }

    [Fact]
    public void a_draft_says_nothing_yet()
    {
        var desk = new Desk();

        desk.Deliver(Fact(0, version: 1, day: 1, greeting: false, status: "draft")).Should().Be(0);
    }

    // The n-th thing said of an evaluation is its n-th version; when it was submitted does not change any more.
    private static EvaluationV1[] Facts(Said[] said) =>
    [
        .. said.GroupBy(s => s.Evaluation % Evaluations.Length).SelectMany(versions => versions.Select((s, i) =>
            Fact(versions.Key, i + 1, versions.First().Day % 4, s.Greeting, s.Closing, s.IsDraft ? "draft" : "submitted"))),
    ];

    private static EvaluationV1 Fact(
        int evaluation, long version, int day, bool? greeting, bool? closing = null, string status = "submitted") => new(
        Evaluations[evaluation], version, Project, Guid.Empty, Agent, Guid.Empty, Guid.Empty, 1, status, null, null, false,
        [new("greeting", "Greeting", null, greeting), new("closing", "Closing", null, closing)], Monday,
        status == "draft" ? null : Monday.AddDays(day));

    /// <summary>The consumer without its database: remembers assessments and folds the needs' events.</summary>
    private sealed class Desk
    {
        private readonly Dictionary<Guid, Assessment> known = [];
        private readonly Dictionary<Guid, TrainingNeed> needs = [];

        public IEnumerable<TrainingNeed> Needs => needs.Values;

        public IEnumerable<TrainingNeed> Standing => needs.Values.Where(n => n.Status is not NeedStatus.Withdrawn);

        public int Deliver(params EvaluationV1[] batch)
        {
            foreach (var assessment in batch.Select(Assessment.Of).Where(a => a.Revision > (known.GetValueOrDefault(a.Id)?.Revision ?? 0)))
                known[assessment.Id] = assessment;

            var changes = new[] { "greeting", "closing" }.SelectMany(section => Reconciling.Reconcile(
                Project, Agent, section, known.Values, [.. needs.Values.Where(n => n.Section == section)])).ToList();
            foreach (var (id, events) in changes)
                Apply(id, events);

            return changes.Sum(c => c.Events.Length);
        }

        public void Apply(Guid id, params object[] events) =>
            needs[id] = events.Aggregate(needs.GetValueOrDefault(id) ?? new TrainingNeed(), (need, e) => need.Evolve(e));
    }
}
