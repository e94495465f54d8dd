using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Quality.Reports;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Web;
using CallCenter.Contracts.People;
using static CallCenter.Quality.Reports.QaReportDecider;

namespace CallCenter.Quality.Tests.Reports;

public class QaFiguresTests
{
    private static readonly Guid Form = Guid.CreateVersion7(), Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7(),
        Judge = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7(), Blue = Guid.CreateVersion7(), Red = Guid.CreateVersion7();
    private static readonly DateOnly Day = new(2026, 3, 4);
    private const Quality.Coachings.EffectSeen Verdict = Quality.Coachings.EffectSeen.NoEffectSeen;

    [Fact]
    public void of_few_evaluations_no_score_and_no_rate_is_told()
    {
        var figures = Of([.. Rows(Ann, 100, 100, 100, 100), .. Rows(Bob, 70, 95, 80, 90, 60, 85, 75, 99, 88, 77, 66, 91)]);

        var (ann, bob) = (Agent(figures, Ann), Agent(figures, Bob));
        (ann.Evaluations, ann.Score.Mean, ann.Score.Low, ann.PassRate.Rate).Should().Be((4, null, null, null));
        (bob.Score.Mean is not null && bob.Score.Low < bob.Score.Mean && bob.Score.Mean < bob.Score.High).Should().BeTrue();
    }

    [Fact]
    public void while_too_little_is_known_of_how_much_scores_differ_none_is_told()
    {
        var few = Of([.. Rows(Ann, 90, 80, 70, 95, 85)]);
        (few.Total.Evaluations, few.Total.Score.Mean).Should().Be((5, null));

        var known = Of([.. Rows(Ann, 100, 100, 100, 100, 100), .. Rows(Bob, 60, 95, 80, 90, 70, 85, 75, 99)]);
        Agent(known, Ann).Score.Should().Match<QaMean>(mean => mean.Mean == 100 && mean.Low < 95, "five at 100 do not say that all are");
    }

    [Fact]
    public void scores_that_are_all_the_same_do_not_say_that_the_next_will_be() =>
        Of([.. Rows(Ann, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100)]).Total.Score
            .Should().Be(new QaMean(11, 100, 74.1, 100), "as of a share of 11 of 11");

    [Fact]
    public void a_bonus_that_nobody_earned_is_not_all_points()
    {
        var bonus = Answer("extra", lost: false) with { Points = 0, Bonus = true };

        var figures = Of([.. Rows(Ann, 90, 80, 70, 60, 50)
            .Select((row, i) => row with { Answers = [i < 2 ? bonus with { Points = 1 } : bonus] })]);

        figures.Questions.Should().ContainSingle().Which.PassRate.Rate.Should().Be(0.4);
    }

    [Fact]
    public void a_section_counts_where_it_was_asked()
    {
        JudgedSection asked = new("opening", 50, false), not = new("opening", null, null);

        var figures = Of([.. Rows(Ann, 90, 80, 70).Select((row, i) => row with
        {
            Sections = [i < 2 ? asked : not], Answers = i < 2 ? [Answer("greeting", lost: true)] : [],
        })]);

        figures.Sections.Should().ContainSingle().Which.Evaluations.Should().Be(2);
    }

    [Fact]
    public void bands_are_named_in_the_readers_language_the_best_first()
    {
        var form = Samples.Inbound with
        {
            Bands = [new("a-low", new Dictionary<string, string> { ["en"] = "Low", ["zh-CN"] = "差" }, 0),
                new("high", new Dictionary<string, string> { ["en"] = "High", ["zh-CN"] = "优" }, 80)],
        };
        var rows = Rows(Ann, 90, 85, 40).Select(row => row with { Band = row.Score >= 80 ? "high" : "a-low" }).ToList();

        var figures = QaFiguresBuilder.Of(
            new(rows, new ProjectTeams([]), new Dictionary<Guid, FormContent> { [Form] = form }, []), 5);

        QaBlocks.Of(figures, new(Language.Chinese)).First().Rows[0].Should().Contain("优 2 · 差 1");
        QaBlocks.Of(figures with { BandTitles = null }, new(Language.English)).First().Rows[0].Should().Contain("a-low 1 · high 2");
    }

    [Fact]
    public void a_share_has_the_interval_of_wilson() => QaFiguresBuilder.RateOf(8, 10, 5).Should().Be(new QaRate(0.8, 0.4902, 0.9433));

    [Fact]
    public void causes_come_the_most_frequent_first_and_are_cumulated()
    {
        var rows = Rows(Ann, 50, 60, 70, 80).Select((row, i) => row with
        {
            Answers = [Answer("greeting", lost: true, category: "opening", cause: "haste"), Answer("identity", lost: i == 0, category: i == 0 ? "identity" : null)],
        });

        var figures = Of([.. rows]);

        figures.Causes.Select(cause => (cause.Key, cause.Count, cause.Share, cause.Cumulated)).Should()
            .Equal(("opening/haste", 4, 0.8, 0.8), ("identity", 1, 0.2, 1.0));
        figures.Losses.Select(loss => (loss.Key, loss.Count)).Should().Equal(($"{Form}/greeting", 4), ($"{Form}/identity", 1));
        figures.Categories.Select(line => (line.Key, line.Evaluations)).Should().Equal(("identity", 1), ("opening", 4));
    }

    [Fact]
    public void a_question_is_passed_by_who_earned_all_of_it_a_bonus_too()
    {
        var rows = Rows(Ann, 90, 90, 90, 90, 90, 90).Select((row, i) => row with
        {
            Answers =
            [
                Answer("won-back", lost: false) with { Bonus = true, Points = i < 4 ? 1 : 0 }, Answer("greeting", lost: i < 2),
                Answer("identity", lost: false) with { Points = null, NotApplicable = true },
            ],
        });

        var questions = Of([.. rows]).Questions.ToDictionary(line => line.Key.Split('/')[1]);

        (questions["won-back"].Scored, questions["won-back"].Passed, questions["won-back"].PassRate.Rate).Should().Be((6, 4, 0.6667));
        (questions["greeting"].Scored, questions["greeting"].Passed).Should().Be((6, 4));
        (questions["identity"].Evaluations, questions["identity"].Scored, questions["identity"].Passed).Should().Be((6, 0, 0));
    }

    [Fact]
    public void a_question_of_the_header_says_what_was_chosen_how_often_and_has_no_score()
    {
        var liable = Answer("liable", lost: false) with { Section = JudgedAnswer.Header, Points = null, MaxPoints = 0 };
        var rows = Rows(Ann, 90, 90, 90, 90, 90, 90).Select((row, i) => row with
        {
            Answers =
            [
                i < 5 ? liable with { Answer = i < 3 ? "company" : "customer" } : liable with { Answer = null, NotApplicable = true },
                Answer("greeting", lost: i < 2),
            ],
        });

        var figures = Of([.. rows]);

        var line = figures.Questions.Single(question => question.Key == $"{Form}/liable");
        (line.Evaluations, line.Scored, line.Score.Mean, line.PassRate.Rate).Should().Be((6, 0, null, null));
        line.Answers!.Select(a => (a.Answer, a.NotApplicable, a.Count, a.Share)).Should().Equal(
            ("company", false, 3, 0.5), ("customer", false, 2, 0.3333), (null, true, 1, 0.1667));
        figures.Questions.Single(question => question.Key == $"{Form}/greeting").Answers.Should().BeNull();
        figures.Losses.Should().ContainSingle();
        QaBlocks.Of(figures, new(Language.Chinese)).Should().ContainSingle(block => block.Title == "liable").Which.Rows
            .Select(row => $"{row[0]} {row[1]}").Should().Equal("company 3", "customer 2", "不适用 1");
        QaReportCsv.Of(figures, new(Language.English), id => $"{id}").ToString().Should().Contain($"answer,{Form}/liable/customer,liable,");
    }

    [Fact]
    public void what_is_voided_counts_nowhere_but_among_disputes()
    {
        var voided = Rows(Ann, 50).Single() with { Counts = false, Score = null, Contest = new(Contest.Voided, 50, true, false) };
        var changed = Rows(Ann, 80).Single() with { Contest = new(Contest.Changed, 60, false, true) };

        var figures = Of([voided, changed]);

        figures.Total.Evaluations.Should().Be(1);
        figures.Disputes.Should().Be(new QaDisputes(2, 0, 1, 1, 0, 1, 1, 20));
    }

    [Fact]
    public void an_agent_is_in_the_team_of_the_day()
    {
        var teams = new ProjectTeams(
        [
            new(Blue, 1, Project, "Blue", null, [], "ok", [new(Ann, new(2026, 1, 1), Day)]),
            new(Red, 1, Project, "Red", Judge, [Ann], "ok", [new(Ann, Day.AddDays(1), null)]),
        ]);

        var figures = QaFiguresBuilder.Of(
            new([Rows(Ann, 90).Single(), Rows(Ann, 80).Single() with { Day = Day.AddDays(1) }], teams, new Dictionary<Guid,
                FormContent>(), []), 5);

        figures.Teams.Select(line => (line.Key, line.Evaluations)).Should().BeEquivalentTo([($"{Blue}", 1), ($"{Red}", 1)]);
        teams.LedBy(Judge, Day).Should().Equal(Red);
        teams.MembersOf(new HashSet<Guid> { Blue }, Day.AddDays(1), Day.AddDays(9)).Should().BeEmpty();
    }

    [Fact]
    public void a_report_is_told_once_and_says_anew_only_what_an_evaluation_has_changed()
    {
        var before = Of([.. Rows(Ann, 50, 60)]);
        var after = Of([.. Rows(Ann, 50)]);
        var tell = new TellQaReport(Guid.CreateVersion7(), Project, QaPeriod.Week, Day, Day.AddDays(6), before, Judge,
            DateTimeOffset.UnixEpoch);
        var told = (QaReportTold)Decide(tell, new()).Single();
        var state = new QaReport().Evolve(told);

        Decide(tell, state).Should().BeEmpty();
        Decide(new RestateQaReport(after, [], DateTimeOffset.UnixEpoch), state).Should().BeEmpty("no evaluation did");
        var restated = (QaReportRestated)Decide(
            new RestateQaReport(after, [new(Guid.CreateVersion7(), Ann, "voided", 60, null, DateTimeOffset.UnixEpoch)],
                DateTimeOffset.UnixEpoch), state).Single();
        restated.Changes.Should().Contain(new QaChange("project", "evaluations", 2, 1)).And.Contain(new QaChange($"agent:{Ann}", "evaluations", 2, 1));
        state.Evolve(restated).Versions.Select(version => version.Version).Should().Equal(1, 2);
    }

    [Fact]
    public void no_effect_is_said_plainly()
    {
        var figures = Of([]) with
        {
            Coaching = new(1, 1, 0, 0, 0, [new(Guid.CreateVersion7(), Ann, null, Verdict, 0.4, -2.1, 3, 5, 6,
                12)]),
        };

        QaBlocks.Of(figures, new(Language.English)).SelectMany(block => block.Rows.SelectMany(row => row))
            .Should().Contain("No effect seen (-2.1 to 3.0)");
        QaBlocks.Of(figures, new(Language.Chinese)).SelectMany(block => block.Rows.SelectMany(row => row)).Should().Contain("未见效果（-2.1 至 3.0）");
    }

    [Fact]
    public void names_are_filled_in_where_they_are_shown_and_stay_text()
    {
        var names = new Dictionary<Guid, string> { [Ann] = "<Ann> =1" };
        var text = $"a,{PersonNames.Mark(Ann)},{PersonNames.Mark(Bob)}";

        PersonNames.FillHtml(text, names).Should().Be($"a,&lt;Ann&gt; =1,{$"{Bob}"[..8]}");
        PersonNames.FillCsv($"{PersonNames.Mark(Ann)}", new Dictionary<Guid, string> { [Ann] = "=1,2" }).Should().Be("\"'=1,2\"");
    }

    [Fact]
    public void both_languages_have_the_same_words()
    {
        static IEnumerable<string> Words(string file) => System.Xml.Linq.XDocument
            .Load(Path.Combine(Testing.Repository.Root, "services", "Quality", "Reports", file)).Root!.Elements("data").Select(word => word.Attribute("name")!.Value);

        Words("QaReportResources.zh-CN.resx").Should().Equal(Words("QaReportResources.resx"));
    }

    private static QaFigures Of(IReadOnlyList<FigureRow> rows) => QaFiguresBuilder.Of(
        new(rows, new ProjectTeams([]), new Dictionary<Guid, FormContent> { [Form] = Samples.Inbound }, []), 5);

    private static QaLine Agent(QaFigures figures, Guid id) => figures.Agents.Single(line => line.Key == $"{id}");

    private static IEnumerable<FigureRow> Rows(Guid agent, params decimal[] scores) => scores.Select(score => new FigureRow(
        Guid.CreateVersion7(), 3, Project, Form, agent, Judge, Day, true, score, score >= 80, false, null, null, [], [], null, 3));

    private static JudgedAnswer Answer(string question, bool lost, string? category = null, string? cause = null) => new(
        question, "opening", "p1", lost ? 0 : 1, 1, false, AutoFail.None, lost, false, false, category, cause);
}
