using CallCenter.Quality.Forms;
using CallCenter.Rules;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public class FormRulesTests
{
    [Fact]
    public void a_form_that_keeps_the_rules_is_accepted() =>
        FluentActions.Invoking(() => FormRules.Check(Inbound)).Should().NotThrow();

    [Theory]
    [InlineData("99.999999")]
    [InlineData("100.000001")]
    [InlineData("99.9")]
    [InlineData("0")]
    public void weights_sum_to_100_exactly(string sum)
    {
        var first = decimal.Parse(sum, System.Globalization.CultureInfo.InvariantCulture);

        Errors(Form(Weighting.Questions,
                Section("a", null, Scale("a", 1, first is 0 ? 0 : first - 20), Scale("b", 1, first is 0 ? 0 : 20))))
            .Should().Contain(first > 120 ? "weight-out-of-range" : "weights-not-100");
    }

    [Fact]
    public void a_tenth_and_two_tenths_are_three_tenths() =>
        Errors(Form(Weighting.Questions, Section("a", null, Scale("a", 1, 0.1m), Scale("b", 1, 0.2m), Scale("c", 1, 99.7m))))
            .Should().BeEmpty();

    [Fact]
    public void section_weights_sum_to_100_too() =>
        Errors(Form(Weighting.Sections, Section("a", 50, Scale("a", 1)), Section("b", 49, Scale("b", 1))))
            .Should().Equal("weights-not-100");

    // The appraisal card of the seed documents: 19 items in sections of 50, 30 and 20.
    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "weights-not-100")]
    public void changing_one_of_nineteen_weights_is_noticed(int third, string? refusal)
    {
        int[] weights = [10, 5, third, 3, 15, 10, 5, 5, 5, 5, 5, 5, 3, 2, 5, 5, 3, 5, 2];
        var form = Form(Weighting.Questions, Section("all", null, [.. weights.Select((w, i) => Scale($"q{i}", 100, w))]));

        Errors(form).Should().Equal(refusal is null ? [] : [refusal]);
    }

    public static TheoryData<string, FormContent> Broken => new()
    {
        { "wrong-count", Inbound with { Sections = [] } },
        { "wrong-count", Inbound with { Sections = [null!] } },
        { "wrong-count", Form(Weighting.Sections, Section("a", 100)) },
        { "wrong-count", With(Scale("a", 1, 100) with { Choices = [new("only", Text("Only"), 1)] }) },
        { "wrong-count", With(Scale("a", 1, 100) with { Choices = [null!, null!] }) },
        { "wrong-count", With(Scale("a", 256, 100)) },
        { "wrong-count", Form(Weighting.Sections, [.. Enumerable.Range(0, 101).Select(i => Section($"s{i}", 0, Scale($"q{i}", 1)))]) },
        { "too-many-questions", Form(Weighting.Sections,
            [.. Enumerable.Range(0, 51).Select(i => Section($"s{i}", 0, Scale($"a{i}", 1), Scale($"b{i}", 1)))]) },
        { "duplicate-code", Form(Weighting.Sections, Section("a", 50, Scale("a", 1)), Section("b", 50, Scale("a", 1))) },
        { "duplicate-code", Form(Weighting.Sections, Section("a", 50, Scale("a", 1)), Section("a", 50, Scale("b", 1))) },
        { "duplicate-code", With(Scale("a", 1, 100) with { Choices = [new("x", Text("X"), 1), new("x", Text("X"), 0)] }) },
        { "malformed-code", With(Scale("Ä", 1, 100)) },
        { "malformed-code", With(Scale(new string('a', 51), 1, 100)) },
        { "malformed-code", With(Scale("a\n", 1, 100)) },
        { "text-missing", Inbound with { Title = new Dictionary<string, string>() } },
        { "text-length", Inbound with { Title = Text(" ") } },
        { "text-length", Inbound with { Title = Text(new string('x', 129)) } },
        { "text-length", Inbound with { Title = Text(null!) } },
        { "text-length", Inbound with { Instructions = Text(new string('x', 1025)) } },
        { "text-length", With(Scale("a", 1, 100) with { Title = Text(new string('x', 351)) }) },
        { "unknown-language", Inbound with { Title = new Dictionary<string, string> { ["english"] = "Form" } } },
        { "mark-out-of-range", Inbound with { PassMark = 100.1m } },
        { "mark-out-of-range", Inbound with { PassMark = -1 } },
        { "dispute-days-out-of-range", Inbound with { DisputeDays = 46 } },
        { "weight-misplaced", Form(Weighting.Questions, Section("a", 100, Scale("a", 1, 100))) },
        { "weight-misplaced", Form(Weighting.Sections, Section("a", 100, Scale("a", 1, 100))) },
        { "weight-misplaced", With(Scale("a", 1)) },
        { "weight-out-of-range", With(Scale("a", 1, decimal.MaxValue)) },
        { "weight-out-of-range", Form(Weighting.Questions, Section("a", null, Scale("a", 1, -10), Scale("b", 1, 110))) },
        { "weight-out-of-range", Form(Weighting.Questions, Section("a", null, Scale("a", 1, 33.3333333m), Scale("b", 1, 66.6666667m))) },
        { "kind-mismatch", With(new YesNoQuestion { Code = "a", Title = Text("A"), Weight = 100, Choices = Scale("a", 1).Choices }) },
        { "kind-mismatch", With(YesNo("a", 100) with { No = null }) },
        { "kind-mismatch", With(new NumberQuestion { Code = "a", Title = Text("A"), Weight = 100, Yes = new(1), No = new(0) }) },
        { "kind-mismatch", With(Scale("a", 1, 100) with { Yes = new(1) }) },
        { "points-out-of-range", With(YesNo("a", 100) with { No = new(-10_001) }) },
        { "points-out-of-range", With(YesNo("a", 100) with { Yes = new(decimal.MaxValue) }) },
        { "no-points", With(YesNo("a", 100) with { Yes = new(0) }) },
        { "ranges-overlap", With(Interruptions(100) with { Ranges = [new(0, 4, 1), new(4, 9, 0)] }) },
        { "range-out-of-order", With(Interruptions(100) with { Ranges = [new(4, 0, 1)] }) },
        { "range-out-of-order", With(Steps(100, new(5, 5))) },
        { "range-out-of-order", With(Steps(100, new(int.MinValue, int.MaxValue))) },
        { "points-out-of-range", With(Steps(100, new(1, 5, decimal.MaxValue))) },
        { "points-out-of-range", With(Several(decimal.MaxValue)) },
        { "no-points", With(Several(-1)) },
        { "kind-mismatch", With(new TextQuestion { Code = "a", Title = Text("A"), Scale = new(1, 5) }) },
        { "weight-misplaced", With(new DateQuestion { Code = "a", Title = Text("A"), Weight = 10 }) },
        { "optional-scored", With(Scale("a", 1, 100) with { Optional = true }) },
        { "default-does-not-fit", With(Scale("a", 1, 100) with { Default = Yes }) },
        { "default-does-not-fit", With(YesNo("a", 100) with { Default = new(Yes: true, NotApplicable: true) }) },
        { "unknown-word-list", With(YesNo("a", 100) with { WordList = "vague" }) },
        { "duplicate-word", Inbound with { WordLists = [new("vague", Text("Vague"), ["哦", "哦"])] } },
        { "text-length", Inbound with { WordLists = [new("vague", Text("Vague"), [" "])] } },
        { "header-scored", Inbound with { Header = [YesNo("h")] } },
        { "header-scored", Inbound with { Header = [new TextQuestion { Code = "h", Title = Text("H"), Critical = true }] } },
        { "weight-misplaced", Inbound with { Header = [YesNo("h", 0) with { Yes = new(0) }] } },
        { "duplicate-code", Inbound with { Header = [new TextQuestion { Code = "greeting", Title = Text("Again") }] } },
        { "duplicate-code", Grouped("s", "s") },
        { "wrong-count", Form(Weighting.Sections, Section("s", 100) with { Subsections = [new("t", Text("T"), [])] }) },
        { "bands-not-covering", Inbound with { Bands = [new("low", Text("Low"), 1), new("high", Text("High"), 80)] } },
        { "bands-not-covering", Inbound with { Bands = [new("low", Text("Low"), 0), new("high", Text("High"), 0)] } },
        { "mark-out-of-range", Inbound with { Bands = [new("low", Text("Low"), 0), new("high", Text("High"), 100.5m)] } },
        { "wrong-count", Inbound with { Bands = [new("low", Text("Low"), 0)] } },
        { "condition-unknown-question", Asked(new AnswerIs("c", Yes: true)) },
        { "condition-does-not-fit", Asked(new AnswerIs("a")) },
        { "condition-does-not-fit", Asked(new AnswerIs("a", Yes: true)) },
        { "condition-does-not-fit", Asked(new AnswerIs("a", Choices: ["p9"])) },
        { "condition-does-not-fit", Asked(new AnswerIs("a", Choices: ["p0"], From: 1)) },
        { "condition-does-not-fit", Asked(new AnswerIs("n", From: 2, To: 1)) },
        { "condition-circle", Asked(new AnswerIs("b", Yes: true)) },
        { "condition-circle", Asked(new AnswerIs("n", To: 1), back: new("b", Yes: true)) },
        { "wrong-count", Gated([]) },
        { "condition-unknown-question", Gated([new AnswerIs("c", Yes: true)]) },
        { "condition-does-not-fit", Gated([new AnswerIs("a", Yes: true)]) },
        { "condition-circle", Gated([new AnswerIs("b", Yes: true)]) },
        { "condition-circle", Gated([new AnswerIs("n", To: 1)], back: [new("b", Yes: true)]) },
        { "condition-circle", Gated([new AnswerIs("n", To: 1)], own: new("b", Yes: true)) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void what_breaks_a_rule_is_refused(string code, FormContent form) => Errors(form).Should().Contain(code);

    [Fact]
    public void everything_that_is_wrong_is_said_at_once_with_its_place()
    {
        var form = Inbound with { PassMark = 101, Sections = [Inbound.Sections[0] with { Code = "1" }, .. Inbound.Sections.Skip(1)] };

        FluentActions.Invoking(() => FormRules.Check(form)).Should().Throw<InvalidException>()
            .Which.Errors.Select(e => e.Pointer).Should().Equal("/content/passMark", "/content/sections/0/code");
    }

    [Fact]
    public void what_is_wrong_in_a_subsection_is_found_where_it_stands() => FluentActions
        .Invoking(() => FormRules.Check(Grouped("s", "t") with { Header = [new TextQuestion { Code = "A", Title = Text("A") }] }))
        .Should().Throw<InvalidException>().Which.Errors.Select(e => (e.Pointer, e.Code))
        .Should().Equal(("/content/header/0/code", "malformed-code"));

    [Fact]
    public void a_circle_is_named_where_the_section_is_that_closes_it() => FluentActions
        .Invoking(() => FormRules.Check(Gated([new AnswerIs("n", To: 1)], own: new("b", Yes: true))))
        .Should().Throw<InvalidException>().Which.Errors.Select(e => e.Pointer)
        .Should().Equal("/content/sections/2/questions/0/askedIf", "/content/sections/1/askedIf");

    [Fact]
    public void sections_may_be_asked_by_sections_that_are_asked_by_others() =>
        FluentActions.Invoking(() => FormRules.Check(Goodwill)).Should().NotThrow();

    [Fact]
    public void a_form_with_all_there_is_is_accepted() => FluentActions.Invoking(() => FormRules.Check(Complaint with
    {
        NeedsApproval = true,
        Bands = [new("low", Text("Low"), 0), new("high", Text("High"), 80)],
        Sections = [.. Complaint.Sections, Grouped("s", "t").Sections[0] with
        {
            Subsections = [new("t", Text("T"), [Steps(0, new(0, 10, 5)), Several(2) with { Weight = 10, Bonus = true, Critical = true }])],
        }],
    })).Should().NotThrow();

    private static FormContent Grouped(string section, string subsection) => Form(Weighting.Questions, Section(section, null) with
    {
        Subsections = [new(subsection, Text("T"), [Scale("a", 1, 100)])],
    });

    private static ScaleQuestion Steps(decimal weight, ScaleSteps scale) =>
        new ScaleQuestion { Code = "steps", Title = Text("Steps"), Weight = weight, Scale = scale };

    private static MultiSelectQuestion Several(decimal points) => new MultiSelectQuestion
    {
        Code = "several", Title = Text("Several"), Weight = 100, Choices = [new("a", Text("A"), points), new("b", Text("B"), points)],
    };

    // b is asked by the test, and n by b where it says so.
    private static FormContent Asked(AnswerIs test, AnswerIs? back = null) => Form(Weighting.Questions, Section("s", null,
        Scale("a", 1, 50), YesNo("b", 30) with { AskedIf = [test] },
        Interruptions(20) with { Code = "n", AskedIf = back is null ? null : [back] }));

    // The section with b and c is asked by the first, and the one with n by the other, or n alone.
    private static FormContent Gated(IReadOnlyList<AnswerIs> gate, IReadOnlyList<AnswerIs>? back = null, AnswerIs? own = null) => Form(
        Weighting.Questions, Section("s", null, Scale("a", 1, 50)),
        Section("t", null, YesNo("b", 20), YesNo("in-t", 10)) with { AskedIf = gate },
        Section("u", null, Interruptions(20) with { Code = "n", AskedIf = own is null ? null : [own] }) with { AskedIf = back });

    private static FormContent With(Question question) => Form(Weighting.Questions, Section("a", null, question));

    private static List<string> Errors(FormContent form)
    {
        try
        {
            FormRules.Check(form);
            return [];
        }
        catch (InvalidException e)
        {
            return [.. e.Errors.Select(error => error.Code).Distinct()];
        }
    }
}
