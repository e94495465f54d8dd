using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Web;

/// <summary>
/// The first sheet of a workbook (XLSX), cell by cell: what <see cref="Table"/> writes, and what spreadsheets make of it. However little it
/// weighs when packed, no more is unpacked than such a table can need.
/// </summary>
public static class WorkbookReader
{
    private const int MostBytes = 16 << 20, MostColumns = 1000;

    /// <summary>A workbook as it is uploaded.</summary>
    public static UploadRule Upload(long maxBytes) => new(maxBytes, typeof(Stream), file => Rows(file), Table.Workbook);

    /// <summary>Its rows, each with a text, a number, a flag or nothing in each cell.</summary>
    /// <exception cref="BadHttpRequestException">400: it is no workbook.</exception>
    public static IReadOnlyList<IReadOnlyList<object?>> Rows(Stream file)
    {
        try
        {
            using var workbook = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var left = MostBytes;
            XNamespace links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
            var first = Part("xl/workbook.xml")!.Descendants().First(e => e.Name.LocalName == "sheet").Attribute(links + "id")!.Value;
            var target = Part("xl/_rels/workbook.xml.rels")!.Elements().First(e => e.Attribute("Id")?.Value == first).Attribute("Target")!.Value;
            var shared = Part("xl/sharedStrings.xml")?.Elements().Select(Text).ToList() ?? [];

            return [.. Part(target.StartsWith('/') ? target[1..] : $"xl/{target}")!.Descendants().Where(e => e.Name.LocalName == "row")
                .Select(row => Cells(row, shared))];

            XElement? Part(string name)
            {
                if (workbook.GetEntry(name) is not { } entry)
                    return null;

                using var packed = entry.Open();
                using var unpacked = new MemoryStream();
                var buffer = new byte[81920];
                for (int read; (read = packed.Read(buffer)) > 0;)
                {
                    if ((left -= read) < 0)
                        throw LargeBodies.TooLarge();
                    unpacked.Write(buffer, 0, read);
                }

                unpacked.Position = 0;
                using var xml = XmlReader.Create(unpacked, new() { DtdProcessing = DtdProcessing.Prohibit });
                return XElement.Load(xml);
            }
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or NullReferenceException or InvalidOperationException
            or FormatException or OverflowException or ArgumentException or EndOfStreamException)
        {
            throw new BadHttpRequestException("The upload is no workbook (XLSX) that can be read.");
        }
    }

    private static List<object?> Cells(XElement row, List<string> shared)
    {
        var cells = new List<object?>();
        foreach (var cell in row.Elements())
        {
            // What is empty is left out; the name of a cell says in which column it stands.
            var column = cell.Attribute("r")?.Value is { } name ? Column(name) : cells.Count;
            if (column is < 0 or >= MostColumns)
                throw new InvalidDataException();
            while (cells.Count <= column)
                cells.Add(null);
            cells[column] = Value(cell, shared);
        }

        return cells;
    }

    private static object? Value(XElement cell, List<string> shared)
    {
        var value = cell.Elements().FirstOrDefault(e => e.Name.LocalName == "v")?.Value;
        return cell.Attribute("t")?.Value switch
        {
            "inlineStr" => Text(cell),
            "s" => value is null ? null : shared[int.Parse(value, CultureInfo.InvariantCulture)],
            "str" => value is null ? null : CellText.Read(value),
            "b" => value == "1",
            _ => string.IsNullOrEmpty(value) ? null : decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    // Pieces of one text, formatted apart; how it is read aloud is no part of it.
    private static string Text(XElement of) => string.Concat(of.Descendants()
        .Where(e => e.Name.LocalName == "t" && e.Ancestors().TakeWhile(a => a != of).All(a => a.Name.LocalName != "rPh"))
        .Select(e => CellText.Read(e.Value)));

    private static int Column(string cell) =>
        cell.TakeWhile(char.IsAsciiLetterUpper).Take(4).Aggregate(0, (column, letter) => column * 26 + letter - 'A' + 1) - 1;
}
