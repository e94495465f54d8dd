using System.Text.Json.Serialization;

namespace CallCenter.Quality.Forms;

/// <summary>One of several choices, each with its points.</summary>
public sealed record SingleSelectQuestion : Question
{
    public override AnswerOutcome? OutcomeOf(Answer answer) =>
        answer.Choice is { } code ? Choices?.FirstOrDefault(choice => choice.Code == code)?.Outcome : null;

    protected override IEnumerable<AnswerOutcome> Outcomes => (Choices ?? []).OfType<Choice>().Select(choice => choice.Outcome);

    protected override string ContentMember => "choices";

    protected override bool HasContent => Choices is not null;

    protected override void CheckContent(FormRules rules, string at) => rules.Choices(Choices!, at);
}

/// <param name="Code">Unique in the question; answers name it.</param>
/// <param name="Title">At most 128 characters a language.</param>
/// <param name="Points">What it earns; less than 0 takes away.</param>
/// <param name="AutoFail">What it fails whatever the rest says.</param>
public sealed record Choice(string Code, IReadOnlyDictionary<string, string> Title, decimal Points, AutoFail AutoFail = AutoFail.None)
{
    [JsonIgnore]
    public AnswerOutcome Outcome => new(Points, AutoFail);
}
