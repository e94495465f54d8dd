namespace CallCenter.Quality.Forms;

/// <summary>A day. It earns nothing.</summary>
public sealed record DateQuestion : Question
{
    public override AnswerOutcome? OutcomeOf(Answer answer) => null;

    public override bool Takes(Answer answer) => answer.Date is not null || base.Takes(answer);

    protected override bool Earns => false;
}
