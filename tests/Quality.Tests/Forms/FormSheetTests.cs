using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public sealed class FormSheetTests(QualityApi api)
{
    private static readonly JsonSerializerOptions Sent = Options();

    private static FormContent Shipped(string name) => JsonSerializer.Deserialize<FormContent>(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "how-to", name)), Sent)!;

    [Theory]
    [InlineData("inbound-form.json")]
    [InlineData("complaint-form.json")]
    public async Task a_form_that_goes_out_as_a_workbook_comes_in_as_it_was(string name) =>
        Json(FormSheet.Read(WorkbookReader.Rows(await Workbook(Shipped(name))))).Should().Be(Json(Shipped(name)));

    [Property(Arbitrary = [typeof(AnsweredForms)], MaxTest = 50)]
    public void any_form_does(AnsweredForm given)
    {
        var form = given.Form.With(question => question with { Default = given.Answers[question.Code] });

        Json(FormSheet.Read(WorkbookReader.Rows(Workbook(form).Result), check: false)).Should().Be(Json(form));
    }

    [Property(Arbitrary = [typeof(AnsweredForms)], MaxTest = 100)]
    public void whatever_is_written_in_it(AnsweredForm given, PositiveInt seed)
    {
        var form = Written(given.Form, new Random(seed.Get));

        Json(FormSheet.Read(WorkbookReader.Rows(Workbook(form).Result), check: false)).Should().Be(Json(form), "as a workbook");
        Json(JsonSerializer.Deserialize<FormContent>(Json(form), Sent)!).Should().Be(Json(form), "as JSON");
    }

    // Texts that mean something in a sheet, a workbook or a line, alone and among others; numbers with more digits than a double has.
    private static FormContent Written(FormContent form, Random random)
    {
        string[] pieces = ["[]", "'", "''[]", "\r\n", "\r", "\n", "\t", " ", "_x000D_", "_x005F_", "_x", "=1", "7", "true", "1E3", "null", "<&>",
            "好吧", "\ud83d\ude00", "\u00a0", "\u2028", "\ufeff"];
        string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => pieces[random.Next(pieces.Length)]));
        Dictionary<string, string> Title() => new() { ["en"] = Text(), ["zh-CN"] = Text() };
        decimal Number() => random.Next(3) switch
        {
            0 => random.Next(-9, 9) / 8m, 1 => 0.30000000000000004m + random.Next(9), _ => 999999999.123456789012m * random.Next(-9, 9),
        };
        Answer? Default(Question question) => question switch
        {
            TextQuestion => new(Text: Text()),
            NumberQuestion => new(Number: Number()),
            _ => question.Default,
        };

        return (form with
        {
            Title = Title(), Instructions = Title(), PassMark = Number(),
            WordLists = [new("words", Title(), [.. Enumerable.Range(0, 3).Select(_ => Text())]), new("none", Title(), [])],
        }).With(question => question with { Title = Title(), Default = Default(question) });
    }

    [Fact]
    public async Task six_decimals_stay_six_decimals()
    {
        var form = Inbound with { PassMark = 79.123456m };

        FormSheet.Read(WorkbookReader.Rows(await Workbook(form))).PassMark.Should().Be(79.123456m);
    }

    [Fact]
    public async Task what_is_wrong_is_named_by_row_and_column()
    {
        var broken = Inbound with { Sections = [Inbound.Sections[0], Inbound.Sections[1] with { PassMark = 101 }] };

        (await Refused(broken)).Errors.Select(e => (e.Pointer, e.Code)).Should().Equal(("/rows/8/passMark", "mark-out-of-range"));
    }

    [Fact]
    public async Task a_condition_of_a_section_has_a_row_below_it()
    {
        var sheet = WorkbookReader.Rows(await Workbook(Goodwill));
        var rows = sheet.Select(row => string.Join(' ', row.OfType<string>().Where(cell => cell is "sections" or "questions" or "askedIf"
            or "damaged" or "offered").Distinct())).ToList();

        rows.Should().ContainInOrder("sections", "questions offered", "askedIf damaged", "sections", "askedIf offered");
        Json(FormSheet.Read(sheet)).Should().Be(Json(Goodwill));
        var broken = Goodwill with
        {
            Sections = [.. Goodwill.Sections.Take(2), Goodwill.Sections[2] with { AskedIf = [new("sent", Yes: true)] }],
        };
        (await Refused(broken)).Errors.Select(e => (e.Pointer, e.Code)).Should().Equal(
            ($"/rows/{rows.LastIndexOf("sections") + 1}/askedIf", "condition-circle"));
    }

    [Theory]
    [InlineData("level,element\n", "/rows/2", "empty-file")]
    [InlineData("element,title.en\nform,F\n", "/rows/1", "missing-column")]
    [InlineData("level,element\n1,sections\n", "/rows/2", "row-without-place")]
    [InlineData("level,element\n0,form\n2,questions\n", "/rows/3", "row-without-place")]
    [InlineData("level,element\n0,form\n0,form\n", "/rows/3", "row-without-place")]
    [InlineData("level,element\n0.5,form\n", "/rows/2", "row-without-place")]
    [InlineData("level,element,title,title.en\n0,form,F,F\n", "/rows/2/title.en", "duplicate-column")]
    [InlineData("level,element,sections\n0,form,x\n1,sections\n", "/rows/3/sections", "duplicate-column")]
    public void a_sheet_that_is_no_form_says_why(string sheet, string pointer, string code) => FluentActions
        .Invoking(() => FormSheet.Read(Rows(sheet))).Should().Throw<InvalidException>().Which.Errors.Select(e => (e.Pointer, e.Code))
        .Should().Equal((pointer, code));

    [Theory]
    [InlineData("level,element,title.en,weighting,passMark,colour\n0,form,F,questions,80,red\n", "/rows/2/colour")]
    [InlineData("level,element,title.en,weighting,passMark\n0,form,F,marks,80\n", "/rows/2/weighting")]
    [InlineData("level,element,title.en,weighting,passMark\n0,form,F,questions,much\n", "/rows/2/passMark")]
    [InlineData("level,element,title.en,weighting,passMark\n0,form,7,questions,80\n", "/rows/2/title.en")]
    [InlineData("level,element,a.b.c.d.e.f.g\n0,form,7\n", "/rows/2")]
    [InlineData("level,element,a b\n0,form,7\n", "/rows/2/'a b'")]
    public void a_cell_that_cannot_be_read_is_named(string sheet, string pointer) => FluentActions
        .Invoking(() => FormSheet.Read(Rows(sheet))).Should().Throw<UnreadableException>().Which.Errors.Single().Pointer
        .Should().Be(pointer);

    [Fact]
    public void a_workbook_of_a_spreadsheet_is_read_too()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write("xl/workbook.xml", """<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="F" r:id="r7"/></sheets></workbook>""");
            Write("xl/_rels/workbook.xml.rels", """<Relationships><Relationship Id="r7" Target="worksheets/sheet3.xml"/></Relationships>""");
            Write("xl/sharedStrings.xml", "<sst><si><t>好</t></si><si><r><t>two </t></r><r><t>pieces</t></r><rPh><t>aloud</t></rPh></si></sst>");
            Write("xl/worksheets/sheet3.xml", """
                <worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
                <row r="2"><c r="B2"><v>1.5E1</v></c><c r="D2" t="b"><v>1</v></c><c r="AA2" t="str"><v>far</v></c></row></sheetData></worksheet>
                """);

            void Write(string name, string text)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        var rows = WorkbookReader.Rows(file);

        rows[0].SequenceEqual(["好", null, "two pieces"]).Should().BeTrue();
        rows[1].Take(4).SequenceEqual([null, 15m, null, true]).Should().BeTrue();
        (rows[1].Count, rows[1][26]).Should().Be((27, "far"));
    }

    [Fact]
    public void what_is_no_workbook_is_refused()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            archive.CreateEntry("xl/other.xml");
        using var bomb = new MemoryStream();
        using (var archive = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        using (var part = archive.CreateEntry("xl/workbook.xml").Open())
            part.Write(new byte[17 << 20]);

        FluentActions.Invoking(() => WorkbookReader.Rows(new MemoryStream("PK\u0003\u0004zip"u8.ToArray()))).Should().Throw<BadHttpRequestException>();
        FluentActions.Invoking(() => WorkbookReader.Rows(zip)).Should().Throw<BadHttpRequestException>();
        FluentActions.Invoking(() => WorkbookReader.Rows(bomb)).Should().Throw<BadHttpRequestException>()
            .Which.StatusCode.Should().Be(StatusCodes.Status413PayloadTooLarge);
    }

    [Fact]
    public async Task a_form_is_taken_to_another_project_as_a_file()
    {
        var (world, other) = (new World(api), new World(api));
        var form = $"/evaluation-forms/{await world.ActiveForm(Complaint)}";
        var workbook = await Exported(world.Inspector, $"{form}/versions/1/file", Table.Workbook);

        var created = await Send(other.Inspector, HttpMethod.Post, $"/evaluation-forms/imports?projectId={other.Project}", workbook);
        created.StatusCode.Should().Be(HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        var redrafted = await Send(other.Inspector, HttpMethod.Put, $"{created.Headers.Location}/draft/file", workbook, version: 1);
        redrafted.StatusCode.Should().Be(HttpStatusCode.NoContent, await redrafted.Content.ReadAsStringAsync());

        var json = await Exported(world.Inspector, $"{form}/versions/1/file", "application/json");
        (await other.Inspector.Get<JsonElement>(created.Headers.Location!.ToString())).GetProperty("draft").GetRawText()
            .Should().Be(Encoding.UTF8.GetString(json));
        var again = await World.Created(other.Inspector, "/evaluation-forms",
            new { projectId = other.Project, content = JsonDocument.Parse(json).RootElement });
        (await other.Inspector.Get<JsonElement>(again)).GetProperty("draft").GetRawText().Should().Be(Encoding.UTF8.GetString(json));
        await (await Send(other.Inspector, HttpMethod.Post, $"/evaluation-forms/imports?projectId={other.Project}", [1, 2, 3]))
            .ShouldBeProblem(HttpStatusCode.BadRequest);
        await (await Send(other.Inspector, HttpMethod.Post, $"/evaluation-forms/imports?projectId={world.Project}", workbook))
            .ShouldBeProblem(HttpStatusCode.NotFound);
    }

    private static async Task<byte[]> Exported(HttpClient client, string url, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new(type));
        var response = await client.SendAsync(request);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());

        return await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, HttpMethod method, string url, byte[] file, long? version = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Table.Workbook);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        if (version is { } expected)
            request.Headers.IfMatch.Add(new($"\"{expected}\""));

        return await client.SendAsync(request);
    }

    private static async Task<InvalidException> Refused(FormContent form)
    {
        var rows = WorkbookReader.Rows(await Workbook(form));
        return FluentActions.Invoking(() => FormSheet.Read(rows)).Should().Throw<InvalidException>().Which;
    }

    private static async Task<MemoryStream> Workbook(FormContent form)
    {
        var file = new MemoryStream();
        await FormSheet.Of(form).Write(file, CancellationToken.None);
        file.Position = 0;
        return file;
    }

    private static List<List<object?>> Rows(string sheet) =>
    [
        .. sheet.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(',').Select(cell =>
            decimal.TryParse(cell, System.Globalization.CultureInfo.InvariantCulture, out var number) ? (object?)number : cell).ToList()),
    ];

    private static string Json(FormContent form) => JsonSerializer.Serialize(form, Sent);

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        CallCenter.Web.Json.Strict(options);
        return options;
    }
}
