using System.Net;
using System.Text;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;

namespace CallCenter.Quality.Tests;

/// <summary>Whatever is sent: the documented answer, and no event.</summary>
public sealed class BadInputTests(QualityApi api) : IClassFixture<QualityApi>
{
    private const string Content =
        """{"title":{"en":"F"},"weighting":"questions","passMark":80,"sections":[{"code":"a","title":{"en":"A"},"questions":[{"code":"q","title":{"en":"Q"},"kind":"yes-no","weight":100,"yes":{"points":1},"no":{"points":0}}]}]}""";

    [Theory]
    [InlineData("FORM", 201)] // what the others break
    [InlineData("""{"projectId":"P","content":{"title":{"en":"F"}""", 400)]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    [InlineData("\"x\"", 400)]
    [InlineData("0", 400)]
    [InlineData("""{"projectId":"P"}""", 400)]
    [InlineData("""{"projectId":"P","content":null}""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":"80",""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":NaN,""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":"NaN",""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":-Infinity,""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":1e40,""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":9007199254740993,""", 422)]
    [InlineData("""FORM|"passMark":80,|"passMark":80,"isFinal":true,""", 400)]
    [InlineData("""FORM|"passMark":80,|"passMark":80,"passMark":90,""", 400)]
    [InlineData("""FORM|"passMark":80,|"PassMark":80,""", 400)]
    [InlineData("""FORM|"weight":100,|"weight":99.999999,""", 422)]
    [InlineData("""FORM|"weight":100,|"weight":100.0000001,""", 422)]
    [InlineData("""FORM|"weight":100,|"weight":79228162514264337593543950335,""", 422)]
    [InlineData("""FORM|"weighting":"questions",|"weighting":0,""", 400)]
    [InlineData("""FORM|"weighting":"questions",|"weighting":"Questions",""", 400)]
    [InlineData("""FORM|"weighting":"questions",|"weighting":"marks",""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"text",""", 400)]
    [InlineData("""FORM|"en":"Q"}|"en":"nul \u0000"}""", 400)]
    [InlineData("""FORM|"en":"Q"}|"en":"\uD800"}""", 400)]
    [InlineData("""FORM|"en":"Q"}|"en":null}""", 422)]
    [InlineData("""FORM|"en":"Q"}|"en":7}""", 400)]
    [InlineData("""FORM|"sections":[|"sections":[null,""", 422)]
    [InlineData("""FORM|"projectId":"P",|"projectId":"X",""", 400)]
    [InlineData("""FORM|"projectId":"P",|"projectId":"00000000-0000-0000-0000-000000000000",""", 404)]
    [InlineData("""FORM|"projectId":"P",|"projectId":"00000000-0000-0000-0000-000000000001",""", 404)]
    public async Task a_form_is_read_strictly(string body, int status)
    {
        var world = new World(api);
        var parts = body.Replace("FORM", $$"""{"projectId":"P","content":{{Content}}}""", StringComparison.Ordinal).Split('|');
        var sent = parts is [var form, var from, var to] ? form.Replace(from, to, StringComparison.Ordinal) : parts[0];
        var before = await api.EventCount();
        using var content = new StringContent(sent.Replace("\"P\"", $"\"{world.Project}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");

        var response = await world.Inspector.PostAsync("/evaluation-forms", content);

        if (status == 201)
            response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        else
        {
            await response.ShouldBeProblem((HttpStatusCode)status);
            (await api.EventCount()).Should().Be(before);
        }
    }

    [Fact]
    public async Task what_is_too_large_or_not_json_is_not_read()
    {
        var world = await api.World();
        var url = await world.Draft();
        var before = await api.EventCount();

        using (var huge = new HttpRequestMessage(HttpMethod.Put, $"{url}/remarks") { Content = new ByteArrayContent(new byte[10_000_000]) })
        {
            huge.Content.Headers.ContentType = new("application/json");
            huge.Headers.ExpectContinue = true; // or the answer comes while the client still writes
            huge.Headers.IfMatch.Add(new("\"1\""));
            await (await world.Inspector.SendAsync(huge)).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        }

        await (await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", 1, new { feedback = new string('x', 4001) }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        await (await world.Inspector.Send(HttpMethod.Put, $"{url}/answers", 1, new { formVersion = 1, answers = Enumerable.Repeat(new { question = "a", answer = new { yes = true } }, 1000) }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        foreach (var type in new[] { "text/plain", "application/json; charset=latin1" })
        {
            using var content = new StringContent("""{"projectId":"x"}""");
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            await (await world.Inspector.PostAsync("/evaluation-forms", content)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType);
        }

        (await api.EventCount()).Should().Be(before);
    }

    public static TheoryData<string, string, int, string?> Answers => new()
    {
        { """{"formVersion":2,"answers":[{"question":"greeting","answer":{"choice":"p1"}}]}""", "version 2 is another form", 409, "other-form-version" },
        { """{"formVersion":1,"answers":[{"question":"nothing","answer":{"choice":"p1"}}]}""", "no such question", 409, "unknown-question" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p9"}}]}""", "no such choice", 409, "answer-does-not-fit" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"yes":true}}]}""", "another kind", 409, "answer-does-not-fit" },
        { """{"formVersion":1,"answers":[{"question":"interruptions","answer":{"number":1e20}}]}""", "outside all ranges", 409, "answer-does-not-fit" },
        { """{"formVersion":1,"answers":[{"question":"interruptions","answer":{"number":1e40}}]}""", "no decimal", 400, "unreadable" },
        { """{"formVersion":1,"answers":[{"question":"interruptions","answer":{"number":"3"}}]}""", "text for a number", 400, "unreadable" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{}}]}""", "nothing said", 422, "not-one-answer" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1","notApplicable":true}}]}""", "two things said", 422, "not-one-answer" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"}},{"question":"greeting","answer":{"choice":"p2"}}]}""", "twice", 422, "duplicate-question" },
        { """{"formVersion":1,"answers":[null]}""", "null", 422, "wrong-count" },
        { """{"formVersion":1,"answers":[]}""", "none", 400, "invalid" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"score":100}]}""", "a score of one's own", 400, "unreadable" },
        { """{"formVersion":9223372036854775808,"answers":[{"question":"greeting","answer":{"choice":"p1"}}]}""", "2^63", 400, "unreadable" },
        { """{"formVersion":1,"answers":[{"question":"'; DROP TABLE mt_events;--","answer":{"choice":"p1"}}]}""", "treated as text", 409, "unknown-question" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task an_answer_is_read_strictly(string body, string why, int status, string? code)
    {
        var world = await api.World();
        var url = await world.Draft();
        var before = await api.EventCount();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{url}/answers") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.IfMatch.Add(new("\"1\""));

        await (await world.Inspector.SendAsync(request)).ShouldBeProblem((HttpStatusCode)status, code);

        (await api.EventCount()).Should().Be(before, why);
    }

    [Fact]
    public async Task a_stale_or_missing_version_changes_nothing()
    {
        var world = await api.World();
        var url = await world.Draft();
        await world.Answer(url, 1, Samples.Perfect);
        var before = await api.EventCount();

        var stale = await world.Answer(url, 1, new() { ["greeting"] = Samples.Points(0) });
        await stale.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        stale.Version().Should().Be(5);
        await (await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", body: new { feedback = "x" })).ShouldBeProblem(HttpStatusCode.PreconditionRequired);
        await (await world.Inspector.Send(HttpMethod.Post, $"{url}/submission")).ShouldBeProblem(HttpStatusCode.PreconditionRequired);
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task the_same_key_gives_the_first_answer_and_another_body_none()
    {
        var world = await api.World();
        var (form, calls) = (await world.ActiveForm(), await world.Calls(2));
        var key = Guid.CreateVersion7().ToString();

        var first = await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = calls[0], formId = form }, key: key);
        var before = await api.EventCount();
        var again = await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = calls[0], formId = form }, key: key);
        var other = await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = calls[1], formId = form }, key: key);

        first.StatusCode.Should().Be(HttpStatusCode.Created);
        (again.StatusCode, again.Headers.Location).Should().Be((first.StatusCode, first.Headers.Location));
        await other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await api.EventCount()).Should().Be(before);
    }

    [Theory]
    [InlineData("undefined")]
    [InlineData("null")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("%00")]
    [InlineData("'; DROP TABLE mt_events;--")]
    public async Task an_id_that_is_none_finds_nothing(string id)
    {
        var world = new World(api);
        foreach (var place in new[] { "evaluations", "evaluation-forms", "sampling-plans" })
            (await world.Inspector.GetAsync($"/{place}/{id}")).StatusCode.Should().BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/evaluations?status=2")]
    [InlineData("/evaluations?status=Submitted")]
    [InlineData("/evaluations?status=%27%20or%201=1")]
    [InlineData("/evaluations?week=2026-02-29")]
    [InlineData("/evaluations?agentId=me")]
    [InlineData("/evaluations?cursor=AAAA")]
    [InlineData("/evaluations?limit=0")]
    [InlineData("/agent-quality")]
    [InlineData("/agent-quality?from=2026-01-01&to=2026-13-01")]
    public async Task a_filter_is_read_strictly(string url) =>
        await (await new World(api).Inspector.GetAsync(url)).ShouldBeProblem(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("2026-02-01", "2026-01-01", "range-out-of-order")]
    [InlineData("2020-01-01", "2026-01-01", "range-too-long")]
    public async Task a_range_is_a_range(string from, string to, string code) =>
        await (await new World(api).Inspector.GetAsync($"/agent-quality?from={from}&to={to}")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);

    [Fact]
    public async Task other_projects_things_are_not_there()
    {
        var world = await api.World();
        var (url, version) = await world.Submitted();
        var form = await world.ActiveForm();
        var plan = await world.Plan(form);
        await world.Calls(2);
        await world.Draw(plan);
        var own = await api.World();
        var before = await api.EventCount();
        var stranger = world.Stranger;

        foreach (var read in new[]
        {
            url, $"{url}/history", $"/evaluation-forms/{form}", $"/evaluation-forms/{form}/versions/1", plan, $"{plan}/draws",
            $"{plan}/draws/2026-03-02", $"{plan}/candidates/2026-03-02", $"/evaluations?projectId={world.Project}",
            $"/evaluations/queue?projectId={world.Project}", $"/evaluation-forms?projectId={world.Project}", $"/sampling-plans?projectId={world.Project}",
            $"/agent-quality?from=2026-01-01&to=2026-02-01&projectId={world.Project}",
        })
            await (await stranger.GetAsync(read)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        foreach (var probe in new long[] { 1, version, 99 })
            foreach (var (method, target, body) in new (HttpMethod, string, object?)[]
            {
                (HttpMethod.Put, $"{url}/answers", new { formVersion = 1, answers = new[] { new { question = "greeting", answer = new { choice = "p0" } } } }),
                (HttpMethod.Put, $"{url}/remarks", new { feedback = "x" }),
                (HttpMethod.Post, $"{url}/submission", null),
                (HttpMethod.Post, $"{url}/release", new { reason = "x" }),
                (HttpMethod.Post, $"{url}/acknowledgement", new { comment = "x" }),
                (HttpMethod.Post, $"{url}/dispute", new { reason = "x" }),
                (HttpMethod.Post, $"{url}/resolution", new { decision = "uphold", reason = "x", formVersion = 1 }),
                (HttpMethod.Put, $"{url}/assignee", new { inspectorId = (Guid?)null }),
                (HttpMethod.Put, $"/evaluation-forms/{form}/draft", new { content = Samples.Inbound }),
                (HttpMethod.Post, $"/evaluation-forms/{form}/activation", null),
                (HttpMethod.Post, $"/evaluation-forms/{form}/retirement", null),
                (HttpMethod.Post, $"/evaluation-forms/{form}/trial", new { answers = Array.Empty<object>() }),
                (HttpMethod.Put, $"{plan}/rules", new { rules = new { name = "x", formId = form, callsPerAgent = 1 } }),
                (HttpMethod.Post, $"{plan}/ending", null),
                (HttpMethod.Post, $"{plan}/draws", new { week = World.Week }),
            })
                await (await stranger.Send(method, target, probe, body)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        await (await own.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = (await world.Calls(1))[0], formId = await own.ActiveForm() })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await own.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = (await own.Calls(1))[0], formId = form })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await own.Inspector.Send(HttpMethod.Post, "/sampling-plans", body: new { projectId = own.Project, rules = new { name = "x", formId = form, callsPerAgent = 1 } })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await api.EventCount()).Should().Be(before + 2, "only the form of their own was drafted and activated");
    }

    [Fact]
    public async Task a_dispute_is_not_decided_by_those_it_is_about()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed();
        var before = await api.EventCount();

        foreach (var involved in new[] { world.InspectorId, world.AgentId })
            await (await api.As(involved, "supervisor", world.Project).Send(
                HttpMethod.Post, $"{url}/resolution", version, new { decision = "uphold", reason = "x", formVersion = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "resolver-involved");

        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task a_dispute_comes_once_and_in_time()
    {
        var world = await api.World();
        var (url, version) = await world.Disputed();
        var (late, lateVersion) = await world.Submitted(content: Samples.Inbound with { DisputeDays = 0 });
        var before = await api.EventCount();

        await (await world.Agent.Send(HttpMethod.Post, $"{url}/dispute", version, new { reason = "x" })).ShouldBeProblem(HttpStatusCode.Conflict, "already-disputed");
        await (await world.Agent.Send(HttpMethod.Post, $"{late}/dispute", lateVersion, new { reason = "x" })).ShouldBeProblem(HttpStatusCode.Conflict, "dispute-window-closed");
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version, new { decision = "change", reason = "x", formVersion = 1 })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "answers-needed");
        await (await world.Supervisor.Send(HttpMethod.Post, $"{url}/resolution", version, new { decision = "uphold", reason = "x", formVersion = 2 })).ShouldBeProblem(HttpStatusCode.Conflict, "other-form-version");
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task who_scores_is_not_who_was_scored()
    {
        var world = await api.World();
        var (form, call) = (await world.ActiveForm(), (await world.Calls(1, world.InspectorId))[0]);
        var before = await api.EventCount();

        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations", body: new { callId = call, formId = form })).ShouldBeProblem(HttpStatusCode.Conflict, "self-evaluation");
        foreach (var role in new[] { "agent", "supervisor", "trainer", "operations-manager" })
            await (await api.As(Guid.CreateVersion7(), role, world.Project).Send(HttpMethod.Post, "/evaluations", body: new { callId = call, formId = form })).ShouldBeProblem(HttpStatusCode.Forbidden);
        (await api.EventCount()).Should().Be(before);
    }

    [Fact]
    public async Task a_draw_is_of_a_week_that_was()
    {
        var world = await api.World();
        var plan = await world.Plan(await world.ActiveForm());
        var before = await api.EventCount();

        foreach (var (week, status, code) in new[]
        {
            ("\"2026-03-03\"", HttpStatusCode.UnprocessableEntity, "not-a-week-start"),
            ("\"0001-01-01\"", HttpStatusCode.UnprocessableEntity, "not-a-week-start"),
            ("\"9999-12-27\"", HttpStatusCode.UnprocessableEntity, "not-a-week-start"),
            ("\"2099-03-02\"", HttpStatusCode.Conflict, "week-not-over"),
            ("\"2026-02-30\"", HttpStatusCode.BadRequest, "unreadable"),
            ("7", HttpStatusCode.BadRequest, "unreadable"),
        })
        {
            using var content = new StringContent($$"""{"week":{{week}}}""", Encoding.UTF8, "application/json");
            await (await world.Inspector.PostAsync($"{plan}/draws", content)).ShouldBeProblem(status, code);
        }

        (await world.Inspector.GetAsync($"{plan}/draws/2026-03-02")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await world.Inspector.GetAsync($"{plan}/draws/monday")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await api.EventCount()).Should().Be(before);
    }

    // é in two ways of writing it is one text.
    [Fact]
    public async Task text_is_kept_in_one_normal_form()
    {
        var world = await api.World();
        var url = await world.Draft();
        await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", 1, new { feedback = "Caf\u0065\u0301 '; DROP TABLE mt_events;--" });
        var same = await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", 2, new { feedback = "Caf\u00e9 '; DROP TABLE mt_events;--" });

        same.Version().Should().Be(2);
        (await world.Inspector.Get<Quality.Evaluations.EvaluationDetails>(url)).Feedback.Should().Be("Caf\u00e9 '; DROP TABLE mt_events;--");
    }
}
