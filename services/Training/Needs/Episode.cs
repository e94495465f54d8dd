namespace CallCenter.Training.Needs;

/// <summary>One section of one evaluation.</summary>
public sealed record Verdict(Guid EvaluationId, DateTimeOffset SubmittedAt, bool Passed);

/// <summary>From the evaluation that failed a section to the first later one that passed it.</summary>
/// <param name="EvaluationId">The evaluation that opened it.</param>
/// <param name="ClosedById">The evaluation that passed the section; null while open.</param>
public sealed record Episode(Guid EvaluationId, DateTimeOffset OpenedAt, Guid? ClosedById = null, DateTimeOffset? ClosedAt = null)
{
    public bool Covers(DateTimeOffset instant) => OpenedAt <= instant && (ClosedAt is not { } closed || instant < closed);

    /// <summary>
    /// Reads an agent's verdicts on a section as a story: at most one episode is open at a time. It depends on what the
    /// verdicts say, not on the order in which they came to be known.
    /// </summary>
    public static IReadOnlyList<Episode> Read(IEnumerable<Verdict> verdicts)
    {
        List<Episode> episodes = [];

        // Of the same instant a pass comes first: it is not later than the failure, so it can't answer it.
        foreach (var verdict in verdicts.OrderBy(v => v.SubmittedAt).ThenByDescending(v => v.Passed).ThenBy(v => v.EvaluationId))
            switch (episodes.LastOrDefault(), verdict.Passed)
            {
                case (null or { ClosedAt: not null }, false):
                    episodes.Add(new(verdict.EvaluationId, verdict.SubmittedAt));
                    break;

                case ({ ClosedAt: null } open, true):
                    episodes[^1] = open with { ClosedById = verdict.EvaluationId, ClosedAt = verdict.SubmittedAt };
                    break;
            }

        return episodes;
    }
}
