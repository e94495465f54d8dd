using System.Net;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Calls.Tests.ImportedRows;

namespace CallCenter.Calls.Tests;

public sealed class MappingJourneys(CallsApi api)
{
    [Fact]
    public async Task a_trial_tells_rows_of_one_line_apart()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var bad = Json(2).Replace("2026-03-02", "2026-02-30", StringComparison.Ordinal);

        var trial = await client.Tried(project, "callcenter", $"[{bad},{Json(1)},{bad}]", "application/json");

        trial.Rows.Select(row => (row.Line, row.Result)).Should().Equal(
            (1, TrialResult.Rejected), (1, TrialResult.Taken), (1, TrialResult.Rejected));
    }

    [Fact]
    public async Task a_trial_says_what_the_first_rows_would_become_and_stores_nothing()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var before = await api.EventCount();

        var calls = await client.Tried(project, "callcenter", Csv(Enumerable.Range(0, 150).Select(i => i == 2 ? "c-2,x,never,,," : Row(i))));
        var log = await client.Tried(project, "asterisk-queue-log",
            "1766720000|a|q|NONE|DID|5\n1766720000|a|q|NONE|ENTERQUEUE||5|1\n1766720010|a|q|1042|CONNECT|10|b|1\n");
        var states = await client.Tried(project, "asterisk-agent-states", "1766720000|NONE|q|1042|ADDMEMBER|\n");

        calls.Rows.Should().HaveCount(100);
        calls.Calls.Should().HaveCount(99).And.Contain(call => call.CallId == "c-7" && call.Call.TalkSeconds == 120);
        calls.Rows[2].Should().BeEquivalentTo(new { Line = 4L, Result = TrialResult.Rejected, Column = "offered_at", Code = "unreadable-value" });
        log.Rows.Select(row => row.Result).Should().Equal(TrialResult.Ignored, TrialResult.Taken, TrialResult.Taken);
        log.Calls.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { CallId = "a/q", Call = new { Outcome = CallOutcome.Answered } });
        states.States.Should().ContainSingle().Which.Should().BeEquivalentTo(new { State = AgentState.Login, Queue = "q" });
        (await api.EventCount()).Should().Be(before);
        Directory.EnumerateFiles(api.Folder, "*.part", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Theory]
    [InlineData("call_id,queue,offered_at,answered_at,ended_at,agent", "callcenter")]
    [InlineData("1766720000|a|q|NONE|ENTERQUEUE||5|1", "asterisk-queue-log")]
    [InlineData("1766720000|NONE|q|1042|ADDMEMBER|", "asterisk-agent-states")]
    [InlineData("calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid", "freepbx-cdr")]
    [InlineData("{\"ContactId\":\"k\",\"InitiationTimestamp\":\"2026-03-02T09:00:00Z\",\"Queue\":null,\"Agent\":null}", "amazon-connect")]
    [InlineData("{\"calls\":[{\"sid\":\"CA\",\"direction\":\"inbound\",\"status\":\"busy\",\"to\":\"client:7\",\"date_created\":null,\"duration\":\"0\"}]}",
        "twilio-calls")]
    public async Task a_file_of_a_known_system_is_told_by_its_first_line(string line, string name)
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);

        (await client.Get<MappingSuggestion>($"/mappings/suggestion?project={project}&header={Uri.EscapeDataString(line)}"))
            .Should().BeEquivalentTo(new { Name = name, Missing = Array.Empty<string>() });
    }

    [Fact]
    public async Task of_an_unknown_file_a_mapping_is_drafted_that_can_be_put_as_it_is()
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);
        const string lines = "header=Uniqueid;Queue Name;Start Time;End Time;Agent&row=7;orders;02.03.2026 09:00:00;02.03.2026 09:01:00;1042";

        var draft = await client.Get<System.Text.Json.JsonElement>($"/mappings/suggestion?project={project}&{lines}");
        var put = await client.Send(HttpMethod.Put, $"/mappings/drafted?project={project}", body: draft.GetProperty("mapping"));
        var tried = await client.Tried(project, "drafted", lines[7..].Replace("&row=", "\n", StringComparison.Ordinal));

        put.StatusCode.Should().Be(HttpStatusCode.NoContent, await put.Content.ReadAsStringAsync());
        tried.Calls.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { CallId = "7", Call = new { Queue = "orders", EndedAt = Utc("2026-03-02T01:01:00Z") } });
        (await client.Get<MappingSuggestion>($"/mappings/suggestion?project={project}&header=colour;size")).Missing
            .Should().Equal("callId", "offeredAt");
    }

    [Theory]
    [InlineData("HH:mm:ss", "/fields/offeredAt/1/format")]
    public async Task a_format_that_cannot_be_used_is_refused_with_its_place(string format, string pointer)
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);

        var answer = await client.Send(HttpMethod.Put, $"/mappings/unusable?project={project}", body: new
        {
            description = "", kind = "calls", source = "x",
            fields = new
            {
                callId = new { column = "a" }, offeredAt = new object[] { new { column = "b", format = "iso" }, new { column = "c", format } },
            },
        });

        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "format-unusable");
        (await answer.Content.ReadAsStringAsync()).Should().Contain(pointer);
    }

    [Fact]
    public async Task a_new_source_needs_a_mapping_and_no_code()
    {
        var (project, other) = (await api.Project("Europe/Berlin"), await api.Project());
        using var client = api.Integrator(project);
        var mapping = new
        {
            description = "Acme", kind = "calls", source = "acme", format = new { delimiter = ";" },
            fields = new
            {
                callId = new { column = "ID" },
                offeredAt = new { columns = new[] { "Day", "Time" }, format = "dd.MM.yyyy HH:mm:ss" },
                answeredAt = new { after = "offeredAt", plus = "Waited" },
                endedAt = new { after = "answeredAt", plus = "Talked" },
                outcome = new { column = "Result",
                    values = new Dictionary<string, string> { ["OK"] = "answered", ["LOST"] = "abandoned" } },
            },
        };

        (await client.Send(HttpMethod.Put, $"/mappings/acme?project={project}", body: mapping)).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        var operation = await client.Imported(project, "acme",
            "ID;Day;Time;Waited;Talked;Result\n1;29.03.2026;02:30:00;5;0:01:00;OK\n2;29.03.2026;09:00:00;;;LOST\n3;x;y;1;1;OK\n");

        operation.Counts.Should().BeEquivalentTo(Counts(rows: 3, created: 2, rejected: 1));
        (await client.Get<CallView>($"/calls/{CallIds.Of(project, "acme", "1")}")).Should().BeEquivalentTo(
            new { OfferedAt = Utc("2026-03-29T01:30:00Z"), AnsweredAt = Utc("2026-03-29T01:30:05Z"), TalkSeconds = 60 });
        (await client.Get<List<MappingName>>($"/mappings?project={project}")).Select(m => m.Name).Should()
            .Contain(["acme", "asterisk-queue-log", "callcenter", "phonenow-2021", "technion-1999"]);
        await (await client.Import(other, "acme", "ID\n1\n")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.Send(HttpMethod.Put, $"/mappings/callcenter?project={project}", body: mapping))
            .ShouldBeProblem(HttpStatusCode.Conflict, "built-in-mapping");
        await (await client.Send(HttpMethod.Put, $"/mappings/CallCenter?project={project}", body: mapping))
            .ShouldBeProblem(HttpStatusCode.Conflict, "built-in-mapping");
        await (await client.Send(HttpMethod.Put, $"/mappings/ACME?project={project}", body: mapping))
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        (await client.Send(HttpMethod.Put, $"/mappings/acme?project={project}", body: mapping)).StatusCode.Should().Be(
            HttpStatusCode.NoContent, "what is the project's own is replaced");
    }

    private sealed record MappingName(string Name, bool BuiltIn);
}
