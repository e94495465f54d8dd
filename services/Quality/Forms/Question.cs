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
[JsonDerivedType(typeof(MultiSelectQuestion), "MultiSelect")]
[JsonDerivedType(typeof(ScaleQuestion), "Scale")]
[JsonDerivedType(typeof(TextQuestion), "Text")]
[JsonDerivedType(typeof(DateQuestion), "Date")]
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

    /// <summary>For <c>single-select</c> and <c>multi-select</c>: 2 to 256.</summary>
    public IReadOnlyList<Choice>? Choices { get; init; }

    /// <summary>For <c>yes-no</c>.</summary>
    public AnswerOutcome? Yes { get; init; }

    /// <summary>For <c>yes-no</c>.</summary>
    public AnswerOutcome? No { get; init; }

    /// <summary>For <c>number</c>: 1 to 100, bounds included, none overlapping.</summary>
    public IReadOnlyList<NumberRange>? Ranges { get; init; }

    /// <summary>For <c>scale</c>.</summary>
    public ScaleSteps? Scale { get; init; }

    /// <summary>Whether it may be left without an answer; only where it earns nothing.</summary>
    public bool Optional { get; init; }

    /// <summary>
    /// It is asked where its section is and all of these hold, up to 20; null: wherever its section is. Where it is not asked, it does not
    /// count.
    /// </summary>
    public IReadOnlyList<AnswerIs>? AskedIf { get; init; }

    /// <summary>Whether its points come on top: its weight is not among the 100, and nothing is lost where they are not earned.</summary>
    public bool Bonus { get; init; }

    /// <summary>Whether it counts in the critical score, which stands beside the score.</summary>
    public bool Critical { get; init; }

    /// <summary>What is taken to be said where the inspector says nothing else.</summary>
    public Answer? Default { get; init; }

    /// <summary>Whether an answer that costs points names an issue of the project's catalogue.</summary>
    public bool IssueOnLoss { get; init; }

    /// <summary>Code of a list of words; an answer that costs points tells which of them were said, and where.</summary>
    public string? WordList { get; init; }

    /// <summary>The name of its kind, as it is stored.</summary>
    [JsonIgnore]
    public string Kind => Kinds[GetType()];

    /// <summary>The most points an answer can earn.</summary>
    [JsonIgnore]
    public virtual decimal MaxPoints => Outcomes.Select(outcome => outcome.Points).DefaultIfEmpty().Max();

    /// <summary>What an answer earns; null when the question knows no such answer, and for N/A, which earns nothing.</summary>
    public abstract AnswerOutcome? OutcomeOf(Answer answer);

    /// <summary>Whether the question can be answered so.</summary>
    public virtual bool Takes(Answer answer) => answer.NotApplicable ? NotApplicable : OutcomeOf(answer) is not null;

    /// <summary>Whether an answer so given costs points; of a bonus question only one that takes some away.</summary>
    public bool Loses(Answer answer) => OutcomeOf(answer) is { } outcome && outcome.Points < (Bonus ? 0 : MaxPoints);

    /// <summary>Whether some answer takes points away.</summary>
    [JsonIgnore]
    public bool TakesAway => Outcomes.Any(outcome => outcome.Points < 0);

    /// <summary>All that answers can come to; of several choices each by itself, of a scale the highest.</summary>
    protected virtual IEnumerable<AnswerOutcome> Outcomes => [];

    /// <summary>Whether answers earn points at all.</summary>
    protected virtual bool Earns => true;

    /// <summary>The member that the content of this kind stands in, as problems point to it; null where it has none.</summary>
    protected virtual string? ContentMember => null;

    protected virtual bool HasContent => false;

    /// <summary>The rules of the kind for its content, which is there.</summary>
    protected virtual void CheckContent(FormRules rules, string at)
    {
    }

    /// <param name="weighting">Null in the header, which has no weights.</param>
    internal void Check(FormRules rules, Weighting? weighting, string at)
    {
        rules.Code(Code, $"{at}/code", "question");
        rules.Title(Title, $"{at}/title", FormRules.QuestionLength);
        rules.Instructions(Instructions, $"{at}/instructions");
        if (Earns || Weight is not (null or 0))
            rules.Weight(Weight, Earns && weighting is Weighting.Questions, $"{at}/weight");

        foreach (var (member, given) in Content)
            if (member == ContentMember)
                rules.Require(HasContent, $"{at}/{member}", "kind-mismatch", $"A question of this kind needs its {member}.");
            else
                rules.Require(!given, $"{at}/{member}", "kind-mismatch", $"A question of this kind has no {member}.");

        if (HasContent)
            CheckContent(rules, at);

        rules.Require(Outcomes.All(outcome => FormRules.ArePoints(outcome.Points)), at, "points-out-of-range",
            $"Points are {-FormRules.MaxPoints} to {FormRules.MaxPoints}, with at most six decimals.");
        rules.Require(Weight is null or 0 || MaxPoints > 0, at, "no-points", "A question with a weight needs an answer that earns points.");
        rules.Require(weighting is not null || (!Bonus && !Critical && Outcomes.All(outcome => outcome == new AnswerOutcome(0))), at,
            "header-scored", "A question of the header earns nothing and fails nothing.");
        rules.Require(!Optional || MaxPoints == 0, $"{at}/optional", "optional-scored", "A question that earns points is answered, or N/A.");
        rules.Require(Default is null || (Default.IsOne && Takes(Default)), $"{at}/default", "default-does-not-fit",
            "The question takes no such answer.");
    }

    private IEnumerable<(string Member, bool Given)> Content =>
    [
        ("choices", Choices is not null), ("yes", Yes is not null || No is not null), ("ranges", Ranges is not null),
        ("scale", Scale is not null),
    ];
}

/// <param name="Points">What the answer earns; less than 0 takes away.</param>
/// <param name="AutoFail">What the answer fails whatever the rest says.</param>
public sealed record AnswerOutcome(decimal Points, AutoFail AutoFail = AutoFail.None);

public enum AutoFail { None, Section, Form }
