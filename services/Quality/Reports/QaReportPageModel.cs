using CallCenter.Web;
using static CallCenter.Quality.Reports.QaReportResources;

namespace CallCenter.Quality.Reports;

/// <summary>A table of a report.</summary>
/// <param name="Note">Below it; null for nothing.</param>
/// <param name="Bars">Of each row, 0 to 1; null where there are none.</param>
/// <param name="IsNamed">Whether the first cell of a row says what the row is of.</param>
public sealed record QaBlock(
    string Title, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows, string? Note = null,
    IReadOnlyList<double>? Bars = null, bool IsNamed = true);

/// <summary>
/// A report as it is shown: as a page, as the HTML of a mail and as text. People stand in it by marks (<see cref="PersonNames"/>).
/// </summary>
public sealed record QaReportPageModel(
    string Language, string Title, string Project, string Client, string Span, string AsOf, string Headline, IReadOnlyList<QaBlock> Blocks,
    string Footer, (string Address, string Name)? Link)
{
    /// <param name="most">Of a table; all when left out.</param>
    /// <param name="link">Where the report is to be seen; null on the page itself.</param>
    internal static QaReportPageModel Of(
        QaReport report, QaReportVersion version, QaFigures figures, string project, string client, string zone, DateTimeOffset told,
        QaReportResources words, int most = int.MaxValue, string? link = null) => new(
        words.Language.Tag, words[report.Period is QaPeriod.Week ? "WeekTitle" : "MonthTitle"], project, client,
        $"{words.OfDate(report.From)} – {words.OfDate(report.To)}",
        words.Fill("AsOf", $"{words.OfDate(DateOnly.FromDateTime(told.DateTime))} {told:HH:mm}", version.Version),
        figures.Total.Score is { Mean: { } mean, Low: { } low, High: { } high }
            ? words.Fill("Headline", Count(figures.Total.Evaluations), $"{Number(mean)} ({Number(low)}–{Number(high)})")
            : words.Fill("HeadlineFew", Count(figures.Total.Evaluations)),
        [.. QaBlocks.Of(figures, words).Select(block => block.Rows.Count <= most ? block : block with
        {
            Rows = [.. block.Rows.Take(most)], Bars = block.Bars?.Take(most).ToList(),
            Note = words.Fill("More", Count(block.Rows.Count - most)),
        })],
        words.Fill("Footer", zone), link is null ? null : (link, words["Online"]));

    /// <summary>For those who read mail as text.</summary>
    public string ToText() => string.Join("\r\n",
    [
        $"{Title} · {Span}", Project, AsOf, "", Headline,
        .. Blocks.SelectMany(block => new[] { "", block.Title.ToUpperInvariant(), new string('-', 40), string.Join(" | ", block.Head) }
            .Concat(block.Rows.Select(row => string.Join(" | ", row))).Concat(block.Note is { } note ? [note] : [])),
        "", .. Link is var (address, name) ? new[] { $"{name}: {address}" } : [], Footer, "",
    ]);
}

internal static class QaBlocks
{
    /// <summary>What a report says, block by block; what there is nothing of is left out.</summary>
    public static IEnumerable<QaBlock> Of(QaFigures figures, QaReportResources words)
    {
        var few = words.Fill("TooFewNote", figures.Fewest);
        yield return Lines("Total", [figures.Total with { Title = new Dictionary<string, string> { ["en"] = words["Total"] } }]) with { Note = few };
        foreach (var (name, lines) in new[]
        {
            ("Forms", figures.Forms), ("Sections", figures.Sections), ("Questions", figures.Questions), ("Categories", figures.Categories),
            ("Teams", figures.Teams), ("Agents", figures.Agents), ("Inspectors", figures.Inspectors),
        })
            if (lines.Where(line => line.Answers is null).ToList() is { Count: > 0 } scored)
                yield return Lines(name, scored);
        foreach (var line in figures.Questions)
            if (line.Answers is { } answers)
                yield return new(words.Choose(line.Title!), [words["Answer"], words["Count"], words["Share"]],
                    [.. answers.Select(a => (IReadOnlyList<string>)[a.NotApplicable ? words["NotApplicable"] : a.Answer ?? "–",
                        Count(a.Count), Percent(a.Share)])],
                    Bars: [.. answers.Select(a => a.Share)]);
        foreach (var (name, causes) in new[] { ("Failures", figures.Failures), ("Causes", figures.Causes), ("Losses", figures.Losses) })
            if (causes.Count > 0)
                yield return new(words[name], [words["Name"], words["Count"], words["Share"], words["Cumulated"]],
                    [.. causes.Select(c => (IReadOnlyList<string>)[words.Choose(c.Title), Count(c.Count), Percent(c.Share),
                        Percent(c.Cumulated)])],
                    Bars: [.. causes.Select(c => c.Share)]);

        var disputes = figures.Disputes;
        yield return new(words["Disputes"],
            [words["Opened"], words["Upheld"], words["Changed"], words["Voided"], words["Open"], words["Escalated"], words["Appealed"], words["MeanChange"]],
            [[Count(disputes.Opened), Count(disputes.Upheld), Count(disputes.Changed), Count(disputes.Voided), Count(disputes.Open),
                Count(disputes.Escalated), Count(disputes.Appealed), Number(disputes.MeanChange)]], IsNamed: false);
        if (figures.Coverage.Count > 0)
            yield return new(words["Coverage"],
                [
                    words["Plan"], words["Weeks"], words["Asked"], words["Drawn"], words["Evaluated"], words["NotEvaluable"],
                    words["Overdue"], words["Score"], words["Interval"],
                ],
                [.. figures.Coverage.SelectMany(Covered)], words["CoverageNote"]);
        foreach (var plan in figures.Coverage.Where(plan => plan.Agents.Count > 0))
            yield return new($"{words["Estimates"]}{words["Colon"]}{plan.Name}",
                [words["Agent"], words["Evaluations"], words["Score"], words["Interval"], words["Rank"], words["Change"]],
                [.. plan.Agents.Select(a => (IReadOnlyList<string>)[PersonNames.Mark(a.AgentId), Count(a.Score.N), Score(a.Score),
                    Interval(a.Score),
                    a.BestRank is null ? words["NotRanked"] : a.BestRank == a.WorstRank ? $"{a.BestRank}" : $"{a.BestRank}–{a.WorstRank}",
                    a.Seen is { } seen ? words[$"Seen.{seen}"] : "–"])]);
        if (figures.Calibration.Count > 0)
            yield return new(words["Calibration"], [words["Form"], words["Sessions"], words["Calls"], words["Alpha"], words["Interval"]],
                [.. figures.Calibration.Select(form =>
                    (IReadOnlyList<string>)[words.Choose(form.Title), Count(form.Sessions), Count(form.Calls),
                    Figure(form.Alpha), form.Low is null ? words["TooFew"] : $"{Figure(form.Low)} … {Figure(form.High)}"])]);
        if (figures.Calibration.SelectMany(form => form.Inspectors).ToList() is { Count: > 0 } inspectors)
            yield return new(words["Severity"], [words["Name"], words["Calls"], words["Difference"], words["Interval"]],
                [.. inspectors.Select(i => (IReadOnlyList<string>)[PersonNames.Mark(i.InspectorId), Count(i.Calls), Number(i.Difference),
                    i.Low is null ? words["TooFew"] : $"{Number(i.Low)} … {Number(i.High)}"])]);

        var coaching = figures.Coaching;
        yield return new(words["Coaching"], [words["Opened"], words["Passed"], words["Withdrawn"], words["StillOpen"], words["Overdue"]],
            [[Count(coaching.Opened), Count(coaching.Passed), Count(coaching.Withdrawn), Count(coaching.Open), Count(coaching.Overdue)]],
            IsNamed: false);
        if (coaching.Effects.Count > 0)
            yield return new(words["Effects"], [words["Agent"], words["Section"], words["Effect"]],
                [.. coaching.Effects.Select(e => (IReadOnlyList<string>)[PersonNames.Mark(e.AgentId), SectionOf(e),
                    words.Fill($"Effect.{e.Verdict}", Number(e.Effect is { } by ? Math.Abs(by) : null), Number(e.Low), Number(e.High), e.Before, e.After,
                        e.Comparable)])]);

        var inputs = figures.Inputs;
        yield return new(words["Inputs"], [words["Received"], words["Answered"], words["MedianDays"], words["StillOpen"], words["Oldest"]],
            [[Count(inputs.Received), Count(inputs.Answered), Number(inputs.MedianDays), Count(inputs.Open),
                inputs.OldestDays is { } days ? Count(days) : "–"]], IsNamed: false);
        yield return figures.Restated.Count == 0 ? new(words["Restated"], [], [], words["Nothing"])
            : new(words["Restated"], [words["Report"], words["Figure"], words["Was"], words["Now"]],
                [.. figures.Restated.SelectMany(report => report.Changes.Select(change => (IReadOnlyList<string>)[
                    $"{report.From:yyyy-MM-dd} – {report.To:yyyy-MM-dd}", $"{NameOf(change.Scope)} {words.Find($"Figure.{change.Figure}") ?? change.Figure}".Trim(),
                    Shown(change.Old), Shown(change.New)]))]);

        QaBlock Lines(string name, IReadOnlyList<QaLine> lines)
        {
            var (ofQuestions, critical, bands) = (name == "Questions", lines.Any(line => line.CriticalScore is not null),
                lines.Any(line => line.Bands is not null));
            return new(words[name],
            [
                words["Name"], words[ofQuestions ? "Answers" : "Evaluations"], words[ofQuestions ? "PointsShare" : "Score"], words["Interval"],
                words[ofQuestions ? "Full" : "PassRate"], words["AutoFailed"], .. critical ? [words["Critical"]] : Array.Empty<string>(),
                .. bands ? [words["Bands"]] : Array.Empty<string>(),
            ],
            [
                .. lines.Select(line => (IReadOnlyList<string>)
                [
                    line.Title is { } title ? words.Choose(title) : Guid.TryParse(line.Key, out var person) ? PersonNames.Mark(person)
                        : line.Key,
                    Count(line.Evaluations), Score(line.Score), Interval(line.Score), line.PassRate.Rate is null ? words["TooFew"]
                        : $"{Percent(line.PassRate.Rate)} ({Percent(line.PassRate.Low)}–{Percent(line.PassRate.High)})",
                    Count(line.AutoFailed), .. critical ? [line.CriticalScore is { } score ? Score(score) : "–"] : Array.Empty<string>(),
                    .. bands ? [string.Join(" · ", BandsOf(line))] : Array.Empty<string>(),
                ]),
            ]);
        }

        // The best first, by what the forms call them; reports of before have no names.
        IEnumerable<string> BandsOf(QaLine line)
        {
            var known = figures.BandTitles ?? [];
            var places = known.Index().ToDictionary(band => band.Item.Band, band => band.Index);
            return (line.Bands ?? new Dictionary<string, int>())
                .OrderBy(band => places.GetValueOrDefault(band.Key, int.MaxValue)).ThenBy(band => band.Key, StringComparer.Ordinal)
                .Select(band => $"{(places.TryGetValue(band.Key, out var at) ? words.Choose(known[at].Title) : band.Key)} {band.Value}");
        }

        string SectionOf(QaEffect effect) => effect.Section is not { } code ? words["WholeForm"]
            : figures.Sections.FirstOrDefault(line => line.Key.EndsWith($"/{code}", StringComparison.Ordinal))?.Title is { } title
                ? words.Choose(title) : code;

        // The parts of a design that has more than one stand below it; scores are told of the whole, which the random part speaks for.
        IEnumerable<IReadOnlyList<string>> Covered(QaCoverage plan) =>
        [
            [
                plan.Name, string.Join(", ", plan.Weeks.Select(week => $"{week:yyyy-MM-dd}")),
                plan.Asked is { } asked ? Count(asked) : "–", Count(plan.Drawn), Count(plan.Evaluated), Count(plan.NotEvaluable),
                Count(plan.Overdue), Score(plan.Score), Interval(plan.Score),
            ],
            .. (plan.Parts is { Count: > 1 } parts ? parts : []).Select(part => (IReadOnlyList<string>)
            [
                $"{plan.Name}{words["Colon"]}{words.Find($"Part.{part.Part}") ?? part.Part}", part.NotFed ? words["NotFed"] : "",
                Count(part.Asked), Count(part.Drawn), Count(part.Evaluated), Count(part.NotEvaluable), Count(part.Overdue), "", "",
            ]),
        ];

        string NameOf(string scope) => scope.Split(':') is [var what, var key]
            ? (what == "form" ? figures.Forms : figures.Teams).FirstOrDefault(line => line.Key == key)?.Title is { } title
                ? words.Choose(title) : key[..8] : "";

        string Score(QaMean mean) => mean.Mean is null ? words["TooFew"] : Number(mean.Mean);

        static string Interval(QaMean mean) => mean.Low is null ? "–" : $"{Number(mean.Low)}–{Number(mean.High)}";

        static string Figure(double? figure) => figure is { } known
            ? known.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : "–";

        static string Shown(decimal? value) => value is { } known ? known.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)
            : "–";
    }
}
