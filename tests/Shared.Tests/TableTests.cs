using System.IO.Compression;
using System.Xml.Linq;
using CallCenter.Web;

namespace CallCenter.Shared.Tests;

public sealed class TableTests
{
    private static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Fact]
    public async Task a_workbook_holds_numbers_days_and_texts_as_what_they_are()
    {
        var table = new Table("name", "hours", "day", "at", "none");
        table.Add("=1+1", 7.5m, new DateOnly(2026, 3, 9), new DateTimeOffset(2026, 3, 9, 9, 30, 0, TimeSpan.FromHours(8)), null);
        using var workbook = new MemoryStream();
        await table.Write(workbook, CancellationToken.None);

        workbook.Position = 0;
        await using var archive = new ZipArchive(workbook);
        await using var sheet = await archive.GetEntry("xl/worksheets/sheet1.xml")!.OpenAsync();
        var rows = (await XDocument.LoadAsync(sheet, LoadOptions.None, CancellationToken.None)).Descendants(Sheet + "row").ToList();
        rows.Should().HaveCount(2);
        var cells = rows[1].Elements(Sheet + "c").ToList();

        cells[0].Descendants(Sheet + "f").Should().BeEmpty("a text is no formula");
        cells[0].Value.Should().Be("=1+1");
        (cells[1].Attribute("t")?.Value ?? "n", cells[1].Value).Should().Be(("n", "7.5"));
        double.Parse(cells[2].Value, System.Globalization.CultureInfo.InvariantCulture).Should().Be(new DateTime(2026, 3, 9).ToOADate());
        double.Parse(cells[3].Value, System.Globalization.CultureInfo.InvariantCulture)
            .Should().BeApproximately(new DateTime(2026, 3, 9, 9, 30, 0).ToOADate(), 1e-6, "as the clock showed it");
    }
}
