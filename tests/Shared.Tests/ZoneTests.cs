using CallCenter.Rules;

namespace CallCenter.Shared.Tests;

/// <summary>A zone is named as IANA does, in one spelling.</summary>
public sealed class ZoneTests
{
    [Theory]
    [InlineData("right/Europe/Berlin")]
    [InlineData("posix/Europe/Berlin")]
    [InlineData("Europe//Berlin")]
    [InlineData("Europe/./Berlin")]
    [InlineData("Europe/../Europe/Berlin")]
    [InlineData("./Europe/Berlin")]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin")]
    [InlineData("Europe/Berlin/")]
    [InlineData("Europe/Berlin\n")]
    [InlineData(" Europe/Berlin")]
    [InlineData("europe/berlin")]
    [InlineData("posixrules")]
    [InlineData("CET")]
    public void a_name_that_only_leads_to_a_zone_is_none(string zone)
    {
        var requiring = () => Zones.Require("/zone", zone);

        requiring.Should().Throw<InvalidException>().Which.Errors.Should().ContainSingle()
            .Which.Should().Match<Error>(e => e.Pointer == "/zone" && e.Code == "unknown-zone");
    }

    [Fact]
    public void every_zone_that_the_system_lists_is_one()
    {
        foreach (var id in TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal)))
            Zones.Require("/zone", id).Id.Should().Be(id);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Etc/GMT+5")]
    [InlineData("Asia/Calcutta")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("America/Argentina/ComodRivadavia")]
    public void so_is_every_other_name_of_theirs(string zone) => Zones.Require("/zone", zone).Id.Should().Be(zone);
}
