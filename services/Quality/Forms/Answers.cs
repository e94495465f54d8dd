using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

/// <summary>What the inspector said to one question: exactly one of the four.</summary>
/// <param name="Choice">Code of the choice, for <c>single-select</c>.</param>
/// <param name="Yes">For <c>yes-no</c>.</param>
/// <param name="Number">For <c>number</c>.</param>
/// <param name="NotApplicable">N/A, where the question allows it.</param>
public sealed record Answer(string? Choice = null, bool? Yes = null, decimal? Number = null, bool NotApplicable = false)
{
    public static readonly Answer OutOfScope = new(NotApplicable: true);

    /// <summary>What was said, in words that are the same in every language; null for N/A.</summary>
    [JsonIgnore]
    public string? AsText => Choice ?? (Yes is { } yes ? yes ? "yes" : "no" : Number?.ToString(CultureInfo.InvariantCulture));

    [JsonIgnore]
    public bool IsOne => new[] { Choice is not null, Yes is not null, Number is not null, NotApplicable }.Count(said => said) == 1;
}

/// <param name="Question">Code of the question.</param>
/// <param name="Answer">As the kind of the question asks for it.</param>
/// <param name="Comment">Shown to the agent.</param>
public sealed record GivenAnswer(string Question, Answer Answer, [property: FreeText] [MaxLength(2000)] string? Comment = null);

public static class Answers
{
    /// <summary>What can be said of answers without their form.</summary>
    /// <exception cref="InvalidException">422: none or several ways of answering at once, or one question twice.</exception>
    public static void Check(this IReadOnlyList<GivenAnswer> answers)
    {
        var errors = answers.Index().SelectMany(given => given.Item switch
        {
            { Answer.IsOne: false } => [new Error($"/answers/{given.Index}/answer", "not-one-answer",
                "An answer is a choice, a yes or no, a number, or not applicable: one of them.")],
            { Question: var question } when answers.Take(given.Index).Any(other => other.Question == question) =>
                [new Error($"/answers/{given.Index}/question", "duplicate-question", "The question is answered twice.")],
            _ => Array.Empty<Error>(),
        }).ToList();

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    /// <exception cref="RefusedException">The form has no such question, or the question takes no such answer.</exception>
    public static void EnsureFits(this FormContent form, IReadOnlyList<GivenAnswer> answers)
    {
        foreach (var given in answers)
        {
            var question = form.Find(given.Question)
                ?? throw new RefusedException("unknown-question", $"The form has no question '{given.Question}'.");

            if (!question.Takes(given.Answer))
                throw new RefusedException("answer-does-not-fit", $"'{given.Question}' takes no such answer.");
        }
    }
}
