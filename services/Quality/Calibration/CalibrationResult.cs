using System.Collections.Immutable;
using CallCenter.Quality.Forms;

namespace CallCenter.Quality.Calibration;

/// <summary>How far the inspectors of sessions agree.</summary>
/// <param name="Calls">Calls that two or more have judged.</param>
/// <param name="Score">Of the scores, as numbers.</param>
/// <param name="Questions">In the order of the form.</param>
/// <param name="Inspectors">Those who have judged, in the order of the sessions.</param>
/// <param name="Scores">The score of each call: average, highest, lowest, and the master's.</param>
public sealed record CalibrationResult(
    int Calls, AgreementFigure Score, IReadOnlyList<QuestionAgreement> Questions, IReadOnlyList<InspectorAgreement> Inspectors,
    IReadOnlyList<CallScores> Scores)
{
    /// <param name="sessions">Of one form and its versions: questions are known by their codes.</param>
    public static CalibrationResult Of(IReadOnlyList<CalibrationSession> sessions)
    {
        var calls = sessions.SelectMany(session => session.Calls.Select(call => new JudgedCall(session, call.CallId))).ToList();
        var scores = calls.Select(call => call.Units(score => (double?)score.Result.Score)).ToList();
        var questions = sessions.SelectMany(session => session.Form!.Questions).Where(question => question is not TextQuestion)
            .DistinctBy(question => question.Code);

        return new(
            scores.Count(unit => unit.Count > 1), AgreementFigure.Of(scores, Scale.Interval),
            [.. questions.Select(question => QuestionAgreement.Of(question, calls))],
            [.. calls.SelectMany(call => call.Scores).Select(score => score.InspectorId).Distinct()
                .Select(inspector => InspectorAgreement.Of(inspector, calls))],
            [.. calls.Select(CallScores.Of)]);
    }
}

/// <summary>A call of a session, and what was said of it.</summary>
internal sealed record JudgedCall(CalibrationSession Session, Guid CallId)
{
    public IReadOnlyList<CalibrationScore> Scores { get; } = [.. Session.Scores.Where(score => score.CallId == CallId)];

    public Guid? MasterId => Session.Terms.MasterId;

    public IReadOnlyList<double> Units(Func<CalibrationScore, double?> value) => [.. Scores.Select(value).OfType<double>()];
}

/// <param name="Alpha">Krippendorff's alpha; null where nothing was judged twice, or all always said the same.</param>
/// <param name="Low">With 95 % confidence alpha is more; null of fewer than five calls.</param>
/// <param name="High">With 95 % confidence alpha is less; null of fewer than five calls.</param>
/// <param name="Same">Share of pairs of inspectors who said the same of a call, 0 to 1; null where nothing was judged twice.</param>
public sealed record AgreementFigure(double? Alpha, double? Low, double? High, double? Same)
{
    internal static AgreementFigure Of(IReadOnlyList<IReadOnlyList<double>> units, Scale scale)
    {
        var interval = Agreement.Interval(units, scale);
        return new(Rounded(Agreement.Alpha(units, scale)), Rounded(interval?.Low), Rounded(interval?.High), Rounded(Agreement.Same(units)));
    }

    internal static double? Rounded(double? value) => value is { } number ? Math.Round(number, 3) : null;
}

/// <param name="Question">Code of the question.</param>
/// <param name="Scale">nominal for choices, interval for numbers.</param>
/// <param name="Agreement">Of the answers to it.</param>
public sealed record QuestionAgreement(string Question, Scale Scale, AgreementFigure Agreement)
{
    internal static QuestionAgreement Of(Question question, IReadOnlyList<JudgedCall> calls)
    {
        var values = new AnswerValues(question);
        return new(question.Code, values.Scale, AgreementFigure.Of([.. calls.Select(call => call.Units(values.Of))], values.Scale));
    }
}

/// <summary>
/// What answers to a question are worth to a measure: numbers as they are, of which N/A is none; of all others, each answer a value of its
/// own, N/A too, for whoever holds a question not to apply has said something about the call.
/// </summary>
internal sealed class AnswerValues(Question question)
{
    private readonly Dictionary<(bool NotApplicable, string Text), double> known = [];

    public Scale Scale { get; } = question is NumberQuestion or ScaleQuestion ? Scale.Interval : Scale.Nominal;

    public double? Of(CalibrationScore score) =>
        Of(score.Answers.FirstOrDefault(given => given.Question == question.Code)?.Answer);

    public double? Of(Answer? answer) =>
        answer is null ? null : Scale is Scale.Interval ? (double?)answer.Number : ValueOf(answer);

    // That none of the choices is so has no words either, and is another answer than N/A.
    private double ValueOf(Answer answer)
    {
        var said = (answer.NotApplicable, answer.AsText ?? "");
        known.TryAdd(said, known.Count);
        return known[said];
    }
}

/// <summary>How one inspector judges beside the master, or where there is none, beside the mean of the others.</summary>
/// <param name="Difference">Of their scores, in points: above 0 is more lenient. Null where nobody else judged.</param>
/// <param name="Kappa">Cohen's kappa of their answers with the master's, all questions of choice together; null without a master.</param>
/// <param name="IsMaster">The others are measured against them.</param>
public sealed record InspectorAgreement(Guid InspectorId, MeanDifference? Difference, double? Kappa, bool IsMaster)
{
    internal static InspectorAgreement Of(Guid inspector, IReadOnlyList<JudgedCall> calls)
    {
        var differences = new List<double>();
        var masters = new List<(CalibrationScore Own, CalibrationScore Master, FormContent Form)>();
        foreach (var call in calls)
        {
            if (call.MasterId == inspector || call.Scores.FirstOrDefault(score => score.InspectorId == inspector) is not { } own)
                continue;
            var others = call.Scores.Where(score => score.InspectorId != inspector && score.Result.Score is not null
                && (call.MasterId is null || score.InspectorId == call.MasterId)).ToList();
            if (own.Result.Score is { } score && others.Count > 0)
                differences.Add((double)(score - others.Average(other => other.Result.Score!.Value)));
            if (call.Scores.FirstOrDefault(other => other.InspectorId == call.MasterId) is { } master)
                masters.Add((own, master, call.Session.Form!));
        }

        return new(inspector, Agreement.MeanOf(differences)?.Shown(), AgreementFigure.Rounded(Agreement.Kappa(Pairs(masters))),
            calls.All(call => call.MasterId == inspector));
    }

    // One numbering of the answers of a question over all calls: the same answer is the same value.
    private static IEnumerable<IReadOnlyList<(double, double)>> Pairs(
        IReadOnlyList<(CalibrationScore Own, CalibrationScore Master, FormContent Form)> judged) =>
        from question in judged.SelectMany(pair => pair.Form.Questions).DistinctBy(question => question.Code)
        let values = new AnswerValues(question)
        where values.Scale is Scale.Nominal && question is not TextQuestion
        select (IReadOnlyList<(double, double)>)
        [
            .. judged.Select(pair => (One: values.Of(pair.Own), Other: values.Of(pair.Master)))
                .Where(pair => pair is { One: not null, Other: not null }).Select(pair => (pair.One!.Value, pair.Other!.Value)),
        ];
}

/// <param name="Inspectors">How many have judged it.</param>
/// <param name="Average">Of their scores, one decimal; null where every question was N/A.</param>
/// <param name="Highest">The most lenient score, likewise.</param>
/// <param name="Lowest">The strictest score, likewise.</param>
/// <param name="Index">The master's; null without one.</param>
public sealed record CallScores(Guid CallId, int Inspectors, decimal? Average, decimal? Highest, decimal? Lowest, decimal? Index)
{
    internal static CallScores Of(JudgedCall call)
    {
        var scores = call.Scores.Select(score => score.Result.Score).OfType<decimal>().ToList();
        return new(call.CallId, call.Scores.Count, scores.Count > 0 ? Math.Round(scores.Average(), 1, MidpointRounding.AwayFromZero) : null,
            scores.Count > 0 ? scores.Max() : null, scores.Count > 0 ? scores.Min() : null,
            call.Scores.FirstOrDefault(score => score.InspectorId == call.MasterId)?.Result.Score);
    }
}
