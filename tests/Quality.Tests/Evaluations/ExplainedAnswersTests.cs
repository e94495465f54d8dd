using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Quality.Evaluations.EvaluationDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Evaluations;

/// <summary>Answers that depend on others, that explain themselves, and that are taken for said.</summary>
public class ExplainedAnswersTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Evaluator = Guid.CreateVersion7();
    private static readonly Guid Supervisor = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly LocalCalendar Shanghai = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), DayOfWeek.Monday);
    private static readonly Answer Company = new(Choice: "company");
    private static readonly Evidence Oh = new("哦", "哦，这样啊", OffsetMs: 61_000);

    [Fact]
    public void a_question_is_answered_only_where_it_is_asked()
    {
        Given(Complaint).When(state => Decide(Answer(new GivenAnswer("apologised", Yes)), state)).ThenRefused("question-not-asked");
        Given(Complaint, Answered("liable", Company)).When(state => Decide(Answer(new GivenAnswer("apologised", Yes)), state))
            .Then(Answered("apologised", Yes));
        Given(Complaint).When(state => Decide(Answer(new GivenAnswer("apologised", Yes), new GivenAnswer("liable", Company)), state))
            .Then(Answered("apologised", Yes), Answered("liable", Company));
        Given(Complaint, Answered("liable", Company)).When(state => Decide(Answer(new GivenAnswer("no-apology", Yes)), state))
            .ThenRefused("question-not-asked");
    }

    [Fact]
    public void a_section_is_answered_and_explained_only_where_it_is_asked()
    {
        object[] lost = [Answered("dealt-with", Points(2)), Answered("damaged", Yes), Answered("offered", No)];
        var submit = new SubmitEvaluation(Evaluator, Shanghai, Monday);

        Given(Goodwill, Answered("damaged", No)).When(state => Decide(Answer(new GivenAnswer("offered", Yes)), state))
            .ThenRefused("question-not-asked");
        Given(Goodwill, Answered("damaged", Yes)).When(state => Decide(Answer(new GivenAnswer("sent", Yes)), state))
            .ThenRefused("question-not-asked");
        Given(Goodwill, Answered("damaged", Yes)).When(state => Decide(Answer(new GivenAnswer("offered", Yes)), state))
            .Then(Answered("offered", Yes));
        Given(Goodwill, lost[..2]).When(state => Decide(submit, state)).ThenRefused("answers-missing");
        Given(Goodwill, lost).When(state => Decide(submit, state)).ThenRefused("comment-missing");

        var submitted = (EvaluationSubmitted)Decide(submit, State(Goodwill, [.. lost, Answered("damaged", No)])).Single();
        submitted.Result.Score.Should().Be(50m);
        EvaluationFact.Of(Id, 9, State(Goodwill, [.. lost, Answered("damaged", No)]).Evolve(submitted))!.Questions!
            .Select(question => question.Question).Should().Equal("dealt-with", "damaged");
    }

    [Fact]
    public void an_answer_to_what_is_asked_no_more_stays_and_does_not_count()
    {
        object[] events =
        [
            Answered("liable", Company), Answered("polite", Yes), Answered("apologised", No), Answered("words", Yes),
            Answered("liable", new(Choice: "customer")), Answered("no-apology", Yes),
        ];

        var state = State(Complaint, events);
        var submitted = (EvaluationSubmitted)Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state).Single();

        state.Answers.Should().ContainKey("apologised");
        (submitted.Result.Score, submitted.Formula).Should().Be((100m, "quality-score/2"));
        EvaluationFact.Of(Id, 9, state.Evolve(submitted))!.Questions!.Select(question => question.Question)
            .Should().Equal("polite", "no-apology", "words");
    }

    [Fact]
    public void what_is_not_asked_and_what_is_optional_is_not_missed() =>
        Given(Complaint, Answered("liable", Company), Answered("polite", Yes))
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .ThenRefused("answers-missing");

    [Fact]
    public void a_correction_that_asks_for_more_answers_it()
    {
        object[] submitted =
        [
            Answered("liable", new(Choice: "nobody")), Answered("polite", Yes), Answered("no-apology", Yes),
            Answered("words", Yes), new EvaluationSubmitted(
                Complaint.Score(Answers(("liable", new(Choice: "nobody")), ("polite", Yes), ("no-apology", Yes), ("words", Yes))),
                "quality-score/2", new(2026, 3, 2), Monday, Evaluator, Monday),
        ];

        Given(Complaint, submitted).When(state => Decide(Correct(new GivenAnswer("liable", Company)), state)).ThenRefused("answers-missing");
        Decide(Correct(new("liable", Company), new("apologised", No)), State(Complaint, submitted)).Should().ContainSingle().Which
            .Should().BeOfType<EvaluationCorrected>().Which.Result.Score.Should().Be(57.1m);
    }

    [Fact]
    public void what_nobody_says_is_taken_for_said_where_the_form_says_so()
    {
        var form = Complaint.With(question => question.Code is "polite" or "words" or "apologised" ? question with { Default = Yes }
            : question.Code == "liable" ? question with { Default = Company } : question);

        Given(form, Answered("polite", No, "Rude"))
            .When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .Then(Answered("liable", Company), Answered("apologised", Yes), Answered("words", Yes), new EvaluationSubmitted(
                form.Score(Answers(("liable", Company), ("polite", No), ("apologised", Yes), ("words", Yes))), "quality-score/2",
                new(2026, 3, 2), new(2026, 3, 9, 16, 0, 0, TimeSpan.Zero), Evaluator, Monday));
    }

    [Fact]
    public void words_that_were_said_are_shown_where_they_were_said()
    {
        object[] rest = [Answered("liable", Company), Answered("polite", Yes), Answered("apologised", Yes)];

        Given(Complaint, [.. rest, Answered("words", No)]).When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .ThenRefused("evidence-missing");
        Given(Complaint, rest).When(state => Decide(Answer(new GivenAnswer("words", No, Evidence: [Oh])), state))
            .Then(new QuestionAnswered("words", No, null, Evaluator, Monday, Evidence: [Oh]));
        Given(Complaint, [.. rest, new QuestionAnswered("words", No, null, Evaluator, Monday, Evidence: [Oh])])
            .When(state => Decide(Answer(new GivenAnswer("words", No, Evidence: [Oh with { }])), state)).ThenNothing();
        Given(Complaint, rest).When(state => Decide(Answer(new GivenAnswer("words", No, Evidence: [Oh with { Word = "喂" }])), state))
            .ThenRefused("word-not-in-list");
        Given(Complaint, rest).When(state => Decide(Answer(new GivenAnswer("polite", No, Evidence: [Oh])), state))
            .ThenRefused("word-not-in-list");
    }

    [Fact]
    public void what_was_lost_names_what_went_wrong_where_the_form_wants_it()
    {
        var form = Complaint.With(question => question.Code == "apologised" ? question with { IssueOnLoss = true } : question);
        object[] rest = [Answered("liable", Company), Answered("polite", Yes), Answered("words", Yes)];

        Given(form, [.. rest, Answered("apologised", No)]).When(state => Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), state))
            .ThenRefused("issue-missing");
        Decide(new SubmitEvaluation(Evaluator, Shanghai, Monday), State(form,
                [.. rest, new QuestionAnswered("apologised", No, null, Evaluator, Monday, new("attitude", "haste"))]))
            .Should().ContainSingle();
    }

    [Fact]
    public void evidence_names_one_place_and_quotes_the_word() => FluentActions
        .Invoking(() => new[]
        {
            new GivenAnswer("words", No, Evidence: [Oh with { OffsetMs = null }, Oh with { Message = 3 }, Oh with { Quote = "这样啊" }]),
        }.Check())
        .Should().Throw<InvalidException>().Which.Errors.Select(e => (e.Pointer, e.Code)).Should().Equal(
            ("/answers/0/evidence/0", "evidence-without-place"), ("/answers/0/evidence/1", "evidence-without-place"),
            ("/answers/0/evidence/2/quote", "quote-without-word"));

    [Fact]
    public void what_was_written_and_quoted_can_be_taken_out()
    {
        var given = new GivenAnswer("order", new(Text: "Order 7 of Li"), "Heard", new("attitude"), [Oh]).Emptied();

        given.Should().Be(new GivenAnswer("order", new(Text: ""), "", new("attitude"), [Oh with { Quote = "" }]));
        new GivenAnswer("polite", Yes).Emptied().Should().Be(new GivenAnswer("polite", Yes));
    }

    private static QuestionAnswered Answered(string question, Answer answer, string? comment = null) =>
        new(question, answer, comment, Evaluator, Monday);

    private static AnswerQuestions Answer(params GivenAnswer[] answers) => new(Evaluator, 1, answers, Monday);

    private static CorrectEvaluation Correct(params GivenAnswer[] answers) => new(Supervisor, true, "Misheard", 1, answers, Shanghai, Monday);

    private static Spec<Evaluation> Given(FormContent form, params object[] events) =>
        new(State(form, events), (state, e) => state.Evolve(e), []);

    private static Evaluation State(FormContent form, object[] events) => events.Prepend(
            new EvaluationStarted(Id, Id, Id, Guid.Empty, Evaluator, Id, 1, form, Monday))
        .Aggregate(new Evaluation(), (state, e) => state.Evolve(e));
}
