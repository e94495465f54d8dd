using System.Text;
using CallCenter.Web;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Shared.Tests;

public sealed class CsvReaderTests
{
    [Fact]
    public void rows_are_read_with_their_line_and_without_blank_ones() =>
        Read("\uFEFFa,b\r\n1, 2 \r\n\r\n   \n\"x\"\"y\",\"p,q\"\n7").Should().Equal("1: a|b", "2: 1|2", "5: x\"y|p,q", "6: 7");

    [Fact]
    public void a_row_may_go_over_lines() =>
        Read("a,\"Line\r\nbreak\"\r\nb,c\r\n").Should().Equal("1: a|Line\r\nbreak", "3: b|c");

    [Fact]
    public void text_is_composed() =>
        Read("a\nJo\u0308rg\n").Should().Equal("1: a", "2: J\u00F6rg");

    [Theory]
    [InlineData("1,\"x\n3,4\n", "1! quotes 1,\"x", "2: 3|4")]
    [InlineData("1,\"x\"y\n3,4\n", "1! quotes 1,\"x\"y", "2: 3|4")]
    [InlineData("1,2\n3,\"4", "1: 1|2", "2! quotes 3,\"4")]
    public void a_broken_row_does_not_take_others_with_it(string text, params string[] rows) => Read(text).Should().Equal(rows);

    [Fact]
    public void bytes_that_are_not_utf8_spoil_one_field() =>
        Read([.. "1,2\n3,"u8, 0xC3, 0x28, .. "\n"u8]).Should().Equal("1: 1|2", "2: 3|?");

    [Fact]
    public void without_quotes_a_quote_is_a_character() =>
        Read("1|\"x\n2|y\n"u8.ToArray(), '|', quotes: false).Should().Equal("1: 1|\"x", "2: 2|y");

    [Fact]
    public void a_line_of_fifty_megabytes_is_one_row_that_cannot_be_read()
    {
        byte[] file = [.. "1,2\n"u8, .. Encoding.UTF8.GetBytes(new string('x', 50_000_000)), .. "\n3,4\n"u8];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var rows = Read(file);

        rows.Should().HaveCount(3).And.HaveElementAt(0, "1: 1|2").And.HaveElementAt(2, "3: 3|4");
        rows[1].Should().StartWith("2! row-too-long xxx").And.HaveLength("2! row-too-long ".Length + 1000);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000_000);
    }

    [Fact]
    public void a_line_of_more_fields_than_any_record_has_is_one_row_that_cannot_be_read()
    {
        var rows = Read([.. "1,2\n"u8, .. Encoding.UTF8.GetBytes(new string(',', 120_000)), .. "\n3,4\n"u8]);

        rows.Should().HaveCount(3).And.HaveElementAt(0, "1: 1|2").And.HaveElementAt(2, "3: 3|4");
        rows[1].Should().StartWith("2! too-many-fields ,,,");
    }

    [Fact]
    public void reading_goes_on_from_any_place()
    {
        var file = Encoding.UTF8.GetBytes("1,é\r\n3,\"x\ny\"\n5,\"6\n7,8");
        var all = All(file, default, ',', quotes: true).ToList();

        all.Should().HaveCount(4);
        foreach (var (row, place) in all)
            All(file, place, ',', quotes: true).Select(r => r.Row).Should().Equal(all.Select(r => r.Row).SkipWhile(r => r != row).Skip(1));
        all[^1].Place.Offset.Should().Be(file.Length);
    }

    [Theory]
    [InlineData("a;b;c,d\n1,2,3,4\n", ';')]
    [InlineData("\uFEFFa\tb\n", '\t')]
    [InlineData("a\n", ',')]
    [InlineData("", ',')]
    public void the_delimiter_is_the_one_that_the_first_line_has_most_of(string text, char delimiter)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));

        CsvReader.DelimiterOf(file).Should().Be(delimiter);
    }

    [Theory]
    [InlineData("50-4B-03-04-14-00")]
    [InlineData("D0-CF-11-E0-A1-B1")]
    [InlineData("1F-8B-08-00")]
    [InlineData("25-50-44-46-2D")]
    [InlineData("FF-FE-61-00")]
    [InlineData("FE-FF-00-61")]
    public void what_is_no_text_is_told_by_how_it_begins(string bytes)
    {
        var check = () =>
            UploadRule.Text(100).Check(new MemoryStream(Convert.FromHexString(bytes.Replace("-", "", StringComparison.Ordinal))));

        check.Should().Throw<BadHttpRequestException>().Which.StatusCode.Should().Be(StatusCodes.Status400BadRequest);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("PK,1\n")]
    [InlineData("\uFEFFa,b\n")]
    public void text_may_begin_with_anything_else(string text) =>
        FluentActions.Invoking(() => UploadRule.Text(100).Check(new MemoryStream(Encoding.UTF8.GetBytes(text)))).Should().NotThrow();

    private static List<string> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static List<string> Read(byte[] file, char delimiter = ',', bool quotes = true) =>
        [.. All(file, default, delimiter, quotes).Select(r => r.Row)];

    private static IEnumerable<(string Row, RowPosition Place)> All(byte[] file, RowPosition from, char delimiter, bool quotes)
    {
        using var csv = new CsvReader(new MemoryStream(file), delimiter, quotes);
        if (from != default)
            csv.GoTo(from);

        while (csv.Read())
            yield return (csv.Fault is { } fault ? $"{csv.Line}! {fault.Code} {csv.Original}"
                : $"{csv.Line}: {string.Join('|', Enumerable.Range(0, csv.FieldCount).Select(i => csv.Field(i) ?? "?"))}", csv.Position);
    }
}
