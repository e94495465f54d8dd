using CallCenter.Testing;
using CallCenter.Training.Materials;
using static CallCenter.Training.Materials.MaterialDecider;

namespace CallCenter.Training.Tests.Materials;

public class MaterialTests
{
    private static readonly Guid Id = Guid.CreateVersion7(), Project = Guid.CreateVersion7(), Ann = Guid.CreateVersion7();
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly MaterialContent First = new("The new card", "No yearly fee.", null), Second = First with { Text = "From May." };
    private static readonly MaterialPublished Published = new(Id, Project, MaterialKind.Briefing, First, Ann, Monday);
    private static readonly MaterialRevised Revised = new(2, Second, Ann, Monday.AddDays(1));

    [Fact]
    public void whoever_read_a_version_has_the_next_to_read_again()
    {
        var read = new MaterialRead(1, Ann, Monday.AddHours(1));

        Given(Published).When(state => Decide(new ReadMaterial(1, Ann, read.At), state)).Then(read);
        Given(Published, read).When(state => Decide(new ReadMaterial(1, Ann, Monday.AddHours(2)), state)).ThenNothing();
        State(Published, read).ReadBy(Ann).Should().Be(read.At);
        Given(Published).When(state => Decide(new ReviseMaterial(Second, Ann, Revised.At), state)).Then(Revised);
        Given(Published, Revised).When(state => Decide(new ReviseMaterial(Second, Ann, Revised.At), state)).ThenNothing();
        State(Published, read, Revised).ReadBy(Ann).Should().BeNull();
        FluentActions.Invoking(() => Decide(new ReadMaterial(2, Ann, Monday), State(Published)))
            .Should().Throw<CallCenter.Rules.InvalidException>().Which.Errors[0].Code.Should().Be("unknown-version");
        Given(Published, new MaterialWithdrawn("Not sold.", Ann, Monday)).When(state => Decide(new ReadMaterial(1, Ann, Monday), state))
            .ThenRefused("material-withdrawn");
    }

    // The shift that was going on when it was published is none that it could have been read before.
    [Theory]
    [InlineData(null, -2, 20, false, 20)]
    [InlineData(null, 3, 20, true, 20)]
    [InlineData(2, 3, 20, false, 20)]
    [InlineData(4, 3, 20, true, 20)]
    public void late_is_who_began_a_shift_without_having_read_it(int? read, int began, int next, bool late, int nextShift)
    {
        var material = read is { } hours ? State(Published, new MaterialRead(1, Ann, Monday.AddHours(hours))) : State(Published);

        var reader = MaterialReader.Of(material, Ann, [Monday.AddHours(next), Monday.AddHours(began)], Monday.AddHours(5));

        (reader.Late, reader.NextShift).Should().Be((late, Monday.AddHours(nextShift)));
        MaterialReader.Of(material, Ann, [], Monday.AddHours(5)).Should().Match<MaterialReader>(r => !r.Late && r.NextShift == null, "no roster is known");
    }

    private static Material State(params object[] events) => events.Aggregate(new Material(), (state, e) => state.Evolve(e));

    private static Spec<Material> Given(params object[] events) => new(new Material(), (state, e) => state.Evolve(e), events);
}
