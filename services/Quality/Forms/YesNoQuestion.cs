namespace CallCenter.Quality.Forms;

/// <summary>Whether something was so: yes and no each come to something.</summary>
public sealed record YesNoQuestion : Question
{
    public override AnswerOutcome? OutcomeOf(Answer answer) => answer.Yes is { } yes ? yes ? Yes : No : null;

    protected override IEnumerable<AnswerOutcome> Outcomes => new[] { Yes, No }.OfType<AnswerOutcome>();

    protected override string ContentMember => "yes";

    protected override bool HasContent => Yes is not null && No is not null;
}
