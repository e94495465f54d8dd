using CallCenter.Attendance.Rosters;

namespace CallCenter.Attendance.Tests.Rosters;

public sealed class RosterHistoryTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly RosterHistory Empty = new(Guid.Empty, 0, Guid.Empty, Guid.Empty, new(2026, 3, 12), []);

    private static RosterVersion Version(long version) => new(version, Monday.AddHours(version), [], null, null);

    [Fact]
    public void versions_are_kept_in_order_whatever_order_they_come_in_and_however_often()
    {
        var history = Empty.With(Version(3)).With(Version(1)).With(Version(3)).With(Version(2));

        history.Versions.Select(v => v.Version).Should().Equal(1, 2, 3);
        history.Version.Should().Be(3);
    }

    [Fact]
    public void what_was_heard_first_of_a_version_stays() =>
        Empty.With(Version(1)).With(Version(1) with { KnownFrom = Monday.AddDays(3) }).Versions.Should().Equal(Version(1));
}
