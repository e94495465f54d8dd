using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;

namespace CallCenter.Attendance.Tests.Shifts;

public sealed class ThinnedTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 9, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void few_signs_cover_what_all_of_them_cover()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var silence = TimeSpan.FromMinutes(random.Next(1, 90));
            List<DateTimeOffset> signs =
                [.. Enumerable.Range(0, random.Next(60)).Select(_ => Midnight.AddMinutes(random.Next(1440))).Distinct().Order()];
            var thinned = AttendanceSheet.Thinned(signs, silence);

            thinned.Should().BeSubsetOf(signs);
            Around(thinned, silence).Should().Equal(Around(signs, silence));
        }
    }

    private static IReadOnlyList<Stretch> Around(IEnumerable<DateTimeOffset> signs, TimeSpan silence) =>
        signs.Select(at => new Stretch(at - silence, at + silence)).Union();
}
