using System.Reflection;
using System.Text.Json.Serialization;

namespace CallCenter.Quality.Forms;

/// <summary>
/// One question of a form. All kinds are written in one shape; each says which of the content members it is made of, checks them and
/// knows what an answer earns. A kind is stored and sent by the name it is registered with here, which never changes.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Kind")]
[JsonDerivedType(typeof(SingleSelectQuestion), "SingleSelect")]
[JsonDerivedType(typeof(YesNoQuestion), "YesNo")]
[JsonDerivedType(typeof(NumberQuestion), "Number")]
public abstract record Question
{
    private static readonly Dictionary<Type, string> Kinds = typeof(Question).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    /// <summary>Unique in the form and stable over versions.</summary>
    public required string Code { get; init; }

    /// <summary>At most 350 characters a language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>With <c>questions</c> weighting only; 0 asks without scoring.</summary>
    public decimal? Weight { get; init; }

    /// <summary>Whether the inspector may answer N/A, which takes the question out of the score altogether.</summary>
    public bool NotApplicable { get; init; }

    /// <summary>Whether an answer that costs points needs a comment.</summary>
    public bool CommentOnLoss { get; init; }

    /// <summary>For the inspector, at most 1,024 characters a language.</summary>
    public IReadOnlyDictionary<string, string>? Instructions { get; init; }

    /// <summary>For <c>single-select</c>: 2 to 256.</summary>
    public IReadOnlyList<Choice>? Choices { get; init; }

    /// <summary>For <c>yes-no</c>.</summary>
    public AnswerOutcome? Yes { get; init; }

    /// <summary>For <c>yes-no</c>.</summary>
    public AnswerOutcome? No { get; init; }

    /// <summary>For <c>number</c>: 1 to 100, bounds included, none overlapping.</summary>
    public IReadOnlyList<NumberRange>? Ranges { get; init; }

    /// <summary>The name of its kind, as it is stored.</summary>
    [JsonIgnore]
    public string Kind => Kinds[GetType()];

    /// <summary>The most points an answer can earn.</summary>
    [JsonIgnore]
    public decimal MaxPoints => Outcomes.Select(outcome => outcome.Points).DefaultIfEmpty().Max();

    /// <summary>What an answer earns; null when the question knows no such answer, and for N/A, which earns nothing.</summary>
    public abstract AnswerOutcome? OutcomeOf(Answer answer);

    /// <summary>Whether the question can be answered so.</summary>
    public bool Takes(Answer answer) => answer.NotApplicable ? NotApplicable : OutcomeOf(answer) is not null;

    /// <summary>Whether an answer so given has to be explained.</summary>
    public bool AsksWhy(Answer answer) => CommentOnLoss && OutcomeOf(answer) is { } outcome && outcome.Points < MaxPoints;

    /// <summary>All that answers can come to.</summary>
    protected abstract IEnumerable<AnswerOutcome> Outcomes { get; }

    /// <summary>The member that the content of this kind stands in, as problems point to it.</summary>
    protected abstract string ContentMember { get; }

    protected abstract bool HasContent { get; }

    /// <summary>The rules of the kind for its content, which is there.</summary>
    protected abstract void CheckContent(FormRules rules, string at);

    internal void Check(FormRules rules, Weighting weighting, string at)
    {
        rules.Code(Code, $"{at}/code", "question");
        rules.Title(Title, $"{at}/title", FormRules.QuestionLength);
        rules.Instructions(Instructions, $"{at}/instructions");
        rules.Weight(Weight, weighting is Weighting.Questions, $"{at}/weight");

        foreach (var (member, given) in Content)
            if (member == ContentMember)
                rules.Require(HasContent, $"{at}/{member}", "kind-mismatch", $"A question of this kind needs its {member}.");
            else
                rules.Require(!given, $"{at}/{member}", "kind-mismatch", $"A question of this kind has no {member}.");

        if (HasContent)
            CheckContent(rules, at);

        var points = Outcomes.Select(outcome => outcome.Points).ToList();
        rules.Require(points.All(FormRules.ArePoints), at, "points-out-of-range",
            $"Points are 0 to {FormRules.MaxPoints}, with at most six decimals.");
        rules.Require(Weight is null or 0 || points.Any(p => p > 0), at, "no-points",
            "A question with a weight needs an answer that earns points.");
    }

    private IEnumerable<(string Member, bool Given)> Content =>
        [("choices", Choices is not null), ("yes", Yes is not null || No is not null), ("ranges", Ranges is not null)];
}

/// <param name="Points">0 or more.</param>
/// <param name="AutoFail">What the answer fails whatever the rest says.</param>
public sealed record AnswerOutcome(decimal Points, AutoFail AutoFail = AutoFail.None);

public enum AutoFail { None, Section, Form }
