using System.Buffers.Binary;
using CallCenter.Quality.Evaluations;

namespace CallCenter.Quality.Figures;

/// <summary>What figures are told apart by.</summary>
public enum FiguresBy { None, Agent, Team, Inspector, Month }

/// <summary>How questions were answered over some days.</summary>
/// <param name="By">What the groups are told apart by.</param>
/// <param name="Behind">Evaluations that have changed and are not counted as they are now, in all projects; a moment later none.</param>
/// <param name="Evaluations">Submitted on these days and counting.</param>
/// <param name="Groups">By key; of nobody and no month one.</param>
public sealed record QuestionFiguresView(
    Guid ProjectId, DateOnly From, DateOnly To, FiguresBy By, long Behind, int Evaluations, IReadOnlyList<QuestionGroup> Groups);

/// <param name="Key">Id of the agent, team or inspector, or the month's first day; null where there is one group.</param>
/// <param name="Evaluations">Of the group.</param>
/// <param name="Sections">By form, in the order of their questions.</param>
public sealed record QuestionGroup(string? Key, int Evaluations, IReadOnlyList<SectionFigure> Sections);

/// <param name="Section">Its code; empty for the header of the form, which comes first and earns nothing.</param>
/// <param name="Title">What the section is called; its code where no form in force has it.</param>
/// <param name="PointsShare">Share of the points that could be earned in it, 0 to 1; null where nothing could.</param>
/// <param name="Questions">In the order of the form.</param>
public sealed record SectionFigure(
    Guid FormId, string Section, string Title, double? PointsShare, IReadOnlyList<QuestionFigure> Questions);

/// <summary>
/// Answers to one question.
/// <code>pointsShare = Σ points / Σ most points, over answers that are not N/A; a bonus question and one that earns nothing have
/// none</code>
/// </summary>
/// <param name="Title">What is asked; its code where no form in force has it.</param>
/// <param name="Answered">Answers, N/A among them.</param>
/// <param name="NotApplicable">Those that were N/A.</param>
/// <param name="Lost">Those that cost points.</param>
/// <param name="Failed">Those that failed the section or the form.</param>
/// <param name="PointsShare">0 to 1; null where nothing could be earned.</param>
/// <param name="Answers">What was said how often, the most frequent first, at most 20 of them.</param>
public sealed record QuestionFigure(
    string Question, string Title, int Answered, int NotApplicable, int Lost, int Failed, double? PointsShare,
    IReadOnlyList<AnswerFigure> Answers);

/// <param name="Answer">As facts say it: code of the choice, codes by commas, yes or no, the number or the day; null for N/A and a text.</param>
/// <param name="NotApplicable">Whether it is N/A.</param>
/// <param name="Count">How often it was given.</param>
/// <param name="Share">Of all answers to the question, 0 to 1.</param>
public sealed record AnswerFigure(string? Answer, bool NotApplicable, int Count, double Share)
{
    private const int Shown = 20;

    /// <summary>The most frequent first.</summary>
    internal static IReadOnlyList<AnswerFigure> Of(IReadOnlyDictionary<(string? Answer, bool NotApplicable), int> said)
    {
        var all = said.Values.Sum();
        return
        [
            .. said.OrderByDescending(of => of.Value).ThenBy(of => of.Key.Answer, StringComparer.Ordinal).Take(Shown)
                .Select(of => new AnswerFigure(of.Key.Answer, of.Key.NotApplicable, of.Value, Math.Round((double)of.Value / all, 4))),
        ];
    }
}

/// <summary>How often each known answer was given: a number for each, whatever is asked of them later.</summary>
/// <param name="places">Of the answers that are known, by their numbers: -1 for those that are not.</param>
/// <param name="known">How many are.</param>
internal sealed class AnswerCounts(int[] places, int known)
{
    private readonly int[] counts = new int[known];

    public int Evaluations { get; private set; }

    /// <param name="answers">
    /// Numbers of answers as PostgreSQL sends an array without nulls: dimensions, flags, type, length and lower bound of four bytes
    /// each, then for each element its size and itself. The six million of a year are read so in half the time that an array for
    /// each row takes.
    /// </param>
    public void Add(ReadOnlySpan<byte> answers)
    {
        const int Word = sizeof(int), Header = 5 * Word;
        Evaluations++;
        for (var at = Header + Word; at < answers.Length; at += 2 * Word)
            // What came since the answers were read is counted the next time.
            if (BinaryPrimitives.ReadInt32BigEndian(answers[at..]) is var answer && answer < places.Length
                && places[answer] is >= 0 and var place)
                counts[place]++;
    }

    /// <param name="sections">In the order in which sections and questions are shown.</param>
    public IReadOnlyList<SectionFigure> Figures(IReadOnlyList<KnownSection> sections) =>
    [
        .. sections.Select(section => (Known: section, Questions: section.Questions.Select(Figure).OfType<Counted>().ToList()))
            .Where(section => section.Questions.Count > 0)
            .Select(section => new SectionFigure(
                section.Known.FormId, section.Known.Section, section.Known.Title,
                Share(section.Questions.Sum(q => q.Points), section.Questions.Sum(q => q.Possible)),
                [.. section.Questions.Select(q => q.Figure)])),
    ];

    private sealed record Counted(QuestionFigure Figure, decimal Points, decimal Possible);

    private Counted? Figure(KnownQuestion question)
    {
        var (answered, notApplicable, lost, failed, points, possible) = (0, 0, 0, 0, 0m, 0m);
        var said = new Dictionary<(string?, bool), int>();
        foreach (var (id, answer) in question.Answers)
        {
            if (counts[places[id]] is not (> 0 and var count))
                continue;
            answered += count;
            notApplicable += answer.NotApplicable ? count : 0;
            lost += answer.Lost ? count : 0;
            failed += answer.AutoFail is Forms.AutoFail.None ? 0 : count;
            if (answer is { Points: { } earned, MaxPoints: > 0, Bonus: false })
                (points, possible) = (points + count * earned, possible + count * answer.MaxPoints);
            var key = (answer.Answer, answer.NotApplicable);
            said[key] = said.GetValueOrDefault(key) + count;
        }

        return answered == 0 ? null : new(
            new(question.Question, question.Title, answered, notApplicable, lost, failed, Share(points, possible),
                AnswerFigure.Of(said)), points, possible);
    }

    private static double? Share(decimal points, decimal possible) =>
        possible == 0 ? null : Math.Round((double)(points / possible), 4, MidpointRounding.AwayFromZero);
}

/// <param name="Questions">With all answers that were ever given to them.</param>
internal sealed record KnownSection(Guid FormId, string Section, string Title, IReadOnlyList<KnownQuestion> Questions);

internal sealed record KnownQuestion(string Question, string Title, IReadOnlyList<(int Id, JudgedAnswer Answer)> Answers);
