using CallCenter.Quality.Scores;

namespace CallCenter.Quality.Tests.Scores;

public class QualityScoresTests
{
    private static readonly DateOnly Week = new(2026, 3, 2);
    private static readonly Guid Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7();

    [Fact]
    public void weeks_weigh_as_many_calls_as_they_had()
    {
        var scores = QualityScores.Of([new(Ann, Week, 10, [100]), new(Ann, Week.AddDays(7), 30, [60, 60])], [], fewest: 2);

        scores.Agents.Should().ContainSingle().Which.Estimate.Should().BeEquivalentTo(
            new { Evaluations = 3, Calls = 40, Score = 70.0, Low = (double?)null, High = (double?)null },
            "(10 · 100 + 30 · 60) / 40, and three evaluations say nothing of how much scores differ");
    }

    [Fact]
    public void a_week_that_nobody_has_judged_yet_is_left_out_and_said()
    {
        var scores = QualityScores.Of([new(Ann, Week, 10, [80]), new(Ann, Week.AddDays(7), 50, [])], [], fewest: 2);

        (scores.Agents[0].Estimate.Calls, scores.Agents[0].Estimate.Score, scores.Agents[0].WeeksWithoutScore).Should().Be((10, 80.0, 1));
        QualityScores.Of([new(Ann, Week, 10, [])], [], 2).Agents[0].Estimate.Score.Should().BeNull("unknown is not 0");
    }

    [Fact]
    public void five_calls_at_100_do_not_say_that_all_are()
    {
        var scores = QualityScores.Of([new(Ann, Week, 60, [100, 100, 100, 100, 100]), .. Others(8, 70, 95)], [], fewest: 5);

        var ann = scores.Agents.Single(agent => agent.AgentId == Ann).Estimate;
        (ann.Score, ann.High).Should().Be((100, 100));
        ann.Low.Should().BeLessThan(95);
    }

    [Fact]
    public void who_was_judged_whole_leaves_no_doubt_and_who_was_judged_seldom_is_not_ranked()
    {
        var scores = QualityScores.Of(
            [new(Ann, Week, 5, [90, 80, 70, 95, 85]), new(Bob, Week, 40, [100, 100]), .. Others(8, 70, 95)], [], fewest: 5);

        var (ann, bob) = (scores.Agents.Single(a => a.AgentId == Ann), scores.Agents.Single(a => a.AgentId == Bob));
        (ann.Estimate.Score, ann.Estimate.Low, ann.Estimate.High).Should().Be((84, 84, 84));
        (bob.BestRank, bob.WorstRank).Should().Be((null, null));
        (ann.BestRank, ann.WorstRank).Should().NotBe((null, null));
    }

    [Fact]
    public void agents_who_cannot_be_told_apart_share_their_ranks()
    {
        var scores = QualityScores.Of([new(Ann, Week, 50, [40, 45, 50, 42, 48]), .. Others(4, 80, 90)], [], 5);

        scores.Agents.Single(a => a.AgentId == Ann).Should().Match<AgentScore>(ann => ann.BestRank == 5 && ann.WorstRank == 5);
        scores.Agents.Where(a => a.AgentId != Ann).Should().OnlyContain(a => a.BestRank == 1 && a.WorstRank == 4);
    }

    [Fact]
    public void a_change_is_seen_only_where_chance_would_not_make_it()
    {
        var before = new[] { new DrawnScores(Ann, Week.AddDays(-7), 50, [60, 65, 70, 62, 68]) }.Concat(Others(4, 70, 90)).ToList();
        var now = new[] { new DrawnScores(Ann, Week, 50, [90, 95, 92, 97, 91]) }.Concat(Others(4, 71, 89)).ToList();

        var scores = QualityScores.Of(now, before, 5);

        scores.Agents.Single(a => a.AgentId == Ann).Change!.Seen.Should().Be("up");
        QualityScores.Of(now, [], 5).Agents.Should().OnlyContain(a => a.Change == null);
    }

    // Coverage: the interval of the plan and of each agent holds the mean of all calls in 93 to 97 of 100 draws. Scores are far from
    // normal: most are high, some are very low.
    [Fact]
    public void intervals_hold_the_mean_of_all_calls_as_often_as_they_say()
    {
        var random = new Random(20260302);
        var (agents, all, plans, plansAll) = (0, 0, 0, 0);
        for (var round = 0; round < 300; round++)
        {
            var calls = Enumerable.Range(0, 12).SelectMany(_ =>
            {
                var (id, level) = (Guid.CreateVersion7(), 70 + 25 * random.NextDouble());
                return Enumerable.Range(0, 8).Select(week => (Id: id, Week: Week.AddDays(7 * week),
                    Scores: Enumerable.Range(0, random.Next(10, 60)).Select(_ => Score(random, level)).ToArray()));
            }).ToList();

            var scores = QualityScores.Of([.. calls.Select(c => Draw(random, c.Id, c.Week, c.Scores, 3))], [], fewest: 5);

            plansAll++;
            plans += Holds(scores.Plan, calls.SelectMany(c => c.Scores).Average());
            foreach (var agent in scores.Agents)
            {
                all++;
                agents += Holds(agent.Estimate, calls.Where(c => c.Id == agent.AgentId).SelectMany(c => c.Scores).Average());
            }
        }

        ((double)agents / all).Should().BeInRange(0.93, 0.97);
        ((double)plans / plansAll).Should().BeInRange(0.91, 0.99, "of 300 draws");
    }

    private static int Holds(EstimatedScore estimate, double mean) => estimate.Low - 0.05 <= mean && mean <= estimate.High + 0.05 ? 1 : 0;

    private static double Score(Random random, double level) => random.NextDouble() < 0.1 ? 40 * random.NextDouble()
        : Math.Min(100, level + 10 * (random.NextDouble() + random.NextDouble() - 1));

    private static DrawnScores Draw(Random random, Guid id, DateOnly week, double[] scores, int most)
    {
        random.Shuffle(scores);
        return new(id, week, scores.Length, [.. scores.Take(most)]);
    }

    private static IEnumerable<DrawnScores> Others(int agents, double from, double to) => Enumerable.Range(0, agents).Select(agent =>
        new DrawnScores(Guid.CreateVersion7(), Week, 50, [.. Enumerable.Range(0, 5).Select(i => from + (to - from) * i / 4)]));
}
