using System.Text.Json.Serialization;
using CallCenter.Quality.Coachings;
using CallCenter.Quality.Figures;
using CallCenter.Quality.Projects;

namespace CallCenter.Quality.Reports;

/// <summary>What a QA report says: the quality of a week or a month of a project.</summary>
/// <param name="Fewest">Of fewer evaluations no score or share is told, and nobody is ranked.</param>
/// <param name="Total">Of all evaluations that were submitted in the period and count.</param>
/// <param name="Forms">By form.</param>
/// <param name="Sections">By section of each form: scores are those of the section.</param>
/// <param name="Questions">By question of each form: scores are shares of the points that could be earned, in percent.</param>
/// <param name="Categories">By category of the catalogue of issues: evaluations that name it.</param>
/// <param name="Teams">By team, as agents were in it on the day.</param>
/// <param name="Agents">By agent.</param>
/// <param name="Inspectors">By who judged.</param>
/// <param name="Failures">Questions whose answers failed a section or the form.</param>
/// <param name="Causes">Issues and root causes that answers name, the most frequent first.</param>
/// <param name="Losses">Questions whose answers lost points, the most frequent first.</param>
/// <param name="Disputes">What was contested of these evaluations.</param>
/// <param name="Coverage">How far sampling plans and designs were carried out whose draws fell due in the period.</param>
/// <param name="Calibration">Sessions that ended in the period, by form.</param>
/// <param name="Coaching">Who was coached, and what it did.</param>
/// <param name="Inputs">What the front line had to say.</param>
/// <param name="Restated">Earlier reports that have been restated since the one before this.</param>
/// <param name="BandTitles">What bands are called, the best first; null in reports that were told before this was.</param>
public sealed record QaFigures(
    int Fewest, QaLine Total, IReadOnlyList<QaLine> Forms, IReadOnlyList<QaLine> Sections, IReadOnlyList<QaLine> Questions,
    IReadOnlyList<QaLine> Categories, IReadOnlyList<QaLine> Teams, IReadOnlyList<QaLine> Agents, IReadOnlyList<QaLine> Inspectors,
    IReadOnlyList<QaCause> Failures, IReadOnlyList<QaCause> Causes, IReadOnlyList<QaCause> Losses, QaDisputes Disputes,
    IReadOnlyList<QaCoverage> Coverage, IReadOnlyList<QaCalibration> Calibration, QaCoaching Coaching, QaInputs Inputs,
    IReadOnlyList<QaRestated> Restated, IReadOnlyList<QaBand>? BandTitles = null)
{
    /// <summary>The same, but for the figures of people whom somebody may not see.</summary>
    internal QaFigures SeenBy(PeopleSeen seen) => this with
    {
        Teams = [.. Teams.Where(line => seen.Team(Guid.Parse(line.Key)))],
        Agents = [.. Agents.Where(line => seen.Agent(Guid.Parse(line.Key)))],
        Inspectors = [.. Inspectors.Where(line => seen.Inspector(Guid.Parse(line.Key)))],
        Coverage = [.. Coverage.Select(plan => plan with { Agents = [.. plan.Agents.Where(agent => seen.Agent(agent.AgentId))] })],
        Calibration = [.. Calibration.Select(form =>
            form with { Inspectors = [.. form.Inspectors.Where(i => seen.Inspector(i.InspectorId))] })],
        Coaching = Coaching with { Effects = [.. Coaching.Effects.Where(effect => seen.Agent(effect.AgentId))] },
        Restated = [.. Restated.Select(earlier => earlier with { Changes = [.. earlier.Changes.Where(change => change.IsSeen(seen))] })],
    };

    /// <summary>All who stand in it.</summary>
    [JsonIgnore]
    internal IReadOnlySet<Guid> People => Agents.Concat(Inspectors).Select(line => Guid.Parse(line.Key))
        .Concat(Coverage.SelectMany(plan => plan.Agents).Select(agent => agent.AgentId))
        .Concat(Calibration.SelectMany(form => form.Inspectors).Select(own => own.InspectorId))
        .Concat(Coaching.Effects.Select(effect => effect.AgentId)).ToHashSet();

    /// <summary>Each figure by what it is of, to be compared with what was told before.</summary>
    internal IEnumerable<QaTold> Told() =>
    [
        .. Of("project", [Total]),
        .. Of("form", Forms), .. Of("section", Sections), .. Of("question", Questions), .. Of("category", Categories), .. Of("team", Teams),
        .. Of("agent", Agents), .. Of("inspector", Inspectors),
        .. Of("failure", Failures), .. Of("cause", Causes), .. Of("loss", Losses),
        new("disputes", "opened", Disputes.Opened), new("disputes", "upheld", Disputes.Upheld), new("disputes", "changed", Disputes.Changed),
        new("disputes", "voided", Disputes.Voided), new("disputes", "open", Disputes.Open),
        .. Coverage.SelectMany(plan => new QaTold[]
        {
            new($"plan:{plan.PlanId}", "evaluated", plan.Evaluated), new($"plan:{plan.PlanId}", "notEvaluable", plan.NotEvaluable),
        }),
    ];

    private static IEnumerable<QaTold> Of(string what, IEnumerable<QaLine> lines) => lines.SelectMany(line =>
    {
        var scope = line.Key.Length > 0 ? $"{what}:{line.Key}" : what;
        return new QaTold[]
        {
            new(scope, "evaluations", line.Evaluations), new(scope, "passed", line.Passed), new(scope, "autoFailed", line.AutoFailed),
            new(scope, "score", (decimal?)line.Score.Mean), new(scope, "criticalScore", (decimal?)line.CriticalScore?.Mean),
        };
    });

    private static IEnumerable<QaTold> Of(string what, IEnumerable<QaCause> causes) =>
        causes.Select(cause => new QaTold($"{what}:{cause.Key}", "count", cause.Count));
}

/// <summary>How evaluations of one kind came out.</summary>
/// <param name="Key">
/// Id of the form, team, agent or inspector; form and code of the section or question, with a slash between; code of the category; empty
/// for all.
/// </param>
/// <param name="Title">What it is called, by language tag; null for people, whose names are looked up when they are shown.</param>
/// <param name="Evaluations">Of a question: answers. Of a section: those in which it was asked.</param>
/// <param name="Scored">Those with a score, which are not N/A throughout.</param>
/// <param name="Passed">Of a question: answers that earned all points.</param>
/// <param name="PassRate">Share of those with a score that passed.</param>
/// <param name="AutoFailed">Those that an answer failed whatever the rest said.</param>
/// <param name="Score">Mean of the scores.</param>
/// <param name="CriticalScore">Mean of the critical scores; null where none has one.</param>
/// <param name="Bands">How many scores lie in each band, by its code; null where none does.</param>
/// <param name="Answers">
/// Of a question of the header, which earns nothing: what was said how often, the most frequent first, at most 20; null of all else.
/// </param>
public sealed record QaLine(
    string Key, IReadOnlyDictionary<string, string>? Title, int Evaluations, int Scored, int Passed, QaRate PassRate, int AutoFailed,
    QaMean Score, QaMean? CriticalScore = null, IReadOnlyDictionary<string, int>? Bands = null,
    IReadOnlyList<AnswerFigure>? Answers = null);

/// <summary>
/// A mean score and its 95 % interval. How much scores of one agent differ is taken from all agents together, as <c>/quality-scores</c>
/// does.
/// <code>mean ± t · s / √n</code>
/// Where no two scores of anybody differ, s would be 0 and the interval nothing: then it is that of a share, the widest with this mean.
/// </summary>
/// <param name="N">How many scores.</param>
/// <param name="Mean">0 to 100, one decimal; null of fewer than the report's fewest, and where it is not known how much scores differ.</param>
/// <param name="Low">With 95 % confidence it is more; null as above.</param>
/// <param name="High">With 95 % confidence it is less; null as above.</param>
public sealed record QaMean(int N, double? Mean, double? Low, double? High);

/// <param name="Band">Code of a band of the project's forms.</param>
/// <param name="Title">What it is called, by language tag.</param>
public sealed record QaBand(string Band, IReadOnlyDictionary<string, string> Title);

/// <summary>A share and its 95 % interval (Wilson 1927).</summary>
/// <param name="Rate">0 to 1; null of fewer than the report's fewest.</param>
/// <param name="Low">With 95 % confidence it is more; null as above.</param>
/// <param name="High">With 95 % confidence it is less; null as above.</param>
public sealed record QaRate(double? Rate, double? Low, double? High);

/// <summary>A bar of a Pareto chart.</summary>
/// <param name="Key">Category and root cause, or form and question, with a slash between.</param>
/// <param name="Title">What it is called, by language tag.</param>
/// <param name="Count">How many answers.</param>
/// <param name="Share">Of all of them, 0 to 1.</param>
/// <param name="Cumulated">Share of this and all that are more frequent.</param>
public sealed record QaCause(string Key, IReadOnlyDictionary<string, string> Title, int Count, double Share, double Cumulated);

/// <param name="Opened">Evaluations of the period that were disputed, whenever.</param>
/// <param name="Upheld">The score stayed.</param>
/// <param name="Changed">The score was changed, at either instance.</param>
/// <param name="Voided">The score counts no more.</param>
/// <param name="Open">Not decided.</param>
/// <param name="Escalated">That nobody had decided in time.</param>
/// <param name="Appealed">To a second instance.</param>
/// <param name="MeanChange">Points by which changed scores rose, on average; null where none was changed.</param>
public sealed record QaDisputes(
    int Opened, int Upheld, int Changed, int Voided, int Open, int Escalated, int Appealed, double? MeanChange);

/// <summary>How far a sampling plan or design was carried out.</summary>
/// <param name="PlanId">The plan or design.</param>
/// <param name="Weeks">First days of the weeks, or months, whose contacts were drawn.</param>
/// <param name="Drawn">Contacts; one that several parts of a design drew is one.</param>
/// <param name="Evaluated">With a score that counts, or one that is held.</param>
/// <param name="NotEvaluable">Voided, or given back by an inspector and judged by nobody since.</param>
/// <param name="Overdue">The others: not judged when the period was over.</param>
/// <param name="Score">What they say of all contacts of that time, as <c>/quality-scores</c> says it.</param>
/// <param name="Agents">Likewise, by agent.</param>
/// <param name="Asked">
/// How many the rules ask for, of those who had contacts to be drawn from; null in reports that were told before this was.
/// </param>
/// <param name="Parts">Of a design: what is drawn at random, and at each risk. Null of a plan, which has one part.</param>
public sealed record QaCoverage(
    Guid PlanId, string Name, IReadOnlyList<DateOnly> Weeks, int Drawn, int Evaluated, int NotEvaluable, int Overdue, QaMean Score,
    IReadOnlyList<QaRanked> Agents, int? Asked = null, IReadOnlyList<QaPart>? Parts = null);

/// <summary>How far one part of a sampling design was carried out.</summary>
/// <param name="Part">random, or a kind of risk.</param>
/// <param name="Asked">How many the rules ask for, of those who had contacts.</param>
/// <param name="Drawn">Contacts; other parts may have drawn them too.</param>
/// <param name="Evaluated">With a score that counts, or one that is held.</param>
/// <param name="NotEvaluable">Voided, or given back by an inspector and judged by nobody since.</param>
/// <param name="Overdue">The others: not judged when the period was over.</param>
/// <param name="NotFed">No service tells of this risk yet: nothing could be drawn.</param>
public sealed record QaPart(string Part, int Asked, int Drawn, int Evaluated, int NotEvaluable, int Overdue, bool NotFed);

/// <param name="Score">What the drawn calls say of all calls of the agent.</param>
/// <param name="BestRank">The best place that the figures allow; null where too few were judged to rank the agent.</param>
/// <param name="WorstRank">The worst place.</param>
/// <param name="Seen">Of a change beside the weeks before: up, down, or no; null where it is not known.</param>
public sealed record QaRanked(Guid AgentId, QaMean Score, int? BestRank, int? WorstRank, string? Seen);

/// <param name="Title">What the form is called, by language tag.</param>
/// <param name="Sessions">How many ended.</param>
/// <param name="Calls">That two or more have judged.</param>
/// <param name="Alpha">Krippendorff's alpha of the scores; null where nothing was judged twice.</param>
/// <param name="Low">With 95 % confidence it is more; null of fewer than five calls.</param>
/// <param name="High">With 95 % confidence it is less; null of fewer than five calls.</param>
/// <param name="Inspectors">How much more lenient each is than the master, or the others.</param>
public sealed record QaCalibration(
    Guid FormId, IReadOnlyDictionary<string, string> Title, int Sessions, int Calls, double? Alpha, double? Low, double? High,
    IReadOnlyList<QaSeverity> Inspectors);

/// <param name="Calls">That they and others have judged.</param>
/// <param name="Low">With 95 % confidence it is more; null as above.</param>
/// <param name="High">With 95 % confidence it is less; null as above.</param>
/// <param name="Difference">In points: above 0 is more lenient; null where nobody else judged, or only one call.</param>
public sealed record QaSeverity(Guid InspectorId, int Calls, double? Difference, double? Low, double? High);

/// <param name="Opened">In the period.</param>
/// <param name="Passed">Closed in the period by a later evaluation that passed.</param>
/// <param name="Withdrawn">In the period.</param>
/// <param name="Open">At the period's end.</param>
/// <param name="Overdue">Of those open, what was to be done by then and is not.</param>
/// <param name="Effects">Of those that passed in the period, and of those whose eight weeks after the talk ended in it.</param>
public sealed record QaCoaching(int Opened, int Passed, int Withdrawn, int Open, int Overdue, IReadOnlyList<QaEffect> Effects);

/// <param name="Verdict">improved, worsened, no-effect-seen, or unknown where there is too little to say.</param>
/// <param name="Effect">Points by which the score changed more than that of comparable agents; null where it is unknown.</param>
/// <param name="Low">With 98 % confidence it is more; null as above.</param>
/// <param name="High">With 98 % confidence it is less; null as above.</param>
/// <param name="Before">Scores before.</param>
/// <param name="After">Scores after.</param>
/// <param name="Comparable">Agents compared with.</param>
public sealed record QaEffect(
    Guid CoachingId, Guid AgentId, string? Section, EffectSeen Verdict, double? Effect, double? Low, double? High, int Before, int After,
    int Comparable);

/// <param name="Received">In the period.</param>
/// <param name="Answered">In the period.</param>
/// <param name="MedianDays">From input to answer, of those answered in the period; null of none.</param>
/// <param name="Open">At the period's end.</param>
/// <param name="OldestDays">Age of the oldest of these at the period's end; null of none.</param>
public sealed record QaInputs(int Received, int Answered, double? MedianDays, int Open, int? OldestDays);

/// <param name="From">First day of the earlier report's period.</param>
/// <param name="Changes">Of the project, forms and teams; all of them are with the report.</param>
public sealed record QaRestated(Guid ReportId, DateOnly From, DateOnly To, IReadOnlyList<QaChange> Changes);

internal sealed record QaTold(string Scope, string Figure, decimal? Value);

/// <summary>A figure that is no longer what was told.</summary>
/// <param name="Scope">What it is of: project, or form, section, question, category, team, agent, inspector … and its key after a colon.</param>
/// <param name="Figure">Which of its figures.</param>
/// <param name="Old">What was told; null where nothing was.</param>
/// <param name="New">What it is now; null where nothing is told.</param>
public sealed record QaChange(string Scope, string Figure, decimal? Old, decimal? New)
{
    internal bool IsSeen(PeopleSeen seen) => Scope.Split(':') switch
    {
        ["agent", var id] => seen.Agent(Guid.Parse(id)),
        ["team", var id] => seen.Team(Guid.Parse(id)),
        ["inspector", var id] => seen.Inspector(Guid.Parse(id)),
        _ => true,
    };

    internal static IReadOnlyList<QaChange> Between(QaFigures told, QaFigures now)
    {
        var (old, known) = (told.Told().ToDictionary(t => (t.Scope, t.Figure), t => t.Value), now.Told().ToList());
        var gone = old.Keys.Except(known.Select(t => (t.Scope, t.Figure)));
        return
        [
            .. known.Where(t => old.GetValueOrDefault((t.Scope, t.Figure)) != t.Value)
                .Select(t => new QaChange(t.Scope, t.Figure, old.GetValueOrDefault((t.Scope, t.Figure)), t.Value)),
            .. gone.Where(key => old[key] is not null).Select(key => new QaChange(key.Scope, key.Figure, old[key], null)),
        ];
    }
}

/// <summary>An evaluation that is not what it was when it was told.</summary>
/// <param name="Status">What has become of it: submitted (corrected since), disputed, resolved or voided.</param>
/// <param name="Old">Its score then; null where it had none, or was not known.</param>
/// <param name="New">Its score now; null once voided.</param>
/// <param name="At">When that was stored.</param>
public sealed record QaEvaluationChange(Guid EvaluationId, Guid AgentId, string Status, decimal? Old, decimal? New, DateTimeOffset At);
