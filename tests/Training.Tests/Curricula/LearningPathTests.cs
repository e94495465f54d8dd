using CallCenter.Testing;
using CallCenter.Training.Curricula;
using CallCenter.Training.Materials;
using CallCenter.Training.Records;
using CallCenter.Training.Sessions;
using static CallCenter.Training.Curricula.LearningPathDecider;

namespace CallCenter.Training.Tests.Curricula;

public class LearningPathTests
{
    private static readonly Guid Id = Guid.CreateVersion7(), Project = Guid.CreateVersion7(), Ann = Guid.CreateVersion7();
    private static readonly Guid Trainer = Guid.CreateVersion7(), CourseId = Guid.CreateVersion7(), Card = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Starts = new(2026, 3, 2);

    private static readonly Curriculum Onboarding = new()
    {
        Id = Guid.CreateVersion7(), ProjectId = Project,
        Content = new("Onboarding",
            [new("company", "Company", 2, null, null), new("product", "Product", 5, CourseId, Card), new("web", "Web", 9, CourseId, null)]),
    };

    private static PathBegun Begun => new(
        Id, Onboarding.Id, Project, Ann, "Onboarding", Onboarding.Content.Modules, Starts, Trainer, Monday);

    [Fact]
    public void somebody_begins_once_and_again_after_an_end()
    {
        var begin = new BeginPath(Id, Onboarding, Ann, Starts, Trainer, Monday);

        Given().When(state => Decide(begin, state)).Then(Begun);
        Given(Begun).When(state => Decide(begin, state)).ThenNothing();
        Given(Begun).When(state => Decide(begin with { StartsOn = Starts.AddDays(1) }, state)).ThenRefused("path-begun");
        Given(Begun, new PathEnded("Left.", Trainer, Monday)).When(state => Decide(begin, state)).Then(Begun);
        Given().When(state => Decide(begin with { Curriculum = Onboarding with { Retired = true } }, state)).ThenRefused("curriculum-retired");
    }

    [Fact]
    public void the_trainer_says_only_what_nothing_else_shows()
    {
        var assessed = new ModuleAssessed("company", "Knows it.", Trainer, Monday);

        Given(Begun).When(state => Decide(new AssessModule("company", "Knows it.", Trainer, Monday), state)).Then(assessed);
        Given(Begun, assessed).When(state => Decide(new AssessModule("company", "Again.", Trainer, Monday), state)).ThenNothing();
        Given(Begun).When(state => Decide(new AssessModule("product", "Knows it.", Trainer, Monday), state)).ThenRefused("module-seen");
        Given(Begun).When(state => Decide(new AssessModule("company", "I do.", Ann, Monday), state)).ThenRefused("own-path");
        Given(Begun, new PathEnded("Left.", Trainer, Monday)).When(state => Decide(new AssessModule("company", "X", Trainer, Monday), state))
            .ThenRefused("path-ended");
    }

    [Fact]
    public void a_module_is_done_when_all_that_it_names_is_and_late_after_its_last_day()
    {
        var path = State(Begun, new ModuleAssessed("company", "Knows it.", Trainer, Monday.AddDays(3)));
        var failed = Record(Result.Failed, 2);
        var passed = Record(Result.Passed, 4);
        var read = new Material { Id = Card, Versions = [new(1, new("Card", "X", null), Monday)], Receipts = [new(Ann, 1, Monday.AddDays(5))] };

        var now = Of(path, [failed], []);
        (now.Done, now.Next).Should().Be((1, "product"));
        now.Modules[0].Should().BeEquivalentTo(new { DoneAt = Monday.AddDays(3), Late = true, Missing = Array.Empty<string>() });
        now.Modules[1].Missing.Should().Equal("course", "material");
        Of(path, [failed, passed], []).Modules[1].Should().BeEquivalentTo(new { Late = true, Missing = new[] { "material" } });
        var later = Of(path, [passed, failed], [read]);
        later.Modules[1].Should().BeEquivalentTo(new { DoneAt = Monday.AddDays(5), Late = false });
        (later.Done, later.Next).Should().Be((3, null), "the session of the course counts for both modules");
    }

    private static PathProgress Of(LearningPath path, TrainingRecord[] records, Material[] materials) => PathProgress.Of(
        path, records, materials, [], today: Starts.AddDays(8), at => DateOnly.FromDateTime(at.UtcDateTime));

    private static TrainingRecord Record(Result result, int day) => new(
        Guid.CreateVersion7(), Ann, Project, Id, CourseId, "Course", Monday.AddDays(day), true, 60, result);

    private static LearningPath State(params object[] events) => events.Aggregate(new LearningPath(), (state, e) => state.Evolve(e));

    private static Spec<LearningPath> Given(params object[] events) => new(new LearningPath(), (state, e) => state.Evolve(e), events);
}
