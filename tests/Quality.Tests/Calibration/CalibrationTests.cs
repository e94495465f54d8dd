using CallCenter.Quality.Calibration;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using static CallCenter.Quality.Calibration.CalibrationDecider;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Calibration;

public class CalibrationTests
{
    private static readonly Guid Id = Guid.CreateVersion7(), Project = Guid.CreateVersion7(), FormId = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7(), Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7();
    private static readonly Guid Master = Guid.CreateVersion7(), First = Guid.CreateVersion7(), Second = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static CalibrationTerms Terms => new("March", [Master, Ann, Bob], Master, Monday.AddDays(4));

    private static CalibrationCalled Called =>
        new(Id, Project, [new(First, Agent), new(Second, Agent)], FormId, 1, Inbound, Terms, Master, Monday);

    [Fact]
    public void a_session_is_called_with_the_form_in_force() =>
        Given().When(state => Decide(Call(Terms), state)).Then(Called);

    [Fact]
    public void nobody_judges_their_own_call_in_a_session_either() =>
        Given().When(state => Decide(Call(Terms with { Inspectors = [Master, Agent] }), state)).ThenRefused("self-evaluation");

    [Fact]
    public void the_master_is_one_of_the_inspectors() =>
        FluentActions.Invoking(() => Decide(Call(Terms with { MasterId = Agent }), new CalibrationSession()))
            .Should().Throw<CallCenter.Rules.InvalidException>().Which.Errors[0].Code.Should().Be("master-not-inspector");

    [Fact]
    public void a_call_is_judged_whole_by_its_inspectors_until_the_session_is_over()
    {
        Given(Called).When(state => Decide(Judge(Ann, First, Perfect), state)).Then(Scored(Ann, First, Perfect));
        Given(Called).When(state => Decide(Judge(Agent, First, Perfect), state)).ThenRefused("not-in-calibration");
        Given(Called).When(state => Decide(Judge(Ann, First, Perfect) with { FormVersion = 2 }, state)).ThenRefused("other-form-version");
        Given(Called).When(state => Decide(Judge(Ann, First, new(Perfect.Take(2))), state)).ThenRefused("answers-missing");
        Given(Called).When(state => Decide(Judge(Ann, First, Perfect) with { Now = Monday.AddDays(4) }, state)).ThenRefused("calibration-over");
        Given(Called, new CalibrationClosed(Master, Monday)).When(state => Decide(Judge(Ann, First, Perfect), state))
            .ThenRefused("calibration-over");
        Given(Called, Scored(Ann, First, Perfect)).When(state => Decide(Judge(Ann, First, Perfect), state)).ThenNothing();
    }

    [Fact]
    public void who_has_judged_stays_in_the_session()
    {
        var without = new ChangeCalibration(Terms with { Inspectors = [Master, Bob] }, Master, Monday);

        Given(Called).When(state => Decide(without, state)).Then(new CalibrationChanged(without.Terms, Master, Monday));
        Given(Called, Scored(Ann, First, Perfect)).When(state => Decide(without, state)).ThenRefused("inspector-scored");
        Given(Called).When(state => Decide(new ChangeCalibration(Terms, Master, Monday), state)).ThenNothing();
    }

    [Fact]
    public void what_is_judged_anew_counts_in_place_of_what_was()
    {
        var session = State(Called, Scored(Ann, First, Perfect), Scored(Ann, First, With("greeting", Points(1))));

        session.Scores.Should().ContainSingle().Which.Result.Score.Should().Be(Inbound.Score(With("greeting", Points(1))).Score);
    }

    [Fact]
    public void inspectors_are_measured_against_the_master()
    {
        var strict = With("greeting", Points(1));
        var result = CalibrationResult.Of([State(Called, Scored(Master, First, Perfect), Scored(Master, Second, Perfect),
            Scored(Ann, First, strict), Scored(Ann, Second, strict), Scored(Bob, First, Perfect), Scored(Bob, Second, Perfect))]);
        var apart = (double)(Inbound.Score(strict).Score!.Value - 100);

        result.Inspectors.Single(i => i.InspectorId == Ann).Difference.Should().Be(new MeanDifference(2, apart, apart, apart));
        result.Inspectors.Single(i => i.InspectorId == Bob).Should().Match<InspectorAgreement>(bob =>
            bob.Difference!.Mean == 0 && bob.Kappa == null, "both said one and the same of all");
        result.Inspectors.Single(i => i.InspectorId == Master).Should().Match<InspectorAgreement>(master =>
            master.IsMaster && master.Difference == null && master.Kappa == null);
        result.Questions.Single(q => q.Question == "greeting").Agreement.Same.Should().BeApproximately(1 / 3.0, 0.001);
        result.Questions.Single(q => q.Question == "polite").Agreement.Should().Be(new AgreementFigure(null, null, null, 1));
        result.Scores.Should().HaveCount(2).And.OnlyContain(call => call.Index == 100 && call.Highest == 100 && call.Inspectors == 3);
        (result.Calls, result.Score.Low).Should().Be((2, null), "two calls say nothing of how sure it is");
    }

    [Fact]
    public void without_a_master_each_is_measured_against_the_mean_of_the_others()
    {
        var result = CalibrationResult.Of([State(Called with { Terms = Terms with { MasterId = null } },
            Scored(Master, First, Perfect), Scored(Bob, First, Perfect), Scored(Ann, First, With("greeting", Points(1))))]);
        var ann = (double)Inbound.Score(With("greeting", Points(1))).Score!.Value;

        var apart = result.Inspectors.ToDictionary(i => i.InspectorId, i => i.Difference!.Mean);
        (apart[Master], apart[Bob], apart[Ann]).Should().Be(
            (Math.Round(100 - (100 + ann) / 2, 2), Math.Round(100 - (100 + ann) / 2, 2), Math.Round(ann - 100, 2)));
        result.Inspectors.Should().OnlyContain(i => i.Kappa == null && !i.IsMaster);
    }

    // Of six calls the master holds the question not to apply to three, where Ann says that none of the choices is so; of three both
    // say one.
    // Do 6/12, De 2(6·3 + 6·3 + 3·3)/(12·11) = 90/132; chance agrees in half of them by (3·0 + 0·3 + 3·3)/36 = 1/4.
    [Fact]
    public void that_none_of_the_choices_is_so_is_another_answer_than_that_the_question_does_not_apply()
    {
        Guid[] calls = [.. Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7())];
        var form = Form(Weighting.Sections, Section("closing", 100, new MultiSelectQuestion
        {
            Code = "offers", Title = Text("Offers"), NotApplicable = true, Choices = [new("upgrade", Text("Upgrade"), 1)],
        }));
        CalibrationScored Said(Guid inspector, int call, Answer answer) => new(
            calls[call], [new("offers", answer)], form.Score(Answers(("offers", answer))), inspector, Monday);

        var result = CalibrationResult.Of([State(
        [
            new CalibrationCalled(
                Id, Project, [.. calls.Select(call => new CalibratedCall(call, Agent))], FormId, 1, form, Terms, Master, Monday),
            .. Enumerable.Range(0, 6).SelectMany(call => new[]
            {
                Said(Master, call, call < 3 ? Answer.OutOfScope : new(Choices: ["upgrade"])),
                Said(Ann, call, new(Choices: call < 3 ? [] : ["upgrade"])),
            }),
        ])]);

        var offers = result.Questions.Single().Agreement;
        (offers.Alpha, offers.Same).Should().Be((0.267, 0.5));
        result.Inspectors.Single(inspector => inspector.InspectorId == Ann).Kappa.Should().Be(0.333);
    }

    private static Dictionary<string, Answer> With(string question, Answer answer) => new(Perfect) { [question] = answer };

    private static CallCalibration Call(CalibrationTerms terms) => new(Id, Project, [new(First, Agent), new(Second, Agent)],
        new EvaluationForm { Id = FormId, ProjectId = Project, Active = Inbound, ActiveVersion = 1 }, terms, Master, Monday);

    private static ScoreCalibration Judge(Guid inspector, Guid call, Dictionary<string, Answer> answers) =>
        new(call, 1, [.. answers.Select(a => new GivenAnswer(a.Key, a.Value))], inspector, Monday);

    private static CalibrationScored Scored(Guid inspector, Guid call, Dictionary<string, Answer> answers) => new(
        call, [.. Inbound.Questions.Select(q => new GivenAnswer(q.Code, answers[q.Code]))], Inbound.Score(answers), inspector, Monday);

    private static CalibrationSession State(params object[] events) =>
        events.Aggregate(new CalibrationSession(), (state, e) => state.Evolve(e));

    private static Spec<CalibrationSession> Given(params object[] events) =>
        new(new CalibrationSession(), (state, e) => state.Evolve(e), events);
}
