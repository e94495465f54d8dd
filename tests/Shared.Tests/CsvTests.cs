using CallCenter.Web;

namespace CallCenter.Shared.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠x", "'＠x")]
    [InlineData("1-1", "1-1")]
    [InlineData("", "")]
    [InlineData("'=1", "''=1")]
    [InlineData("'tis", "'tis")]
    public void a_cell_is_no_formula(string text, string cell) => Csv.Cell(text).Should().Be(cell);

    [Theory]
    [InlineData("a,b", "a,b")]
    [InlineData("=1,b,-2", "'=1,b,'-2")]
    [InlineData("\"=1\",\"a,=b\",\"c\"\"=\"", "\"'=1\",\"a,=b\",\"c\"\"=\"")]
    [InlineData("a,,＝x", "a,,'＝x")]
    [InlineData("", "")]
    public void a_line_is_marked_where_its_cells_begin(string line, string neutral) => Csv.Neutral(line, ",").Should().Be(neutral);

    [Theory]
    [InlineData("=1\ta\t\t-2", "'=1\ta\t\t'-2")]
    public void a_tab_that_delimits_is_no_beginning(string line, string neutral) => Csv.Neutral(line, "\t").Should().Be(neutral);

    [Theory]
    [InlineData("'=1", "=1")]
    [InlineData("'tis", "'tis")]
    [InlineData("'", "'")]
    [InlineData("''=1", "'=1")]
    public void what_was_marked_can_be_had_again(string cell, string text) => Csv.Unmarked(cell).Should().Be(text);

    [Theory]
    [InlineData("=1")]
    [InlineData("'=1")]
    [InlineData("''-1")]
    [InlineData("'tis")]
    [InlineData("'")]
    [InlineData("a'=1")]
    public void a_cell_comes_back_as_it_was(string text)
    {
        Csv.Unmarked(Csv.Cell(text)).Should().Be(text);
        Csv.Unmarked(Csv.Neutral(text, ",")).Should().Be(text);
    }
}
