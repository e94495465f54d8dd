using CallCenter.Quality.Scores;

namespace CallCenter.Quality.Tests.Scores;

public class SeverityTests
{
    private static readonly Guid Strict = Guid.CreateVersion7(), Lenient = Guid.CreateVersion7(), Third = Guid.CreateVersion7();

    [Fact]
    public void whoever_judges_weak_agents_is_not_strict_for_that()
    {
        var (weak, strong, both) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());

        var found = Severity.Of([Of(Strict, weak, 50), Of(Strict, both, 80), Of(Lenient, strong, 95), Of(Lenient, both, 80)]);

        found.Should().OnlyContain(inspector => inspector.Difference == 0 && inspector.Component == 1, "they agree where they meet");
        found.Select(inspector => inspector.Mean).Should().BeEquivalentTo([65.0, 87.5]);
        found.Should().OnlyContain(inspector => inspector.Low == null, "four scores say nothing of how sure it is");
    }

    [Fact]
    public void differences_are_points_and_sum_to_zero()
    {
        var (ann, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var found = Severity.Of([
            Of(Strict, ann, 60), Of(Lenient, ann, 80), Of(Third, ann, 70), Of(Strict, bob, 40), Of(Lenient, bob, 60), Of(Third, bob, 50),
        ]).ToDictionary(inspector => inspector.InspectorId);

        (found[Strict].Difference, found[Lenient].Difference, found[Third].Difference).Should().Be((-10, 10, 0));
    }

    [Fact]
    public void who_shares_no_agent_and_no_contact_is_not_compared()
    {
        var (ann, bob, contact) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Judgement[] apart = [Of(Strict, ann, 60), Of(Lenient, ann, 70), Of(Third, bob, 99)];

        var found = Severity.Of(apart).ToDictionary(inspector => inspector.InspectorId);
        found[Third].Should().Match<InspectorSeverity>(third => third.Component == 2 && third.Difference == null && third.Low == null);
        (found[Strict].Component, found[Strict].Difference).Should().Be((1, -5));

        Severity.Of([.. apart, new(Third, ann, contact, 90), new(Strict, ann, contact, 85)])
            .Should().OnlyContain(inspector => inspector.Component == 1, "a contact that both have judged connects them");
    }

    [Fact]
    public void who_judged_a_contact_twice_has_said_one_thing_of_it()
    {
        var (ann, contact) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var found = Severity.Of([new(Strict, ann, contact, 60), new(Strict, ann, contact, 70), new(Lenient, ann, contact, 75)]);

        found.Single(inspector => inspector.InspectorId == Strict).Should().Match<InspectorSeverity>(
            strict => strict.Judgements == 1 && strict.Mean == 65 && strict.Difference == -5 && strict.Together == 1);
    }

    // Severities are known; strict inspectors are given the weak agents, everybody judges some calls of a few others', and some calls are
    // judged together. Scores of one agent differ far more than what two inspectors say of one call.
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void severities_are_found_without_bias_and_intervals_hold_them_as_often_as_they_say(int together)
    {
        var random = new Random(20260304 + together);
        double[] severity = [-8, -4, -1, 0, 1, 4, 8];
        var inspectors = severity.Select(_ => Guid.CreateVersion7()).ToArray();
        var (held, all, off) = (0, 0, new double[severity.Length]);
        const int Rounds = 400;
        for (var round = 0; round < Rounds; round++)
        {
            var judged = new List<Judgement>();
            for (var agent = 0; agent < 21; agent++)
            {
                var (id, own) = (Guid.CreateVersion7(), agent / 3);
                var level = 60 + own * 4 + 3 * Normal(random); // the strictest have the weakest
                for (var call = 0; call < 6; call++)
                {
                    var by = call < 4 ? own : (own + 1 + random.Next(2)) % inspectors.Length;
                    judged.Add(new(inspectors[by], id, Guid.CreateVersion7(), level + severity[by] + 9 * Normal(random)));
                }
            }

            for (var call = 0; call < together; call++)
            {
                var (agent, contact, level) = (Guid.CreateVersion7(), Guid.CreateVersion7(), 75 + 12 * Normal(random));
                for (var by = 0; by < inspectors.Length; by++)
                    judged.Add(new(inspectors[by], agent, contact, level + severity[by] + 3 * Normal(random)));
            }

            foreach (var inspector in Severity.Of(judged))
            {
                var truth = severity[Array.IndexOf(inspectors, inspector.InspectorId)];
                off[Array.IndexOf(inspectors, inspector.InspectorId)] += (inspector.Difference!.Value - truth) / Rounds;
                all++;
                held += inspector.Low <= truth && truth <= inspector.High ? 1 : 0;
            }
        }

        off.Should().OnlyContain(bias => Math.Abs(bias) < 0.6);
        ((double)held / all).Should().BeInRange(0.93, 0.97);
    }

    private static Judgement Of(Guid inspector, Guid agent, double score) => new(inspector, agent, Guid.CreateVersion7(), score);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
