namespace CallCenter.Quality.Forms;

/// <summary>Something the inspector writes down. It earns nothing.</summary>
public sealed record TextQuestion : Question
{
    public override AnswerOutcome? OutcomeOf(Answer answer) => null;

    public override bool Takes(Answer answer) => answer.Text is not null || base.Takes(answer);

    protected override bool Earns => false;
}
