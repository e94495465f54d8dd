namespace CallCenter.Quality.Forms;

/// <summary>A whole number from a lowest to a highest, which earns in proportion to how far up it lies.</summary>
public sealed record ScaleQuestion : Question
{
    private const int Lowest = -100, Highest = 100;

    public override AnswerOutcome? OutcomeOf(Answer answer) =>
        answer.Number is { } number && Scale is { } scale && decimal.IsInteger(number) && number >= scale.From && number <= scale.To
            ? scale.OutcomeOf((int)number)
            : null;

    protected override IEnumerable<AnswerOutcome> Outcomes => Scale is { } scale && scale.From < scale.To ? [new(scale.Most)] : [];

    protected override string ContentMember => "scale";

    protected override bool HasContent => Scale is not null;

    protected override void CheckContent(FormRules rules, string at) => rules.Require(
        Scale is { From: >= Lowest, To: <= Highest } && Scale.From < Scale.To, $"{at}/scale", "range-out-of-order",
        $"A scale goes upwards, from {Lowest} at least to {Highest} at most.");
}

/// <param name="From">The lowest answer; it earns nothing.</param>
/// <param name="To">The highest answer.</param>
/// <param name="Points">What the highest earns; left out, one for each step.</param>
public sealed record ScaleSteps(int From, int To, decimal? Points = null)
{
    internal decimal Most => Points ?? (decimal)To - From;

    internal AnswerOutcome OutcomeOf(int answer) => new((answer - From) * Most / (To - From));
}
