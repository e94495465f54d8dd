using System.Net;
using CallCenter.Calls.Erasure;
using CallCenter.Calls.Tests.Recordings;
using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Calls.Tests;

/// <summary>The service that looks all the time for what was kept long enough.</summary>
public sealed class RetainingCallsApi : CallsApi
{
    protected override IEnumerable<string> Settings => [.. base.Settings, "--Retention:Every=00:00:01"];
}

public sealed class RetentionJourneys(RetainingCallsApi api) : IClassFixture<RetainingCallsApi>
{
    private static readonly DateOnly Claimed = new(2026, 3, 2);

    [Fact]
    public async Task audio_goes_when_its_time_is_over_and_stays_where_a_hold_covers_its_call()
    {
        var project = await api.Project();
        var old = await Recorded(project, Claimed.AddDays(-1));
        var (held, young) = (await Recorded(project, Claimed), await Recorded(project, Claimed));
        await Aged(old, held);

        await Agreed(project, 2, new LegalHold(Guid.CreateVersion7(), Claimed, Claimed));

        // The file goes before it is stored that it has gone: in between it counts as lost.
        await Eventually.True(async () => await (await Heard(project, old)).Content.ReadAsStringAsync() is { } answer
            && answer.Contains("recording-erased", StringComparison.Ordinal), "the old one to go");
        await (await Heard(project, old)).ShouldBeProblem(HttpStatusCode.Gone, "recording-erased");
        await Reported(1);
        File.Exists(PathOf(old)).Should().BeFalse();
        (await Heard(project, held)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Heard(project, young)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Swept(project)).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Kind = "recordings", Deleted = 1, Held = 1 });

        await Agreed(project, 3);
        await Eventually.True(async () => (await Heard(project, held)).StatusCode == HttpStatusCode.Gone, "what was held to go");
        (await Heard(project, young)).StatusCode.Should().Be(HttpStatusCode.OK);
        await Reported(2);

        Task Reported(int sweeps) => Eventually.True(async () => (await Swept(project)).Count == sweeps, "the sweep to be reported");
    }

    [Fact]
    public async Task audio_of_two_projects_is_kept_as_long_as_the_second_says()
    {
        var (one, two) = (await api.Project(), await api.Project());
        var wav = WavFile.Of(bytes: 4000);
        Guid.CreateVersion7().ToByteArray().CopyTo(wav, 44);
        var shared = await Recorded(one, Claimed, wav);
        (await Recorded(two, Claimed, wav)).Should().Be(shared);
        var alone = await Recorded(one, Claimed);
        await Aged(shared, alone);

        await Agreed(one, 2);

        await Eventually.True(async () => (await Heard(one, alone)).StatusCode == HttpStatusCode.Gone, "the project's own to go");
        (await Heard(one, shared)).StatusCode.Should().Be(HttpStatusCode.OK);
        await Agreed(two, 2);
        await Eventually.True(async () => (await Heard(one, shared)).StatusCode == HttpStatusCode.Gone, "the shared one to go");

        // Whoever files it again begins anew.
        (await Recorded(one, Claimed, wav)).Should().Be(shared);
        (await Heard(one, shared)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task nothing_goes_while_it_is_not_known_what_is_held()
    {
        var project = await api.Project();
        var old = await Recorded(project, Claimed);
        await Aged(old);
        await using var source = NpgsqlDataSource.Create(api.Database);
        api.PeopleIsSilent = true;
        try
        {
            await Sql("delete from calls.mt_doc_factagreement");
            await Agreed(project, 2);
            await Eventually.True(async () => await Failures() > 0, "a run to fail");
            (await Heard(project, old)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
        finally
        {
            api.PeopleIsSilent = false;
        }

        await Eventually.True(async () => (await Heard(project, old)).StatusCode == HttpStatusCode.Gone, "it to go once People has spoken");

        async Task<long> Failures() => (long)(await Sql(
            "select coalesce(max((data ->> 'Failures')::bigint), 0) from calls.mt_doc_jobrecord where id = 'retention'"))!;

        async Task<object?> Sql(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync();
        }
    }

    [Fact]
    public async Task a_hold_that_a_restore_has_taken_from_its_owner_is_told_back_and_nothing_goes_meanwhile()
    {
        const long LaterEpoch = 1L << 22;
        var project = await api.Project();
        var old = await Recorded(project, Claimed);
        var (lost, kept) = (new LegalHold(Guid.CreateVersion7(), Claimed, Claimed), new LegalHold(Guid.CreateVersion7(), Claimed, null));
        await Agreed(project, 3, lost, kept);
        await Aged(old);
        api.PeopleIsSilent = true;
        try
        {
            await Agreed(project, LaterEpoch + 2, kept);
            await Eventually.True(() => api.AllPublished<HoldStandsV1>().Any(said => said.ProjectId == project), "it to be told back");
            await api.Publish(new RetentionV1(project, 3, [new RetainedDays(RetainedKinds.Recordings, 30)], [lost, kept])); // once more
            await Agreed(project, LaterEpoch + 3); // nobody holds it: but that is not known yet
            api.AllPublished<HoldStandsV1>().Where(said => said.ProjectId == project).Distinct().Should().Equal(
                new HoldStandsV1(project, lost.Id, Claimed, Claimed));
            await using var query = api.App.Services.GetRequiredService<Marten.IDocumentStore>().QuerySession();
            (await query.LoadAsync<UndoneHold>(lost.Id)).Should().NotBeNull("nobody has said what became of it");
            var heard = api.App.Services.GetRequiredService<HeardRetention>();
            await heard.Awaiting(h => h.Require(CancellationToken.None)).Should().ThrowAsync<TimeoutException>();
            (await Heard(project, old)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
        finally
        {
            api.PeopleIsSilent = false;
        }

        await Agreed(project, LaterEpoch + 4, lost);
        await Eventually.True(async () => (await Swept(project)).Any(sweep => sweep.Held == 1), "it to be held");
        (await Heard(project, old)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_hold_of_which_its_owner_knows_nothing_any_more_is_told_back()
    {
        var project = await api.Project();
        var hold = new LegalHold(Guid.CreateVersion7(), Claimed, null);
        await Agreed(project, 1, hold);

        await api.Say(new FactsGoneV1(nameof(RetentionV1), [project], Before: 1L << 22));

        await Eventually.True(
            () => api.AllPublished<HoldStandsV1>().Contains(new HoldStandsV1(project, hold.Id, Claimed, null)), "it to be told back");
        await Agreed(project, (1L << 22) + 1, hold);
    }

    [Fact]
    public async Task a_customer_is_not_erased_while_a_hold_covers_a_call_of_theirs()
    {
        var project = await api.Project();
        using var client = api.As(Guid.CreateVersion7(), "integrator,admin", project);
        await Call(client, project, Claimed, "C-held");
        await Call(client, project, Claimed.AddDays(1), "C-free");
        await Agreed(project, 2, new LegalHold(Guid.CreateVersion7(), Claimed, Claimed));

        var refused = await Asked(client, project, "C-held");
        refused.Status.Should().Be(OperationStatus.Failed);
        refused.Error.Should().StartWith("A legal hold covers call");
        (await Asked(client, project, "C-free")).Should().BeEquivalentTo(new { Status = OperationStatus.Succeeded, Calls = 1 });
        await using var source = NpgsqlDataSource.Create(api.Database);
        await using var kept = source.CreateCommand("select count(*) from calls.mt_doc_operationwork where data::text like '%C-held%'");
        (await kept.ExecuteScalarAsync(TestContext.Current.CancellationToken)).Should().Be(0L);
    }

    private static async Task<CustomerErasureView> Asked(HttpClient client, Guid project, string customer)
    {
        var asked = await client.Send(HttpMethod.Post, "/customer-erasures", body: new { projectId = project, customerId = customer });
        asked.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return await Eventually.Some(
            async () => await client.Get<CustomerErasureView>($"{asked.Headers.Location}") is
                { Status: OperationStatus.Failed or OperationStatus.Succeeded } view ? view : null, "it to end");
    }

    private async Task Agreed(Guid project, long version, params LegalHold[] holds)
    {
        await api.Publish(new RetentionV1(project, version, [new RetainedDays(RetainedKinds.Recordings, 30)], holds));
        await using var source = NpgsqlDataSource.Create(api.Database);
        await Eventually.True(async () =>
        {
            await using var command = source.CreateCommand("select mt_version >= $2 from calls.mt_doc_retentionv1 where id = $1");
            command.Parameters.AddWithValue(project);
            command.Parameters.AddWithValue(version);
            return await command.ExecuteScalarAsync() is true;
        }, "the service to hear of it");
    }

    private async Task<string> Recorded(Guid project, DateOnly day, byte[]? wav = null)
    {
        using var client = api.Integrator(project);
        if (wav is null)
            Guid.CreateVersion7().ToByteArray().CopyTo(wav = WavFile.Of(bytes: 4000), 44);
        var answer = await client.Upload(
            $"{await Call(client, project, day, customer: null)}/recordings", new ByteArrayContent(wav), "audio/wav");
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        return answer.Headers.Location!.ToString().Split('/')[2];
    }

    private static async Task<string> Call(HttpClient client, Guid project, DateOnly day, string? customer) => (await client.Send(
        HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "s", callId = customer ?? $"{Guid.CreateVersion7()}", type = "offered", customerId = customer,
            queue = "billing", at = new DateTimeOffset(day, new(12, 0), TimeSpan.FromHours(8)),
        })).Headers.Location!.ToString();

    // As if they had been filed long ago.
    private async Task Aged(params string[] recordings)
    {
        await using var source = NpgsqlDataSource.Create(api.Database);
        await Eventually.True(async () =>
        {
            await using var known = source.CreateCommand(
                "select count(*) from calls.mt_doc_recording where data ->> 'RecordingId' = any($1)");
            known.Parameters.AddWithValue(recordings);
            return await known.ExecuteScalarAsync() is long count && count == recordings.Length;
        }, "them to be known");
        foreach (var sql in new[]
            {
                """update calls.mt_events set data = data || '{"At": "2026-01-05T00:00:00Z"}' where type = 'recording_filed' """,
                """update calls.mt_doc_recording set data = data || '{"KeptSince": "2026-01-05T00:00:00Z"}' where true """,
            })
        {
            await using var command = source.CreateCommand(sql + "and data ->> 'RecordingId' = any($1)");
            command.Parameters.AddWithValue(recordings);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<HttpResponseMessage> Heard(Guid project, string recording)
    {
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        return await inspector.GetAsync(new Uri($"/recordings/{recording}/audio", UriKind.Relative));
    }

    private async Task<IReadOnlyList<RetentionSweep>> Swept(Guid project)
    {
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        return (await admin.Get<Page<RetentionSweep>>($"/operations-desk/retention-sweeps?projectId={project}&kind=recordings")).Items;
    }

    private string PathOf(string id) => Path.Combine(api.Folder, "recordings", id[..2], $"{id}.wav");
}
