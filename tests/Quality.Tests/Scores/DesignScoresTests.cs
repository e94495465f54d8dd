using CallCenter.EventSourcing;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Scores;

namespace CallCenter.Quality.Tests.Scores;

/// <summary>Draws from made-up centres, whose true means are known, with parts at risk beside the random part.</summary>
public class DesignScoresTests
{
    private static readonly DateOnly Week = new(2026, 3, 2);
    private static readonly DateTimeOffset From = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void what_was_drawn_at_risk_says_something_of_those_at_risk_and_nothing_of_all()
    {
        var centre = new Centre(new Random(1), agents: 2, weeks: 1);

        var scores = DesignScores.Of(centre.Draw(Rules(SamplingUnit.Agent), "s"));

        scores.Agents.Should().OnlyContain(stratum => stratum.Scores.Count == 3 && stratum.Candidates == centre.CountOf(stratum.AgentId));
        scores.Units.Should().BeEquivalentTo(scores.Agents);
        scores.Risks["long-hold"].Should().OnlyContain(stratum => stratum.Scores.Count == 2
            && stratum.Candidates == centre.CountOf(stratum.AgentId, atRisk: true) && stratum.Scores.All(score => score < 60));
    }

    [Fact]
    public void one_of_a_group_that_is_not_judged_leaves_its_group_out_and_says_so()
    {
        var centre = new Centre(new Random(2), agents: 1, weeks: 1);
        var drawn = centre.Draw(Rules(SamplingUnit.Agent), "s").Select(part => part with { Scores = new Dictionary<Guid, double>() });

        var scores = QualityScores.Of(DesignScores.Of([.. drawn]).Agents, [], fewest: 2);

        scores.Agents.Single().Should().Match<AgentScore>(agent => agent.WeeksWithoutScore == 1 && agent.Estimate.Score == null);
    }

    // Of 150 made-up centres each: the intervals of the whole and of agents hold the true means, though as many of those at risk (who come
    // to less) were drawn beside; all that was drawn taken together would say far too little; and weighted by 1/joint it says what is true.
    [Theory]
    [InlineData(SamplingUnit.Agent, false)]
    [InlineData(SamplingUnit.Agent, true)]
    [InlineData(SamplingUnit.Project, true)]
    public void means_and_intervals_hold_with_parts_at_risk_beside(SamplingUnit unit, bool spread)
    {
        var random = new Random(20260305 + (int)unit + (spread ? 7 : 0));
        const int Rounds = 150;
        var (wholes, agents, all, risks) = (0, 0, 0, 0);
        var (bias, naive, weighted) = (0.0, 0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            var centre = new Centre(random, agents: 10, weeks: 6);
            var drawn = centre.Draw(Rules(unit) with { Spread = spread, Size = new(unit is SamplingUnit.Agent ? 3 : 30) }, $"{round}");
            var design = DesignScores.Of(drawn);

            var scores = QualityScores.Of(design.Agents, [], fewest: 5, unit is SamplingUnit.Agent ? null : design.Units);

            wholes += Holds(scores.Plan, centre.Mean());
            risks += Holds(QualityScores.Whole(design.Risks["long-hold"]), centre.Mean(atRisk: true));
            foreach (var agent in scores.Agents)
                (all, agents) = (all + 1, agents + Holds(agent.Estimate, centre.Mean(agent.AgentId)));
            bias += (scores.Plan.Score!.Value - centre.Mean()) / Rounds;
            var items = drawn.SelectMany(part => part.Part.Drawn.Select(d => (Score: part.Scores[d.EvaluationId], d.Joint, d.EvaluationId)))
                .DistinctBy(item => item.EvaluationId).ToList();
            naive += (items.Average(item => item.Score) - centre.Mean()) / Rounds;
            weighted += (items.Sum(item => item.Score / item.Joint) / items.Sum(item => 1 / item.Joint) - centre.Mean()) / Rounds;
        }

        bias.Should().BeInRange(-0.3, 0.3);
        weighted.Should().BeInRange(-0.3, 0.3, "the joint probabilities are those with which it was drawn");
        naive.Should().BeLessThan(-5, "who takes everything drawn for a random sample says too little");
        ((double)agents / all).Should().BeInRange(0.93, 0.97);
        ((double)wholes / Rounds).Should().BeInRange(0.91, 0.99, "of 150 draws");
        ((double)risks / Rounds).Should().BeInRange(0.91, 0.99, "of 150 draws");
    }

    private static DesignRules Rules(SamplingUnit unit) => new(
        "Weekly", Guid.Empty, new(3), unit, Risks: [new(RiskKind.LongHold, new(unit is SamplingUnit.Agent ? 2 : 20), Seconds: 60)]);

    private static int Holds(EstimatedScore estimate, double mean) => estimate.Low - 0.05 <= mean && mean <= estimate.High + 0.05 ? 1 : 0;

    /// <summary>
    /// Agents of different levels, with 15 to 40 contacts a week on uneven days; one in six is at risk, and comes to far less.
    /// </summary>
    private sealed class Centre
    {
        private readonly List<(DateOnly First, SampledContact Contact, double Score)> contacts = [];

        public Centre(Random random, int agents, int weeks)
        {
            for (var agent = 0; agent < agents; agent++)
            {
                var (id, level) = (Guid.CreateVersion7(), 74 + 16 * random.NextDouble());
                for (var week = 0; week < weeks; week++)
                    for (var (i, count) = (0, random.Next(15, 40)); i < count; i++)
                    {
                        var (first, atRisk) = (Week.AddDays(7 * week), i % 6 == 0);
                        contacts.Add((first, new(
                            Guid.CreateVersion7(), id, null, first.AddDays((int)(5 * Math.Sqrt(random.NextDouble()))), "voice", null, false,
                            new Dictionary<RiskKind, bool?> { [RiskKind.LongHold] = atRisk }),
                            Math.Clamp((atRisk ? 45 : level) + 12 * (random.NextDouble() + random.NextDouble() - 1), 0, 100)));
                    }
            }
        }

        public int CountOf(Guid agent, bool atRisk = false) =>
            contacts.Count(c => c.Contact.AgentId == agent && (!atRisk || c.Contact.AtRisk[RiskKind.LongHold] is true));

        public double Mean(Guid? agent = null, bool atRisk = false) => contacts
            .Where(c => (agent is null || c.Contact.AgentId == agent) && (!atRisk || c.Contact.AtRisk[RiskKind.LongHold] is true))
            .Average(c => c.Score);

        public IReadOnlyList<(DateOnly First, PartDrawn Part, IReadOnlyDictionary<Guid, double> Scores)> Draw(
            DesignRules rules, string seed)
        {
            var design = new SamplingDesign
            {
                Id = NameId.Of("design"), ProjectId = NameId.Of("project"), Seed = seed, DesignVersion = 1, Rules = rules,
            };
            var scores = contacts.ToDictionary(
                c => NameId.Of("sampled-evaluation", design.Id, c.First, c.Contact.CallId), c => c.Score);
            return
            [
                .. contacts.GroupBy(c => c.First).SelectMany(week => DesignDrawDecider.Decide(new DrawPeriod(
                        design, week.Key, From, From.AddDays(7), "UTC",
                        [
                            .. week.Select(c => c.Contact with
                            {
                                UnitId = rules.Unit is SamplingUnit.Agent ? c.Contact.AgentId : design.ProjectId,
                            }),
                        ], null, From.AddDays(7)), new DesignDraw())
                    .OfType<PartDrawn>().Select(part => (week.Key, part, (IReadOnlyDictionary<Guid, double>)scores))),
            ];
        }
    }
}
