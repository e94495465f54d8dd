using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Reporting.Digests;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Reporting.Tests;

/// <summary>The service with a front before its mail server, and a lease of a second.</summary>
public sealed class FrontedDigestApi : DigestApi
{
    internal SmtpFront Front { get; private set; } = null!;

    private readonly int front = FreePort();

    protected override IEnumerable<string> Settings =>
        [.. base.Settings, $"--Smtp:Port={front}", "--Smtp:User=digests", "--Smtp:Password=right", "--Digests:Lease=00:00:02"];

    internal async Task StartFront()
    {
        await StartMailServer();
        if (Front is not null)
            return;
        Front = new SmtpFront(front, MailPort);
        Front.Start();
    }
}

/// <summary>Digests that cannot be sent, and instances that stand still while they send.</summary>
public sealed class DeliveryJourneys(FrontedDigestApi api) : IClassFixture<FrontedDigestApi>, IDisposable
{
    private readonly Story story = new();

    private DigestClaims Claims => api.App.Services.GetRequiredService<DigestClaims>();

    [Fact]
    public async Task a_login_that_fails_holds_up_its_own_mail_and_what_is_behind_it_is_sent()
    {
        var (first, second) = ($"a.{story.Manager:N}@harbour.example", $"b.{story.Manager:N}@harbour.example");
        await api.StartFront();
        await Tell(1, new DigestReader(story.Manager, first, "en"), new DigestReader(Guid.CreateVersion7(), second, "en"));
        api.Front.RefuseLogins(1);

        var made = await Make();

        made.Select(digest => digest.Status).Should().Contain(DigestStatus.Sent);
        var histories = await Task.WhenAll(made.Select(digest => Manager.Get<Page<HistoryEntry>>($"/digests/{digest.Id}/history")));
        histories.SelectMany(history => history.Items).Count(entry => entry.What == "digest-held-back").Should().Be(1);
        await Eventually.True(async () => (await Digests()).All(digest => digest.Status == DigestStatus.Sent), "the second try");
        (await Digests()).Should().OnlyContain(digest => digest.Hold == null);
        new[] { first, second }.Should().OnlyContain(address => api.MailsTo(address).Count == 1);
    }

    [Fact]
    public async Task a_login_that_keeps_failing_is_tried_at_growing_intervals_and_the_digest_says_so()
    {
        await api.StartFront();
        await Tell(1, new DigestReader(story.Manager, $"c.{story.Manager:N}@harbour.example", "en"));
        api.Front.RefuseLogins(int.MaxValue);

        await Make();
        await Eventually.True(async () => (await Digests()).Single().Hold is { Tries: 1 }, "the job's first try");

        var hold = (await Digests()).Single().Hold!;
        (hold.Cause, hold.NextTry > DateTimeOffset.UtcNow).Should().Be(("login-refused", true));
        var begun = api.Front.Begun;
        var runs = await Runs();
        await Eventually.True(async () => await Runs() > runs + 3, "the job to run some times");
        api.Front.Begun.Should().BeLessThanOrEqualTo(begun + 1, "it is not tried at each run");
        api.Front.RefuseLogins(0);
        await Tell(2);
    }

    [Fact]
    public async Task a_digest_whose_reader_has_left_has_ended_and_begins_again_when_it_is_asked_for()
    {
        var reader = new DigestReader(story.Manager, $"d.{story.Manager:N}@harbour.example", "en");
        await api.StartFront();
        await Tell(1, reader);
        api.Front.RefuseLogins(int.MaxValue); // else it may be sent before its reader is known to have left
        var made = (await Make()).Single();

        await Tell(2);
        await Eventually.True(async () => (await Digests()).Single().Status != made.Status, "it to end");
        api.Front.RefuseLogins(0);
        var ended = (await Digests()).Single();

        (ended.Status, ended.Hold!.Cause, ended.Hold.NextTry).Should().Be((DigestStatus.Ended, "reader-left", (DateTimeOffset?)null));
        await Tell(3, reader);
        (await Make()).Single().Status.Should().Be(DigestStatus.Sent);
        api.MailsTo(reader.Email).Should().ContainSingle();
    }

    [Fact]
    public async Task nothing_is_locked_and_no_transaction_is_open_while_a_mail_is_sent()
    {
        await api.StartFront();
        await Tell(1, new DigestReader(story.Manager, $"e.{story.Manager:N}@harbour.example", "en"));
        var begun = api.Front.Begun;
        api.Front.Hold = new TaskCompletionSource();

        var made = Make();
        await Eventually.True(() => api.Front.Begun > begun, "the conversation to begin");
        await Eventually.True(async () => await Count(
            "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'") == 0,
            "no transaction to be open");
        (await Count("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'digest'"))
            .Should().Be(0);
        (await Count("select count(*) from digests.claim where until > clock_timestamp()")).Should().Be(1);

        api.Front.Hold.SetResult();
        (await made).Single().Status.Should().Be(DigestStatus.Sent);
        (await Count("select count(*) from digests.claim")).Should().Be(0);
    }

    [Fact]
    public async Task an_instance_that_stood_still_finds_that_another_has_taken_its_digest_and_sends_nothing()
    {
        var address = $"f.{story.Manager:N}@harbour.example";
        await api.StartFront();
        await Tell(1, new DigestReader(story.Manager, address, "en"));
        var begun = api.Front.Begun;
        api.Front.Hold = new TaskCompletionSource();
        var frozen = Make();
        await Eventually.True(() => api.Front.Begun > begun, "the conversation to begin");

        // As it stands in the conversation, its time runs out and another instance takes the digest.
        var id = Digest.IdOf(story.Manager, story.Project, new DateOnly(2026, 3, 2));
        await using var other = await Claims.Take(id, CancellationToken.None);
        (await Count("update digests.claim set until = clock_timestamp() + interval '1 hour' returning 1")).Should().Be(1);
        api.Front.Hold.SetResult();
        api.Front.Hold = null;

        (await frozen).Single().Status.Should().Be(DigestStatus.Rendered);
        api.MailsTo(address).Should().BeEmpty();
        (await other.IsHeld(CancellationToken.None)).Should().BeTrue();
        await other.DisposeAsync();
        (await Make()).Single().Status.Should().Be(DigestStatus.Sent);
        api.MailsTo(address).Should().ContainSingle();
    }

    [Fact]
    public async Task a_digest_of_an_instance_that_is_not_heard_of_is_taken_over_after_its_lease()
    {
        var address = $"g.{story.Manager:N}@harbour.example";
        await api.StartFront();
        await Tell(1, new DigestReader(story.Manager, address, "en"));
        var id = Digest.IdOf(story.Manager, story.Project, new DateOnly(2026, 3, 2));
        var frozen = (await Claims.TryTake(id, CancellationToken.None))!;

        (await Claims.TryTake(id, CancellationToken.None)).Should().BeNull("one has it");
        (await Make()).Single().Status.Should().Be(DigestStatus.Sent);

        (await frozen.IsHeld(CancellationToken.None)).Should().BeFalse();
        api.MailsTo(address).Should().ContainSingle();
    }

    public void Dispose()
    {
        if (api.Front is { } front)
            front.Hold = null;
    }

    private HttpClient Manager => api.As(story.Manager, "operations-manager", story.Project);

    private async Task<List<DigestSummary>> Make()
    {
        using var manager = Manager;
        var response = await manager.Send(HttpMethod.Post, "/digests", body: new { projectId = story.Project, week = "2026-03-02" });
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, text);
        return System.Text.Json.JsonSerializer.Deserialize<List<DigestSummary>>(text, Http.Json)!;
    }

    private async Task<IReadOnlyList<DigestSummary>> Digests()
    {
        using var manager = Manager;
        return (await manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items;
    }

    private Task<long> Runs() => Count(
        "select coalesce(sum(times_triggered), 0)::bigint from quartz.qrtz_simple_triggers where trigger_name = 'digests'");

    private async Task<long> Count(string sql)
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken),
            System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task Tell(long version, params DigestReader[] readers)
    {
        await api.Publish([story.ProjectFact with { Version = version, DigestReaders = readers }]);
        await Eventually.True(async () =>
        {
            await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await session.LoadAsync<ProjectV1>(story.Project) is { } project && project.Version == version;
        }, "the project to arrive");
    }
}
