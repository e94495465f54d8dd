using System.Net;
using CallCenter.Calls.Erasure;
using CallCenter.Calls.Evidence;
using CallCenter.Calls.Tests.Recordings;
using CallCenter.Contracts.Calls;
using CallCenter.Jobs;
using CallCenter.Sound.Talk;
using CallCenter.Sound.Tests.Files;
using CallCenter.Testing;
using CallCenter.Web;
using Npgsql;

namespace CallCenter.Calls.Tests;

public sealed class EvidenceJourneys(ListeningCallsApi api) : IClassFixture<ListeningCallsApi>
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task what_a_recording_says_is_found_told_and_counted_again_when_the_project_thinks_otherwise()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        using var manager = api.As(Guid.CreateVersion7(), "project-manager", project);
        var call = await Call(client, project, seconds: 30);
        await Attach(client, call, TwoSided(6, agent: [(0.5, 2.5), (4.8, 5.4)], customer: [(1.5, 3)]));

        var found = await Found(inspector, call);

        found.Figures.Should().BeEquivalentTo(new
        {
            Seconds = 6m, Channels = 2, IsMonoAsStereo = false, DeadChannels = Array.Empty<int>(), DeadAirs = 0, Overtalks = 1,
            CustomerCutIns = 1, AgentCutIns = 0, KeysPressed = 0,
        });
        ((double)found.Figures!.AgentSeconds!).Should().BeApproximately(2.6, 0.2);
        ((double)found.Figures.CustomerSeconds!).Should().BeApproximately(1.5, 0.1);
        ((double)found.Figures.GreetingSeconds!).Should().BeApproximately(0.5, 0.1);
        found.Figures.SilenceShare.Should().BeApproximately((6 - 3.1) / 6, 0.05);
        found.Overtalk!.Should().ContainSingle().Which.CutIn.Should().Be(Speaker.Customer);
        found.Figures.Levels.Should().HaveCount(2).And.OnlyContain(level => level.Speech > -20 && level.Peak > -10);
        (found.PolicyVersion, found.CallSeconds, found.IsShorterThanCall).Should().Be((0, 30m, true));
        var told = await api.Published<RecordingEvidenceV1>(f => f.CallId == IdOf(call));
        (told.ProjectId, told.Seconds, told.DeadAirs).Should().Be((project, 6m, 0));

        (await manager.Send(HttpMethod.Put, $"/evidence-policies/{project}", version: 0,
            body: new { agentChannel = "right", deadAirSeconds = 1.5, shorterBySeconds = 60 })).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);

        var again = await Eventually.Some(
            async () => await Evidence(inspector, call) is { PolicyVersion: 1 } view ? view : null, "it to be counted");
        (again.Figures!.DeadAirs, again.Figures.AgentCutIns, again.Figures.CustomerCutIns).Should().Be((1, 1, 0));
        again.IsShorterThanCall.Should().BeFalse();
        again.Figures.AgentSeconds.Should().Be(found.Figures.CustomerSeconds);
        again.DeadAir!.Should().ContainSingle().Which.From.Should().BeApproximately(3, 0.2m);
        (await api.Published<RecordingEvidenceV1>(f => f.CallId == IdOf(call) && f.Version == 2)).DeadAirs.Should().Be(1);
        (await inspector.Get<Page<HistoryEntry>>($"{call}/evidence/history")).Items.Should().HaveCount(2);
    }

    [Fact]
    public async Task what_was_heard_goes_with_the_recording()
    {
        var project = await api.Project();
        using var client = api.As(Guid.CreateVersion7(), "integrator,admin", project);
        var call = await Call(client, project, seconds: 5, customer: "C-heard");
        var id = await Attach(client, call, TwoSided(5, agent: [(1, 2)], customer: [(3, 4)]));
        await Found(client, call);

        var asked = await client.Send(HttpMethod.Post, "/customer-erasures", body: new { projectId = project, customerId = "C-heard" });
        await Eventually.True(async () => await client.Get<CustomerErasureView>($"{asked.Headers.Location}") is
            { Status: OperationStatus.Succeeded }, "it to end");

        var gone = await Eventually.Some(
            async () => await Evidence(client, call) is { State: EvidenceState.Erased } view ? view : null, "it to go");
        gone.Figures.Should().BeNull();
        (await api.Published<RecordingEvidenceV1>(f => f.CallId == IdOf(call) && f.Version == 2)).SilenceShare.Should().BeNull();
        (await Count("select count(*) from calls.mt_doc_heardrecording where data ->> 'RecordingId' = $1", id)).Should().Be(0);
        (await Count("""
            select count(*) from calls.mt_events
            where type = 'evidence_found' and data ->> 'RecordingId' = $1 and data -> 'Figures' ->> 'Seconds' is not null
            """, id)).Should().Be(0);
    }

    [Fact]
    public async Task one_that_cannot_be_listened_to_is_set_aside_and_stops_no_other()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        var bad = await Call(client, project, seconds: 5);
        // Its structure is right, and its one packet says that it holds two frames of one and a half bytes.
        var id = await Attach(client, bad, [
            .. OggWriter.Page([.. "OpusHead\u0001\u0001"u8, .. new byte[9]], 0, 0, flags: 2),
            .. OggWriter.Page([.. "OpusTags"u8, .. project.ToByteArray()], 1, 0, flags: 0),
            .. OggWriter.Page([0x0B, 0x02, 1, 2, 3], 2, 1920, flags: 4)], "audio/ogg");
        await Eventually.True(async () => (await Evidence(inspector, bad)).State is EvidenceState.Failed, "it to fail");

        var good = await Call(client, project, seconds: 5);
        await Attach(client, good, TwoSided(5, agent: [(1, 2)], customer: [(3, 4)]));

        await Found(inspector, good);
        (await admin.GetStringAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken))
            .Should().Contain($"hearing a recording of {id} set aside");
    }

    [Theory]
    [InlineData("two-channels.mp3", "audio/mpeg", 2)]
    [InlineData("two-channels.opus", "audio/ogg", 2)]
    [InlineData("sweep.gsm", "audio/x-gsm", 1)]
    [InlineData("sweep-gsm.wav", "audio/wav", 1)]
    public async Task whatever_it_is_coded_in_it_is_kept_listened_to_and_given_out_as_it_came(string file, string type, int channels)
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        var sound = await File.ReadAllBytesAsync(
            Path.Combine(Repository.Root, "tests", "Sound.Tests", "Vectors", file), TestContext.Current.CancellationToken);
        var call = await Call(client, project, seconds: 2);

        var id = await Attach(client, call, sound, type);

        var audio = await inspector.GetAsync(new Uri($"/recordings/{id}/audio", UriKind.Relative), TestContext.Current.CancellationToken);
        audio.Content.Headers.ContentType!.MediaType.Should().Be(type);
        (await audio.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(sound);
        var figures = (await Found(inspector, call)).Figures!;
        figures.Channels.Should().Be(channels);
        ((double)figures.Seconds).Should().BeApproximately(2, 0.3);
    }

    [Theory]
    [InlineData("audio/mpeg", "not-a-recording")]
    [InlineData("audio/ogg", "not-a-recording")]
    [InlineData("audio/wav", "not-a-wav")]
    public async Task what_is_not_what_its_type_says_is_refused(string type, string code)
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var call = await Call(client, project, seconds: 2);
        var gsm = await File.ReadAllBytesAsync(
            Path.Combine(Repository.Root, "tests", "Sound.Tests", "Vectors", "sweep.gsm"), TestContext.Current.CancellationToken);

        var answer = await client.Upload($"{call}/recordings", new ByteArrayContent(gsm), type);

        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Contain($"audio/x-gsm, not {type}");
    }

    private static async Task<CallEvidenceView> Found(HttpClient client, string call) => await Eventually.Some(
        async () => await Evidence(client, call) is { State: EvidenceState.Found } view ? view : null, "it to be listened to");

    private static Task<CallEvidenceView> Evidence(HttpClient client, string call) => client.Get<CallEvidenceView>($"{call}/evidence");

    private static async Task<string> Attach(HttpClient client, string call, byte[] sound, string type = "audio/wav")
    {
        var attached = await client.Upload($"{call}/recordings", new ByteArrayContent(sound), type);
        attached.StatusCode.Should().Be(HttpStatusCode.Created, await attached.Content.ReadAsStringAsync());
        return attached.Headers.Location!.ToString().Split('/')[2];
    }

    private static async Task<string> Call(HttpClient client, Guid project, int seconds, string? customer = null)
    {
        var id = $"{Guid.CreateVersion7()}";
        HttpResponseMessage? said = null;
        foreach (var (type, at) in new[] { ("offered", 0), ("answered", 0), ("ended", seconds) })
            said = await client.Send(HttpMethod.Post, "/call-events", body: new
            {
                projectId = project, source = "s", callId = id, type, at = Nine.AddSeconds(at),
                customerId = type == "offered" ? customer : null,
            });
        return said!.Headers.Location!.ToString();
    }

    private static Guid IdOf(string call) => Guid.Parse(call[^36..]);

    // Two channels of µ-law at 4,000 samples a second; who speaks makes noise.
    private static byte[] TwoSided(double seconds, (double From, double To)[] agent, (double From, double To)[] customer)
    {
        const int Rate = 4000;
        var random = new Random();
        var file = WavFile.Of(encoding: 7, channels: 2, rate: Rate, bits: 8, bytes: (int)(seconds * Rate) * 2);
        for (var i = 0; i < (int)(seconds * Rate); i++)
            foreach (var (channel, spoken) in new[] { agent, customer }.Index())
                file[44 + (2 * i) + channel] = spoken.Any(one => one.From * Rate <= i && i < one.To * Rate)
                    ? (byte)(random.Next(0x40) | random.Next(2) << 7) : (byte)0xFF;
        return file;
    }

    private async Task<long> Count(string sql, string recording)
    {
        await using var source = NpgsqlDataSource.Create(api.Database);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(recording);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
