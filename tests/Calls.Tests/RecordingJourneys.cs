using System.Net;
using System.Net.Http.Headers;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Recordings;
using CallCenter.Calls.Tests.Recordings;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Calls.Tests;

public sealed class RecordingJourneys(CallsApi api)
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task a_recording_is_heard_in_ranges_and_who_heard_it_is_on_record()
    {
        var (project, ada, eve) = (await api.Project(), Guid.CreateVersion7(), Guid.CreateVersion7());
        using var client = api.Integrator(project);
        using var inspector = api.As(eve, "inspector", project);
        using var agent = api.As(ada, "agent", project);
        var wav = WavFile.Unique(project);
        var call = await Call(client, project, "a", ada);

        var attached = await Attach(client, call, wav);
        var url = attached.Headers.Location!.ToString();
        var whole = await inspector.GetAsync($"{url}?purpose=evaluation");
        var part = await inspector.SendAsync(new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(44, 59) } });
        var beyond = await inspector.SendAsync(new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(1 << 30, null) } });
        var items = await inspector.SendAsync(new(HttpMethod.Get, url) { Headers = { { "Range", "items=0-1" } } });
        var own = await agent.GetAsync(url);

        items.StatusCode.Should().Be(HttpStatusCode.OK);
        (await items.Content.ReadAsByteArrayAsync()).Should().Equal(wav);
        await beyond.ShouldBeProblem(HttpStatusCode.RequestedRangeNotSatisfiable);
        attached.StatusCode.Should().Be(HttpStatusCode.Created);
        attached.Version().Should().Be(2);
        (await whole.Content.ReadAsByteArrayAsync()).Should().Equal(wav);
        whole.Content.Headers.ContentType!.MediaType.Should().Be("audio/wav");
        part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).Should().Equal(wav[44..60]);
        own.StatusCode.Should().Be(HttpStatusCode.OK);
        var accesses = await inspector.Get<Page<RecordingAccess>>(url.Replace("/audio", "/accesses", StringComparison.Ordinal));
        accesses.Items.Select(a => (a.By, a.Range, a.Purpose)).Should().BeEquivalentTo<(Guid, string?, string?)>(
            [(eve, null, "evaluation"), (eve, "bytes=44-59", null), (eve, "bytes=1073741824-", null), (eve, null, null), (ada, null, null)]);
        (await api.Published<CallV1>(f => f.Id == IdOf(call) && f.Version == 2)).RecordingId.Should().Be(url.Split('/')[2]);
    }

    [Fact]
    public async Task the_same_bytes_in_another_project_do_not_tell_who_listened_in_the_first()
    {
        var (ours, theirs, eve, mallory) = (await api.Project(), await api.Project(), Guid.CreateVersion7(), Guid.CreateVersion7());
        using var integrator = api.As(Guid.CreateVersion7(), "integrator", ours, theirs);
        using var inspector = api.As(eve, "inspector", ours);
        using var other = api.As(mallory, "inspector", theirs);
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        var wav = WavFile.Unique(ours);
        var url = (await Attach(integrator, await Call(integrator, ours, "a"), wav)).Headers.Location!.ToString();
        await inspector.GetAsync($"{url}?purpose=evaluation");

        await Attach(integrator, await Call(integrator, theirs, "b"), wav);
        await other.GetAsync(url);

        (await Heard(inspector)).Should().Equal(eve);
        (await Heard(other)).Should().Equal(mallory);
        (await Heard(admin)).Should().BeEquivalentTo([eve, mallory]);
        foreach (var one in new[] { inspector, other })
            (await one.Get<Page<HistoryEntry>>(Of("history"))).Items.Should().ContainSingle()
                .Which.Version.Should().Be(1, "that somebody else has the same audio is not theirs to know");
        (await admin.Get<Page<HistoryEntry>>(Of("history"))).Items.Should().HaveCount(2);

        string Of(string what) => url.Replace("/audio", $"/{what}", StringComparison.Ordinal);
        async Task<IEnumerable<Guid>> Heard(HttpClient who) =>
            (await who.Get<Page<RecordingAccess>>(Of("accesses"))).Items.Select(a => a.By);
    }

    [Fact]
    public async Task an_upload_of_another_type_is_told_what_the_route_takes()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        var answer = await client.PostAsync($"{await Call(client, project, "a")}/recordings", json);

        await answer.ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "media-type");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("audio/wav").And.NotContain("application/json");
    }

    [Fact]
    public async Task the_same_audio_is_kept_once_and_another_never_takes_its_place()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var wav = WavFile.Unique(project);
        var (first, second) = (await Call(client, project, "a"), await Call(client, project, "b"));

        var attached = await Attach(client, first, wav);
        var again = await Attach(client, first, wav);
        var shared = await Attach(client, second, wav);
        var other = await Attach(client, first, WavFile.Unique(Guid.CreateVersion7()));

        again.Version().Should().Be(attached.Version());
        shared.Headers.Location.Should().Be(attached.Headers.Location);
        await other.ShouldBeProblem(HttpStatusCode.Conflict, "recording-differs");
        Files().Count(f => f.EndsWith($"{attached.Headers.Location!.ToString().Split('/')[2]}.wav", StringComparison.Ordinal)).Should()
            .Be(1);
        Files().Should().NotContain(f => f.EndsWith(".part", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("agent,offline_access")]
    [InlineData("agent,trainer")]
    [InlineData("agent,scheduler,project-manager,integrator")]
    public async Task a_recording_of_no_call_or_of_anothers_is_not_taken_or_given(string roles)
    {
        var (mine, other, ada) = (await api.Project(), await api.Project(), Guid.CreateVersion7());
        using var client = api.Integrator(mine);
        using var stranger = api.Integrator(other);
        using var colleague = api.As(Guid.CreateVersion7(), roles, mine);
        using var outsider = api.As(Guid.CreateVersion7(), "inspector", other);
        var call = await Call(client, mine, "a", ada);
        var url = (await Attach(client, call, WavFile.Unique(mine))).Headers.Location!.ToString();
        var before = await api.EventCount();

        await (await Attach(client, $"/calls/{Guid.CreateVersion7()}", WavFile.Of())).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await Attach(stranger, call, WavFile.Of())).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await colleague.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await outsider.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.GetAsync(url)).ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await outsider.GetAsync("/recordings/..%2f..%2fetc%2fpasswd/audio")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await outsider.GetAsync($"/recordings/{new string('0', 64)}/audio")).ShouldBeProblem(HttpStatusCode.NotFound);
        (await api.EventCount()).Should().Be(before);
    }

    [Theory]
    [MemberData(nameof(WavTests.BrokenAndSmall), MemberType = typeof(WavTests))]
    public async Task what_is_not_a_sound_file_is_refused_and_leaves_nothing(string what, byte[] file)
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);
        var call = await Call(client, project, "broken");
        var (events, files) = (await api.EventCount(), Files().Length);

        var answer = await Attach(client, call, file);

        await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-a-wav");
        (await api.EventCount(), Files().Length).Should().Be((events, files), what);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task what_grows_too_large_is_cut_off(bool declared)
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);
        var call = await Call(client, project, "large");
        var (events, files) = (await api.EventCount(), Files().Length);
        using var body = declared ? (HttpContent)new ByteArrayContent(new byte[200_000])
            : new StreamContent(new Endless(WavFile.Of(), 200_000));
        client.DefaultRequestHeaders.TransferEncodingChunked = declared ? null : true;

        var answer = await client.Upload($"{call}/recordings", body, "audio/wav");

        await answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await api.EventCount(), Files().Length).Should().Be((events, files));
    }

    [Fact]
    public async Task what_breaks_off_leaves_nothing()
    {
        var project = await api.Shared("known");
        using var client = api.Integrator(project);
        var call = await Call(client, project, "cut");
        var (events, files) = (await api.EventCount(), Files().Length);
        using var body = new StreamContent(new Endless(WavFile.Of(), 1_000) { Breaks = true });
        body.Headers.ContentLength = 16_044;

        var attach = async () => await client.Upload($"{call}/recordings", body, "audio/wav");

        await attach.Should().ThrowAsync<HttpRequestException>();
        await Eventually.True(() => Files().Length == files, "the half upload to be gone");
        (await api.EventCount()).Should().Be(events);
    }

    private string[] Files() => Directory.Exists(Path.Combine(api.Folder, "recordings"))
        ? Directory.GetFiles(Path.Combine(api.Folder, "recordings"), "*", SearchOption.AllDirectories) : [];

    private static async Task<string> Call(HttpClient client, Guid project, string callId, Guid? agent = null) =>
        (await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = project, source = "s", callId, type = "answered", at = Nine, agent = agent?.ToString() }))
            .Headers.Location!.ToString();

    private static Guid IdOf(string call) => Guid.Parse(call[^36..]);

    private static Task<HttpResponseMessage> Attach(HttpClient client, string call, byte[] wav) =>
        client.Upload($"{call}/recordings", new ByteArrayContent(wav), "audio/wav");

    /// <summary>A body whose length nobody knows beforehand.</summary>
    private sealed class Endless(byte[] beginning, int length) : Stream
    {
        private int sent;

        public bool Breaks { get; init; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (sent >= length)
                return Breaks ? throw new IOException("The line went dead.") : 0;

            var next = Math.Min(Math.Min(count, 500), length - sent);
            for (var i = 0; i < next; i++)
                buffer[offset + i] = sent + i < beginning.Length ? beginning[sent + i] : (byte)0;
            sent += next;
            return next;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
