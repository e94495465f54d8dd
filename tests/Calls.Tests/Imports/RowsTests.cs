using System.Text;
using CallCenter.Calls.Imports;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Tests.Imports;

public sealed class RowsTests : IDisposable
{
    private static readonly RowFormat Csv = new();
    private readonly string path = Path.Combine(Path.GetTempPath(), $"rows-{Guid.CreateVersion7():N}");

    [Fact]
    public void rows_are_read_with_their_line_and_place() =>
        Read("a,b\r\n1,2\r\n\r\n\"x\"\"y\",\"p,q\"\n7,8", Csv, "b", "a")
            .Should().Equal("2: 2|1", "4: p,q|x\"y", "5: 8|7");

    [Fact]
    public void a_byte_order_mark_is_not_part_of_the_first_name() =>
        Read("\uFEFFa,b\n1,2\n", Csv, "a").Should().Equal("2: 1");

    [Fact]
    public void columns_that_the_mapping_does_not_name_are_passed_over() =>
        Read("z,a,y\n9,1,9\n", Csv, "a").Should().Equal("2: 1");

    [Fact]
    public void positions_have_names_when_there_is_no_header() =>
        Read("1|2\n3\n4|5|6\n", new RowFormat("|", Header: false, Quotes: false, Columns: ["a", "b"]), "b")
            .Should().Equal("1: 2", "2: ", "3: 5");

    [Theory]
    [InlineData("a,b\n1,\"x\n3,4\n5,6\n", "2! quotes 1,\"x", "3: 3|4", "4: 5|6")]
    [InlineData("a,b\n1,\"x\"y\n3,4\n", "2! quotes 1,\"x\"y", "3: 3|4")]
    [InlineData("a,b\n1,2,3\n3,4\n9\n", "2! column-count 1,2,3", "3: 3|4", "4! column-count 9")]
    public void a_broken_row_does_not_take_others_with_it(string text, params string[] rows) =>
        Read(text, Csv, "a", "b").Should().Equal(rows);

    [Fact]
    public void bytes_that_are_not_utf8_spoil_one_row()
    {
        byte[] file = [.. "a,b\n1,2\n3,"u8, 0xC3, 0x28, .. "\n5,é\n"u8];

        Read(file, isCsv: true, Csv, "a", "b").Should().BeEquivalentTo(["2: 1|2", "3! not-utf-8 3,\uDCC3(", "4: 5|é"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void a_line_of_fifty_megabytes_is_one_rejected_row(bool isCsv)
    {
        var huge = Encoding.UTF8.GetBytes(new string('x', 50_000_000));
        byte[] file = isCsv ? [.. "a,b\n1,2\n"u8, .. huge, .. "\n3,4\n"u8]
            : [.. "{\"a\":1,\"b\":2}\n"u8, .. huge, .. "\n{\"a\":3,\"b\":4}"u8];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var rows = Read(file, isCsv, Csv, "a", "b");

        rows.Should().HaveCount(3);
        rows[0].Should().EndWith("1|2");
        rows[1].Should().Contain("! row-too-long xxx").And.HaveLength("2! row-too-long ".Length + 1000);
        rows[2].Should().EndWith("3|4");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000_000);
    }

    [Fact]
    public void json_rows_are_members_by_name_and_path() =>
        Read("{\"a\":\"x\",\"b\":{\"c\":5}}\n\n  \n{\"b\":null,\"a\":true}\r\n{\"a\":1.5}"u8.ToArray(), isCsv: false, Csv, "a", "b.c")
            .Should().Equal("1: x|5", "4: true|", "5: 1.5|");

    [Theory]
    [InlineData("{\"a\":1", "not-json")]
    [InlineData("{\"a\":1,\"a\":2}", "not-json")]
    [InlineData("[1]", "not-an-object")]
    [InlineData("{\"a\":[1]}", "not-a-value")]
    [InlineData("{\"a\":\"\\uD800\"}", "not-json")]
    [InlineData("nonsense", "not-json")]
    public void a_line_that_is_not_an_object_is_one_rejected_row(string line, string code) =>
        Read(Encoding.UTF8.GetBytes($"{{\"a\":7}}\n{line}\n{{\"a\":8}}\n"), isCsv: false, Csv, "a")
            .Should().Equal("1: 7", $"2! {code} {line}", "3: 8");

    [Theory]
    [InlineData("{\"a\":1}{\"a\":2} {\"a\":3}\n{\"a\":4}", "1: 1", "1: 2", "1: 3", "2: 4")]
    [InlineData("[{\"a\":1},{\"a\":2}]", "1: 1", "1: 2")]
    [InlineData("\uFEFF[\n {\n  \"a\": 1\n },\n {\n  \"a\": 2\n }\n]\n", "2: 1", "5: 2")]
    [InlineData("\uFEFF{\"a\":1}\n{\"a\":2}\n", "1: 1", "2: 2")]
    [InlineData("{\"a\":1},\n{\"a\":2},\n", "1: 1", "2: 2")]
    [InlineData("{\n\"a\":1}\n{\n\"a\":\n2}\n", "1: 1", "3: 2")]
    [InlineData("[]", new string[0])]
    [InlineData("[{\"a\":1},\n{\"a\":oops},\n{\"a\":3}]", "1: 1", "2! not-json {\"a\":oops},", "3: 3")]
    [InlineData("[\n{\n\"a\":oops,\n\"b\":2\n},\n{\n\"a\":3}]", "2! not-json {", "6: 3")]
    [InlineData("[{\"a\":1}, 7]", "1: 1", "1! not-json 7]")]
    [InlineData("{\"a\":1} x\n{\"a\":2}", "1! not-json {\"a\":1} x", "2: 2")]
    public void json_is_read_in_whatever_way_objects_follow_each_other(string text, params string[] rows) =>
        Read(Encoding.UTF8.GetBytes(text), isCsv: false, Csv, "a").Should().Equal(rows);

    [Theory]
    [InlineData("{\"page\":1,\"rows\":[{\"a\":1},{\"a\":2}],\"next\":\"]}\"}", "1: 1", "1: 2")]
    [InlineData("\uFEFF{\n\"rows\": [\n {\"a\": 1},\n {\n\"a\": 2}\n],\n\"end\": [{}]\n}\n", "3: 1", "4: 2")]
    [InlineData("{\"rows\":[{\"a\":1}]}{\"rows\":[]}\n{\"n\":{\"rows\":[7]},\"rows\":[{\"a\":2}]}", "1: 1", "2: 2")]
    [InlineData("{\"rows\":[{\"a\":1},{\"a\":oops},\n{\"a\":3}],\"x\":1}", "1: 1", "1! not-json {\"a\":oops},", "2: 3")]
    [InlineData("{\"rows\":[{\"a\":1},{\"a\":2", "1: 1", "1! not-json {\"a\":2")]
    [InlineData("{\"rows\":[]}", new string[0])]
    [InlineData("{\"next\":1}\n{\"page\":2}{\"rows\":[{\"a\":1}]}\n{\"next\":2}\n{\"rows\":[{\"a\":2}]}", "2: 1", "4: 2")]
    [InlineData("[{\"a\":1}]", "1: 1")]
    [InlineData("{\"a\":1}\n{\"a\":2}", "1: 1", "2: 2")]
    [InlineData("{\"rows\":7,\"a\":1}", "1: 1")]
    public void rows_may_be_the_list_of_a_page(string text, params string[] rows) =>
        Read(Encoding.UTF8.GetBytes(text), isCsv: false, new RowFormat(List: "rows"), "a").Should().Equal(rows);

    [Fact]
    public void a_page_of_any_length_is_read()
    {
        var page = $"{{\"rows\":[{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{\"a\":{i},\"b\":\"{new string('x', 90)}\"}}"))}],\"next\":1}}";

        Read(Encoding.UTF8.GetBytes(page + page), isCsv: false, new RowFormat(List: "rows"), "a").Should()
            .HaveCount(10_000).And.StartWith("1: 0").And.EndWith("1: 4999");
    }

    [Theory]
    [InlineData("", "1: r|0|", "1: r|0|2", "1: r|0|3", "2: s||9")]
    [InlineData("at", "1: r|0|3", "1: r|0|2", "1: r|0|", "2: s||9")]
    public void a_record_may_be_several_rows(string by, params string[] rows) =>
        Read("""
            {"id":"r","of":[{"k":"x","n":0,"at":"a"},{"k":"q","at":"d"},{"k":"q","at":"c"},{"k":"y","n":2,"at":"c"},{"k":"q","at":"b"},{"k":"y","n":3,"at":"b"}]}
            {"id":"s","of":[{"k":"y","n":9}]}
            """u8.ToArray(), isCsv: false,
            new RowFormat(Each: new("of", new Dictionary<string, IReadOnlyList<string>> { ["k"] = ["q"] }, by.Length > 0 ? by : null)),
            "id", "of[k=x].n", "of[k=y].n").Should().Equal(rows);

    [Theory]
    [InlineData("a.1.b", "2")]
    [InlineData("a[1].b", "2")]
    [InlineData("a[-1].b", "4")]
    [InlineData("a[kind=x].b", "1")]
    [InlineData("a[kind=x][1].b", "3")]
    [InlineData("a[kind=x][-1].b", "3")]
    [InlineData("a[b=4].kind", "y")]
    [InlineData("a[kind=x][b=3].deep[0].c", "5")]
    [InlineData("a[deep.c=5].b", "3")]
    [InlineData("a[kind=x][deep.c=6].b", "")]
    [InlineData("a[kind=x].deep[0].c", "5")]
    [InlineData("a[kind=z].b", "")]
    [InlineData("a[9].b", "")]
    [InlineData("n.b", "")]
    public void a_path_leads_into_lists(string path, string value) =>
        Read("""
            {"a":[{"kind":"x","b":1},{"kind":"y","b":2},{"kind":"x","b":3,"deep":[{"c":5}]},{"kind":"y","b":4}],"n":null}
            """u8.ToArray(), isCsv: false, Csv, path).Should().Equal($"1: {value}");

    [Theory]
    [InlineData("sep=;\na;b\n1;2\n", "3: 1|2")]
    [InlineData("\uFEFF\"sep=;\"\r\na;b\r\n1;2\r\n", "3: 1|2")]
    [InlineData("sep=\t\r\na\tb\r\n1\t2\r\n", "3: 1|2")]
    [InlineData("\"sep=\t\"\na\tb\n1\t2\n", "3: 1|2")]
    [InlineData("Report,,\nof today\n\na,b\n1,2\n", "5: 1|2")]
    [InlineData("z,b\nb,a\n1,2\n", "3: 2|1")]
    public void lines_before_the_columns_are_passed_over(string text, string row) => Read(text, Csv, "a", "b").Should().Equal(row);

    [Fact]
    public void a_byte_that_is_not_utf8_comes_back_as_it_was()
    {
        byte[] bytes = [.. "Grüße "u8, 0xFC, 0xC3, 0x28, 0xED, 0xB0, 0x80, .. "😀"u8];

        RowBytes.Bytes(RowBytes.Text(bytes)).Should().Equal(bytes);
    }

    [Fact]
    public void reading_goes_on_from_any_place()
    {
        File.WriteAllText(path, "a,b\r\n1,é\r\n3,\"x\ny\"\n5,6\n7,8");
        var all = Read(Csv, default).ToList();

        foreach (var (row, place) in all)
            Read(Csv, place).Select(r => r.Row).Should().Equal(all.Select(r => r.Row).SkipWhile(r => r != row).Skip(1));
        all[^1].Place.Offset.Should().Be(new FileInfo(path).Length);
    }

    [Theory]
    [InlineData("b,c\n1,2\n", "missing-column")]
    [InlineData("\"a\n1,2\n", "unreadable-header")]
    public void a_file_that_does_not_suit_the_mapping_is_refused_as_a_whole(string text, string code)
    {
        var read = () => Read(text, Csv, "a");

        read.Should().Throw<InvalidException>().Which.Errors.Should().ContainSingle(e => e.Code == code);
    }

    [Theory]
    [InlineData("[{\"a\":1,\"b\":2},{\"a\":3,\n\"b\":4}\n,{\"a\":5,\"b\":6}]")]
    [InlineData("{\"p\":1,\"rows\":[{\"a\":1,\"b\":2},{\"a\":3,\n\"b\":4}],\"n\":{}}\n{\"rows\":[{\"a\":5,\"b\":6}]}")]
    public void reading_json_goes_on_from_any_place(string text)
    {
        File.WriteAllText(path, text);
        List<(string Row, RowPosition Place)> From(RowPosition from)
        {
            using var rows = new JsonRows(Open(), new RowFormat(List: "rows"), ["a", "b"], from);
            return [.. All(rows, 2)];
        }

        foreach (var (row, place) in From(default))
            From(place).Select(r => r.Row).Should().Equal(From(default).Select(r => r.Row).SkipWhile(r => r != row).Skip(1));
    }

    [Fact]
    public void a_report_of_rejected_rows_is_read_like_the_file_it_came_from() =>
        Read("error_line,error_column,error_code,error_message,a,b\n7,a,bad,\"no, really\",1,2\n", Csv, "b", "a")
            .Should().Equal("2: 2|1");

    private List<string> Read(string text, RowFormat format, params string[] columns) =>
        Read(Encoding.UTF8.GetBytes(text), isCsv: true, format, columns);

    private List<string> Read(byte[] file, bool isCsv, RowFormat format, params string[] columns)
    {
        File.WriteAllBytes(path, file);
        using IRows rows = isCsv ? new CsvRows(Open(), format, columns, default) : new JsonRows(Open(), format, columns, default);
        return [.. All(rows, columns.Length).Select(r => r.Row)];
    }

    private IEnumerable<(string Row, RowPosition Place)> Read(RowFormat format, RowPosition from)
    {
        using var rows = new CsvRows(Open(), format, ["a", "b"], from);
        return [.. All(rows, 2)];
    }

    private static IEnumerable<(string Row, RowPosition Place)> All(IRows rows, int columns)
    {
        var row = new Row(columns);
        while (rows.Read(row))
            yield return (row.Broken is { } broken ? $"{row.Line}! {broken.Code} {rows.Original}"
                : $"{row.Line}: {string.Join('|', row.Cells)}", rows.Position);
    }

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    public void Dispose() => File.Delete(path);
}
