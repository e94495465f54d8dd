using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Rosters;
using static CallCenter.Scheduling.Accounts.AccountDecider;

namespace CallCenter.Scheduling.Tests.Accounts;

public sealed class AccountTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly Guid By = Guid.CreateVersion7();

    /// <summary>9 days are saved up and 2 of a month are not taken: 10 go on, the 11th is not banked.</summary>
    [Fact]
    public void of_unused_days_of_rest_ten_go_on_and_the_eleventh_is_not_banked()
    {
        var state = Opened(AccountKind.RestDays, new(2026, 1, 31), 9, mostSaved: 10);
        state = Book(state, [.. Enumerable.Range(1, 8).Select(n => Rest("due", new(2026, 2, 3 * n), 1))]);
        state = Book(state, [.. Enumerable.Range(1, 6).Select(n => Rest("taken", new(2026, 2, 4 * n), -1))]);

        state.On(AccountKind.RestDays, new(2026, 2, 27)).Should().Be(new Balance(11, 0), "the month is not over");
        state.On(AccountKind.RestDays, new(2026, 2, 28)).Should().Be(new Balance(10, 1));
        state.On(AccountKind.RestDays, new(2026, 12, 31)).Value.Should().Be(10);

        // A late correction: one of them was worked after all, so one more was taken on another day.
        state = Book(state, [Rest("taken", new(2026, 2, 17), -1)]);
        state.On(AccountKind.RestDays, new(2026, 2, 28)).Should().Be(new Balance(10, 0));
    }

    /// <summary>3 days in a row are allowed, 4 need consent, public holidays excepted.</summary>
    [Theory]
    [InlineData("WRRRW", false)]
    [InlineData("WRRRRW", true)]
    [InlineData("WRRHRW", false)]
    [InlineData("WRRHRRW", true)]
    [InlineData("WRRLRRW", false)] // leave is no rest
    [InlineData("WRR.RRW", false)] // nothing is published of that day
    [InlineData("RRRR", true)]
    public void four_days_of_rest_in_a_row_need_consent(string days, bool needs)
    {
        var from = new DateOnly(2026, 3, 2);
        var rows = RestRuns.Longer(from, from.AddDays(days.Length - 1), day => days[day.DayNumber - from.DayNumber] switch
        {
            'R' or 'H' => true, 'W' or 'L' => false, _ => null,
        }, 3, day => days[day.DayNumber - from.DayNumber] == 'H').ToList();

        rows.Should().HaveCount(needs ? 1 : 0);
    }

    [Fact]
    public void leave_carried_over_is_taken_first_and_lapses_on_its_day()
    {
        var state = Apply(new Account(),
            new YearEntitled(Agent, 2025, new(10), By, Now),
            new YearEntitled(Agent, 2026, new(15, MostCarriedOver: 5, new(2026, 3, 31)), By, Now));
        state = Book(state, [.. Enumerable.Range(1, 3).Select(n => Leave(new(2025, 7, n)))]);

        Value(new(2025, 12, 31)).Should().Be(new Balance(7, 0));
        Value(new(2026, 1, 1)).Should().Be(new Balance(20, 2), "7 are left, 5 come along");
        state = Book(state, [.. Enumerable.Range(1, 2).Select(n => Leave(new(2026, 3, n)))]);
        Value(new(2026, 3, 30)).Should().Be(new Balance(18, 2));
        Value(new(2026, 3, 31)).Should().Be(new Balance(15, 5), "3 that were carried over were not taken in time");
        Value(new(2027, 1, 1)).Value.Should().Be(15, "no limit was set for that year");

        Balance Value(DateOnly day) => state.On(AccountKind.AnnualLeave, day);
    }

    [Fact]
    public void what_is_given_back_changes_no_other_day()
    {
        var state = Apply(new Account(), new YearEntitled(Agent, 2026, new(10, 5, new(2026, 3, 31)), By, Now));
        var before = state;
        state = Book(state, [Leave(new(2026, 3, 2)), Leave(new(2026, 3, 3))]);
        state = Book(state, [Leave(new(2026, 3, 2)) with { Amount = 0 }, Leave(new(2026, 3, 3)) with { Amount = 0 }]);

        state.Entries.Select(e => e.Amount).Should().Equal(-1, -1, 1, 1);
        foreach (var day in Enumerable.Range(0, 400).Select(new DateOnly(2026, 1, 1).AddDays))
            state.On(AccountKind.AnnualLeave, day).Should().Be(before.On(AccountKind.AnnualLeave, day));
    }

    /// <summary>Whatever was said before, how often and in which order about different days: only what stands now counts.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void what_is_booked_twice_or_in_another_order_comes_to_the_same(int seed)
    {
        var random = new Random(seed);
        var first = new DateOnly(2026, 1, 20);
        var standing = Enumerable.Range(0, 40).Select(d => Rest("taken", first.AddDays(d), random.Next(2) - 1))
            .Concat(Enumerable.Range(0, 40).Select(d => Rest("due", first.AddDays(d), random.Next(2)))).ToArray();
        var earlier = standing.Select(b => b with { Amount = random.Next(-1, 2) }).ToArray();
        var once = Book(new Account(), standing);

        random.Shuffle(earlier);
        var state = earlier.Take(random.Next(80)).Aggregate(new Account(), (s, b) => Book(s, [b]));
        random.Shuffle(standing);
        state = standing.Concat(standing.Take(random.Next(80))).Aggregate(state, (s, b) => Book(s, [b]));

        foreach (var day in Enumerable.Range(-1, 60).Select(first.AddDays))
            state.On(AccountKind.RestDays, day).Should().Be(once.On(AccountKind.RestDays, day));
        Decide(new Book(Agent, EntryCause.Publication, By, standing, 10, By, Now), state).Should().BeEmpty();
    }

    [Fact]
    public void leave_is_refused_where_it_or_what_was_asked_for_later_could_not_be_taken()
    {
        var state = Apply(new Account(), new YearEntitled(Agent, 2026, new(5), By, Now));
        state = Book(state, [.. Enumerable.Range(1, 3).Select(n => Leave(new(2026, 8, n)))]);

        Afford([new(2026, 3, 2), new(2026, 3, 3)], []).Should().BeNull();
        Afford([new(2026, 3, 2), new(2026, 3, 3), new(2026, 3, 4)], []).Should().Be("leave-balance", "August could not be taken then");
        Afford([new(2026, 3, 2)], [new(2026, 5, 1), new(2026, 5, 4)]).Should().Be("leave-balance", "what others asked for counts too");
        Afford([new(2025, 3, 2)], []).Should().Be("leave-balance");
        Afford([], []).Should().BeNull();

        string? Afford(DateOnly[] days, DateOnly[] asked)
        {
            try
            {
                MustAfford(state, [.. days.Select(day => new TakenDay(day, 1))], [.. asked.Select(day => new TakenDay(day, 1))]);
                return null;
            }
            catch (RefusedException refused)
            {
                return refused.Code;
            }
        }
    }

    [Fact]
    public void nothing_is_taken_by_hand_that_is_not_there_and_the_same_line_is_entered_once()
    {
        var state = Opened(AccountKind.Overtime, new(2026, 2, 1), 6, null);
        var paid = new EnterByHand(
            Agent, Guid.CreateVersion7(), AccountKind.Overtime, new(2026, 2, 28), -4, false, "Paid out", null, By, Now);

        state = Apply(state, Decide(paid, state));
        Decide(paid, state).Should().BeEmpty();
        state.On(AccountKind.Overtime, new(2026, 2, 28)).Value.Should().Be(2);
        FluentActions.Invoking(() => Decide(paid with { EntryId = Guid.CreateVersion7() }, state)).Should().Throw<RefusedException>()
            .Which.Code.Should().Be("account-overdrawn");
    }

    [Fact]
    public void hours_over_the_contract_are_booked_by_the_week_with_paid_leave_counted()
    {
        var monday = new DateOnly(2026, 3, 9);
        var person = new CallCenter.Contracts.People.EmployeeV1(Agent, 1, "A1", "A", monday, null, "junior", [], [], [], 40, "Asia/Shanghai",
            ContractHours: [new(40, new(2020, 1, 1)), new(30, monday.AddDays(7))]);
        PublishedDay[] days = [.. Enumerable.Range(0, 5).Select(d => Work(d, 9)), Off(5, leave: false), Off(7, leave: true)];

        Over(new(10)).Should().Equal(
            ("overtime:2026-03-09", 5), ("time-off:2026-03-09", 0), ("overtime:2026-03-16", 0), ("time-off:2026-03-16", 0));
        Over(new(10, AsTimeOff: true)).First(b => b.Item2 > 0).Should().Be(("time-off:2026-03-09", 5m));
        Over(null).Should().BeEmpty();

        IEnumerable<(string, decimal)> Over(OvertimeRule? rule) =>
            RosterBookings.Overtime([monday, monday.AddDays(7)], days, person, rule).Select(b => (b.Source, b.Amount));

        PublishedDay Work(int day, int hours) => Off(day, false) with
        {
            Shift = new(monday.AddDays(day), "D", ShiftKind.Day, Now, Now.AddHours(hours), []),
        };

        PublishedDay Off(int day, bool leave) => new(Guid.CreateVersion7(), 1, By, By, Agent, monday.AddDays(day), null,
            leave ? [new RosterActivity("leave", Now, Now, true)] : [], null, 0, Now);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    private static BookedAmount Rest(string what, DateOnly day, decimal amount) =>
        new(AccountKind.RestDays, $"rest-{what}:{day:yyyy-MM-dd}", day, amount);

    private static BookedAmount Leave(DateOnly day) => new(AccountKind.AnnualLeave, $"leave:{day:yyyy-MM-dd}", day, -1);

    private static Account Opened(AccountKind kind, DateOnly day, decimal amount, decimal? mostSaved) => Apply(new Account(), Decide(
        new EnterByHand(Agent, Guid.CreateVersion7(), kind, day, amount, true, "Old books", mostSaved, By, Now), new()));

    private static Account Book(Account state, BookedAmount[] bookings) =>
        Apply(state, Decide(new Book(Agent, EntryCause.Publication, By, bookings, 10, By, Now), state));

    private static Account Apply(Account state, params object[] events) => events.Aggregate(state, (s, e) => s.Evolve(e));
}
