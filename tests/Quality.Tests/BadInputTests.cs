using System.Net;
using System.Text;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;

namespace CallCenter.Quality.Tests;

/// <summary>Whatever is sent: the documented answer, and no event.</summary>
public sealed class BadInputTests(QualityApi api)
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
    [InlineData("""FORM|"kind":"yes-no",|"choices":null,"kind":"yes-no","ranges":null,""", 201)] // as it is answered
    [InlineData("""FORM|"kind":"yes-no",|"kind":"essay",""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"YesNo",""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"Kind":"yes-no",""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":1,""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":null,""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","kind":"yes-no",""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","isFinal":true,""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"number",""", 422)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","choices":[],""", 422)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","askedIf":[],""", 422)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","askedIf":[null],""", 400)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","askedIf":[{"question":"q","yes":true}],""", 422)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","default":{},""", 422)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","default":{"yes":false},""", 201)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","scale":{"from":1,"to":5},""", 422)]
    [InlineData("""FORM|"kind":"yes-no",|"kind":"yes-no","bonus":true,""", 422)] // nothing is left that weighs
    [InlineData("""FORM|"passMark":80,|"passMark":80,"bands":[],""", 422)]
    [InlineData("""FORM|"passMark":80,|"passMark":80,"header":[{"kind":"text","code":"q","title":{"en":"Q"}}],""", 422)]
    [InlineData("""FORM|"en":"Q"}|"en":"nul \u0000"}""", 400)]
    [InlineData("""FORM|"en":"Q"}|"en":"\uD800"}""", 400)]
    [InlineData("""FORM|"en":"Q"}|"en":null}""", 400)]
    [InlineData("""FORM|"en":"Q"}|"en":7}""", 400)]
    [InlineData("""FORM|"sections":[|"sections":[null,""", 400)]
    [InlineData("""FORM|"projectId":"P",|"projectId":"X",""", 400)]
    [InlineData("""FORM|"projectId":"P",|"projectId":"00000000-0000-0000-0000-000000000000",""", 404)]
    [InlineData("""FORM|"projectId":"P",|"projectId":"00000000-0000-0000-0000-000000000001",""", 404)]
    public async Task a_form_is_read_strictly(string body, int status)
    {
        var world = new World(api);
        var parts = body.Replace("FORM", $$"""{"projectId":"P","content":{{Content}}}""", StringComparison.Ordinal).Split('|');
        var sent = parts is [var form, var from, var to] ? form.Replace(from, to, StringComparison.Ordinal) : parts[0];
        var before = await api.EventCount();
        using var content = new StringContent(
            sent.Replace("\"P\"", $"\"{world.Project}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");

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
        var many = Enumerable.Repeat(new { question = "a", answer = new { yes = true } }, 1000);
        await (await world.Inspector.Send(HttpMethod.Put, $"{url}/answers", 1, new { formVersion = 1, answers = many }))
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
        {
            """{"formVersion":2,"answers":[{"question":"greeting","answer":{"choice":"p1"}}]}""",
            "version 2 is another form", 409, "other-form-version"
        },
        {
            """{"formVersion":1,"answers":[{"question":"nothing","answer":{"choice":"p1"}}]}""",
            "no such question", 409, "unknown-question"
        },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p9"}}]}""",
            "no such choice", 409, "answer-does-not-fit"
        },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"yes":true}}]}""", "another kind", 409, "answer-does-not-fit" },
        {
            """{"formVersion":1,"answers":[{"question":"interruptions","answer":{"number":1e20}}]}""",
            "outside all ranges", 409, "answer-does-not-fit"
        },
        { """{"formVersion":1,"answers":[{"question":"interruptions","answer":{"number":1e40}}]}""", "no decimal", 400, "unreadable" },
        {
            """{"formVersion":1,"answers":[{"question":"interruptions","answer":{"number":"3"}}]}""",
            "text for a number", 400, "unreadable"
        },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{}}]}""", "nothing said", 422, "not-one-answer" },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1","notApplicable":true}}]}""",
            "two things said", 422, "not-one-answer"
        },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"}},{"question":"greeting","answer":{"choice":"p2"}}]}""",
            "twice", 422, "duplicate-question"
        },
        { """{"formVersion":1,"answers":[null]}""", "null", 400, "unreadable" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choices":["p1"]}}]}""", "several", 409, "answer-does-not-fit" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choices":[null]}}]}""", "no code", 400, "unreadable" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"text":"p1"}}]}""", "a text", 409, "answer-does-not-fit" },
        { """{"formVersion":1,"answers":[{"question":"greeting","answer":{"date":"2026-02-30"}}]}""", "no day", 400, "unreadable" },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"issue":{}}]}""",
            "an issue of no category", 400, "unreadable"
        },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"issue":{"category":"mood"}}]}""",
            "an issue that the project does not know", 422, "unknown-issue"
        },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"evidence":[{"word":"oh","quote":"oh"}]}]}""",
            "no place", 422, "evidence-without-place"
        },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"evidence":[{"word":"oh","quote":"oh","offsetMs":-1}]}]}""",
            "before the beginning", 400, "invalid"
        },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"evidence":[{"word":"oh","quote":"oh","message":1}]}]}""",
            "a question of no list", 409, "word-not-in-list"
        },
        { """{"formVersion":1,"answers":[]}""", "none", 400, "invalid" },
        {
            """{"formVersion":1,"answers":[{"question":"greeting","answer":{"choice":"p1"},"score":100}]}""",
            "a score of one's own", 400, "unreadable"
        },
        {
            """{"formVersion":9223372036854775808,"answers":[{"question":"greeting","answer":{"choice":"p1"}}]}""",
            "2^63", 400, "unreadable"
        },
        {
            """{"formVersion":1,"answers":[{"question":"'; DROP TABLE mt_events;--","answer":{"choice":"p1"}}]}""",
            "treated as text", 409, "unknown-question"
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task an_answer_is_read_strictly(string body, string why, int status, string? code)
    {
        var world = await api.World();
        var url = await world.Draft();
        var before = await api.EventCount();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{url}/answers");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.IfMatch.Add(new("\"1\""));

        await (await world.Inspector.SendAsync(request)).ShouldBeProblem((HttpStatusCode)status, code);

        (await api.EventCount()).Should().Be(before, why);
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
            (await world.Inspector.GetAsync($"/{place}/{id}")).StatusCode
                .Should().BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
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
        await (await new World(api).Inspector.GetAsync($"/agent-quality?from={from}&to={to}"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);

    // é in two ways of writing it is one text.
    [Fact]
    public async Task text_is_kept_in_one_normal_form()
    {
        var world = await api.World();
        var url = await world.Draft();
        await world.Inspector.Send(HttpMethod.Put, $"{url}/remarks", 1, new { feedback = "Caf\u0065\u0301 '; DROP TABLE mt_events;--" });
        var same = await world.Inspector.Send(
            HttpMethod.Put, $"{url}/remarks", 2, new { feedback = "Caf\u00e9 '; DROP TABLE mt_events;--" });

        same.Version().Should().Be(2);
        (await world.Inspector.Get<Quality.Evaluations.EvaluationDetails>(url)).Feedback
            .Should().Be("Caf\u00e9 '; DROP TABLE mt_events;--");
    }
}
