using System.Net;
using System.Text;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CallCenter.Calls.Tests.ImportedRows;

namespace CallCenter.Calls.Tests;

public sealed class ImportJourneys(CallsApi api)
{
    [Fact]
    public async Task uploads_and_reports_are_deleted_when_their_time_is_over_and_their_import_has_ended()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var ended = (await client.Imported(project, "callcenter", Csv([Row(1)]))).Id;
        var going = Guid.CreateVersion7();
        var store = api.App.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession())
        {
            session.Store(new Operation(going, "import", project, going, DateTimeOffset.UtcNow, OperationStatus.Running, 1,
                new Dictionary<string, long>(), null, null));
            await session.SaveChangesAsync();
        }

        string FileOf(string name) => Path.Combine(api.Folder, "imports", name);
        foreach (var name in new[] { $"{ended}.rows", $"{ended}.rejected", $"{going}.rows", ".0198c0de.part" })
        {
            await File.AppendAllTextAsync(FileOf(name), "");
            File.SetLastWriteTimeUtc(FileOf(name), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        (await api.App.Services.GetRequiredService<ImportFiles>().Delete(new DateTimeOffset(2020, 2, 1, 0, 0, 0, TimeSpan.Zero), default))
            .Should().Be(3);

        File.Exists(FileOf($"{going}.rows")).Should().BeTrue();
        File.Exists(FileOf($"{ended}.rows")).Should().BeFalse();
        (await client.GetAsync(new Uri($"/imports/{ended}/rejected", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_file_becomes_calls_and_facts_and_the_same_file_again_changes_nothing()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project(staff: (ada, "1042"));
        using var client = api.Integrator(project);
        var file = Csv(Enumerable.Range(0, 7000).Select(i => Row(i)));
        var before = await api.EventCount();

        var first = await client.Imported(project, "callcenter", file);
        var events = await api.EventCount();
        var again = await client.Imported(project, "callcenter", file);

        first.Should().BeEquivalentTo(
            new { Status = OperationStatus.Succeeded, Percent = 100, ProjectId = project, Error = (string?)null });
        first.Counts.Should().BeEquivalentTo(Counts(rows: 7000, created: 7000));
        (events - before).Should().Be(7000);
        again.Counts.Should().BeEquivalentTo(Counts(rows: 7000, unchanged: 7000));
        (await api.EventCount()).Should().Be(events);
        await Eventually.True(() =>
            api.AllPublished<CallV1>().Where(f => f.ProjectId == project).Select(f => f.Id).Distinct().Count() == 7001,
            "every call, and the probe, to be published");
        api.AllPublished<CallV1>().First(f => f.Id == CallIds.Of(project, "callcenter", "c-5"))
            .Should().BeEquivalentTo(new { Queue = "billing", Outcome = "answered", AgentId = ada, TalkSeconds = 120 });
    }

    [Fact]
    public async Task the_history_of_a_call_tells_reports_and_imports_apart()
    {
        var (project, system) = (await api.Project(), Guid.CreateVersion7());
        using var client = api.As(system, "integrator", project);
        client.DefaultRequestHeaders.Add("X-Reason", "nightly");
        await client.Imported(project, "callcenter", Csv([Row(1)]));
        await client.Imported(project, "callcenter", Csv([Row(1, talk: 300)]));
        var call = CallIds.Of(project, "callcenter", "c-1");
        var reported = await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = project, source = "callcenter", callId = "c-1", type = "held", at = Utc("1990-01-01T00:00:00Z") });
        reported.IsSuccessStatusCode.Should().BeTrue(await reported.Content.ReadAsStringAsync());

        var history = (await client.Get<Page<HistoryEntry>>($"/calls/{call}/history")).Items;

        history.Select(e => (e.What, e.By.Kind, e.By.Name, e.Why)).Should().Equal(
            ("call-imported", ActorKind.Import, "calls", "nightly"), ("call-imported", ActorKind.Import, "calls", "nightly"),
            ("call-held", ActorKind.System, null, "nightly"));
        history[0].By.For.Should().Be(system);
        history[0].By.Id.Should().NotBe(history[1].By.Id!.Value, "each import has an id of its own");
        history[2].By.Id.Should().Be(system);
    }

    [Fact]
    public async Task a_row_that_says_something_else_now_corrects_its_call()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        await client.Imported(project, "callcenter", Csv([Row(1), Row(2)]));

        var corrected = await client.Imported(
            project, "callcenter", Csv([Row(1), Row(2, talk: 300), Row(3), Row(3, talk: 90), Row(3, talk: 90)]));

        corrected.Counts.Should().BeEquivalentTo(Counts(rows: 5, created: 1, changed: 2, unchanged: 2));
        (await client.Get<CallView>($"/calls/{CallIds.Of(project, "callcenter", "c-2")}")).Should()
            .BeEquivalentTo(new { Version = 2L, TalkSeconds = 300 });
        (await client.Get<CallView>($"/calls/{CallIds.Of(project, "callcenter", "c-3")}")).Should()
            .BeEquivalentTo(new { Version = 2L, TalkSeconds = 90 });
    }

    [Fact]
    public async Task several_lines_of_a_queue_log_make_one_leg_wherever_the_files_are_cut()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var lines = Enumerable.Range(0, 4000).SelectMany(i => (string[])
        [
            $"{1366720000 + i}|{i}.1|support|NONE|ENTERQUEUE||555|1", $"{1366720010 + i}|{i}.1|support|SIP/{i % 9}|CONNECT|10|x|1",
            $"{1366720060 + i}|{i}.1|support|SIP/{i % 9}|COMPLETEAGENT|10|50|1",
        ]).Order(StringComparer.Ordinal).ToList();

        var first = await client.Imported(project, "asterisk-queue-log", string.Join('\n', lines[..5001]));
        var second = await client.Imported(project, "asterisk-queue-log", string.Join('\n', lines[4000..]));

        first.Status.Should().Be(OperationStatus.Succeeded, first.Error);
        (first.Counts["rows"], second.Counts["rows"]).Should().Be((5001, 8000));
        second.Counts["unchanged"].Should().Be(1001);
        var call = await client.Get<CallView>($"/calls/{CallIds.Of(project, "asterisk", "3999.1/support")}");
        call.Should().BeEquivalentTo(new { Version = 4L, TalkSeconds = 50, Outcome = CallOutcome.Answered, Queue = "support" });
        await Eventually.True(() =>
            api.AllPublished<CallV1>().Count(f => f.ProjectId == project && f.Version == 4) >= 4000, "all legs to be published whole");
    }

    [Fact]
    public async Task a_caller_who_comes_back_makes_another_visit_and_the_same_log_again_changes_nothing()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        string[] lines =
        [
            "1766720000|a.1|support|NONE|ENTERQUEUE||555|1", "1766720060|a.1|support|NONE|EXITWITHTIMEOUT|1|1|60",
            "1766720070|a.1|support|NONE|ENTERQUEUE||555|1", "1766720090|a.1|support|1042|CONNECT|20|x|1",
            "1766720190|a.1|support|1042|COMPLETECALLER|20|100|1",
        ];

        var first = await client.Imported(project, "asterisk-queue-log", string.Join('\n', lines[..3]));
        var second = await client.Imported(project, "asterisk-queue-log", string.Join('\n', lines[2..]));
        var again = await client.Imported(project, "asterisk-queue-log", string.Join('\n', lines));

        (first.Counts["created"], second.Counts["created"], second.Counts["changed"]).Should().Be((2, 0, 2));
        again.Counts.Should().BeEquivalentTo(Counts(rows: 5, unchanged: 5));
        (await client.Get<CallView>($"/calls/{CallIds.Of(project, "asterisk", "a.1/support")}")).Should()
            .BeEquivalentTo(new { Outcome = CallOutcome.Other, EndReason = EndReason.Timeout, ConversationId = "a.1" });
        (await client.Get<CallView>($"/calls/{CallIds.Of(project, "asterisk", "a.1/support/2")}")).Should()
            .BeEquivalentTo(new { Outcome = CallOutcome.Answered, TalkSeconds = 100 });
    }

    [Theory]
    [InlineData("utf-16le", null, true)]
    [InlineData("utf-16be", null, true)]
    [InlineData("utf-16le", "utf-16le", false)]
    [InlineData("utf-8", "latin-1", true)]
    [InlineData("latin-1", "latin-1", false)]
    [InlineData("windows-1252", "windows-1252", false)]
    [InlineData("gb18030", "gb18030", false)]
    public async Task a_file_is_read_in_its_own_encoding_and_its_report_in_utf8(string encoding, string? declared, bool marked)
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        await client.Send(HttpMethod.Put, $"/mappings/foreign?project={project}", body: new
        {
            description = "Foreign", kind = "calls", source = "foreign", format = new { delimiter = ";", encoding = declared },
            fields = new
            {
                callId = new { column = "Nr" }, offeredAt = new { column = "Début", format = "iso" }, queue = new { column = "Größe" },
            },
        });
        var written = encoding switch
        {
            "latin-1" => Encoding.Latin1,
            "utf-8" => Encoding.UTF8,
            "utf-16le" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
            "utf-16be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
            _ => CodePagesEncodingProvider.Instance.GetEncoding(encoding == "gb18030" ? "gb18030" : "windows-1252")!,
        };
        byte[] file =
        [
            .. marked ? written.GetPreamble() : [],
            .. written.GetBytes("sep=,\nNr,Début,Größe\n1,2026-03-02T09:00:00Z,Rückfragé\n2,2026-02-30T09:00:00Z,Rückfragé\n"),
        ];

        var accepted = await client.Upload($"/imports?project={project}&mapping=foreign", new ByteArrayContent(file), "text/csv");
        var first = await client.Ended(accepted.Headers.Location!.ToString());
        var report = await client.GetByteArrayAsync(new Uri(first.Result!, UriKind.Relative));
        var mended = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(report).Replace("2026-02-30", "2026-03-02", StringComparison.Ordinal));
        accepted = await client.Upload($"/imports?project={project}&mapping=foreign", new ByteArrayContent(mended), "text/csv");
        var second = await client.Ended(accepted.Headers.Location!.ToString());

        first.Counts.Should().BeEquivalentTo(Counts(rows: 2, created: 1, rejected: 1));
        second.Counts.Should().BeEquivalentTo(Counts(rows: 1, created: 1));
        foreach (var id in new[] { "1", "2" })
            (await client.Get<CallView>($"/calls/{CallIds.Of(project, "foreign", id)}")).Queue.Should().Be("Rückfragé");
    }

    [Fact]
    public async Task a_list_of_json_is_rows_and_a_member_that_no_row_has_is_missing()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);

        var list = await client.Imported(project, "callcenter", $"[{Json(1)},\n{Json(2)}]", "application/json");
        var missing = await client.Import(
            project, "callcenter", Json(1).Replace("answered_at", "answeredAt", StringComparison.Ordinal), "application/x-ndjson");

        list.Counts.Should().BeEquivalentTo(Counts(rows: 2, created: 2));
        await missing.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "missing-column");
    }

    [Fact]
    public async Task pages_of_an_api_are_imported_as_they_are_downloaded_and_each_visit_of_a_queue_is_a_leg()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        string Pages(string system) => File.ReadAllText(Imports.Reading.Sample($"Pages/{system}.json"));

        var twilio = await client.Imported(project, "twilio-calls", Pages("twilio-calls"), "application/json");
        var genesys = await client.Imported(project, "genesys-cloud", Pages("genesys-cloud"), "application/json");
        var again = await client.Imported(project, "genesys-cloud", Pages("genesys-cloud"), "application/json");
        var back = await Eventually.Some(async () => (await client.Get<Page<CallView>>(
            $"/calls?project={project}&source=genesys-cloud&externalId=w-3%2F2")).Items.SingleOrDefault(), "the list to follow");

        twilio.Counts.Should().BeEquivalentTo(Counts(rows: 2, created: 2));
        genesys.Counts.Should().BeEquivalentTo(Counts(rows: 8, created: 8));
        again.Counts.Should().BeEquivalentTo(Counts(rows: 8, unchanged: 8));
        back.Should().BeEquivalentTo(new
        {
            ConversationId = "w-3", Queue = "orders", OfferedAt = Utc("2026-06-01T10:33:00Z"), AnsweredAt = Utc("2026-06-01T10:35:00Z"),
            EndedAt = Utc("2026-06-01T10:40:00Z"),
        });
    }

    [Fact]
    public async Task live_events_and_an_import_of_the_same_calls_at_the_same_time_lose_nothing()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var importing = client.Imported(project, "callcenter", Csv(Enumerable.Range(0, 9000).Select(i => Row(i))));

        var live = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "callcenter", callId = $"c-{i * 20}", type = "wrapped-up", wrapUpCode = "sold",
                at = "2026-03-02T12:00:00Z",
        })));
        var operation = await importing;

        live.Should().AllSatisfy(l => l.StatusCode.Should().Be(HttpStatusCode.Created));
        operation.Status.Should().Be(OperationStatus.Succeeded, operation.Error);
        (operation.Counts["created"] + operation.Counts["changed"]).Should().Be(9000);
        foreach (var i in new[] { 0, 20, 7980 })
            (await client.Get<CallView>($"/calls/{CallIds.Of(project, "callcenter", $"c-{i}")}")).Should()
                .BeEquivalentTo(new { WrapUpCode = "sold", Outcome = CallOutcome.Answered, Version = 2L });
        // Thousands of facts on a busy machine: the limit is for those that never come.
        await Eventually.True(
            () => Task.FromResult(api.AllPublished<CallV1>().Where(f => f.ProjectId == project && f.EndedAt is not null).Select(f => f.Id)
                .Distinct().Count() == 9000
                && api.AllPublished<CallV1>().Count(f =>
                    f.ProjectId == project && f is { Version: 2, WrapUpCode: "sold", EndedAt: not null }) >= 400),
            "every event to pass the publisher: none is skipped", TimeSpan.FromMinutes(3));
    }

    [Theory]
    [InlineData("callcenter", "text/csv", "", 422, "empty-file")]
    [InlineData("callcenter", "text/csv", "a,b\n1,2\n", 422, "missing-column")]
    [InlineData("callcenter", "text/csv", "\"call_id\n", 422, "unreadable-header")]
    [InlineData("callcenter", "text/csv", "PK\u0003\u0004 a workbook", 400, "unreadable")]
    [InlineData("callcenter", "application/x-ndjson", "%PDF-1.7", 400, "unreadable")]
    [InlineData("callcenter", "text/plain", "a", 415, null)]
    [InlineData("callcenter", "text/csv; charset=latin1", "a", 415, null)]
    [InlineData("nonsense", "text/csv", "a", 404, "not-found")]
    public async Task an_upload_that_cannot_work_is_refused_and_nothing_is_stored(
        string mapping, string type, string text, int status, string? code)
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);
        var before = await api.EventCount();

        var answer = await client.Import(project, mapping, text, type);

        await answer.ShouldBeProblem((HttpStatusCode)status, code);
        (await api.EventCount()).Should().Be(before);
        Directory.EnumerateFiles(api.Folder, "*.part", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task imports_belong_to_their_project()
    {
        var (mine, other) = (await api.Shared("known"), await api.Shared("other"));
        using var client = api.Integrator(mine);
        using var stranger = api.Integrator(other);
        var operation = await client.Imported(mine, "callcenter", Csv([Row(1), "x"]));

        await (await client.Import(other, "callcenter", Csv([Row(1)]))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.Import(Guid.CreateVersion7(), "callcenter", Csv([Row(1)]))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/imports/{operation.Id}")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/imports/{operation.Id}/rejected")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await stranger.DeleteAsync($"/imports/{operation.Id}")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.GetAsync("/imports/undefined")).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task an_import_can_be_cancelled_and_what_was_done_stays_done()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var accepted = await client.Import(project, "callcenter", Csv(Enumerable.Range(0, 300_000).Select(i => Row(i))));
        var url = accepted.Headers.Location!.ToString();
        await Eventually.True(async () =>
            (await client.Get<Operation>(url)).Counts.GetValueOrDefault("created") > 0, "the import to be under way");

        (await client.DeleteAsync(url)).StatusCode.Should().Be(HttpStatusCode.Accepted);
        var operation = await client.Ended(url);

        operation.Status.Should().Be(OperationStatus.Cancelled);
        operation.Counts["created"].Should().BeInRange(1, 299_999);
    }

    [Fact]
    public async Task the_same_idempotency_key_is_the_same_import()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "nightly-2026-03-02");

        var first = await client.Import(project, "callcenter", Csv([Row(1)]));
        var again = await client.Import(project, "callcenter", Csv([Row(1)]));
        var other = await client.Import(project, "callcenter", Csv([Row(2)]));

        again.Headers.Location.Should().Be(first.Headers.Location);
        await other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await client.Ended(first.Headers.Location!.ToString())).Counts["rows"].Should().Be(1); // nor does it run into the next test
    }
}
