using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Training.Tests;

/// <summary>What must not be taken, row by row: the documented answer, and no event stored.</summary>
public sealed class BadInput(TrainingApi api)
{
    private const HttpStatusCode Unreadable = HttpStatusCode.BadRequest, Broken = HttpStatusCode.UnprocessableEntity;
    private static readonly Guid Unknown = Guid.CreateVersion7();

    // {member: value} put in place of the good one; the rest of the body is good.
    public static TheoryData<string, string, string, HttpStatusCode, string> Sessions => new()
    {
        { "13 2^63 seats", "seats", "9223372036854775808", Unreadable, "unreadable" },
        { "13 no seat", "seats", "0", Unreadable, "invalid" },
        { "12 seats as text", "seats", "\"5\"", Unreadable, "unreadable" },
        { "29 unknown course", "courseId", $"\"{Unknown}\"", Broken, "unknown-course" },
        { "29 unknown trainer", "trainerId", $"\"{Unknown}\"", Broken, "unknown-trainer" },
        { "29 unknown project", "projectId", $"\"{Unknown}\"", Broken, "unknown-project" },
        { "29 zero id", "courseId", $"\"{Guid.Empty}\"", Broken, "unknown-course" },
        { "4 unknown member", "seats", "5,\"status\":\"held\"", Unreadable, "unreadable" },
        { "5 other case", "seats", "5,\"Room\":\"x\"", Unreadable, "unreadable" },
        { "6 twice", "seats", "5,\"seats\":6", Unreadable, "unreadable" },
        { "2 null", "room", "null", Unreadable, "unreadable" },
        { "7 long room", "room", $"\"{new string('x', 500_000)}\"", Unreadable, "invalid" },
        { "10 lone surrogate", "room", "\"\\uDC00\"", Unreadable, "unreadable" },
        { "10 NUL", "room", "\"\\u0000\"", Unreadable, "unreadable" },
        { "79 reading direction", "room", "\"\\u202E3 mooR\"", Broken, "name" },
        { "43 29 February", "startsAt", "\"2026-02-29T09:00:00Z\"", Unreadable, "unreadable" },
        { "43 24:00", "startsAt", "\"2026-03-09T24:00:00Z\"", Unreadable, "unreadable" },
        { "43 second 60", "startsAt", "\"2026-03-09T08:59:60Z\"", Unreadable, "unreadable" },
        { "46 no offset", "startsAt", "\"2026-03-09T09:00:00\"", Unreadable, "unreadable" },
        { "50 offset +23:59", "startsAt", "\"2026-03-09T09:00:00+23:59\"", Unreadable, "unreadable" },
        { "50 offset +5:3", "startsAt", "\"2026-03-09T09:00:00+5:3\"", Unreadable, "unreadable" },
        { "11 a number as instant", "startsAt", "1773046800", Unreadable, "unreadable" },
        { "52 ends before it starts", "endsAt", "\"2026-03-09T08:59:59Z\"", Broken, "ends-before-start" },
        { "52 ends as it starts", "endsAt", "\"2026-03-09T09:00:00Z\"", Broken, "ends-before-start" },
        { "53 40 days", "endsAt", "\"2026-04-18T09:00:00Z\"", Broken, "too-long" },
    };

    public static TheoryData<string, string, HttpStatusCode, string> Courses => new()
    {
        { "1 cut off", """{"title":"Emp""", Unreadable, "unreadable" },
        { "2 empty", "", Unreadable, "unreadable" },
        { "2 list", "[]", Unreadable, "unreadable" },
        { "2 number", "0", Unreadable, "unreadable" },
        { "3 no members", "{}", Unreadable, "unreadable" },
        { "7 10 MB", $$"""{"title":"{{new string('x', 10 << 20)}}","kind":"other","minutes":90,"sections":[]}""",
            HttpStatusCode.RequestEntityTooLarge, "too-large" },
        { "8 many items",
            $$"""{"title":"E","kind":"other","minutes":90,"sections":[{{string.Join(',', Enumerable.Repeat("\"a\"", 100_000))}}]}""",
            Unreadable, "invalid" },
        { "11 NaN", """{"title":"E","kind":"other","minutes":NaN,"sections":[]}""", Unreadable, "unreadable" },
        { "13 half a minute", """{"title":"E","kind":"other","minutes":0.5,"sections":[]}""", Unreadable, "unreadable" },
        { "13 too long", """{"title":"E","kind":"other","minutes":721,"sections":[]}""", Unreadable, "invalid" },
        { "16 enum by number", """{"title":"E","kind":2,"minutes":90,"sections":[]}""", Unreadable, "unreadable" },
        { "16 enum in capitals", """{"title":"E","kind":"Other","minutes":90,"sections":[]}""", Unreadable, "unreadable" },
        { "79 no title", """{"title":" ","kind":"other","minutes":90,"sections":[]}""", Broken, "name" },
        { "82 SQL for a section", """{"title":"E","kind":"other","minutes":90,"sections":["'; DROP TABLE mt_events;--"]}""", Broken,
            "section" },
    };

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task no_session_comes_from(string row, string member, string value, HttpStatusCode status, string code)
    {
        var body = await api.Session(await api.People(agents: 1));
        body[member] = "@@@";

        await Refused(row, "/training-sessions", JsonSerializer.Serialize(body)
            .Replace("\"@@@\"", value, StringComparison.Ordinal), status, code);
    }

    [Theory]
    [MemberData(nameof(Courses))]
    public async Task no_course_comes_from(string row, string body, HttpStatusCode status, string code) =>
        await Refused(row, "/courses", body, status, code);

    [Theory]
    [InlineData("17 text", "text/plain")]
    [InlineData("17 none", null)]
    [InlineData("17 latin1", "application/json; charset=latin1")]
    public async Task only_json_in_utf8_is_read(string row, string? contentType) =>
        await Refused(row, "/courses", "{}", HttpStatusCode.UnsupportedMediaType, "media-type", contentType);

    [Theory]
    [InlineData("52 negative minutes", true, -1, "none", Broken, "negative-minutes")]
    [InlineData("52 absent with minutes", false, 10, "none", Broken, "absent-with-minutes")]
    [InlineData("52 absent with a result", false, 0, "passed", Broken, "absent-with-minutes")]
    [InlineData("53 longer than the session", true, 91, "none", HttpStatusCode.Conflict, "minutes-over-length")]
    [InlineData("16 no such result", true, 90, "excellent", Unreadable, "unreadable")]
    [InlineData("52 absent with a score", false, 0, "none", Broken, "absent-with-minutes", 0.0)]
    [InlineData("52 a score over 100", true, 90, "passed", Broken, "training-score", 100.1)]
    [InlineData("52 a negative score", true, 90, "failed", Broken, "training-score", -1.0)]
    [InlineData("52 a score of hundredths", true, 90, "passed", Broken, "training-score", 88.25)]
    public async Task no_register_comes_from(
        string row, bool attended, int minutes, string result, HttpStatusCode status, string code, double? score = null)
    {
        var world = await api.People(agents: 1);
        var session = await api.Plan(world);
        await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{world.Agents[0]}", version: 1, new { });
        var before = await api.EventCount();

        var response = await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{session}/register", version: 2,
            new { register = new[] { new { employeeId = world.Agents[0], attended, minutes, result, score } } });

        await response.ShouldBeProblem(status, code);
        (await api.EventCount()).Should().Be(before, row);
    }

    // Employed 2025-01-01 to 2026-12-31; the days are Shanghai's.
    [Theory]
    [InlineData("2024-12-31T15:00:00Z", Broken)]
    [InlineData("2024-12-31T16:00:00Z", HttpStatusCode.Created)]
    [InlineData("2026-12-31T15:59:00Z", HttpStatusCode.Created)]
    [InlineData("2026-12-31T16:00:00Z", Broken)]
    public async Task nobody_trains_before_their_first_day_or_after_their_last(string startsAt, HttpStatusCode status)
    {
        var body = await api.Session(await api.People(agents: 1));
        var start = DateTimeOffset.Parse(startsAt, System.Globalization.CultureInfo.InvariantCulture);
        (body["startsAt"], body["endsAt"]) = (start, start.AddMinutes(90));

        var response = await api.Admin.Send(HttpMethod.Post, "/training-sessions", body: body);

        response.StatusCode.Should().Be(status, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/training-sessions/undefined")]
    [InlineData("/training-sessions/00000000-0000-0000-0000-000000000000")]
    [InlineData("/training-needs/%00")]
    [InlineData("/courses/null")]
    public async Task what_is_no_id_finds_nothing(string url) =>
        (await api.Admin.GetAsync(new Uri(url, UriKind.Relative))).StatusCode.Should().BeOneOf(HttpStatusCode.NotFound, Unreadable);

    [Theory]
    [InlineData("/training-needs?status=1", "invalid")]
    [InlineData("/training-needs?status=Open", "invalid")]
    [InlineData("/training-sessions?status=over", "invalid")]
    [InlineData("/training-records?employeeId=me", "unreadable")]
    [InlineData("/training-records?from=2026-02-30T00:00:00Z", "unreadable")]
    public async Task a_filter_that_cannot_be_read_is_refused(string url, string code) =>
        await (await api.Admin.GetAsync(new Uri(url, UriKind.Relative))).ShouldBeProblem(Unreadable, code);

    [Fact]
    public async Task a_change_needs_the_newest_version_and_a_seat_is_given_back_once()
    {
        var world = await api.People(agents: 1);
        var url = $"/training-sessions/{await api.Plan(world)}/enrolments/{world.Agents[0]}";
        await api.Admin.Send(HttpMethod.Put, url, version: 1, new { });

        var stale = await api.Admin.Send(HttpMethod.Delete, url, version: 1);
        var none = await api.Admin.Send(HttpMethod.Delete, url);
        var deleted = await api.Admin.Send(HttpMethod.Delete, url, version: 2);
        var again = await api.Admin.Send(HttpMethod.Delete, url, version: 3);

        await stale.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        stale.Version().Should().Be(2);
        await none.ShouldBeProblem(HttpStatusCode.PreconditionRequired, "version-required");
        deleted.StatusCode.Should().Be(HttpStatusCode.NoContent);
        await again.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task a_repeated_request_is_answered_again_and_not_done_again()
    {
        var admin = api.Admin;
        var key = Guid.CreateVersion7().ToString();
        var body = await api.Session(await api.People());
        var first = await admin.Send(HttpMethod.Post, "/training-sessions", body: body, key: key);
        var before = await api.EventCount();

        var again = await admin.Send(HttpMethod.Post, "/training-sessions", body: body, key: key);
        body["seats"] = 6;
        var other = await admin.Send(HttpMethod.Post, "/training-sessions", body: body, key: key);

        again.Headers.Location.Should().Be(first.Headers.Location);
        await other.ShouldBeProblem(Broken, "idempotency-key-reused");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task another_projects_things_do_not_exist()
    {
        var (mine, theirs) = (await api.People(), await api.People());
        var session = await api.Plan(theirs);
        var trainer = api.As(mine.Trainer, "trainer", mine.Project);
        var before = await api.EventCount();

        var plan = new { trainerId = mine.Trainer, room = "R", seats = 5, startsAt = TrainingApi.Nine,
            endsAt = TrainingApi.Nine.AddHours(1) };

        foreach (var version in new long[] { 1, 99 })
            await (await trainer.Send(HttpMethod.Put, $"/training-sessions/{session}", version, plan))
                .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await trainer.Send(HttpMethod.Post, $"/training-sessions/{session}/cancellation", version: 1))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await trainer.Send(HttpMethod.Post, "/training-sessions", body: new
        {
            courseId = Unknown, projectId = theirs.Project, trainerId = mine.Trainer, room = "R", seats = 5, startsAt = TrainingApi.Nine,
                endsAt = TrainingApi.Nine.AddHours(1),
        })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await (await trainer.GetAsync(new Uri($"/training-sessions?projectId={theirs.Project}",
            UriKind.Relative))).Content.ReadAsStringAsync()).Should().NotContain(session.ToString());
        (await api.EventCount()).Should().Be(before);
    }

    private async Task Refused(string row, string url, string body, HttpStatusCode status, string code,
        string? contentType = "application/json")
    {
        var before = await api.EventCount();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.ExpectContinue = body.Length > 1 << 20;

        var response = await api.Admin.SendAsync(request);

        await response.ShouldBeProblem(status, code);
        (await api.EventCount()).Should().Be(before, row);
    }
}
