using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CallCenter.Calls.Recordings;
using CallCenter.Calls.Tests.Recordings;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Calls.Tests;

/// <summary>Files that are lost, damaged, cut off or left behind.</summary>
public sealed class RecordingFileJourneys(WatchfulCallsApi api) : IClassFixture<WatchfulCallsApi>
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private string Folder => Path.Combine(api.Folder, "recordings");

    [Fact]
    public async Task a_recording_whose_file_is_lost_is_gone_and_not_heard_and_stands_in_health_until_it_is_back()
    {
        var (id, wav) = await Recorded(20_000);
        File.Delete(PathOf(id));

        await (await Heard(id)).ShouldBeProblem(HttpStatusCode.Gone, "recording-lost");
        await (await Heard(id, 44, 59)).ShouldBeProblem(HttpStatusCode.Gone, "recording-lost");

        (await Accesses(id)).Should().BeEmpty();
        (await Health("/health")).Should().Contain($"recording of {id} set aside");
        (await Health("/health/deep")).Should().Contain("recording: set aside");
        (await Health("/metrics")).Should().MatchRegex("callcenter_jobs_set_aside\\{[^}]*work=\"recording\"[^}]*\\} [1-9]");

        await File.WriteAllBytesAsync(PathOf(id), wav, TestContext.Current.CancellationToken);
        await LookAgain(id);
        await Eventually.True(async () => !(await Health("/health")).Contains(id, StringComparison.Ordinal), "the alarm to end");
        (await (await Heard(id)).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(wav);
        (await Accesses(id)).Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_flipped_bit_is_never_given_out_and_what_is_sound_is(bool heardBefore)
    {
        var (id, wav) = await Recorded(700_000);
        if (heardBefore)
            (await Heard(id)).StatusCode.Should().Be(HttpStatusCode.OK);
        Flip(id, 600_000);

        await (await Heard(id)).ShouldBeProblem(HttpStatusCode.Gone, "recording-damaged");
        await (await Heard(id, 599_990, 600_010)).ShouldBeProblem(HttpStatusCode.Gone, "recording-damaged");
        var sound = await Heard(id, 300_000, 300_999);
        if (heardBefore)
            (await sound.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(wav[300_000..301_000]);
        else
            await sound.ShouldBeProblem(HttpStatusCode.Gone, "recording-damaged");

        (await Accesses(id)).Should().HaveCount(heardBefore ? 2 : 0);
        (await Health("/health")).Should().Contain($"recording of {id} set aside");
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("damaged")]
    [InlineData("short")]
    public async Task the_digests_beside_a_recording_are_made_anew(string how)
    {
        var (id, wav) = await Recorded(700_000);
        await Heard(id);
        var digests = Path.ChangeExtension(PathOf(id), "sha256");
        var right = await File.ReadAllBytesAsync(digests, TestContext.Current.CancellationToken);
        if (how == "lost")
            File.Delete(digests);
        else
            await File.WriteAllBytesAsync(digests, how == "short" ? right[..32] : new byte[96], TestContext.Current.CancellationToken);

        (await (await Heard(id)).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(wav);

        (await File.ReadAllBytesAsync(digests, TestContext.Current.CancellationToken)).Should().Equal(right).And.HaveCount(96);
    }

    [Fact]
    public async Task what_is_damaged_while_it_is_sent_breaks_off()
    {
        var (id, _) = await Recorded(700_000);
        await using var audio = await VerifiedAudio.Open(
            PathOf(id), id, Path.ChangeExtension(PathOf(id), "sha256"), TestContext.Current.CancellationToken);
        await audio.Verify(0, audio.Length - 1, TestContext.Current.CancellationToken);
        Flip(id, 300_000);

        var read = async () => await audio.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        (await read.Should().ThrowAsync<RecordingFaultException>()).Which.Code.Should().Be("recording-damaged");
        audio.Position.Should().Be(256 * 1024);
    }

    [Fact]
    public async Task the_scrubber_finds_one_flipped_bit_and_one_lost_file_that_nobody_asks_for()
    {
        var (damaged, wav) = await Recorded(1_500_000);
        var (lost, _) = await Recorded(20_000);
        var (sound, _) = await Recorded(20_000);
        Flip(damaged, 1_234_567);
        File.Delete(PathOf(lost));

        await Eventually.True(async () => await Health("/health") is var health && health.Contains(damaged, StringComparison.Ordinal)
            && health.Contains(lost, StringComparison.Ordinal), "both to be found");

        (await Health("/health")).Should().NotContain(sound);
        await File.WriteAllBytesAsync(PathOf(damaged), wav, TestContext.Current.CancellationToken);
        await LookAgain(damaged);
        await Eventually.True(async () => !(await Health("/health")).Contains(damaged, StringComparison.Ordinal), "one to be mended");
    }

    [Fact]
    public async Task a_share_that_is_away_is_no_loss()
    {
        var (id, _) = await Recorded(20_000);
        var elsewhere = Path.Combine(api.Folder, "elsewhere");

        Directory.Move(Folder, elsewhere);
        Directory.CreateDirectory(Folder);
        var answer = await Heard(id);
        Directory.Delete(Folder, recursive: true);
        Directory.Move(elsewhere, Folder);

        await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        (await Health("/health")).Should().NotContain(id);
        (await Heard(id)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task what_a_crash_leaves_behind_is_cleared_away_and_nothing_else()
    {
        var (filed, _) = await Recorded(20_000);
        Age(PathOf(filed));
        var (orphan, fresh) = (Name(), Name());
        foreach (var id in new[] { orphan, fresh })
            Write(PathOf(id));
        Age(PathOf(orphan));
        string[] old = [Path.Combine(Folder, ".half.part"), Path.Combine(api.Folder, "imports", ".half.part")];
        foreach (var path in old)
        {
            Write(path);
            Age(path);
        }

        var writing = Path.Combine(Folder, ".writing.part");
        Write(writing);

        await Eventually.True(() => !old.Append(PathOf(orphan)).Any(File.Exists), "the leftovers to go");

        File.Exists(Path.Combine(Folder, "unclaimed", $"{orphan}.wav")).Should().BeTrue();
        new[] { writing, PathOf(fresh), PathOf(filed) }.Should().OnlyContain(path => File.Exists(path));
        (await Heard(filed)).StatusCode.Should().Be(HttpStatusCode.OK);
        File.Delete(writing);
        File.Delete(PathOf(fresh));

        static string Name() => $"{Guid.CreateVersion7():N}{Guid.NewGuid():N}";
        void Write(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [1]);
        }
    }

    [Fact]
    public async Task an_upload_that_is_killed_at_any_byte_is_whole_or_not_there()
    {
        var project = await api.Project();
        using var integrator = api.Integrator(project);
        using var service = new CallsProcess(api);
        using var client = service.Client(integrator);

        foreach (var sent in new[] { 1, 43, 150_000, 399_999, 400_000 })
        {
            await service.Start();
            var wav = Noise(400_000);
            var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(wav));
            var call = await Call(client, project);
            using var line = new TcpClient();
            await line.ConnectAsync(IPAddress.Loopback, service.Address.Port, TestContext.Current.CancellationToken);
            await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST {call}/recordings HTTP/1.1\r\nHost: {service.Address.Authority}\r\nContent-Type: audio/wav\r\n" +
                $"Authorization: {client.DefaultRequestHeaders.Authorization}\r\nContent-Length: {wav.Length}\r\n\r\n"),
                TestContext.Current.CancellationToken);
            await line.GetStream().WriteAsync(wav.AsMemory(0, sent), TestContext.Current.CancellationToken);
            if (sent < wav.Length)
                await Eventually.True(
                    () => Directory.Exists(Folder) && Directory.GetFiles(Folder, ".*.part").Any(part => new FileInfo(part).Length == sent),
                    "the bytes");
            await service.Kill();

            var told = (await integrator.Get<CallCenter.Calls.Contacts.CallView>(call)).RecordingId;
            (told is null || File.Exists(PathOf(told))).Should().BeTrue("a call names no audio that is not there");
            if (sent < wav.Length)
                (told, File.Exists(PathOf(id))).Should().Be(((string?)null, false), $"of {sent} bytes");
        }

        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
            Age(file);
        await Eventually.True(() => Directory.GetFiles(Folder, ".*.part").Length == 0, "the halves to be swept");
    }

    private async Task<(string Id, byte[] Wav)> Recorded(int bytes)
    {
        var project = await api.Shared("recorded");
        using var client = api.Integrator(project);
        var wav = Noise(bytes);
        var answer = await client.Upload($"{await Call(client, project)}/recordings", new ByteArrayContent(wav), "audio/wav");
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        return (answer.Headers.Location!.ToString().Split('/')[2], wav);
    }

    private static byte[] Noise(int bytes)
    {
        var wav = WavFile.Of(bytes: bytes - 44);
        Guid.CreateVersion7().ToByteArray().CopyTo(wav, 44);
        return wav;
    }

    private static async Task<string> Call(HttpClient client, Guid project) => (await client.Send(HttpMethod.Post, "/call-events",
        body: new { projectId = project, source = "s", callId = $"{Guid.CreateVersion7()}", type = "answered", at = Nine }))
        .Headers.Location!.ToString();

    private async Task<HttpResponseMessage> Heard(string id, long? from = null, long? to = null)
    {
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", await api.Shared("recorded"));
        var request = new HttpRequestMessage(HttpMethod.Get, $"/recordings/{id}/audio");
        if (from is not null)
            request.Headers.Range = new RangeHeaderValue(from, to);
        return await inspector.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<IReadOnlyList<RecordingAccess>> Accesses(string id)
    {
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", await api.Shared("recorded"));
        return (await inspector.Get<Page<RecordingAccess>>($"/recordings/{id}/accesses")).Items;
    }

    private async Task<string> Health(string page)
    {
        using var anonymous = api.Anonymous();
        return await (await anonymous.GetAsync(page, TestContext.Current.CancellationToken)).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task LookAgain(string id)
    {
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        var retry = await admin.Send(HttpMethod.Post, $"/operations-desk/set-aside/{SetAside.IdOf("recording", id)}/retry");
        retry.IsSuccessStatusCode.Should().BeTrue(await retry.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // Neither size nor time of the file tell.
    private void Flip(string id, long at)
    {
        var written = File.GetLastWriteTimeUtc(PathOf(id));
        using (var file = File.Open(PathOf(id), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = at;
            var value = file.ReadByte();
            file.Position = at;
            file.WriteByte((byte)(value ^ 4));
        }

        File.SetLastWriteTimeUtc(PathOf(id), written);
    }

    private static void Age(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromHours(1));

    private string PathOf(string id) => Path.Combine(Folder, id[..2], $"{id}.wav");
}
