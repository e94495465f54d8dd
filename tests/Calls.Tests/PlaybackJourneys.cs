using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CallCenter.Calls.Playback;
using CallCenter.Calls.Recordings;
using CallCenter.Calls.Tests.Recordings;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Calls.Tests;

public sealed class PlaybackJourneys(ListeningCallsApi api) : IClassFixture<ListeningCallsApi>
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task a_browser_plays_what_somebody_asked_for_and_each_range_is_on_record_as_theirs()
    {
        var (project, coach) = (await api.Project(), Guid.CreateVersion7());
        using var trainer = api.As(coach, "trainer", project);
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        using var browser = api.Anonymous();
        var wav = WavFile.Unique(project);
        var id = await Recorded(project, wav);

        var play = await Open(trainer, id, "Coaching of Ada");
        var path = new Uri(new Uri(play.Url).AbsolutePath, UriKind.Relative);
        var whole = await browser.GetAsync(path, TestContext.Current.CancellationToken);
        var part = await browser.SendAsync(
            new(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(44, 59) } }, TestContext.Current.CancellationToken);

        play.MediaType.Should().Be("audio/wav");
        (await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(wav);
        whole.Content.Headers.ContentType!.MediaType.Should().Be("audio/wav");
        whole.Headers.AcceptRanges.Should().Equal("bytes");
        whole.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(wav[44..60]);
        var accesses = (await inspector.Get<Page<RecordingAccess>>($"/recordings/{id}/accesses")).Items;
        accesses.Should().HaveCount(2).And.OnlyContain(access =>
            access.By == coach && access.Purpose == "Coaching of Ada" && access.Way == AccessWay.Play && access.From == "127.0.0.1");
        accesses.Select(access => access.Range).Should().BeEquivalentTo([null, "bytes=44-59"]);
        (await trainer.GetAsync(new Uri($"/recordings/{id}/audio", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode
            .Should().Be(HttpStatusCode.Forbidden, "to play is not to download");
    }

    [Fact]
    public async Task an_address_that_is_made_up_changed_or_over_plays_nothing_and_is_not_on_record()
    {
        var project = await api.Project();
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        using var outsider = api.As(Guid.CreateVersion7(), "inspector", await api.Project());
        using var browser = api.Anonymous();
        var id = await Recorded(project, WavFile.Unique(project));
        var token = new Uri((await Open(inspector, id, null)).Url).Segments[^1];

        foreach (var position in Enumerable.Range(0, token.Length - 1))
            await (await Play($"{token[..position]}{(token[position] == 'A' ? 'B' : 'A')}{token[(position + 1)..]}"))
                .ShouldBeProblem(HttpStatusCode.NotFound);
        foreach (var made in new[] { "x", token[..^1], token + "A", new string('A', token.Length), "%2e%2e%2f", new string('é', token.Length) })
            await (await Play(made)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await Play(OfAnotherKey())).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await outsider.Send(HttpMethod.Post, $"/recordings/{id}/plays", body: new { })).ShouldBeProblem(HttpStatusCode.NotFound);

        await Ended(id);
        await (await Play(token)).ShouldBeProblem(HttpStatusCode.Gone, "play-expired");
        (await inspector.Get<Page<RecordingAccess>>($"/recordings/{id}/accesses")).Items.Should().BeEmpty();

        Task<HttpResponseMessage> Play(string with) => browser.GetAsync(new Uri($"/plays/{with}", UriKind.Relative));
    }

    [Fact]
    public void an_address_holds_until_its_end_and_is_known_by_its_key_alone()
    {
        var (ours, theirs) = (Addresses("of ours, which is 32 bytes at least"), Addresses("of theirs, which is 32 bytes as well"));
        var play = new RecordingPlay(Guid.CreateVersion7(), "", Guid.Empty, null, [], Nine);

        ours.Read(ours.TokenOf(play)).Should().Be((play.Id, Nine));
        theirs.Read(ours.TokenOf(play)).Should().BeNull();
        ours.Read(ours.TokenOf(play with { ExpiresAt = Nine.AddHours(1) })).Should().Be((play.Id, Nine.AddHours(1)));
        new Action(() => new PlaybackOptions { Key = "short" }.Required()).Should().Throw<InvalidOperationException>();
        new Action(() => new PlaybackOptions { Lasts = TimeSpan.FromHours(2) }.Required()).Should().Throw<InvalidOperationException>();

        static PlayAddresses Addresses(string key) => new(new PlaybackOptions { Key = key });
    }

    [Fact]
    public async Task a_recording_is_drawn_in_as_many_parts_as_are_asked_for()
    {
        var project = await api.Project();
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        var wav = WavFile.Unique(project);
        for (var i = 8044; i < 12044; i += 2) // a quarter of a second of a second, at half of full scale
            (wav[i], wav[i + 1]) = (0, i % 4 == 0 ? (byte)0x40 : (byte)0xC0);
        var id = await Recorded(project, wav);

        var peaks = await Eventually.Some(async () => await inspector.Get<PeaksView>($"/recordings/{id}/peaks?buckets=10") is
            { Seconds: not null } drawn ? drawn : null, "it to be listened to");

        peaks.Seconds.Should().Be(1);
        var channel = peaks.Channels.Single();
        channel.Highest.Skip(1).Should().Equal(0, 0, 0, 0, 0.504, 0.504, 0.504, 0, 0);
        channel.Lowest.Skip(1).Should().Equal(0, 0, 0, 0, -0.504, -0.504, -0.504, 0, 0);
        (await inspector.Get<PeaksView>($"/recordings/{id}/peaks?buckets=2")).Channels.Single().Highest[1].Should().Be(0.504);
        (await inspector.Get<PeaksView>($"/recordings/{id}/peaks?buckets=4000")).Channels.Single().Highest.Should().HaveCount(10);
    }

    private static string OfAnotherKey() => new PlayAddresses(new PlaybackOptions())
        .TokenOf(new RecordingPlay(Guid.CreateVersion7(), "", Guid.Empty, null, [], Nine.AddYears(50)));

    private static async Task<PlayView> Open(HttpClient client, string id, string? purpose)
    {
        var opened = await client.Send(HttpMethod.Post, $"/recordings/{id}/plays", body: new { purpose });
        opened.StatusCode.Should().Be(HttpStatusCode.Created);
        return (await opened.Content.ReadFromJsonAsync<PlayView>(Http.Json, TestContext.Current.CancellationToken))!;
    }

    private async Task<string> Recorded(Guid project, byte[] wav)
    {
        using var client = api.Integrator(project);
        var call = (await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = project, source = "s", callId = $"{Guid.CreateVersion7()}", type = "answered", at = Nine })).Headers.Location;
        var attached = await client.Upload($"{call}/recordings", new ByteArrayContent(wav), "audio/wav");
        return attached.Headers.Location!.ToString().Split('/')[2];
    }

    // As retention does it when they are over.
    private async Task Ended(string recording)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var command = source.CreateCommand("delete from calls.mt_doc_recordingplay where data ->> 'RecordingId' = $1");
        command.Parameters.AddWithValue(recording);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
