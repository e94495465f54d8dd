using System.Text.Json.Serialization;

namespace CallCenter.Quality.Forms;

/// <summary>What a call is judged by. Titles are given by language tag: <c>{ "en": "Opening", "zh-CN": "开场" }</c>.</summary>
/// <param name="Title">What the form is called, at most 128 characters a language.</param>
/// <param name="Weighting">Where the weights stand, and what they share out; see <see cref="Forms.Weighting"/>.</param>
/// <param name="PassMark">The score, 0 to 100, from which an evaluation passes.</param>
/// <param name="Sections">1 to 100 of them, with at most 100 questions in all.</param>
/// <param name="DisputeDays">Whole local days after that of submission in which the agent may dispute; 0 means never, 45 is the most.</param>
/// <param name="Instructions">For the inspector, at most 1,024 characters a language.</param>
public sealed record FormContent(
    IReadOnlyDictionary<string, string> Title, Weighting Weighting, decimal PassMark, IReadOnlyList<Section> Sections,
    int DisputeDays = FormContent.DefaultDisputeDays, IReadOnlyDictionary<string, string>? Instructions = null)
{
    public const int DefaultDisputeDays = 7;

    [JsonIgnore]
    public IEnumerable<Question> Questions => Sections.SelectMany(section => section.Questions);

    public Question? Find(string question) => Questions.FirstOrDefault(q => q.Code == question);
}

/// <summary>Where the weights of a form stand. Either way they sum to 100 exactly.</summary>
public enum Weighting
{
    /// <summary>Each question has its share of the form; a section weighs what its questions weigh together.</summary>
    Questions,

    /// <summary>Each section has its share of the form; inside it, a question weighs the most points it can earn.</summary>
    Sections,
}

/// <param name="Code">Stable over versions: results and training needs are kept by it.</param>
/// <param name="Weight">With <c>sections</c> weighting only.</param>
/// <param name="PassMark">The section's own, 0 to 100; without one the form's counts.</param>
public sealed record Section(
    string Code, IReadOnlyDictionary<string, string> Title, IReadOnlyList<Question> Questions,
    decimal? Weight = null, decimal? PassMark = null);

/// <summary>One question. Which of the last members it needs depends on its kind.</summary>
/// <param name="Code">Unique in the form and stable over versions.</param>
/// <param name="Title">At most 350 characters a language.</param>
/// <param name="Weight">With <c>questions</c> weighting only; 0 asks without scoring.</param>
/// <param name="NotApplicable">Whether the inspector may answer N/A, which takes the question out of the score altogether.</param>
/// <param name="CommentOnLoss">Whether an answer that costs points needs a comment.</param>
/// <param name="Choices">For <c>single-select</c>: 2 to 256.</param>
/// <param name="Yes">For <c>yes-no</c>.</param>
/// <param name="No">For <c>yes-no</c>.</param>
/// <param name="Ranges">For <c>number</c>: bounds included, none overlapping.</param>
public sealed record Question(
    string Code, IReadOnlyDictionary<string, string> Title, QuestionKind Kind,
    decimal? Weight = null, bool NotApplicable = false, bool CommentOnLoss = false,
    IReadOnlyDictionary<string, string>? Instructions = null, IReadOnlyList<Choice>? Choices = null,
    Outcome? Yes = null, Outcome? No = null, IReadOnlyList<NumberRange>? Ranges = null)
{
    /// <summary>The most points an answer can earn.</summary>
    [JsonIgnore]
    public decimal MaxPoints => Outcomes.Select(outcome => outcome.Points).DefaultIfEmpty().Max();

    [JsonIgnore]
    public IEnumerable<Outcome> Outcomes => Kind switch
    {
        QuestionKind.SingleSelect => (Choices ?? []).Select(choice => choice.Outcome),
        QuestionKind.YesNo => new[] { Yes, No }.OfType<Outcome>(),
        _ => (Ranges ?? []).Select(range => range.Outcome),
    };

    /// <summary>What an answer earns; null when the question does not know such an answer. N/A earns nothing and is asked about before.</summary>
    public Outcome? OutcomeOf(Answer answer) => (Kind, answer) switch
    {
        (QuestionKind.SingleSelect, { Choice: { } code }) => Choices?.FirstOrDefault(choice => choice.Code == code)?.Outcome,
        (QuestionKind.YesNo, { Yes: { } yes }) => yes ? Yes : No,
        (QuestionKind.Number, { Number: { } number }) =>
            Ranges?.FirstOrDefault(range => range.From <= number && number <= range.To)?.Outcome,
        _ => null,
    };
}

public enum QuestionKind { SingleSelect, YesNo, Number }

/// <param name="Points">0 or more.</param>
/// <param name="AutoFail">What the answer fails whatever the rest says.</param>
public sealed record Outcome(decimal Points, AutoFail AutoFail = AutoFail.None);

public enum AutoFail { None, Section, Form }

public sealed record Choice(string Code, IReadOnlyDictionary<string, string> Title, decimal Points, AutoFail AutoFail = AutoFail.None)
{
    [JsonIgnore]
    public Outcome Outcome => new(Points, AutoFail);
}

public sealed record NumberRange(decimal From, decimal To, decimal Points, AutoFail AutoFail = AutoFail.None)
{
    [JsonIgnore]
    public Outcome Outcome => new(Points, AutoFail);
}
