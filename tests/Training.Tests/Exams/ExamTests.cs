using System.Collections.Immutable;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Training.Exams;
using static CallCenter.Training.Exams.ExamSittingDecider;

namespace CallCenter.Training.Tests.Exams;

public class ExamTests
{
    private static readonly Guid Ann = Guid.CreateVersion7(), Trainer = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 2);

    private static readonly Exam Card = new()
    {
        Id = Guid.CreateVersion7(), ProjectId = Guid.CreateVersion7(),
        Content = new("Card", 75, "percent", 2,
            [
                new("fee", "Its fee?", ["None", "20"], [0], 3),
                new("where", "Where is it sold?", ["Branch", "App", "Post"], [0, 1], 1),
            ],
            new("travel-card", 12)),
    };

    private static readonly Exam Typing = Card with { Content = new("Typing", 60, "characters a minute", 3, [], null) };

    private static Guid Id => ExamSitting.IdOf(Card.Id, Ann);

    [Theory]
    [InlineData(new[] { 0 }, new[] { 1, 0 }, 100, true)]
    [InlineData(new[] { 0 }, new[] { 0 }, 75, true)]
    [InlineData(new[] { 1 }, new[] { 0, 1 }, 25, false)]
    [InlineData(new int[0], new int[0], 0, false)]
    public void a_question_earns_its_points_when_just_the_right_choices_are_made(int[] fee, int[] where, decimal score, bool passed)
    {
        var taken = (ExamTaken)Decide(Answers([.. fee], [.. where]), new()).Single();

        (taken.Score, taken.Passed, taken.Attempt).Should().Be((score, passed, 1));
        taken.Certificate.Should().Be(passed ? new Certificate("travel-card", Today, new(2027, 3, 1)) : null);
    }

    [Fact]
    public void it_is_tried_so_often_in_a_row_and_anew_after_a_pass()
    {
        Given(Taken(0, false, 1)).When(state => Decide(Answers([1], [0]), state)).Then(Taken(0, false, 2));
        Given(Taken(0, false, 1), Taken(0, false, 2)).When(state => Decide(Answers([0], [0]), state)).ThenRefused("attempts-used");
        State(Taken(0, false, 1), Taken(100, true, 2), Taken(0, false, 3)).FailedInARow().Should().Be(1);
        Given().When(state => Decide(Answers([0], [0]) with { Exam = Card with { Retired = true } }, state)).ThenRefused("exam-retired");
    }

    [Theory]
    [InlineData(59.9, false)]
    [InlineData(60, true)]
    public void a_typing_test_is_passed_from_60_characters_a_minute_as_a_trainer_measured(decimal measured, bool passed)
    {
        var judge = new JudgeExam(Typing, Ann, measured, "Ten minutes", Today, Trainer, Now);

        ((ExamTaken)Decide(judge, new()).Single()).Should().Match<ExamTaken>(taken =>
            taken.Passed == passed && taken.Score == measured && taken.Note == "Ten minutes" && taken.Certificate == null && taken.By == Trainer);
        Given().When(state => Decide(judge with { By = Ann }, state)).ThenRefused("own-exam");
        Given().When(state => Decide(judge with { Exam = Card }, state)).ThenRefused("exam-answered");
        Given().When(state => Decide(Answers([0], [0]) with { Exam = Typing }, state)).ThenRefused("exam-judged");
    }

    [Fact]
    public void who_passes_again_before_it_expires_is_certified_without_a_gap_and_after_it_anew()
    {
        var first = Taken(100, true, 1);

        CertifiedBy(first, new(2027, 3, 1)).Should().Be(new Certificate("travel-card", Today, new(2028, 2, 29)));
        CertifiedBy(first, new(2027, 3, 2)).Should().Be(new Certificate("travel-card", new(2027, 3, 2), new(2028, 3, 1)));
        var revoked = State(first, new CertificateRevoked("Not by her.", Trainer, Now));
        revoked.Certificate!.IsValidOn(Today).Should().BeFalse();
        first.Certificate!.IsValidOn(new(2027, 3, 1)).Should().BeTrue();
        first.Certificate.IsValidOn(new(2027, 3, 2)).Should().BeFalse("it expires by itself");
        Given(first, new CertificateRevoked("Not by her.", Trainer, Now))
            .When(state => Decide(new RevokeCertificate("Again.", Trainer, Now), state)).ThenNothing();
    }

    [Fact]
    public void answers_that_do_not_fit_are_named()
    {
        Fault(Answers([2], [0])).Should().Be(("/answers/0/choices", "unknown-choice"));
        Fault(Answers([0], [0]) with { Answers = [new("fee", [0])] }).Should().Be(("/answers", "question-open"));
        Fault(Answers([0], [0]) with { Answers = [new("fee", [0]), new("fee", [0])] }).Should().Be(("/answers/1/question", "question-twice"));
        Fault(Answers([0], [0]) with { Answers = [new("?", [0])] }).Should().Be(("/answers/0/question", "unknown-exam-question"));
    }

    private static (string, string) Fault(AnswerExam command)
    {
        var error = FluentActions.Invoking(() => Decide(command, new())).Should().Throw<InvalidException>().Which.Errors[0];
        return (error.Pointer, error.Code);
    }

    private static Certificate? CertifiedBy(ExamTaken first, DateOnly today) =>
        ((ExamTaken)Decide(Answers([0], [0, 1]) with { Today = today }, State(first)).Single()).Certificate;

    private static AnswerExam Answers(ImmutableArray<int> fee, ImmutableArray<int> where) =>
        new(Card, Ann, [new("fee", fee), new("where", where)], Today, Now);

    private static ExamTaken Taken(decimal score, bool passed, int attempt) => new(
        Id, Card.Id, Card.ProjectId, Ann, "Card", attempt, score, 75, passed,
        passed ? [new("fee", [0]), new("where", [0, 1])] : [new("fee", [1]), new("where", [0])], null,
        passed ? new("travel-card", Today, new(2027, 3, 1)) : null, Ann, Now);

    private static ExamSitting State(params object[] events) => events.Aggregate(new ExamSitting(), (state, e) => state.Evolve(e));

    private static Spec<ExamSitting> Given(params object[] events) => new(new ExamSitting(), (state, e) => state.Evolve(e), events);
}
