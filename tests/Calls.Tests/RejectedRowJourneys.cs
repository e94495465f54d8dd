using System.Text;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Calls.Tests.ImportedRows;

namespace CallCenter.Calls.Tests;

public sealed class RejectedRowJourneys(CallsApi api)
{
    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task rejected_rows_are_mended_in_their_own_report_and_sent_again(string type)
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var json = type != "text/csv";
        var file = json
            ? string.Join('\n', Json(1), "", Json(2).Replace("2026-03-02", "2026-02-30", StringComparison.Ordinal), "{oops", Json(3))
            : Csv([Row(1), "", Row(2).Replace("2026-03-02", "2026-02-30", StringComparison.Ordinal), "4,\"", Row(3)]).TrimEnd();

        var first = await client.Imported(project, "callcenter", file, type);
        var report = await client.GetStringAsync(new Uri(first.Result!, UriKind.Relative));
        var mended = report.Replace("2026-02-30", "2026-03-02", StringComparison.Ordinal);
        var second = await client.Imported(project, "callcenter", mended, type);
        var left = await client.GetStringAsync(new Uri(second.Result!, UriKind.Relative));

        first.Counts.Should().BeEquivalentTo(Counts(rows: 4, created: 2, rejected: 2));
        report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(json ? 2 : 3);
        report.Should().Contain(json ? "\"error_line\":3" : "\n4,offered_at,unreadable-value,").And.Contain(
            "'2026-02-30T09:02:00Z' is not a time");
        second.Counts.Should().BeEquivalentTo(Counts(rows: 2, created: 1, rejected: 1));
        left.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Should()
            .Contain(json ? "{oops" : "4,\"").And.NotContain("error_line,error_line");
    }

    [Fact]
    public async Task a_row_comes_back_with_the_line_breaks_that_it_had_and_is_read_again_as_it_was()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var queue = "\"\n=5\r\nb\"";
        var file = Csv([Row(1), Row(2).Replace("2026-03-02", "2026-02-30", StringComparison.Ordinal)
            .Replace("billing", queue, StringComparison.Ordinal)]);

        var first = await client.Imported(project, "callcenter", file);
        var report = await client.GetStringAsync(new Uri(first.Result!, UriKind.Relative));
        var again = await client.Imported(project, "callcenter", report);

        report.Should().Contain("\"'\n=5\r\nb\"");
        again.Counts.Should().BeEquivalentTo(Counts(rows: 1, rejected: 1));
        (await client.GetStringAsync(new Uri(again.Result!, UriKind.Relative))).Should().Contain("\"'\n=5\r\nb\"");
    }

    // Half a surrogate pair, which no text is, and a mark that stands for no character; the rows before and after are taken.
    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\ufffe")]
    [InlineData("\uFFFE")]
    public async Task a_row_whose_text_is_none_is_rejected_by_itself(string text)
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var file = string.Join('\n', Json(1), Json(2).Replace("c-2", $"c{text}2", StringComparison.Ordinal), Json(3));

        var import = await client.Imported(project, "callcenter", file, "application/x-ndjson");

        import.Status.Should().Be(OperationStatus.Succeeded);
        import.Counts.Should().BeEquivalentTo(Counts(rows: 3, created: 2, rejected: 1));
        (await client.GetStringAsync(new Uri(import.Result!, UriKind.Relative))).Should().Contain("\"error_line\":2");
    }

    [Fact]
    public async Task a_report_of_rejected_rows_holds_no_formula_and_is_read_as_the_rows_were()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        const string formula = "=cmd|' /C calc'!A0";
        var row = Row(2).Replace("billing", formula, StringComparison.Ordinal).Replace(",1042", ",＠sum", StringComparison.Ordinal);

        var first = await client.Imported(project, "callcenter", Csv([row.Replace("2026-03-02", "2026-02-30", StringComparison.Ordinal)]));
        var report = await client.GetStringAsync(new Uri(first.Result!, UriKind.Relative));
        var second = await client.Imported(project, "callcenter", report.Replace("2026-02-30", "2026-03-02", StringComparison.Ordinal));

        report.Should().Contain($",'{formula},").And.Contain(",'＠sum").And.NotContain($",{formula}");
        second.Counts.Should().BeEquivalentTo(Counts(rows: 1, created: 1));
        (await client.Get<CallView>($"/calls/{CallIds.Of(project, "callcenter", "c-2")}")).Queue.Should().Be(formula);
    }

    [Fact]
    public async Task one_bad_row_among_a_hundred_thousand_takes_no_other_with_it()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var rows = Enumerable.Range(0, 20_000).Select(i => i == 12_345 ? new string('x', 50_000_000) : Row(i));

        var operation = await client.Imported(project, "callcenter", Csv(rows).TrimEnd());

        operation.Counts.Should().BeEquivalentTo(Counts(rows: 20_000, created: 19_999, rejected: 1));
        (await client.GetStringAsync(new Uri(operation.Result!, UriKind.Relative))).Should().Contain("\n12347,,row-too-long,");
    }

    [Fact]
    public async Task a_row_that_contradicts_what_is_known_is_rejected_by_itself()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        const string mapping = """
            {"description":"Events","kind":"call-events","source":"events","fields":{
              "callId":{"column":"id"},"type":{"column":"what"},"at":{"column":"at","format":"iso"}}}
            """;
        await client.Send(
            HttpMethod.Put, $"/mappings/events?project={project}", body: System.Text.Json.JsonDocument.Parse(mapping).RootElement);

        var operation = await client.Imported(project, "events", """
            id,what,at
            e-1,offered,2026-03-02T09:00:00Z
            e-1,answered,2026-03-02T09:00:10Z
            e-1,ended,2026-03-02T09:01:00Z
            e-1,after-contact-work-ended,2026-03-02T09:00:30Z
            e-2,offered,2026-03-02T09:00:00Z
            """);

        operation.Status.Should().Be(OperationStatus.Succeeded, operation.Error);
        operation.Counts.Should().BeEquivalentTo(Counts(rows: 5, created: 2, changed: 2, rejected: 1));
        (await client.GetStringAsync(new Uri(operation.Result!, UriKind.Relative))).Should()
            .Contain("\n5,at,negative-duration,").And.Contain(",e-1,after-contact-work-ended,2026-03-02T09:00:30Z");
    }

    [Fact]
    public async Task a_row_in_another_encoding_comes_back_in_its_report_as_it_was()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        byte[] file = [.. Encoding.UTF8.GetBytes($"{Header}\nc-1,R"), 0xFC, .. "ck,2026-03-02T09:00:00Z,,,\n"u8];

        var accepted = await client.Upload($"/imports?project={project}&mapping=callcenter", new ByteArrayContent(file), "text/csv");
        var operation = await client.Ended(accepted.Headers.Location!.ToString());

        var report = await client.GetByteArrayAsync(new Uri(operation.Result!, UriKind.Relative));
        report.AsSpan().IndexOf(new byte[] { (byte)'R', 0xFC, (byte)'c' }).Should().BePositive();
    }
}
