using System.Net;
using System.Net.Http.Json;
using System.Text;
using CallCenter.Contracts.People;
using CallCenter.People.Employees;
using CallCenter.People.Imports;
using CallCenter.Testing;

namespace CallCenter.People.Tests.Imports;

public sealed class ImportJourneys(PeopleApi api)
{
    private const string Header = "staff_number,name,hired_on,grade,weekly_hours,zone";

    [Fact]
    public async Task good_rows_are_taken_and_bad_ones_reported()
    {
        var team = await api.FormTeam(await api.OpenProject(), "Imports 1");
        var csv = $"""
            staff_number,name,hired_on,left_on,grade,teams,skills,weekly_hours,zone
            I-1,张伟,2025-03-03,,junior,Imports 1,billing:3;tech:1,40,Asia/Shanghai
            I-2,"Müller, Jörg",2025-02-30,,junior,{team},billing:3,40,Europe/Berlin
            I-3,Ann,2025-03-03,2025-01-01,boss,Imports 9,billing,many,Beijing

            i-1,Somebody else,2025-03-03,,junior,,,40,Asia/Shanghai
            I-5,{'\u202E'}gnp.exe,2025-03-03,2025-01-01,senior,,billing:9;billing:1,37.555,Asia/Shangai
            I-6,高级客服,2025/3/3,,高级,{team},,37.5,Asia/Shanghai,extra
            I-7,"Line
            break",2025-03-03,,senior,,,40,Asia/Shanghai
            I-8,Last One,2025-03-03,,客户经理,{team},,37.5,Asia/Shanghai
            """;

        var response = await api.Import(csv.ReplaceLineEndings("\r\n"));

        response.StatusCode.Should().Be(HttpStatusCode.MultiStatus, await response.Content.ReadAsStringAsync());
        var report = await Report(response);
        report.Should().BeEquivalentTo(new { DryRun = false, Rows = 8, Created = 2, Changed = 0, Unchanged = 0, Rejected = 6 });
        report.Errors.Select(e => (e.Line, e.Column, e.Code)).Should().BeEquivalentTo(new[]
        {
            (3, "hired_on", "date"),
            (4, "grade", "grade"), (4, "weekly_hours", "weekly-hours"), (4, "teams", "unknown-team"), (4, "skills", "skill-level"),
            (6, "staff_number", "duplicate-row"),
            (7, "name", "name"), (7, "left_on", "leaves-before-hire"), (7, "weekly_hours", "weekly-hours"), (7, "zone", "unknown-zone"),
            (7, "skills", "skill-level"), (7, "skills", "duplicate-skill"),
            (8, "", "too-many-cells"),
            (9, "name", "name"),
        });
        report.Employees.Select(e => (e.Line, e.StaffNumber)).Should().Equal((2, "I-1"), (11, "I-8"));
        var employee = await api.Admin.Get<EmployeeView>($"/employees/{report.Employees[0].EmployeeId}");
        employee.Should().BeEquivalentTo(
            new { Name = "张伟", TeamIds = new[] { team }, Skills = new[] { new Skill("billing", 3), new Skill("tech", 1) } });
        (await api.Published<TeamV1>(t => t.Id == team && t.Members.Count == 2)).Members.Should().Contain(employee.Id);
    }

    [Fact]
    public async Task the_same_file_twice_changes_nothing()
    {
        var csv = Header + "\n" + Rows("TWICE", 600);
        var first = await Report(await api.Import(csv));
        var before = await api.EventCount();

        var second = await api.Import(csv);

        first.Created.Should().Be(600);
        second.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Report(second)).Should().BeEquivalentTo(new { Created = 0, Changed = 0, Unchanged = 600, Rejected = 0 });
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task two_files_with_the_same_people_at_once_make_them_once()
    {
        var csv = Header + "\n" + Rows("ATONCE", 300);

        var reports = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => await Report(await api.Import(csv))));

        reports.Sum(r => r.Created).Should().Be(300);
        reports.Sum(r => r.Unchanged).Should().Be(600);
    }

    [Fact]
    public async Task a_dry_run_stores_nothing_and_says_what_would_happen()
    {
        var before = await api.EventCount();

        var report = await Report(await api.Import(Header + "\n" + Rows("DRY", 3), dryRun: true));

        report.Should().BeEquivalentTo(new { DryRun = true, Created = 3, Rejected = 0 });
        report.Employees.Should().OnlyContain(e => e.EmployeeId == null);
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task chinese_headers_and_a_byte_order_mark_are_understood()
    {
        var csv = "\uFEFF工号;姓名;入职日期;职级;周工时;时区\nZH-1;王芳;2025-03-03;中级;40;Asia/Shanghai\n";

        var response = await api.Import(csv);

        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var id = (await Report(response)).Employees.Single().EmployeeId;
        (await api.Admin.Get<EmployeeView>($"/employees/{id}")).Should().BeEquivalentTo(new { Name = "王芳", Grade = Grade.Intermediate });
    }

    [Fact]
    public async Task what_the_file_has_no_column_for_stays_as_it_is()
    {
        var team = await api.FormTeam(await api.OpenProject(), "Stays");
        var id = await api.Hire("STAY-1", team);

        var report = await Report(await api.Import(Header + "\nSTAY-1,李雷,2025-03-03,senior,40,Asia/Shanghai"));

        report.Changed.Should().Be(1);
        (await api.Admin.Get<EmployeeView>($"/employees/{id}")).Should().BeEquivalentTo(
            new { Name = "李雷", Grade = Grade.Senior, TeamIds = new[] { team }, Skills = new[] { new Skill("billing", 3) } });
    }

    [Fact]
    public async Task a_full_file_is_taken_in_one_request()
    {
        var report = await Report(await api.Import(Header + "\n" + Rows("FULL", EmployeeFile.MaxRows)));

        report.Created.Should().Be(EmployeeFile.MaxRows);
        report.Rejected.Should().Be(0);
    }

    public static TheoryData<string, byte[], HttpStatusCode, string> Unreadable => new()
    {
        { "GB18030", [.. Encoding.UTF8.GetBytes(Header + "\nGB-1,"), 0xD5, 0xC5, 0xCE, 0xB0, .. ",2025-03-03,junior,40,Asia/Shanghai"u8],
            HttpStatusCode.BadRequest, "unreadable" },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Header)], HttpStatusCode.BadRequest, "unreadable" },
        { "a stray quote", Encoding.UTF8.GetBytes(Header + "\nQ-1,\"An\"n,2025-03-03,junior,40,Asia/Shanghai\n"), HttpStatusCode.BadRequest,
            "unreadable" },
        { "a quote without end", Encoding.UTF8.GetBytes(Header + "\nQ-1,\"Ann,2025-03-03,junior,40,Asia/Shanghai\n"),
            HttpStatusCode.BadRequest, "unreadable" },
        { "a huge cell", Encoding.UTF8.GetBytes(Header + "\nQ-1," + new string('x', 1 << 20)), HttpStatusCode.BadRequest, "unreadable" },
        { "nothing", [], HttpStatusCode.UnprocessableEntity, "empty-file" },
        { "nothing but a byte order mark", [0xEF, 0xBB, 0xBF], HttpStatusCode.UnprocessableEntity, "unknown-column" },
        { "a workbook", [.. "PK\u0003\u0004"u8, .. new byte[100]], HttpStatusCode.BadRequest, "unreadable" },
        { "no such column", Encoding.UTF8.GetBytes(Header + ",salary\n"), HttpStatusCode.UnprocessableEntity, "unknown-column" },
        { "a column twice", Encoding.UTF8.GetBytes(Header + ",工号\n"), HttpStatusCode.UnprocessableEntity, "duplicate-column" },
        { "a column missing", "staff_number,name\n"u8.ToArray(), HttpStatusCode.UnprocessableEntity, "missing-column" },
        { "too many rows", Encoding.UTF8.GetBytes(Header + "\n" + Rows("MANY", EmployeeFile.MaxRows + 1)),
            HttpStatusCode.UnprocessableEntity, "too-many-rows" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task a_file_that_cannot_be_read_is_refused_as_a_whole(string what, byte[] bytes, HttpStatusCode status, string code)
    {
        var before = await api.EventCount();
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("text/csv");

        var response = await api.Admin.PostAsync(new Uri("/employees/imports", UriKind.Relative), content);

        await response.ShouldBeProblem(status, code);
        (await api.EventCount()).Should().Be(before, what);
    }

    [Fact]
    public async Task a_file_of_more_than_8_mb_is_not_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/employees/imports") { Content = new ByteArrayContent(new byte[(8 << 20) + 1]) };
        request.Content.Headers.ContentType = new("text/csv");
        request.Headers.ExpectContinue = true;

        var response = await api.Admin.SendAsync(request);

        await response.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType, "media-type")]
    [InlineData("", HttpStatusCode.UnsupportedMediaType, "media-type")]
    [InlineData("text/csv; charset=gb18030", HttpStatusCode.UnsupportedMediaType, "media-type")]
    public async Task only_csv_in_utf8_is_taken(string contentType, HttpStatusCode status, string code) =>
        await (await api.Import(Header, contentType: contentType)).ShouldBeProblem(status, code);

    private static string Rows(string prefix, int count) =>
        string.Join('\n', Enumerable.Range(1, count).Select(i => $"{prefix}-{i},Agent {i},2025-03-03,junior,40,Asia/Shanghai"));

    private static async Task<ImportReport> Report(HttpResponseMessage response)
    {
        response.IsSuccessStatusCode.Should().BeTrue(await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<ImportReport>(Http.Json))!;
    }
}
