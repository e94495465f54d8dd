using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

/// <summary>What the inspector said to one question: exactly one of the seven.</summary>
/// <param name="Choice">Code of the choice, for <c>single-select</c>.</param>
/// <param name="Yes">For <c>yes-no</c>.</param>
/// <param name="Number">For <c>number</c> and <c>scale</c>.</param>
/// <param name="NotApplicable">N/A, where the question allows it.</param>
/// <param name="Choices">Codes of the choices, for <c>multi-select</c>; none of them is an answer too.</param>
/// <param name="Text">For <c>text</c>.</param>
/// <param name="Date">For <c>date</c>.</param>
public sealed record Answer(
    string? Choice = null, bool? Yes = null, decimal? Number = null, bool NotApplicable = false,
    [MaxLength(256)] IReadOnlyList<string>? Choices = null, [property: FreeText] [MaxLength(4000)] string? Text = null,
    DateOnly? Date = null)
{
    public static readonly Answer OutOfScope = new(NotApplicable: true);

    /// <summary>
    /// What was said, in words that are the same in every language; null for N/A, and for text, which stays where it was written.
    /// </summary>
    [JsonIgnore]
    public string? AsText => this switch
    {
        { Choice: { } choice } => choice,
        { Choices: { } choices } => string.Join(',', choices.Order(StringComparer.Ordinal)),
        { Yes: { } yes } => yes ? "yes" : "no",
        { Number: { } number } => number.ToString(CultureInfo.InvariantCulture),
        { Date: { } date } => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The answer to a question of which <see cref="AsText"/> says this; null of what that does not say.</summary>
    public static Answer? Of(Question question, string? text) => (question, text) switch
    {
        (_, null) => null,
        (YesNoQuestion, _) => new(Yes: text == "yes"),
        (NumberQuestion or ScaleQuestion, _) => new(Number: decimal.Parse(text, CultureInfo.InvariantCulture)),
        (MultiSelectQuestion, _) => new(Choices: text.Split(',', StringSplitOptions.RemoveEmptyEntries)),
        (DateQuestion, _) => new(Date: DateOnly.Parse(text, CultureInfo.InvariantCulture)),
        _ => new(Choice: text),
    };

    [JsonIgnore]
    public bool IsOne => new[]
    {
        Choice is not null, Yes is not null, Number is not null, NotApplicable, Choices is not null, Text is not null, Date is not null,
    }.Count(said => said) == 1;

    /// <summary>The same, but for what somebody wrote: that there was something stays.</summary>
    public Answer Emptied() => Text is null ? this : this with { Text = "" };

    public bool Equals(Answer? other) => other is not null
        && (Choice, Yes, Number) == (other.Choice, other.Yes, other.Number)
        && (NotApplicable, Text, Date) == (other.NotApplicable, other.Text, other.Date)
        && (Choices is null) == (other.Choices is null) && (Choices ?? []).SequenceEqual(other.Choices ?? []);

    public override int GetHashCode() => HashCode.Combine(Choice, Yes, Number, NotApplicable, Text, Date, Choices?.Count);
}

/// <param name="Question">Code of the question.</param>
/// <param name="Answer">As the kind of the question asks for it.</param>
/// <param name="Comment">Shown to the agent.</param>
/// <param name="Issue">What went wrong, by the project's catalogue of issues.</param>
/// <param name="Evidence">Where words of the question's list were said or written.</param>
public sealed record GivenAnswer(
    string Question, Answer Answer, [property: FreeText] [MaxLength(2000)] string? Comment = null, Issue? Issue = null,
    [MaxLength(50)] IReadOnlyList<Evidence>? Evidence = null)
{
    /// <summary>The same, but for what somebody wrote or said: that there was something stays.</summary>
    public GivenAnswer Emptied() => this with
    {
        Answer = Answer.Emptied(), Comment = Comment is null ? null : "",
        Evidence = Evidence is null ? null : [.. Evidence.Select(found => found with { Quote = "" })],
    };

    public bool Equals(GivenAnswer? other) => other is not null
        && (Question, Answer, Comment, Issue) == (other.Question, other.Answer, other.Comment, other.Issue)
        && (Evidence ?? []).SequenceEqual(other.Evidence ?? []);

    public override int GetHashCode() => HashCode.Combine(Question, Answer, Comment, Issue, Evidence?.Count);
}

/// <param name="Category">Code of a category of the project's catalogue of issues.</param>
/// <param name="RootCause">Code of one of its root causes; null where it has none, or none is known.</param>
public sealed record Issue(string Category, string? RootCause = null);

/// <summary>That a word of a list was said, and where: at an offset of the recording, or in a message of the chat.</summary>
/// <param name="Word">As it stands in the list.</param>
/// <param name="Quote">What was said or written there, the word in it.</param>
/// <param name="OffsetMs">Milliseconds from the beginning of the recording; null in a chat.</param>
/// <param name="Message">Number of the message in the chat, from 1; null in a recording.</param>
public sealed record Evidence(
    string Word, [property: FreeText] [Required, VisibleText, MaxLength(500)] string Quote, [Range(0, 86_400_000)] int? OffsetMs = null,
    [Range(1, 100_000)] int? Message = null);

public static class Answers
{
    /// <summary>What can be said of answers without their form.</summary>
    /// <exception cref="InvalidException">
    /// 422: none or several ways of answering at once, one question twice, or evidence of no place.
    /// </exception>
    public static void Check(this IReadOnlyList<GivenAnswer> answers)
    {
        var errors = answers.Index().SelectMany(given => given.Item switch
        {
            { Answer.IsOne: false } => [new Error($"/answers/{given.Index}/answer", "not-one-answer",
                "An answer is a choice, choices, a yes or no, a number, a text, a date, or not applicable: one of them.")],
            { Question: var question } when answers.Take(given.Index).Any(other => other.Question == question) =>
                [new Error($"/answers/{given.Index}/question", "duplicate-question", "The question is answered twice.")],
            { Evidence: { } found } => found.Index().SelectMany(one => Faults(one.Item, $"/answers/{given.Index}/evidence/{one.Index}")),
            _ => Array.Empty<Error>(),
        }).ToList();

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    private static IEnumerable<Error> Faults(Evidence evidence, string at)
    {
        if ((evidence.OffsetMs is null) == (evidence.Message is null))
            yield return new(at, "evidence-without-place", "Evidence names an offset of the recording or a message of the chat: one of them.");
        if (!evidence.Quote.Contains(evidence.Word, StringComparison.OrdinalIgnoreCase))
            yield return new($"{at}/quote", "quote-without-word", "The word stands in what is quoted.");
    }

    /// <param name="before">What was answered until now; null where these are all there is.</param>
    /// <exception cref="RefusedException">
    /// The form has no such question, or the question takes no such answer, or is not asked where the others are answered so.
    /// </exception>
    public static void EnsureFits(
        this FormContent form, IReadOnlyList<GivenAnswer> answers, IEnumerable<GivenAnswer>? before = null)
    {
        foreach (var given in answers)
        {
            var question = form.Find(given.Question)
                ?? throw new RefusedException("unknown-question", $"The form has no question '{given.Question}'.");

            if (!question.Takes(given.Answer))
                throw new RefusedException("answer-does-not-fit", $"'{given.Question}' takes no such answer.");
            if ((given.Evidence ?? []).FirstOrDefault(found => !form.WordsOf(question).Contains(found.Word)) is { } stray)
                throw new RefusedException("word-not-in-list", $"'{stray.Word}' is no word of the list of '{given.Question}'.");
        }

        var all = (before ?? []).Concat(answers).GroupBy(given => given.Question).ToDictionary(of => of.Key, of => of.Last().Answer);
        var asked = form.Asked(all);
        if (answers.FirstOrDefault(given => !asked.Contains(given.Question)) is { } hidden)
            throw new RefusedException("question-not-asked", $"'{hidden.Question}' is not asked where the others are answered so.");
    }

    /// <exception cref="RefusedException">An answer lost points and does not say why, as its question wants it.</exception>
    public static void EnsureExplained(this FormContent form, IEnumerable<GivenAnswer> answers)
    {
        foreach (var given in answers)
        {
            var question = form.Find(given.Question)!;
            if (!question.Loses(given.Answer))
                continue;
            if (question.CommentOnLoss && given.Comment is null)
                throw new RefusedException("comment-missing", $"'{given.Question}' lost points and needs a comment.");
            if (question.IssueOnLoss && given.Issue is null)
                throw new RefusedException("issue-missing", $"'{given.Question}' lost points and needs an issue of the project's catalogue.");
            if (question.WordList is not null && given.Evidence is null or [])
                throw new RefusedException("evidence-missing", $"'{given.Question}' lost points and needs the words that were said, and where.");
        }
    }
}
