using CallCenter.People.Employees;
using CallCenter.Rules;

namespace CallCenter.People.Tests.Employees;

public class DatedTests
{
    private static readonly DateOnly First = new(2026, 1, 1);

    /// <summary>Whatever the order in which entries about different days come.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void the_newest_entry_that_is_not_after_a_day_counts_for_it(int seed)
    {
        var random = new Random(seed);
        var entries = Enumerable.Range(0, 30).Where(_ => random.Next(3) > 0)
            .Select(day => new Dated<int>(First.AddDays(day), random.Next(5), default)).ToArray();
        random.Shuffle(entries);

        var list = entries.Aggregate((IReadOnlyList<Dated<int>>)[], (all, entry) => all.With(entry));

        foreach (var day in Enumerable.Range(-1, 33).Select(First.AddDays))
            list.EntryOn(day).Should().Be(entries.Where(e => e.From <= day).MaxBy(e => e.From));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void periods_say_the_same_as_the_days_and_never_touch(int seed)
    {
        var random = new Random(seed);
        var entries = Enumerable.Range(0, 30)
            .Select(day => new Holding<char>("abc"[random.Next(3)], First.AddDays(day), random.Next(2) == 0, default)).ToArray();
        random.Shuffle(entries);

        var list = entries.Aggregate((IReadOnlyList<Holding<char>>)[], (all, entry) => all.With(entry));

        foreach (var day in Enumerable.Range(-1, 33).Select(First.AddDays))
        {
            var newest = entries.Where(e => e.From <= day).GroupBy(e => e.Of).Select(g => g.MaxBy(e => e.From)!).Where(e => e.Holds)
                .Select(e => e.Of);
            list.On(day).Should().BeEquivalentTo(newest);
            list.Periods().Where(p => p.From <= day && !(p.To < day)).Select(p => p.Of).Should().BeEquivalentTo(newest);
        }

        foreach (var periods in list.Periods().GroupBy(p => p.Of))
            periods.Zip(periods.Skip(1)).Should().NotContain(p => !(p.First.To < p.Second.From.AddDays(-1)));
    }

    [Fact]
    public void what_is_entered_last_about_a_day_replaces_what_was()
    {
        IReadOnlyList<Dated<string>> list = [new(First, "wrong", default)];

        list.With(new(First, "right", default)).Select(e => e.Value).Should().Equal("right");
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];
}
