using System.Globalization;
using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class MillerTests
{
    [Fact]
    public void a_month_of_raw_calls_gives_the_24_published_numbers_of_agents()
    {
        // Wednesdays of the Technion bank, 15 calls an hour and agent, at most half of the callers wait (Miller 2013, chapter 6).
        var calls = BenchmarkData.Lines("calls", "technion-anonymous-bank", "february1999.txt").Skip(1).Select(l => l.Split('\t'))
            .Where(c => c[12] != "PHANTOM" && c[8][0] != '-' && c[11][0] != '-')
            .Select(c => (Date: DateOnly.ParseExact("19" + c[5], "yyyyMMdd", CultureInfo.InvariantCulture), Hour: c[6].Split(':')[0]))
            .Where(c => c.Date.DayOfWeek == DayOfWeek.Wednesday).ToList();
        var byHour = calls.ToLookup(c => int.Parse(c.Hour, CultureInfo.InvariantCulture));
        var goals = new StaffingGoals(ServiceLevel: 0.5, WithinSeconds: 0);

        var agents = Enumerable.Range(0, 24).Select(hour => AgentsNeeded.For(new(byHour[hour].Count() / 4.0, 3600, 240), goals).Agents);

        agents.Should().Equal(1, 1, 1, 0, 1, 1, 1, 4, 8, 9, 10, 9, 8, 16, 10, 10, 6, 7, 8, 8, 6, 6, 5, 4);
    }

    [Theory]
    [InlineData(6.75, 1)]
    [InlineData(39.5, 4)]
    [InlineData(203.5, 16)]
    [InlineData(0, 0)]
    [InlineData(57.5, 5)]
    public void his_published_hours_one_by_one(double callsAnHour, int agents) =>
        AgentsNeeded.For(new(callsAnHour, 3600, 240), new StaffingGoals(0.5, WithinSeconds: 0)).Agents.Should().Be(agents);
}
