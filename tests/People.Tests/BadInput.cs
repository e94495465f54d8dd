using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.People.Employees;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.People.Tests;

/// <summary>What must not be taken, row by row: the documented answer, and no event stored.</summary>
public sealed class BadInput(PeopleApi api)
{
    private const HttpStatusCode Unreadable = HttpStatusCode.BadRequest, Broken = HttpStatusCode.UnprocessableEntity;
    private static readonly Guid Unknown = Guid.CreateVersion7();
    private static readonly string Json = JsonSerializer.Serialize(PeopleApi.Employee("BAD-1"));
    private static readonly string Project = """
        {"name":"P","client":"C","zone":"Asia/Shanghai","openingHours":[{"day":"monday","opens":"08:00","closes":"20:00"}],"queues":[{"code":"q","name":"Q","channel":"voice","serviceLevelSeconds":20}]}
        """;

    public static TheoryData<string, string, HttpStatusCode, string> Employees => new()
    {
        { "1 cut off", Json[..40], Unreadable, "unreadable" },
        { "2 empty", "", Unreadable, "unreadable" },
        { "2 null", "null", Unreadable, "unreadable" },
        { "2 list", "[]", Unreadable, "unreadable" },
        { "2 text", "\"x\"", Unreadable, "unreadable" },
        { "2 number", "0", Unreadable, "unreadable" },
        { "3 no members", "{}", Unreadable, "unreadable" },
        { "3 null name", Employee("name", "null"), Unreadable, "unreadable" },
        { "4 unknown member", Json.Insert(1, "\"role\":\"admin\","), Unreadable, "unreadable" },
        { "4 id from outside", Json.Insert(1, $"\"id\":\"{Unknown}\","), Unreadable, "unreadable" },
        { "5 other case", Json.Replace("\"staffNumber\"", "\"StaffNumber\"", StringComparison.Ordinal), Unreadable, "unreadable" },
        { "6 twice", Json.Insert(1, "\"name\":\"Eve\","), Unreadable, "unreadable" },
        { "7 long name", Employee("name", $"\"{new string('x', 500_000)}\""), Unreadable, "invalid" },
        { "7 10 MB", Employee("name", $"\"{new string('x', 10 << 20)}\""), HttpStatusCode.RequestEntityTooLarge, "too-large" },
        { "8 many items", Employee("teamIds", $"[{string.Join(',', Enumerable.Repeat($"\"{Unknown}\"", 20_000))}]"), Unreadable,
            "invalid" },
        { "9 deep", string.Concat(Enumerable.Repeat("{\"name\":", 100)) + "1" + new string('}', 100), Unreadable, "unreadable" },
        { "10 lone surrogate", Employee("name", "\"\\uD800\""), Unreadable, "unreadable" },
        { "10 NUL", Employee("name", "\"a\\u0000b\""), Unreadable, "unreadable" },
        { "11 NaN", Employee("weeklyHours", "NaN"), Unreadable, "unreadable" },
        { "11 infinity", Employee("weeklyHours", "\"Infinity\""), Unreadable, "unreadable" },
        { "12 number as text", Employee("weeklyHours", "\"40\""), Unreadable, "unreadable" },
        { "13 2^63", Employee("skills", "[{\"code\":\"a\",\"level\":9223372036854775808}]"), Unreadable, "unreadable" },
        { "13 10^40", Employee("weeklyHours", "1e40"), Unreadable, "unreadable" },
        { "14 three decimals", Employee("weeklyHours", "37.555"), Broken, "weekly-hours" },
        { "14 negative", Employee("weeklyHours", "-0.01"), Broken, "weekly-hours" },
        { "16 enum by number", Employee("grade", "2"), Unreadable, "unreadable" },
        { "16 enum in capitals", Employee("grade", "\"JUNIOR\""), Unreadable, "unreadable" },
        { "16 no such grade", Employee("grade", "\"boss\""), Unreadable, "unreadable" },
        { "29 unknown team", Employee("teamIds", $"[\"{Unknown}\"]"), Broken, "unknown-team" },
        { "29 no id", Employee("teamIds", "[\"undefined\"]"), Unreadable, "unreadable" },
        { "43 29 February", Employee("hiredOn", "\"2026-02-29\""), Unreadable, "unreadable" },
        { "43 month 13", Employee("hiredOn", "\"2026-13-01\""), Unreadable, "unreadable" },
        { "43 a time", Employee("hiredOn", "\"2026-03-01T24:00\""), Unreadable, "unreadable" },
        { "49 EST", Employee("zone", "\"EST\""), Broken, "unknown-zone" },
        { "49 offset", Employee("zone", "\"GMT+8\""), Broken, "unknown-zone" },
        { "49 a city", Employee("zone", "\"Beijing\""), Broken, "unknown-zone" },
        { "49 a typo", Employee("zone", "\"Asia/Shangai\""), Broken, "unknown-zone" },
        { "49 Windows", Employee("zone", "\"China Standard Time\""), Broken, "unknown-zone" },
        { "49 empty", Employee("zone", "\"\""), Broken, "unknown-zone" },
        { "49 another spelling", Employee("zone", "\"asia/shanghai\""), Broken, "unknown-zone" },
        { "61 leaves before hire", Employee("hiredOn", "\"2026-03-02\",\"leftOn\":\"2026-03-01\""), Broken, "leaves-before-hire" },
        { "61 from before hire", Employee("hiredOn", "\"2026-03-02\",\"from\":\"2026-03-01\""), Broken, "from-before-hire" },
        { "79 reading direction", Employee("name", "\"\\u202Egnp.exe\""), Broken, "name" },
        { "79 marks", Employee("name", $"\"Z{new string('\u0301', 600)}\""), Broken, "name" },
        { "79 two lines", Employee("name", "\"Ann\\nBo\""), Broken, "name" },
        { "80 empty number", Employee("staffNumber", "\" \""), Broken, "staff-number" },
        { "82 SQL in a number", Employee("staffNumber", "\"'; DROP TABLE--\""), Broken, "staff-number" },
        { "82 an operator for a text", Employee("staffNumber", "{\"$gt\":\"\"}"), Unreadable, "unreadable" },
    };

    public static TheoryData<string, string, HttpStatusCode, string> Projects => new()
    {
        { "7 long name", ProjectWith("\"P\"", $"\"{new string('x', 101)}\""), Broken, "name" },
        { "13 2^63 seconds", ProjectWith("20}", "9223372036854775808}"), Unreadable, "unreadable" },
        { "13 no seconds", ProjectWith("20}", "0}"), Broken, "service-level-seconds" },
        { "16 a day by number", ProjectWith("\"monday\"", "1"), Unreadable, "unreadable" },
        { "43 24:00", ProjectWith("\"20:00\"", "\"24:00\""), Unreadable, "unreadable" },
        { "43 a leap second", ProjectWith("\"20:00\"", "\"19:59:60\""), Unreadable, "unreadable" },
        { "43 closes before it opens", ProjectWith("\"20:00\"", "\"07:00\""), Broken, "closes-before-opens" },
        { "43 overlap", ProjectWith("\"openingHours\":[",
            "\"openingHours\":[{\"day\":\"monday\",\"opens\":\"19:59\",\"closes\":\"00:00\"},"), Broken, "overlapping-hours" },
        { "49 a typo", ProjectWith("Asia/Shanghai", "Asia/Shangai"), Broken, "unknown-zone" },
        { "49 another spelling", ProjectWith("Asia/Shanghai", "ASIA/Shanghai"), Broken, "unknown-zone" },
        { "80 a queue twice", ProjectWith("\"queues\":[",
            "\"queues\":[{\"code\":\"Q\",\"name\":\"Q\",\"channel\":\"voice\",\"serviceLevelSeconds\":20},"), Broken, "duplicate-queue" },
        { "11 a target without a number",
            ProjectWith("\"client\"",
            "\"targets\":[{\"kpi\":\"service-level\",\"value\":\"NaN\",\"effectiveFrom\":\"2026-01-01\"}],\"client\""), Unreadable,
            "unreadable" },
        { "13 a target out of range",
            ProjectWith("\"client\"",
            "\"targets\":[{\"kpi\":\"service-level\",\"value\":1e12,\"effectiveFrom\":\"2026-01-01\"}],\"client\""), Unreadable,
            "invalid" },
        { "91 an address with two lines", Reader("ops@example.com\\r\\nBcc: all@example.com", "en"), Unreadable, "invalid" },
        { "91 no address", Reader("ops", "en"), Unreadable, "invalid" },
        { "16 no such language", Reader("ops@example.com", "fr"), Unreadable, "invalid" },
        { "29 an unknown reader", Reader("ops@example.com", "en"), Broken, "unknown-reader" },
    };

    [Theory]
    [MemberData(nameof(Employees))]
    public async Task no_employee_comes_from(string row, string body, HttpStatusCode status, string code) =>
        await Refused(row, HttpMethod.Post, "/employees", body, status, code);

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task no_project_comes_from(string row, string body, HttpStatusCode status, string code) =>
        await Refused(row, HttpMethod.Post, "/projects", body, status, code);

    [Fact]
    public async Task the_bodies_above_are_bad_in_one_thing_only()
    {
        using var project = new StringContent(Project, Encoding.UTF8, "application/json");

        (await api.Admin.PostAsync(new Uri("/projects", UriKind.Relative), project)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await api.Admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("GOOD-1"))).StatusCode.Should()
            .Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("17 text", "text/plain")]
    [InlineData("17 none", null)]
    [InlineData("17 latin1", "application/json; charset=latin1")]
    public async Task only_json_in_utf8_is_read(string row, string? contentType) =>
        await Refused(row, HttpMethod.Post, "/employees", Json, HttpStatusCode.UnsupportedMediaType, "media-type",
            contentType: contentType);

    [Fact]
    public async Task bytes_that_are_not_utf8_are_refused()
    {
        var before = await api.EventCount();
        using var content = new ByteArrayContent([.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        var response = await api.Admin.PostAsync(new Uri("/employees", UriKind.Relative), content);

        await response.ShouldBeProblem(Unreadable, "unreadable");
        (await api.EventCount()).Should().Be(before);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("undefined")]
    [InlineData("null")]
    [InlineData("%00")]
    [InlineData("{team}")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task what_is_no_employees_id_finds_nobody(string id)
    {
        var team = await api.FormTeam(await api.OpenProject());

        var response = await api.Admin.GetAsync(
            new Uri($"/employees/{id.Replace("{team}", team.ToString(), StringComparison.Ordinal)}", UriKind.Relative));

        response.StatusCode.Should().BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("projectId=x")]
    [InlineData("employedOn=2026-02-30")]
    [InlineData("limit=0")]
    [InlineData("limit=1e9")]
    [InlineData("cursor=AAAA")]
    [InlineData("team=0195a000-0000-7000-8000-000000000001")]
    [InlineData("sort=name;drop table")]
    public async Task a_filter_that_cannot_be_read_is_refused(string query) =>
        await (await api.Admin.GetAsync(new Uri($"/employees?{query}", UriKind.Relative))).ShouldBeProblem(Unreadable, "unreadable");

    [Fact]
    public async Task a_misspelt_filter_is_answered_with_those_there_are()
    {
        var response = await api.Admin.GetAsync(new Uri("/employees?team=0195a000-0000-7000-8000-000000000001", UriKind.Relative));

        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("detail").GetString().Should().Be(
            "'team' is none of what this address is asked by: projectId, teamId, staffNumber, name, skill, employedOn, limit, cursor.");
    }

    [Fact]
    public async Task a_change_needs_the_newest_version()
    {
        var id = await api.Hire("VERSION-1");
        await api.Admin.Send(HttpMethod.Put, $"/employees/{id}", version: 1, PeopleApi.Employee("VERSION-1").With("name", "Second"));
        var before = await api.EventCount();

        var stale = await api.Admin.Send(HttpMethod.Put, $"/employees/{id}", version: 1, PeopleApi.Employee("VERSION-1"));
        var none = await api.Admin.Send(HttpMethod.Put, $"/employees/{id}", version: null, PeopleApi.Employee("VERSION-1"));

        await stale.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        stale.Version().Should().Be(2);
        await none.ShouldBeProblem(HttpStatusCode.PreconditionRequired, "version-required");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task a_repeated_request_is_answered_again_and_not_done_again()
    {
        var key = Guid.CreateVersion7().ToString();
        var first = await api.Admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("KEY-1"), key: key);
        var admin = api.As(Guid.CreateVersion7(), "admin");
        var mine = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("KEY-2"), key: key);
        var before = await api.EventCount();

        var again = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("KEY-2"), key: key);
        var other = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("KEY-3"), key: key);

        mine.Headers.Location.Should().NotBe(first.Headers.Location, "another caller's key is another key");
        again.Headers.Location.Should().Be(mine.Headers.Location);
        await other.ShouldBeProblem(Broken, "idempotency-key-reused");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task a_target_is_for_a_kpi_that_there_is()
    {
        var project = await api.OpenProject("Targets");
        var manager = api.As(Guid.CreateVersion7(), "project-manager", project);

        await (await manager.Send(HttpMethod.Post, $"/projects/{project}/targets", version: 1,
            new { kpi = "happiness", value = 0.8, effectiveFrom = "2026-01-01" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-kpi");
    }

    [Theory]
    [InlineData("service-level", 85)]
    [InlineData("qa-score", 101)]
    public async Task a_target_lies_where_its_figure_can(string kpi, int value)
    {
        var project = await api.OpenProject($"Targets of {kpi}");
        var manager = api.As(Guid.CreateVersion7(), "project-manager", project);

        await (await manager.Send(HttpMethod.Post, $"/projects/{project}/targets", version: 1,
            new { kpi, value, effectiveFrom = "2026-01-01" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "target-value");
    }

    [Fact]
    public async Task another_projects_things_do_not_exist()
    {
        var (mine, theirs) = (await api.OpenProject("Mine"), await api.OpenProject("Theirs"));
        var (team, colleague) = (await api.FormTeam(theirs), Guid.Empty);
        colleague = await api.Hire("OTHER-1", team);
        var manager = api.As(Guid.CreateVersion7(), "project-manager,supervisor", mine);
        var before = await api.EventCount();
        var hours = new { openingHours = Array.Empty<object>() };

        foreach (var version in new long[] { 1, 4, 99 })
            await (await manager.Send(HttpMethod.Put, $"/projects/{theirs}/opening-hours", version, hours))
                .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await manager.Send(HttpMethod.Put, $"/teams/{team}", version: 2, new { name = "Stolen", supervisorId = (Guid?)null }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await manager.Send(HttpMethod.Post, $"/projects/{theirs}/targets", version: 4,
            new { kpi = "occupancy", value = 0.8, effectiveFrom = "2026-01-01" })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await manager.GetAsync(new Uri($"/projects/{theirs}/supervision", UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await manager.GetAsync(new Uri($"/projects/{theirs}/digest-readers", UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await manager.GetAsync(new Uri($"/employees/{colleague}", UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await manager.GetAsync(new Uri($"/employees?projectId={theirs}", UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await (await manager.GetAsync(new Uri($"/employees?staffNumber=OTHER-1", UriKind.Relative))).Content.ReadAsStringAsync()).Should()
            .NotContain("OTHER-1");
        (await (await manager.GetAsync(new Uri($"/teams?projectId={theirs}", UriKind.Relative))).Content.ReadAsStringAsync()).Should()
            .NotContain(team.ToString());
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task who_is_in_two_projects_is_seen_by_each_with_its_own_teams()
    {
        var (mine, theirs) = (await api.OpenProject("Mine too"), await api.OpenProject("Theirs too"));
        var (here, there) = (await api.FormTeam(mine), await api.FormTeam(theirs));
        var shared = await api.Hire("SHARED-1", here, there);
        var manager = api.As(Guid.CreateVersion7(), "project-manager", mine);

        (await manager.Get<EmployeeView>($"/employees/{shared}")).Should().BeEquivalentTo(
            new { TeamIds = new[] { here }, ProjectIds = new[] { mine } });
        (await manager.Get<Page<EmployeeView>>($"/employees?teamId={here}")).Items.Single().TeamIds.Should().Equal(here);
        (await manager.Get<Page<EmployeeView>>($"/employees?teamId={there}")).Items.Should().BeEmpty();
        (await manager.Get<TermsView>($"/employees/{shared}/terms")).Teams.Select(t => t.TeamId).Should().Equal(here);

        (await api.As(shared, "agent", mine).Get<EmployeeView>($"/employees/{shared}")).TeamIds.Should().Equal(here, there);
        (await api.Admin.Get<Page<EmployeeView>>($"/employees?teamId={there}")).Items.Single().TeamIds.Should().Equal(here, there);
    }

    [Fact]
    public async Task nobody_signed_out_or_without_the_role_gets_in()
    {
        var supervisor = api.As(Guid.CreateVersion7(), "supervisor");

        await (await api.Anonymous().GetAsync(new Uri("/employees", UriKind.Relative))).ShouldBeProblem(HttpStatusCode.Unauthorized);
        await (await supervisor.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("ROLE-1")))
            .ShouldBeProblem(HttpStatusCode.Forbidden);
    }

    private async Task Refused(
        string row, HttpMethod method, string url, string body, HttpStatusCode status, string code,
        string? contentType = "application/json")
    {
        var before = await api.EventCount();
        using var request = new HttpRequestMessage(method, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.ExpectContinue = body.Length > 1 << 20;

        var response = await api.Admin.SendAsync(request);

        await response.ShouldBeProblem(status, code);
        (await api.EventCount()).Should().Be(before, row);
    }

    private static string Employee(string member, string value)
    {
        const string Place = "@@@";
        return JsonSerializer.Serialize(PeopleApi.Employee("BAD-1").With(member, Place))
            .Replace($"\"{Place}\"", value, StringComparison.Ordinal);
    }

    private static string ProjectWith(string part, string other) => Project.Replace(part, other, StringComparison.Ordinal);

    private static string Reader(string email, string language) => ProjectWith("\"client\"",
        $"\"digestReaders\":[{{\"employeeId\":\"{Unknown}\",\"email\":\"{email}\",\"language\":\"{language}\"}}],\"client\"");
}
