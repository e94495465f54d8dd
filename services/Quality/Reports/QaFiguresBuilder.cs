using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Figures;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Quality.Scores;

namespace CallCenter.Quality.Reports;

/// <summary>What a report's lines are made of.</summary>
/// <param name="Rows">Of the period, those that count no more among them.</param>
/// <param name="Forms">Of the project, as they are in force.</param>
internal sealed record QaBasis(
    IReadOnlyList<FigureRow> Rows, ProjectTeams Teams, IReadOnlyDictionary<Guid, FormContent> Forms,
    IReadOnlyList<IssueCategory> Catalogue);

/// <summary>From the evaluations of a period to the lines of its report. Pure.</summary>
internal static class QaFiguresBuilder
{
    private const int CausesShown = 20;

    /// <summary>All that evaluations alone say; what plans, sessions, coachings and inputs say is put to it.</summary>
    public static QaFigures Of(QaBasis basis, int fewest)
    {
        var counting = basis.Rows.Where(row => row.Counts).ToList();
        var spread = SpreadOf(counting.Select(row => (row.AgentId, row.Score)));
        var answers = counting.SelectMany(row => row.Answers.Select(answer => new Given(row, answer))).ToList();
        QaLine Line(string key, IReadOnlyDictionary<string, string>? title, IReadOnlyList<FigureRow> rows) =>
            LineOf(key, title, rows, spread, fewest);

        return new(
            fewest, Line("", null, counting),
            [.. counting.GroupBy(row => row.FormId).OrderBy(form => form.Key).Select(form =>
                Line($"{form.Key}", basis.TitleOf(form.Key), [.. form]))],
            [.. Sections(basis, counting, fewest)], [.. Questions(basis, answers, fewest)],
            [.. answers.Where(given => given.Answer.Category is not null).GroupBy(given => given.Answer.Category!)
                .OrderBy(category => category.Key, StringComparer.Ordinal).Select(category => Line(
                    category.Key, basis.TitleOf(category.Key, null), [.. category.Select(given => given.Row).Distinct()]))],
            [.. counting.Select(row => (Row: row, Team: basis.Teams.TeamOf(row.AgentId, row.Day))).Where(row => row.Team is not null)
                .GroupBy(row => row.Team!.Value).OrderBy(team => team.Key).Select(team => Line(
                    $"{team.Key}", basis.Teams.NameOf(team.Key) is { } name ? Titles(name) : null, [.. team.Select(row => row.Row)]))],
            [.. counting.GroupBy(row => row.AgentId).OrderBy(agent => agent.Key).Select(agent => Line($"{agent.Key}", null, [.. agent]))],
            [.. counting.GroupBy(row => row.EvaluatorId).OrderBy(own => own.Key).Select(own => Line($"{own.Key}", null, [.. own]))],
            Pareto(answers.Where(given => given.Answer.AutoFail is not AutoFail.None).Select(given => basis.QuestionOf(given))),
            Pareto(answers.Where(given => given.Answer.Category is not null).Select(given => (
                given.Answer.RootCause is { } cause ? $"{given.Answer.Category}/{cause}" : given.Answer.Category!,
                basis.TitleOf(given.Answer.Category!, given.Answer.RootCause)))),
            Pareto(answers.Where(given => given.Answer.Lost).Select(given => basis.QuestionOf(given))),
            Disputes(basis.Rows), [], [], new(0, 0, 0, 0, 0, []), new(0, 0, null, 0, null), [],
            [
                .. basis.Forms.OrderBy(form => form.Key).SelectMany(form => form.Value.Bands ?? []).DistinctBy(band => band.Code)
                    .OrderByDescending(band => band.From).Select(band => new QaBand(band.Code, band.Title)),
            ]);
    }

    private sealed record Given(FigureRow Row, JudgedAnswer Answer);

    private static QaLine LineOf(
        string key, IReadOnlyDictionary<string, string>? title, IReadOnlyList<FigureRow> rows, QualityScores.Spread? spread, int fewest)
    {
        var scored = rows.Where(row => row.Score is not null).ToList();
        var (passed, critical) = (scored.Count(row => row.Passed is true), rows.Where(row => row.CriticalScore is not null).ToList());
        var bands = scored.Where(row => row.Band is not null).CountBy(row => row.Band!).ToDictionary();

        return new(
            key, title, rows.Count, scored.Count, passed, RateOf(passed, scored.Count, fewest), rows.Count(row => row.AutoFailed),
            MeanOf([.. scored.Select(row => (double)row.Score!.Value)], spread, fewest),
            critical.Count == 0 ? null : MeanOf([.. critical.Select(row => (double)row.CriticalScore!.Value)],
                SpreadOf(critical.Select(row => (row.AgentId, row.CriticalScore))), fewest),
            bands.Count == 0 ? null : bands);
    }

    private static IEnumerable<QaLine> Sections(QaBasis basis, IReadOnlyList<FigureRow> counting, int fewest) =>
        from form in counting.GroupBy(row => row.FormId).OrderBy(form => form.Key)
        let order = (basis.Forms.GetValueOrDefault(form.Key)?.Sections ?? []).Select(section => section.Code).ToList()
        // One that was not asked has no answers, and is none of the section's.
        from section in form.SelectMany(row => row.Sections.Where(section => row.Answers.Any(answer => answer.Section == section.Section))
            .Select(section => (Row: row, Section: section))).GroupBy(s => s.Section.Section)
            .OrderBy(s => order.IndexOf(s.Key) is >= 0 and var at ? at : int.MaxValue).ThenBy(s => s.Key, StringComparer.Ordinal)
        let scored = section.Where(s => s.Section.Score is not null).ToList()
        let passed = scored.Count(s => s.Section.Passed is true)
        select new QaLine(
            $"{form.Key}/{section.Key}",
            basis.Forms.GetValueOrDefault(form.Key)?.Sections.FirstOrDefault(s => s.Code == section.Key)?.Title ?? Titles(section.Key),
            section.Count(), scored.Count, passed, RateOf(passed, scored.Count, fewest),
            section.Count(s => s.Row.Answers.Any(answer => answer.Section == section.Key && answer.AutoFail is not AutoFail.None)),
            MeanOf([.. scored.Select(s => (double)s.Section.Score!.Value)],
                SpreadOf(scored.Select(s => (s.Row.AgentId, s.Section.Score))), fewest));

    private static IEnumerable<QaLine> Questions(QaBasis basis, IReadOnlyList<Given> answers, int fewest) =>
        from form in answers.GroupBy(given => given.Row.FormId).OrderBy(form => form.Key)
        let order = (basis.Forms.GetValueOrDefault(form.Key)?.Questions ?? []).Select(question => question.Code).ToList()
        from question in form.GroupBy(given => given.Answer.Question)
            .OrderBy(q => order.IndexOf(q.Key) is >= 0 and var at ? at : int.MaxValue).ThenBy(q => q.Key, StringComparer.Ordinal)
        let earned = question.Where(given => given.Answer is { Points: not null, MaxPoints: > 0 })
            .Select(given => (given.Row.AgentId, Share: (decimal?)(100 * given.Answer.Points!.Value / given.Answer.MaxPoints))).ToList()
        // A bonus that is not earned costs nothing, and is not passed for that.
        let full = question.Count(given => given.Answer is { MaxPoints: > 0 and var all, Points: var points } && points >= all)
        select new QaLine(
            $"{form.Key}/{question.Key}", basis.QuestionOf(question.First()).Title, question.Count(), earned.Count, full,
            RateOf(full, earned.Count, fewest), question.Count(given => given.Answer.AutoFail is not AutoFail.None),
            MeanOf([.. earned.Select(e => (double)e.Share!.Value)], SpreadOf(earned), fewest),
            Answers: question.Any(given => given.Answer.Section != JudgedAnswer.Header) ? null : AnswerFigure.Of(
                question.CountBy(given => (given.Answer.Answer, given.Answer.NotApplicable)).ToDictionary()));

    private static QualityScores.Spread? SpreadOf(IEnumerable<(Guid Agent, decimal? Score)> scores) => QualityScores.Spread.Of(
        [.. scores.Where(s => s.Score is not null).GroupBy(s => s.Agent).Select(own => new DrawnScores(
            own.Key, default, own.Count(), [.. own.Select(s => (double)s.Score!.Value)]))]);

    internal static QaMean MeanOf(IReadOnlyList<double> scores, QualityScores.Spread? spread, int fewest)
    {
        if (scores.Count < fewest || spread is null)
            return new(scores.Count, null, null, null);

        var mean = scores.Average();
        var (low, high) = spread.Around(mean, scores.Count);
        // Where no two scores of anybody differ, how much the next will is not known to be nothing: no scores from 0 to 100 with this mean
        // differ more than those that are either, and they have the interval of a share.
        if (spread.Variance == 0)
        {
            var (least, most) = Wilson(mean / 100, scores.Count);
            (low, high) = (100 * least, 100 * most);
        }

        return new(scores.Count, Round(mean), Round(low), Round(high));
    }

    internal static QaRate RateOf(int passed, int scored, int fewest)
    {
        if (scored < fewest)
            return new(null, null, null);

        var share = (double)passed / scored;
        var (low, high) = Wilson(share, scored);
        return new(Math.Round(share, 4), Math.Round(low, 4), Math.Round(high, 4));
    }

    private static (double Low, double High) Wilson(double share, int of)
    {
        const double Z = 1.959963984540054, Z2 = Z * Z;
        var centre = (share + Z2 / (2 * of)) / (1 + Z2 / of);
        var half = Z * Math.Sqrt(share * (1 - share) / of + Z2 / (4.0 * of * of)) / (1 + Z2 / of);
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    private static List<QaCause> Pareto(IEnumerable<(string Key, IReadOnlyDictionary<string, string> Title)> named)
    {
        var bars = named.GroupBy(one => one.Key).Select(of => (of.Key, of.First().Title, Count: of.Count()))
            .OrderByDescending(of => of.Count).ThenBy(of => of.Key, StringComparer.Ordinal).ToList();
        var (all, cumulated, causes) = (bars.Sum(bar => bar.Count), 0, new List<QaCause>());
        foreach (var (key, title, count) in bars.Take(CausesShown))
        {
            cumulated += count;
            causes.Add(new(key, title, count, Math.Round((double)count / all, 4), Math.Round((double)cumulated / all, 4)));
        }

        return causes;
    }

    private static QaDisputes Disputes(IReadOnlyList<FigureRow> rows)
    {
        var contested = rows.Where(row => row.Contest is not null).ToList();
        var changes = contested.Where(row => row is { Contest: { Outcome: Contest.Changed, ScoreBefore: not null }, Score: not null })
            .Select(row => (double)(row.Score!.Value - row.Contest!.ScoreBefore!.Value)).ToList();
        int Ended(string? outcome) => contested.Count(row => row.Contest!.Outcome == outcome);
        return new(
            contested.Count, Ended(Contest.Upheld), Ended(Contest.Changed), Ended(Contest.Voided), Ended(null),
            contested.Count(row => row.Contest!.Escalated), contested.Count(row => row.Contest!.Appealed),
            changes.Count > 0 ? Round(changes.Average()) : null);
    }

    private static double Round(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);

    private static Dictionary<string, string> Titles(string name) => new Dictionary<string, string> { ["en"] = name };

    extension(QaBasis basis)
    {
        public IReadOnlyDictionary<string, string> TitleOf(Guid form) => basis.Forms.GetValueOrDefault(form)?.Title ?? Titles($"{form}");

        private (string Key, IReadOnlyDictionary<string, string> Title) QuestionOf(Given given) => (
            $"{given.Row.FormId}/{given.Answer.Question}",
            basis.Forms.GetValueOrDefault(given.Row.FormId)?.Find(given.Answer.Question)?.Title ?? Titles(given.Answer.Question));

        // Category and cause together, in each language in which both are known.
        public IReadOnlyDictionary<string, string> TitleOf(string category, string? rootCause)
        {
            var known = basis.Catalogue.FirstOrDefault(one => one.Code == category);
            if (known is null)
                return Titles(rootCause is null ? category : $"{category}: {rootCause}");

            var cause = known.RootCauses.FirstOrDefault(one => one.Code == rootCause);
            return rootCause is null ? known.Title : known.Title.ToDictionary(title => title.Key, title =>
                $"{title.Value}: {cause?.Title.GetValueOrDefault(title.Key) ?? cause?.Title.Values.FirstOrDefault() ?? rootCause}");
        }
    }
}
