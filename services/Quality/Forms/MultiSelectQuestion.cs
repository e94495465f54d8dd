using System.Text.Json.Serialization;

namespace CallCenter.Quality.Forms;

/// <summary>
/// Any of several choices, none among them: an answer earns what its choices do together, and fails what any of them fails.
/// </summary>
public sealed record MultiSelectQuestion : Question
{
    public override AnswerOutcome? OutcomeOf(Answer answer)
    {
        if (answer.Choices is not { } codes || codes.Distinct().Count() < codes.Count)
            return null;

        var chosen = (Choices ?? []).Where(choice => codes.Contains(choice.Code)).ToList();
        return chosen.Count < codes.Count ? null : new(
            chosen.Sum(choice => choice.Points), chosen.Select(choice => choice.AutoFail).DefaultIfEmpty().Max());
    }

    [JsonIgnore]
    public override decimal MaxPoints => Outcomes.Sum(outcome => Math.Clamp(outcome.Points, 0, FormRules.MaxPoints));

    protected override IEnumerable<AnswerOutcome> Outcomes => (Choices ?? []).OfType<Choice>().Select(choice => choice.Outcome);

    protected override string ContentMember => "choices";

    protected override bool HasContent => Choices is not null;

    protected override void CheckContent(FormRules rules, string at) => rules.Choices(Choices!, at);
}
