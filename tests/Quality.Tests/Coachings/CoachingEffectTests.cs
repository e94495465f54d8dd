using CallCenter.Quality.Coachings;
using CallCenter.Web;

namespace CallCenter.Quality.Tests.Coachings;

/// <summary>Agents of a made-up centre, with true scores that differ by agent, contacts that differ by chance, and an effect that is
/// known.</summary>
public class CoachingEffectTests
{
    private const int Rounds = 2000;

    // Who did worst of all is coached, as in life: by chance alone they do better afterwards.
    [Theory]
    [InlineData(12, 8, 8)]
    [InlineData(26, 8, 8)]
    [InlineData(26, 16, 4)]
    [InlineData(40, 4, 4)]
    public void of_coachings_that_did_nothing_fewer_than_one_in_twenty_are_said_to_have_an_effect(int agents, int before, int after)
    {
        var random = new Random(20260309);
        var seen = Enumerable.Range(0, Rounds).Select(_ => Seen(random, agents, before, after, effect: 0)).ToList();

        (seen.Count(verdict => verdict is EffectSeen.Improved or EffectSeen.Worsened) / (double)Rounds).Should().BeLessThan(0.05);
        seen.Count(verdict => verdict is EffectSeen.Unknown).Should().BeLessThan(Rounds / 2, "else nothing was tried");
    }

    [Fact]
    public void an_effect_that_is_there_is_found()
    {
        var random = new Random(7);
        var seen = Enumerable.Range(0, Rounds).Select(_ => Seen(random, agents: 26, before: 12, after: 12, effect: 20)).ToList();

        (seen.Count(verdict => verdict is EffectSeen.Improved) / (double)Rounds).Should().BeGreaterThan(0.8);
        seen.Should().NotContain(EffectSeen.Worsened);
    }

    // Ten are trained together, those who did worst among forty.
    [Theory]
    [InlineData(0, 0.0, 0.05)]
    [InlineData(12, 0.8, 1.0)]
    public void of_many_who_are_trained_together_a_smaller_effect_is_found_and_still_none_where_there_is_none(
        double effect, double least, double most)
    {
        var random = new Random(13);
        var seen = Enumerable.Range(0, Rounds).Count(_ =>
        {
            var truths = Enumerable.Range(0, 40).Select(_ => 80 + 5 * Normal(random)).ToList();
            var all = truths.Select(truth => (Truth: truth, Before: Scores(random, truth,
                12).ToList())).OrderBy(a => a.Before.Average()).ToList();
            return CoachingEffect.Of(
                [.. all.Take(10).Select(a => Around(a.Before, [.. Scores(random, a.Truth + 2 + effect, 12)]))],
                [.. all.Skip(10).Select(a => Around(a.Before, [.. Scores(random, a.Truth + 2, 12)]))], Language.English).Verdict
                is EffectSeen.Improved or EffectSeen.Worsened;
        }) / (double)Rounds;

        seen.Should().BeInRange(least, most);
    }

    // Of 98 intervals in a hundred.
    [Fact]
    public void intervals_hold_the_effect_as_often_as_they_say()
    {
        var random = new Random(11);
        var effects = Enumerable.Range(0, Rounds).Select(_ => Round(random, 26, 12, 12, effect: 6)).Where(e => e.Low is not null).ToList();

        (effects.Count(effect => effect.Low <= 6 && 6 <= effect.High) / (double)effects.Count).Should().BeInRange(0.96, 0.995);
    }

    [Fact]
    public void it_is_said_in_words_and_what_is_not_known_is_said_too()
    {
        var flat = Enumerable.Range(0, 10).Select(i => (i, Change: i % 2 == 0 ? 2 : -2))
            .Select(a => Around([70 + a.i, 71 + a.i, 72 + a.i], [70 + a.i + a.Change, 71 + a.i + a.Change, 72 + a.i + a.Change])).ToList();

        CoachingEffect.Of([Around([70, 72, 74], [71, 73, 75])], flat, Language.English).Says.Should().StartWith("No effect seen");
        CoachingEffect.Of([Around([70, 72, 74], [71, 73, 75])], flat, Language.Chinese).Says.Should().StartWith("未见效果");
        CoachingEffect.Of([Around([70, 72, 74], [95, 97, 99])], flat, Language.English).Should().Match<CoachingEffect>(effect =>
            effect.Verdict == EffectSeen.Improved && effect.Comparable == 10 && effect.Low > 15 && effect.High < 35);
        CoachingEffect.Of([Around([70, 72, 74], [71, 73])], flat, Language.English).Should().Match<CoachingEffect>(effect =>
            effect.Verdict == EffectSeen.Unknown && effect.Effect == null && effect.Says.StartsWith("Unknown: n too small. 3 scores before and 2"));
        CoachingEffect.Of([Around([10, 12, 14], [71, 73, 75])], flat, Language.English).Verdict.Should().Be(
            EffectSeen.Unknown, "nobody is comparable");
        CoachingEffect.Of([Around([], [])], [], Language.English).Should().Match<CoachingEffect>(effect =>
            effect.ScoreBefore == null && effect.Verdict == EffectSeen.Unknown);
    }

    private static EffectSeen Seen(Random random, int agents, int before, int after, double effect) =>
        Round(random, agents, before, after, effect).Verdict;

    private static CoachingEffect Round(Random random, int agents, int before, int after, double effect)
    {
        var all = Enumerable.Range(0, agents).Select(_ => 80 + 5 * Normal(random)).Select(truth => (Truth: truth,
            Scores: Around([.. Scores(random, truth, before)], [.. Scores(random, truth + 2, after)]))).ToList();
        var worst = all.MinBy(agent => agent.Scores.Before.Average());
        var coached = worst.Scores with { After = [.. Scores(random, worst.Truth + 2 + effect, after)] };

        return CoachingEffect.Of([coached], [.. all.Where(agent => agent != worst).Select(agent => agent.Scores)], Language.English);
    }

    private static IEnumerable<double> Scores(Random random, double truth, int count) =>
        Enumerable.Range(0, count).Select(_ => truth + 10 * Normal(random));

    private static ScoresAround Around(IReadOnlyList<double> before, IReadOnlyList<double> after) => new(Guid.CreateVersion7(), before,
        after);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
