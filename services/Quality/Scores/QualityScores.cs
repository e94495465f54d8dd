using CallCenter.Quality.Calibration;

namespace CallCenter.Quality.Scores;

/// <summary>
/// Calls of a drawn week of which each had the same chance: how many there were to draw from, and the scores of those that were judged.
/// </summary>
/// <param name="AgentId">Whose they are; of a whole sample the unit that they were drawn from.</param>
/// <param name="Week">First day of the week, or of the period.</param>
/// <param name="Group">That has a part of the draw of its own; null where there is none.</param>
public sealed record DrawnScores(Guid AgentId, DateOnly Week, int Candidates, IReadOnlyList<double> Scores, string? Group = null);

/// <summary>What a random sample says of all the calls that it was drawn from.</summary>
/// <param name="Evaluations">Drawn and judged.</param>
/// <param name="Calls">Candidates of the weeks in which some were.</param>
/// <param name="Score">Estimated mean of all these calls, 0 to 100; null where none was judged.</param>
/// <param name="Low">With 95 % confidence it is more; null while too few were judged to know how much scores differ.</param>
/// <param name="High">With 95 % confidence it is less.</param>
public sealed record EstimatedScore(int Evaluations, int Calls, double? Score, double? Low, double? High)
{
    /// <summary>Standard error; null as above.</summary>
    internal double? Error { get; init; }
}

/// <param name="Estimate">Of all the calls that they were drawn from.</param>
/// <param name="WeeksWithoutScore">
/// Weeks (of a design: groups of a period) with calls of which none was drawn and judged yet: nothing is said of them.
/// </param>
/// <param name="BestRank">The best place among the agents that the figures allow; null where too few were judged to rank the agent.</param>
/// <param name="WorstRank">The worst place.</param>
/// <param name="Change">Beside the weeks before; null where one of them has no interval.</param>
public sealed record AgentScore(
    Guid AgentId, EstimatedScore Estimate, int WeeksWithoutScore, int? BestRank, int? WorstRank, ScoreChange? Change);

/// <param name="Difference">In points; above 0 the score rose.</param>
/// <param name="Low">With 95 % confidence it is more.</param>
/// <param name="High">With 95 % confidence it is less.</param>
/// <param name="Seen">up, down, or no where the interval holds 0: then no change was seen, whatever the difference.</param>
public sealed record ScoreChange(double Difference, double Low, double High, string Seen);

/// <summary>
/// Scores of calls that were drawn by lot, as a sample of all calls (Cochran 1977, chapter 5): weeks are the strata, each weighs as many
/// calls as it had, and a week of which all calls were judged adds no doubt (finite population correction). How much scores of one agent
/// differ is taken from all agents together, for five calls that all came to 100 do not say that the sixth will.
/// </summary>
/// <param name="Plan">Of all agents together.</param>
/// <param name="Agents">Agent by agent.</param>
public sealed record QualityScores(EstimatedScore Plan, IReadOnlyList<AgentScore> Agents)
{
    // Fewer degrees of freedom say too little of how much scores differ.
    private const int FewestFreedom = 10;

    /// <param name="before">The weeks before, as many.</param>
    /// <param name="fewest">Whoever has fewer evaluations is not ranked.</param>
    /// <param name="whole">
    /// The same by the units that were drawn from, where these are not the agents. Of a unit's draw an agent has what fell on them, which,
    /// given how many that are, is a random sample of their own calls; but who got none would be missing in the whole.
    /// </param>
    public static QualityScores Of(
        IReadOnlyList<DrawnScores> drawn, IReadOnlyList<DrawnScores> before, int fewest, IReadOnlyList<DrawnScores>? whole = null)
    {
        var (spread, spreadBefore) = (Spread.Of(drawn), Spread.Of(before));
        var earlier = before.ToLookup(scores => scores.AgentId);
        var agents = drawn.GroupBy(scores => scores.AgentId).OrderBy(own => own.Key)
            .Select(own => (Id: own.Key, Strata: own.ToList(), Estimate: Estimate([.. own], spread))).ToList();
        var ranked = agents.Where(agent => agent.Estimate.Evaluations >= fewest && agent.Estimate.Low is not null).ToList();

        return new(whole is null ? Estimate(drawn, spread) : Whole(whole),
        [
            .. agents.Select(agent => new AgentScore(
                agent.Id, agent.Estimate, agent.Strata.Count(s => s.Scores.Count == 0),
                IsRanked(agent.Estimate) ? 1 + ranked.Count(other => other.Estimate.Low > agent.Estimate.High) : null,
                IsRanked(agent.Estimate) ? ranked.Count(other => other.Estimate.High >= agent.Estimate.Low) : null,
                Change(agent.Estimate, Estimate([.. earlier[agent.Id]], spreadBefore), spread, spreadBefore))),
        ]);

        bool IsRanked(EstimatedScore estimate) => estimate.Evaluations >= fewest && estimate.Low is not null;
    }

    /// <summary>Of everything that was drawn from together.</summary>
    public static EstimatedScore Whole(IReadOnlyList<DrawnScores> strata) => Estimate(strata, Spread.Of(strata));

    private static EstimatedScore Estimate(IReadOnlyList<DrawnScores> strata, Spread? spread)
    {
        var judged = strata.Where(stratum => stratum.Scores.Count > 0).ToList();
        var (evaluations, calls) = (judged.Sum(s => s.Scores.Count), judged.Sum(s => s.Candidates));
        if (calls == 0)
            return new(0, 0, null, null, null);

        var mean = judged.Sum(s => s.Candidates * s.Scores.Average()) / calls;
        if (spread is null)
            return new(evaluations, calls, Math.Round(mean, 1), null, null);

        var error = Math.Sqrt(judged.Sum(s => Math.Pow((double)s.Candidates / calls, 2) * (1 - (double)s.Scores.Count / s.Candidates)
            * spread.Variance / s.Scores.Count));
        var half = Agreement.Student(spread.Freedom) * error;
        var (low, high) = (Math.Max(0, mean - half), Math.Min(100, mean + half));
        return new(evaluations, calls, Math.Round(mean, 1), Math.Round(low, 1), Math.Round(high, 1)) { Error = error };
    }

    private static ScoreChange? Change(EstimatedScore now, EstimatedScore then, Spread? spread, Spread? spreadThen)
    {
        if (now is not { Score: { } score, Error: { } error } || then is not { Score: { } scoreThen, Error: { } errorThen })
            return null;

        var (difference, half) = (score - scoreThen,
            Agreement.Student(Math.Min(spread!.Freedom, spreadThen!.Freedom)) * Math.Sqrt(error * error + errorThen * errorThen));
        return new(Math.Round(difference, 1), Math.Round(difference - half, 1), Math.Round(difference + half, 1),
            difference - half > 0 ? "up" : difference + half < 0 ? "down" : "no");
    }

    /// <summary>How much scores of one agent and group differ, by all agents together.</summary>
    internal sealed record Spread(double Variance, int Freedom)
    {
        /// <summary>The 95 % interval of a mean of so many scores, of contacts of which there are many more.</summary>
        public (double Low, double High) Around(double mean, int scores)
        {
            var half = Agreement.Student(Freedom) * Math.Sqrt(Variance / scores);
            return (Math.Max(0, mean - half), Math.Min(100, mean + half));
        }

        /// <returns>Null while too few were judged.</returns>
        public static Spread? Of(IReadOnlyList<DrawnScores> drawn)
        {
            var own = drawn.GroupBy(scores => (scores.AgentId, scores.Group)).Select(agent => agent.SelectMany(s => s.Scores).ToList())
                .Where(scores => scores.Count > 1).ToList();
            var freedom = own.Sum(scores => scores.Count - 1);
            if (freedom < FewestFreedom)
                return null;

            var squares = own.Sum(scores => scores.Sum(score => Math.Pow(score - scores.Average(), 2)));
            return new(squares / freedom, freedom);
        }
    }
}
