using CallCenter.Web;

namespace CallCenter.Quality.Reports;

/// <summary>All figures of a report in one table: its columns are those of lines, and what other parts have stands under the
/// nearest.</summary>
internal static class QaReportCsv
{
    /// <param name="nameOf">What stands for a person.</param>
    public static Table Of(QaFigures figures, QaReportResources words, Func<Guid, string> nameOf)
    {
        var table = new Table("part", "key", "name", "evaluations", "scored", "passed", "passRate", "passRateLow", "passRateHigh", "autoFailed", "score",
            "scoreLow", "scoreHigh", "criticalScore", "bestRank", "worstRank", "count", "share", "cumulated", "note");
        foreach (var (part, lines) in new[]
        {
            ("total", [figures.Total]), ("form", figures.Forms), ("section", figures.Sections), ("question", figures.Questions),
            ("category", figures.Categories), ("team", figures.Teams), ("agent", figures.Agents), ("inspector", figures.Inspectors),
        })
            foreach (var line in lines)
                table.Add(part, line.Key, Name(line), line.Evaluations, line.Scored, line.Passed, line.PassRate.Rate, line.PassRate.Low,
                    line.PassRate.High, line.AutoFailed, line.Score.Mean, line.Score.Low, line.Score.High, line.CriticalScore?.Mean, null,
                        null, null,
                    null, null, string.Join(' ', (line.Bands ?? new Dictionary<string, int>()).Select(band => $"{band.Key}={band.Value}")));
        foreach (var line in figures.Questions)
            foreach (var answer in line.Answers ?? [])
                Count("answer", $"{line.Key}/{(answer.NotApplicable ? "N/A" : answer.Answer)}", words.Choose(line.Title!), answer.Count,
                    answer.Share);
        foreach (var (part, causes) in new[] { ("failure", figures.Failures), ("cause", figures.Causes), ("loss", figures.Losses) })
            foreach (var cause in causes)
                Count(part, cause.Key, words.Choose(cause.Title), cause.Count, cause.Share, cause.Cumulated);
        foreach (var (what, count) in new (string, int)[]
        {
            ("opened", figures.Disputes.Opened), ("upheld", figures.Disputes.Upheld), ("changed", figures.Disputes.Changed),
            ("voided", figures.Disputes.Voided), ("open", figures.Disputes.Open), ("escalated", figures.Disputes.Escalated),
            ("appealed", figures.Disputes.Appealed),
        })
            Count("disputes", what, null, count);
        foreach (var plan in figures.Coverage)
        {
            Covered($"{plan.PlanId}", plan.Name, plan.Asked, plan.Drawn, plan.Evaluated, plan.NotEvaluable, plan.Overdue);
            foreach (var part in plan.Parts ?? [])
                Covered($"{plan.PlanId}/{part.Part}", plan.Name, part.Asked, part.Drawn, part.Evaluated, part.NotEvaluable, part.Overdue);
            foreach (var agent in plan.Agents)
                Scored("estimate", $"{plan.PlanId}/{agent.AgentId}", nameOf(agent.AgentId), agent.Score, agent.BestRank, agent.WorstRank, agent.Seen);
        }

        foreach (var form in figures.Calibration)
        {
            table.Add("calibration", form.FormId, words.Choose(form.Title), form.Calls, null, null, null, null, null, null, form.Alpha, form.Low,
                form.High, null,
                null, null, form.Sessions, null, null, "alpha");
            foreach (var own in form.Inspectors)
                table.Add("severity", own.InspectorId, nameOf(own.InspectorId), own.Calls, null, null, null, null, null, null, own.Difference,
                    own.Low,
                    own.High, null, null, null, null, null, null, "points");
        }

        foreach (var (what, count) in new[]
        {
            ("opened", figures.Coaching.Opened), ("passed", figures.Coaching.Passed), ("withdrawn", figures.Coaching.Withdrawn),
            ("open", figures.Coaching.Open), ("overdue", figures.Coaching.Overdue),
        })
            Count("coaching", what, null, count);
        foreach (var effect in figures.Coaching.Effects)
            table.Add("effect", effect.CoachingId, nameOf(effect.AgentId), effect.Before + effect.After, null, null, null, null, null, null,
                effect.Effect,
                effect.Low, effect.High, null, null, null, null, null, null, $"{effect.Verdict}");
        foreach (var (what, count) in new (string, double?)[]
        {
            ("received", figures.Inputs.Received), ("answered", figures.Inputs.Answered), ("medianDays", figures.Inputs.MedianDays),
            ("open", figures.Inputs.Open), ("oldestDays", figures.Inputs.OldestDays),
        })
            Count("inputs", what, null, count);

        return table;

        void Count(string part, string key, string? name, double? count, double? share = null, double? cumulated = null) => table.Add(
            part, key, name, null, null, null, null, null, null, null, null, null, null, null, null, null, count, share, cumulated, null);

        void Covered(string key, string name, int? asked, int drawn, int evaluated, int notEvaluable, int overdue)
        {
            foreach (var (what, count) in new (string, int?)[]
            {
                ("asked", asked), ("drawn", drawn), ("evaluated", evaluated), ("notEvaluable", notEvaluable), ("overdue", overdue),
            })
                Count("coverage", $"{key}/{what}", name, count);
        }

        void Scored(string part, string key, string name, QaMean score, int? best, int? worst, string? note) => table.Add(
            part, key, name, score.N, null, null, null, null, null, null, score.Mean, score.Low, score.High, null, best, worst, null,
                null, null, note);

        // A name of somebody, or nothing.
        string? Name(QaLine line) => line.Title is { } title ? words.Choose(title)
            : Guid.TryParse(line.Key, out var person) ? nameOf(person) : null;
    }
}
