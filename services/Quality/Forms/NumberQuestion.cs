using System.Text.Json.Serialization;

namespace CallCenter.Quality.Forms;

/// <summary>A number, which earns what the range it lies in does.</summary>
public sealed record NumberQuestion : Question
{
    private const decimal MaxBound = 1_000_000_000;

    public override AnswerOutcome? OutcomeOf(Answer answer) =>
        answer.Number is { } number ? Ranges?.FirstOrDefault(range => range.From <= number && number <= range.To)?.Outcome : null;

    protected override IEnumerable<AnswerOutcome> Outcomes => (Ranges ?? []).OfType<NumberRange>().Select(range => range.Outcome);

    protected override string ContentMember => "ranges";

    protected override bool HasContent => Ranges is not null;

    protected override void CheckContent(FormRules rules, string at)
    {
        if (!rules.Count(Ranges!, 1, 100, $"{at}/ranges"))
            return;

        foreach (var (i, range) in Ranges!.Index())
        {
            rules.Require(range.From <= range.To && Math.Abs(range.From) <= MaxBound && Math.Abs(range.To) <= MaxBound,
                $"{at}/ranges/{i}", "range-out-of-order", "A range goes from a number to one not below it.");
            rules.Require(Ranges!.Take(i).All(other => other.To < range.From || range.To < other.From),
                $"{at}/ranges/{i}", "ranges-overlap", "The range overlaps an earlier one; both bounds are included.");
        }
    }
}

/// <summary>Both bounds are included.</summary>
/// <param name="From">The least number in it.</param>
/// <param name="To">The greatest number in it.</param>
/// <param name="Points">What a number in it earns; less than 0 takes away.</param>
/// <param name="AutoFail">What a number in it fails whatever the rest says.</param>
public sealed record NumberRange(decimal From, decimal To, decimal Points, AutoFail AutoFail = AutoFail.None)
{
    [JsonIgnore]
    public AnswerOutcome Outcome => new(Points, AutoFail);
}
