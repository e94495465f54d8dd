using System.Globalization;
using CallCenter.Quality.Calibration;
using CallCenter.Web;

namespace CallCenter.Quality.Coachings;

/// <summary>Scores of one agent's contacts before and after an instant.</summary>
public sealed record ScoresAround(Guid AgentId, IReadOnlyList<double> Before, IReadOnlyList<double> After)
{
    internal double Baseline => Before.Average();

    internal double Change => After.Average() - Before.Average();

    /// <summary>How uncertain the change is, in units of the variance of one score.</summary>
    internal double Doubt => 1.0 / Before.Count + 1.0 / After.Count;
}

/// <summary>What is said of an effect.</summary>
public enum EffectSeen { Improved, Worsened, NoEffectSeen, Unknown }

/// <summary>
/// Whether a coaching helped: how the agent's scores changed, less how those of comparable agents changed whom nobody coached meanwhile
/// (difference in differences). Whoever is coached did badly before, and would have done better by chance alone: so the others' change is
/// taken at the agent's own baseline, along a line through theirs.
/// </summary>
/// <param name="Verdict">improved, worsened, no-effect-seen where the interval holds 0, or unknown where there is too little to say.</param>
/// <param name="Says">The same in words.</param>
/// <param name="Before">Scores of the agent before, or of all who were trained.</param>
/// <param name="After">Likewise after.</param>
/// <param name="ScoreBefore">Mean of the scores before; null without any.</param>
/// <param name="ScoreAfter">Mean of the scores after; null without any.</param>
/// <param name="Comparable">Agents compared with.</param>
/// <param name="ComparableChange">How the score of a comparable agent with the same baseline changed; null where it is unknown.</param>
/// <param name="Effect">Points by which the agent's score changed more; null where it is unknown.</param>
/// <param name="Low">With 98 % confidence it is between this</param>
/// <param name="High">and this.</param>
public sealed record CoachingEffect(
    EffectSeen Verdict, string Says, int Before, int After, double? ScoreBefore, double? ScoreAfter, int Comparable,
    double? ComparableChange, double? Effect, double? Low, double? High)
{
    /// <summary>Fewer scores on either side say too little of an agent.</summary>
    public const int FewestScores = 3;

    /// <summary>With fewer agents it is not known how much scores change by themselves.</summary>
    public const int FewestComparable = 8;

    // Whose baseline is further away is another kind of agent.
    private const double Near = 15;

    // Both sides together one in fifty: of a hundred coachings that did nothing two are named.
    private const double Quantile99 = 2.3263478740408408;

    /// <param name="treated">Of whom it is asked: one who was coached, or all who were trained together.</param>
    public static CoachingEffect Of(IReadOnlyList<ScoresAround> treated, IReadOnlyList<ScoresAround> others, Language language)
    {
        var counted = treated.Where(Enough).ToList();
        var centre = counted.Count > 0 ? counted.Average(own => own.Baseline) : 0;
        var comparable = counted.Count > 0
            ? others.Where(other => Enough(other) && Math.Abs(other.Baseline - centre) <= Near).ToList() : [];
        var (before, after) = (treated.SelectMany(own => own.Before).ToList(), treated.SelectMany(own => own.After).ToList());
        if (comparable.Count < FewestComparable)
            return new(EffectSeen.Unknown, TooFew(before.Count, after.Count, comparable.Count, language), before.Count, after.Count,
                Mean(before), Mean(after), comparable.Count, null, null, null, null);

        var (expected, half) = Expected(counted, centre, comparable);
        var effect = counted.Average(own => own.Change) - expected;
        var (low, high) = (effect - half, effect + half);
        var verdict = low > 0 ? EffectSeen.Improved : high < 0 ? EffectSeen.Worsened : EffectSeen.NoEffectSeen;
        return new(verdict, Sentence(verdict, effect, low, high, comparable.Count, language), before.Count, after.Count, Mean(before),
            Mean(after), comparable.Count, Round(expected), Round(effect), Round(low), Round(high));
    }

    private static bool Enough(ScoresAround scores) => scores.Before.Count >= FewestScores && scores.After.Count >= FewestScores;

    // The least-squares line of changes over baselines, at the baseline of those treated, and half the interval in which the mean change of
    // as many more agents lies. Who has fewer scores than the others changes more by chance.
    private static (double Change, double Half) Expected(List<ScoresAround> treated, double centre, List<ScoresAround> comparable)
    {
        var n = comparable.Count;
        var (x, y) = (comparable.Average(c => c.Baseline), comparable.Average(c => c.Change));
        var spread = comparable.Sum(c => (c.Baseline - x) * (c.Baseline - x));
        var slope = spread > 0 ? comparable.Sum(c => (c.Baseline - x) * (c.Change - y)) / spread : 0;
        var variance = comparable.Sum(c => Math.Pow(c.Change - y - slope * (c.Baseline - x), 2)) / (n - 2);
        var away = centre - x;
        var usual = comparable.Average(c => c.Doubt);
        var doubt = treated.Average(own => Math.Max(1, own.Doubt / usual)) / treated.Count;

        return (y + slope * away, Agreement.Student(n - 2, Quantile99)
            * Math.Sqrt(variance * (doubt + 1.0 / n + (spread > 0 ? away * away / spread : 0))));
    }

    private static string Sentence(EffectSeen verdict, double effect, double low, double high, int comparable, Language language)
    {
        var (points, from, to) = (Shown(Math.Abs(effect)), Shown(low), Shown(high));
        return language.Choose(verdict switch
        {
            EffectSeen.Improved => new Dictionary<string, string>
            {
                ["en"] = $"The score rose by {points} points more than that of {comparable} comparable agents ({from} to {to}).",
                ["zh-CN"] = $"得分比 {comparable} 名可比坐席多升 {points} 分（区间 {from} 至 {to}）。",
            },
            EffectSeen.Worsened => new Dictionary<string, string>
            {
                ["en"] = $"The score fell by {points} points beside that of {comparable} comparable agents ({from} to {to}).",
                ["zh-CN"] = $"得分比 {comparable} 名可比坐席少 {points} 分（区间 {from} 至 {to}）。",
            },
            _ => new Dictionary<string, string>
            {
                ["en"] = $"No effect seen: beside {comparable} comparable agents the difference lies between {from} and {to} points.",
                ["zh-CN"] = $"未见效果：与 {comparable} 名可比坐席相比，差异在 {from} 至 {to} 分之间。",
            },
        });
    }

    private static string TooFew(int before, int after, int comparable, Language language) => language.Choose(
        new Dictionary<string, string>
        {
            ["en"] = $"Unknown: n too small. {before} scores before and {after} after, {comparable} comparable agents;"
                + $" {FewestScores}, {FewestScores} and {FewestComparable} are needed.",
            ["zh-CN"] = $"未知：样本太少。此前 {before} 次、此后 {after} 次评分，可比坐席 {comparable} 名；"
                + $"至少需要 {FewestScores}、{FewestScores} 和 {FewestComparable}。",
        });

    private static double? Mean(List<double> scores) => scores.Count > 0 ? Round(scores.Average()) : null;

    private static double Round(double points) => Math.Round(points, 1, MidpointRounding.AwayFromZero);

    private static string Shown(double points) => Round(points).ToString("0.0", CultureInfo.InvariantCulture);
}
