using CallCenter.Quality.Forms;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public class ScoringTests
{
    [Fact]
    public void the_score_is_the_weighted_share_of_what_could_be_earned()
    {
        var result = Inbound.Score(new Dictionary<string, Answer>(Perfect) { ["greeting"] = Points(1),
            ["interruptions"] = new(Number: 3) });

        result.Should().BeEquivalentTo(new { Score = 75.0m, Passed = false, AutoFailed = false, Earned = 75m, Possible = 100m });
        result.Sections.Select(s => s.Score).Should().Equal(50.0m, 91.7m);
        result.Sections.Select(s => s.Passed).Should().Equal(false, true);
    }

    // Published examples of other products, by the two ways of weighting.

    [Fact]
    public void points_times_group_weight_over_possible_points_times_group_weight() => // (1·40 + 1·20) / (2·40 + 1·20) = 60 %
        Form(Weighting.Questions, Section("a", null, Scale("a", 2, 80)), Section("b", null, Scale("b", 1, 20)))
            .Score(Answers(("a", Points(1)), ("b", Points(1)))).Score.Should().Be(60.0m);

    [Fact]
    public void section_percentages_times_section_weights() => // 60 % · 0.4 + 80 % · 0.6 = 72 %
        Form(Weighting.Sections, Section("a", 40, Scale("a", 5)), Section("b", 60, Scale("b", 5)))
            .Score(Answers(("a", Points(3)), ("b", Points(4)))).Score.Should().Be(72.0m);

    [Fact]
    public void weights_count_by_their_proportion_when_the_rest_is_not_applicable() => // (85·10 + 50·15 + 100·5) / 30 = 70
        Form(Weighting.Sections,
                Section("a", 10, Scale("a", 100)), Section("b", 15, Scale("b", 100)), Section("c", 5, Scale("c", 100)),
                Section("d", 70, Scale("d", 1)))
            .Score(Answers(("a", Points(85)), ("b", Points(50)), ("c", Points(100)), ("d", Answer.OutOfScope))).Score.Should().Be(70.0m);

    [Theory]
    [InlineData(4, new[] { 0.0, 25.0, 50.0, 75.0, 100.0 })]
    [InlineData(3, new[] { 0.0, 33.3, 66.7, 100.0 })]
    public void a_scale_shares_the_percent_evenly(int points, double[] expected)
    {
        var form = Form(Weighting.Questions, Section("a", null, Scale("a", points, 100)));

        Enumerable.Range(0, points + 1).Select(p => form.Score(Answers(("a", Points(p)))).Score)
            .Should().Equal(expected.Select(e => (decimal?)(decimal)e));
    }

    [Theory]
    [InlineData(0, 100.0)]
    [InlineData(1, 50.0)]
    [InlineData(4, 50.0)]
    [InlineData(5, 10.0)]
    [InlineData(10, 10.0)]
    public void a_number_scores_by_the_range_it_is_in(int number, double expected) =>
        Form(Weighting.Questions, Section("a", null, Interruptions(100)))
            .Score(Answers(("interruptions", new(Number: number)))).Score.Should().Be((decimal)expected);

    [Fact]
    public void a_half_is_rounded_away_from_zero() => // 1/16 = 6.25 %, 3/16 = 18.75 %
        Form(Weighting.Questions, Section("a", null, Scale("a", 16, 100)))
            .Score(Answers(("a", Points(1)))).Score.Should().Be(6.3m);

    [Fact]
    public void thirds_that_make_a_half_are_still_a_half() // 33.35 + 2·(33.325/3)·… is exactly 66.65
    {
        var form = Form(Weighting.Questions, Section("a", null, Scale("a", 3, 33.35m), Scale("b", 3, 33.3m), Scale("c", 3, 33.35m)));

        form.Score(Answers(("a", Points(1)), ("b", Points(3)), ("c", Points(2)))).Score.Should().Be(66.7m);
    }

    [Fact]
    public void not_applicable_leaves_numerator_and_denominator()
    {
        var result = Inbound.Score(new Dictionary<string, Answer>(Perfect) { ["greeting"] = Answer.OutOfScope,
            ["interruptions"] = new(Number: 2) });

        result.Should().BeEquivalentTo(new { Score = 91.7m, Passed = true, Earned = 55m, Possible = 60m });
        result.Sections[0].Should().BeEquivalentTo(new { Score = (decimal?)null, Passed = (bool?)null });
    }

    [Fact]
    public void without_anything_applicable_there_is_no_score() =>
        Inbound.Score(Inbound.Questions.ToDictionary(q => q.Code, _ => Answer.OutOfScope))
            .Should().BeEquivalentTo(new { Score = (decimal?)null, Passed = (bool?)null, AutoFailed = false });

    [Fact]
    public void weights_of_zero_make_no_score() =>
        Form(Weighting.Questions, Section("a", null, Scale("a", 1, 0)))
            .Score(Answers(("a", Points(1)))).Score.Should().BeNull();

    [Fact]
    public void one_answer_can_fail_the_form()
    {
        var result = Inbound.Score(new Dictionary<string, Answer>(Perfect) { ["polite"] = No });

        result.Should().BeEquivalentTo(new { Score = 0m, Passed = false, AutoFailed = true, Earned = 0m, Possible = 100m });
        result.Sections.Select(s => (s.Score, s.Passed, s.AutoFailed)).Should().Equal((100m, true, false), (0m, false, true));
    }

    [Fact]
    public void the_form_fails_even_if_everything_else_is_not_applicable() =>
        Inbound.Score(Inbound.Questions.ToDictionary(q => q.Code, q => q.Code == "polite" ? No : Answer.OutOfScope))
            .Should().BeEquivalentTo(new { Score = 0m, Passed = false, AutoFailed = true });

    [Theory]
    [InlineData(Weighting.Questions)]
    [InlineData(Weighting.Sections)]
    public void one_answer_can_fail_its_section_only(Weighting weighting)
    {
        var form = weighting is Weighting.Questions
            ? Inbound
            : Form(weighting, Section("opening", 40, Scale("greeting", 2)),
                Section("compliance", 60, YesNo("identity", null, AutoFail.Section), Interruptions(null)));
        var result = form.Score(Perfect.Where(a => form.Find(a.Key) is not null)
            .ToDictionary(a => a.Key, a => a.Key == "identity" ? No : a.Value));

        result.Should().BeEquivalentTo(new { Score = 40m, Passed = false, AutoFailed = true });
        result.Sections.Select(s => (s.Score, s.Passed, s.AutoFailed)).Should().Equal((100m, true, false), (0m, false, true));
    }

    [Fact]
    public void a_high_score_does_not_pass_over_an_automatic_failure() =>
        Form(Weighting.Questions, Section("a", null, Scale("a", 1, 95)), Section("b", null, YesNo("b", 5, AutoFail.Section)))
            .Score(Answers(("a", Points(1)), ("b", No)))
            .Should().BeEquivalentTo(new { Score = 95m, Passed = false, AutoFailed = true });

    [Fact]
    public void a_section_may_have_a_pass_mark_of_its_own()
    {
        var form = Form(Weighting.Questions, Section("a", null, Scale("a", 10, 50)) with { PassMark = 60 },
            Section("b", null, Scale("b", 10, 50)));

        form.Score(Answers(("a", Points(6)), ("b", Points(7)))).Sections.Select(s => s.Passed).Should().Equal(true, false);
    }

    [Fact]
    public void points_below_0_take_away_in_proportion_to_the_most_that_can_be_earned() // (2 − 3)/2 of 40, and 60
    {
        var form = Form(Weighting.Questions, Section("a", null, Scale("a", 2, 60), new MultiSelectQuestion
        {
            Code = "b", Title = Text("b"), Weight = 40, Choices = [new("right", Text("Right"), 2), new("wrong", Text("Wrong"), -3)],
        }));

        form.Score(Answers(("a", Points(2)), ("b", new(Choices: ["right", "wrong"])))).Score.Should().Be(40m);
        form.Score(Answers(("a", Points(0)), ("b", new(Choices: ["wrong"])))).Should().BeEquivalentTo(new { Score = 0m, Earned = -60m });
        form.Score(Answers(("a", Points(2)), ("b", new(Choices: [])))).Score.Should().Be(60m);
        form.Find("b")!.Takes(new(Choices: ["right", "right"])).Should().BeFalse();
        form.Find("b")!.Takes(new(Choices: ["right", "left"])).Should().BeFalse();
    }

    [Fact]
    public void a_bonus_lifts_a_score_and_no_score_above_100()
    {
        var form = Form(Weighting.Questions, Section("a", null, Scale("a", 2, 100), YesNo("extra", 10) with { Bonus = true }));

        form.Score(Answers(("a", Points(1)), ("extra", Yes))).Score.Should().Be(60m);
        form.Score(Answers(("a", Points(1)), ("extra", No))).Score.Should().Be(50m);
        form.Score(Answers(("a", Points(2)), ("extra", Yes))).Should().BeEquivalentTo(new { Score = 100m, Earned = 110m, Possible = 100m });
    }

    [Fact]
    public void a_scale_earns_by_the_steps_from_its_lowest()
    {
        var form = Form(Weighting.Questions, Section("a", null,
            new ScaleQuestion { Code = "a", Title = Text("a"), Weight = 100, Scale = new(1, 5) }));

        new[] { 1, 2, 3, 4, 5 }.Select(n => form.Score(Answers(("a", new(Number: n)))).Score).Should().Equal(0m, 25m, 50m, 75m, 100m);
        new[] { 0, 6, 1.5m }.Should().OnlyContain(n => !form.Find("a")!.Takes(new(null, null, n, false, null, null, null)));
    }

    [Theory]
    [InlineData("company", true, 100.0)]
    [InlineData("company", false, 57.1)]
    [InlineData("customer", true, 100.0)]
    [InlineData("nobody", false, 57.1)]
    public void who_is_liable_decides_which_question_counts(string liable, bool asItShouldBe, double expected)
    {
        var result = Complaint.Score(Answers(("liable", new(Choice: liable)), ("polite", Yes), ("words", Yes),
            (liable == "company" ? "apologised" : "no-apology", new(Yes: asItShouldBe)), (liable == "company" ? "no-apology" : "apologised", No)));

        result.Should().BeEquivalentTo(new { Score = (decimal)expected, Possible = 70m });
    }

    [Theory]
    [InlineData(false, true, true, 50.0, 50.0, null, null)]
    [InlineData(true, false, true, 31.3, 50.0, 0.0, null)] // 25 of 80: what hangs on goodwill is not asked either
    [InlineData(true, true, true, 75.0, 50.0, 100.0, 100.0)]
    [InlineData(true, true, false, 0.0, 50.0, 100.0, 0.0)]
    public void a_section_that_is_not_asked_has_no_score_and_its_weight_is_the_others(
        bool damaged, bool offered, bool sent, double score, double damage, double? goodwill, double? voucher)
    {
        var result = Goodwill.Score(Answers(
            ("dealt-with", Points(2)), ("damaged", new(Yes: damaged)), ("offered", new(Yes: offered)), ("sent", new(Yes: sent))));

        result.Score.Should().Be((decimal)score);
        result.Sections.Select(section => section.Score).Should().Equal((decimal)damage, (decimal?)goodwill, (decimal?)voucher);
        result.Sections.Should().OnlyContain(section => (section.Passed == null) == (section.Score == null));
    }

    [Fact]
    public void a_condition_of_a_section_and_one_of_its_question_both_have_to_hold()
    {
        var form = Goodwill with
        {
            Sections =
            [
                Goodwill.Sections[0], Goodwill.Sections[1] with
                {
                    Questions = [Goodwill.Find("offered")!, YesNo("in-writing") with { AskedIf = [new("offered", Yes: true)] }],
                },
            ],
        };

        form.Asked(Answers(("damaged", Yes), ("offered", Yes))).Should().Contain("in-writing");
        form.Asked(Answers(("damaged", Yes), ("offered", No))).Should().NotContain("in-writing").And.Contain("offered");
        form.Asked(Answers(("damaged", No), ("offered", Yes))).Should().NotContain(["offered", "in-writing"]);
    }

    [Fact]
    public void the_critical_score_and_the_band_stand_beside_the_score()
    {
        var form = Form(Weighting.Questions, Section("a", null, Scale("a", 2, 60), YesNo("b", 30) with { Critical = true },
            YesNo("c", 10) with { Critical = true })) with
        {
            Bands = [new("poor", Text("Poor"), 0), new("fair", Text("Fair"), 60), new("good", Text("Good"), 90)],
        };

        form.Score(Answers(("a", Points(2)), ("b", Yes), ("c", No)))
            .Should().BeEquivalentTo(new { Score = 90m, CriticalScore = 75m, Band = "good" });
        form.Score(Answers(("a", Points(1)), ("b", Yes), ("c", No))).Band.Should().Be("fair");
        form.Score(Answers(("a", Points(2)), ("b", Answer.OutOfScope), ("c", Answer.OutOfScope))).CriticalScore.Should().BeNull();
        Inbound.Score(Perfect).Should().BeEquivalentTo(new { CriticalScore = (decimal?)null, Band = (string?)null });
    }

    [Fact]
    public void a_subsection_has_a_score_of_its_own_and_changes_no_other()
    {
        var form = Form(Weighting.Sections,
            Section("a", 100, Scale("a", 2)) with { Subsections = [new("part", Text("Part"), [Scale("b", 4)])] });

        var result = form.Score(Answers(("a", Points(2)), ("b", Points(1))));

        result.Score.Should().Be(50m);
        result.Sections.Single().Subsections.Should().ContainSingle().Which
            .Should().BeEquivalentTo(new { Subsection = "part", Score = 25m, Earned = 1m, Possible = 4m });
    }

    [Fact]
    public void only_what_was_not_in_the_first_version_makes_the_second()
    {
        FormContent[] second =
        [
            Complaint, Form(Weighting.Questions, Section("a", null, Scale("a", 2, 100), YesNo("b", 10) with { Bonus = true })),
            Form(Weighting.Questions, Section("a", null, YesNo("a", 100) with { No = new(-1) })), Goodwill,
        ];

        second.Select(Scoring.FormulaOf).Should().OnlyContain(formula => formula == "quality-score/2");
        Scoring.FormulaOf(Inbound).Should().Be("quality-score/1");
    }
}
