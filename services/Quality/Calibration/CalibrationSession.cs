using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;

namespace CallCenter.Quality.Calibration;

// ---- Values

/// <param name="AgentId">Who had the call.</param>
public sealed record CalibratedCall(Guid CallId, Guid AgentId);

/// <summary>How one inspector judged one of the calls.</summary>
/// <param name="Answers">In the order of the form.</param>
/// <param name="Result">By the formula of evaluations.</param>
public sealed record CalibrationScore(
    Guid InspectorId, Guid CallId, ImmutableArray<GivenAnswer> Answers, EvaluationResult Result, DateTimeOffset ScoredAt);

/// <summary>Who judges until when, and against whom they are measured.</summary>
/// <param name="Inspectors">2 to 50.</param>
/// <param name="MasterId">One of them, whose answers are taken for right; null: all are measured against each other.</param>
/// <param name="ClosesAt">The first instant at which nobody judges any more.</param>
public sealed record CalibrationTerms(string Title, ImmutableArray<Guid> Inspectors, Guid? MasterId, DateTimeOffset ClosesAt)
{
    public bool IsSameAs(CalibrationTerms other) => (Title, MasterId, ClosesAt) == (other.Title, other.MasterId, other.ClosesAt)
        && Inspectors.SequenceEqual(other.Inspectors);
}

// ---- Events

/// <param name="Form">As it was in force: all judge by the same.</param>
public sealed record CalibrationCalled(
    Guid SessionId, Guid ProjectId, ImmutableArray<CalibratedCall> Calls, Guid FormId, int FormVersion, FormContent Form,
    CalibrationTerms Terms, Guid By, DateTimeOffset At);

public sealed record CalibrationChanged(CalibrationTerms Terms, Guid By, DateTimeOffset At);

/// <summary>An inspector judged a call; what they said of it before counts no more.</summary>
public sealed record CalibrationScored(
    Guid CallId, ImmutableArray<GivenAnswer> Answers, EvaluationResult Result, Guid By, DateTimeOffset At);

public sealed record CalibrationClosed(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record CallCalibration(
    Guid SessionId, Guid ProjectId, ImmutableArray<CalibratedCall> Calls, EvaluationForm Form, CalibrationTerms Terms, Guid By,
    DateTimeOffset Now);

public sealed record ChangeCalibration(CalibrationTerms Terms, Guid By, DateTimeOffset Now);

/// <param name="FormVersion">The version the inspector has before them.</param>
public sealed record ScoreCalibration(Guid CallId, int FormVersion, IReadOnlyList<GivenAnswer> Answers, Guid By, DateTimeOffset Now);

public sealed record CloseCalibration(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>
/// Inspectors judge the same calls by the same form, each without seeing what the others said, and compare when it is closed. What they
/// say is theirs alone: no score of an agent comes of it, and no other service hears of it.
/// </summary>
public sealed record CalibrationSession
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public ImmutableArray<CalibratedCall> Calls { get; init; } = [];
    public Guid FormId { get; init; }
    public int FormVersion { get; init; }

    /// <summary>As it was when the session was called.</summary>
    public FormContent? Form { get; init; }
    public CalibrationTerms Terms { get; init; } = new("", [], null, default);

    /// <summary>In the order in which they came; one for each inspector and call.</summary>
    public ImmutableArray<CalibrationScore> Scores { get; init; } = [];

    /// <summary>Null until somebody closed it; it is over at <see cref="CalibrationTerms.ClosesAt"/> too.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    public bool IsOver(DateTimeOffset now) => ClosedAt is not null || now >= Terms.ClosesAt;

    /// <summary>
    /// Whether somebody may see what the others said: it is over, and they are judging none of its calls again by its form.
    /// </summary>
    /// <param name="again">What they are judging again.</param>
    public bool IsShown(DateTimeOffset now, IReadOnlySet<(Guid FormId, Guid CallId)> again) =>
        IsOver(now) && (again.Count == 0 || Calls.All(call => !again.Contains((FormId, call.CallId))));

    public CalibrationSession Evolve(object @event) => @event switch
    {
        CalibrationCalled e => this with
        {
            Id = e.SessionId, ProjectId = e.ProjectId, Calls = e.Calls, FormId = e.FormId, FormVersion = e.FormVersion, Form = e.Form,
            Terms = e.Terms,
        },
        CalibrationChanged e => this with { Terms = e.Terms },
        CalibrationScored e => this with
        {
            Scores =
            [
                .. Scores.Where(score => (score.InspectorId, score.CallId) != (e.By, e.CallId)),
                new CalibrationScore(e.By, e.CallId, e.Answers, e.Result, e.At),
            ],
        },
        CalibrationClosed e => this with { ClosedAt = e.At },
        _ => this,
    };
}

// ---- Decisions

public static class CalibrationDecider
{
    public static object[] Decide(CallCalibration command, CalibrationSession state)
    {
        if (state.Id != Guid.Empty)
            return [];

        Check(command.Terms, "/terms", command.Calls, command.Now);
        var (version, content) = command.Form.InForce();
        return
        [
            new CalibrationCalled(command.SessionId, command.ProjectId, command.Calls, command.Form.Id, version, content, command.Terms,
                command.By, command.Now),
        ];
    }

    public static object[] Decide(ChangeCalibration command, CalibrationSession state)
    {
        if (state.IsOver(command.Now))
            throw Over();
        Check(command.Terms, "", state.Calls, command.Now);
        if (state.Scores.FirstOrDefault(score => !command.Terms.Inspectors.Contains(score.InspectorId)) is { } scored)
            throw new RefusedException("inspector-scored", $"{scored.InspectorId} has judged a call already, and stays in the session.");

        return command.Terms.IsSameAs(state.Terms) ? [] : [new CalibrationChanged(command.Terms, command.By, command.Now)];
    }

    public static object[] Decide(ScoreCalibration command, CalibrationSession state)
    {
        if (!state.Terms.Inspectors.Contains(command.By))
            throw new RefusedException("not-in-calibration", "Only its inspectors judge the calls of a session.");
        if (state.IsOver(command.Now))
            throw Over();
        if (state.Calls.All(call => call.CallId != command.CallId))
            throw new StreamNotFoundException(command.CallId);
        if (command.FormVersion != state.FormVersion)
            throw new RefusedException("other-form-version", $"The session judges by version {state.FormVersion} of its form.");

        var form = state.Form!;
        form.EnsureFits(command.Answers);
        var given = command.Answers.ToDictionary(answer => answer.Question);
        var said = given.ToDictionary(a => a.Key, a => a.Value.Answer);
        foreach (var usual in form.Defaults(said))
            (given[usual.Question], said[usual.Question]) = (usual, usual.Answer);
        if (form.Open(said) is { Count: > 0 } open)
            throw new RefusedException("answers-missing", $"Not answered yet: {string.Join(", ", open)}.");

        ImmutableArray<GivenAnswer> answers =
            [.. form.Questions.Where(question => given.ContainsKey(question.Code)).Select(question => given[question.Code])];
        return state.Scores.FirstOrDefault(score => (score.InspectorId, score.CallId) == (command.By, command.CallId)) is { } before
            && before.Answers.SequenceEqual(answers)
            ? []
            :
            [
                new CalibrationScored(command.CallId, answers, form.Score(said), command.By, command.Now),
            ];
    }

    public static object[] Decide(CloseCalibration command, CalibrationSession state) =>
        !state.IsOver(command.Now) ? [new CalibrationClosed(command.By, command.Now)] : [];

    /// <param name="at">Where the terms stand in the request.</param>
    private static void Check(CalibrationTerms terms, string at, ImmutableArray<CalibratedCall> calls, DateTimeOffset now)
    {
        if (terms.Inspectors.Distinct().Count() < terms.Inspectors.Length)
            throw new InvalidException($"{at}/inspectors", "duplicate-inspector", "An inspector judges a call once.");
        if (terms.MasterId is { } master && !terms.Inspectors.Contains(master))
            throw new InvalidException($"{at}/masterId", "master-not-inspector", "Who the others are measured against judges the calls too.");
        if (terms.ClosesAt <= now)
            throw new InvalidException($"{at}/closesAt", "closing-out-of-range", "A session closes later than now.");
        if (calls.FirstOrDefault(call => terms.Inspectors.Contains(call.AgentId)) is not null)
            throw new RefusedException("self-evaluation", "Nobody judges their own call.");
    }

    private static RefusedException Over() => new("calibration-over", "The session is closed.");
}
