using System.Globalization;
using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.QaLetters;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CallCenter.Reporting.Tests;

public sealed class DigestJourneys(DigestApi api) : IClassFixture<DigestApi>
{
    private readonly Story story = new();

    private HttpClient Manager => api.As(story.Manager, "operations-manager", story.Project);

    private string Address => $"{story.Manager:N}@harbour.example";

    [Fact]
    public async Task a_week_becomes_one_mail_however_often_it_is_asked_for()
    {
        await api.StartMailServer();
        await Tell(calls: [story.Call("2026-03-03T10:00:00+08:00", 5, 1), story.Call("2026-03-03T10:00:00+08:00", -40, 2),
            story.Call("2026-03-05T10:00:00+08:00", 30, 3)]);

        var first = await Made("2026-03-02");
        var again = await Made("2026-03-02");

        first.Status.Should().Be(DigestStatus.Sent);
        again.Should().BeEquivalentTo(first);
        var mail = api.MailsTo(Address).Should().ContainSingle().Subject;
        mail.MessageId.Should().Be(first.MessageId);
        mail.TextBody.Should().Contain("Service level 33.3\u00a0%: 46.7 points below the target of 80.0\u00a0%.").And.Contain(
            "3 offered = 2 answered + 1 abandoned + 0 open + 0 otherwise ended");
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var file = Directory.EnumerateFiles(api.MailFolder, "*.eml")
            .Single(path => File.ReadAllText(path).Contains(first.MessageId, StringComparison.Ordinal));
        File.ReadAllBytes(file).Should().Equal((await session.LoadAsync<StoredMail>(first.Id))!.Bytes);

        var page = await (await Manager.GetAsync(new Uri($"/digests/{first.Id}", UriKind.Relative))).Content.ReadAsStringAsync();
        page.Should().Contain("Harbour Bank").And.Contain("data:image/png;base64,").And.NotContain("cid:");
        (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task who_asks_for_a_digest_at_the_same_moment_gets_the_same_one()
    {
        await api.StartMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Made("2026-03-02")));

        made.Select(digest => digest.Id).Distinct().Should().ContainSingle();
        api.MailsTo(Address).Should().ContainSingle();
    }

    [Fact]
    public async Task a_late_call_restates_what_was_told_and_the_next_digest_says_so()
    {
        await api.StartMailServer();
        await Tell(calls: [story.Call("2026-03-03T10:00:00+08:00", 5, 1), story.Call("2026-03-10T10:00:00+08:00", 5, 2)]);
        var told = await Made("2026-03-02");

        await Tell(version: 2, calls: story.Call("2026-03-04T11:00:00+08:00", -60, 3));
        await Eventually.True(async () => (await Restatements(told.Id)).Count > 0, "the restatement");

        var restated = await Restatements(told.Id);
        restated.Single(r => (r.Kpi, r.Scope) == ("offered", "week")).Should()
            .BeEquivalentTo(new { Old = 1m, New = 2m, NamedIn = (Guid?)null });
        restated.Single(r => (r.Kpi, r.Scope) == ("service-level", "week")).Should().BeEquivalentTo(new { Old = 1m, New = .5m });
        restated.SelectMany(r => r.Causes).Should().OnlyContain(cause => cause.Kind == "call" && cause.Added == 1 && cause.Changed == 0);
        var history = (await Manager.Get<Page<HistoryEntry>>($"/digests/{told.Id}/history")).Items;
        history[0].What.Should().Be("digest-planned");
        history.First(e => e.What == "digest-restated").By.Should().Be(new HistoryActor(ActorKind.Job, null, "digests", null));

        var next = await Made("2026-03-09");
        (await Restatements(told.Id)).Should().OnlyContain(r => r.NamedIn == next.Id);
        api.MailsTo(Address).Should().HaveCount(2);
        api.MailsTo(Address)[1].TextBody.Should()
            .Contain("Mon 2 Mar – Sun 8 Mar, Service level: Was 100.0\u00a0%, Now 50.0\u00a0% (1 late calls)");
        api.MailsTo(Address)[0].TextBody.Should().Contain("Nothing told earlier has changed.");
    }

    [Fact]
    public async Task an_evaluation_made_after_the_digest_counts_in_the_week_of_its_call_and_is_restated()
    {
        await api.StartMailServer();
        var call = story.Call("2026-03-03T10:00:00+08:00", 5, 1);
        await Tell(calls: [call, story.Call("2026-03-10T10:00:00+08:00", 5, 2)]);
        var told = await Made("2026-03-02");

        var submitted = Moments.At("2026-03-10T09:00:00+08:00");
        await api.Publish([new EvaluationV1(Guid.CreateVersion7(), 1, story.Project, call.Id, story.Agent, story.Manager,
            Guid.CreateVersion7(), 1, "submitted", 84.2m, true, false, [], submitted, submitted)]);
        await Eventually.True(async () => (await Restatements(told.Id)).Count > 0, "the restatement");

        (await Restatements(told.Id)).Single(r => r.Kpi == "qa-score-of-calls").Should().BeEquivalentTo(
            new { Scope = "week", Old = (decimal?)null, New = 84.2m, Causes = new[] { new { Kind = "evaluation" } } });
        (await Restatements(told.Id)).Should().NotContain(r => r.Kpi == "qa-score");
        await Made("2026-03-09");
        api.MailsTo(Address)[1].TextBody.Should().Contain("QA score, evaluated in the week: 84.2").And
            .Contain("QA score, calls of the week: Was –, Now 84.2 (evaluations)").And
            .NotContain("QA score, calls of the week: 84.2");
    }

    [Fact]
    public async Task a_mail_server_that_is_away_gets_the_mail_once_when_it_is_back()
    {
        await api.StopMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));

        (await Made("2026-03-02")).Status.Should().Be(DigestStatus.Rendered);
        await api.StartMailServer();

        await Eventually.True(async () =>
            (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Single().Status == DigestStatus.Sent,
            "the retry");
        api.MailsTo(Address).Should().ContainSingle();
    }

    [Fact]
    public async Task a_crash_between_the_servers_answer_and_our_record_repeats_the_same_bytes()
    {
        await api.StopMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));
        var digest = await Made("2026-03-02");
        var store = api.App.Services.GetRequiredService<IDocumentStore>();
        await using var session = store.QuerySession();
        var stored = (await session.LoadAsync<StoredMail>(digest.Id))!;

        // Taken by the server, never recorded by us: as if the process had died in between.
        await api.StartMailServer();
        var delivery = ActivatorUtilities.CreateInstance<DigestDelivery>(api.App.Services, NullLogger<DigestDelivery>.Instance);
        await delivery.Send(stored, _ => Task.FromResult(true), CancellationToken.None);
        await delivery.Send(stored, _ => Task.FromResult(true), CancellationToken.None);

        await Eventually.True(async () =>
            (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Single().Status == DigestStatus.Sent,
            "the record");
        api.MailsTo(Address).Should().ContainSingle().Which.MessageId.Should().Be(digest.MessageId);
    }

    [Fact]
    public async Task a_digest_whose_sending_a_restore_has_undone_comes_again_under_the_same_message_id()
    {
        await api.StopMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));
        var digest = await Made("2026-03-02");
        await api.Restart(api.CopyDatabase);
        await api.StartMailServer();
        await Eventually.True(() => Task.FromResult(api.MailsTo(Address).Count == 1), "the mail");

        await api.Restart(api.RestoreDatabase);

        await Eventually.True(async () =>
            (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Single().Status == DigestStatus.Sent, "it");
        api.MailsTo(Address).Should().ContainSingle("a mailbox knows it again").Which.MessageId.Should().Be(digest.MessageId);
    }

    [Fact]
    public async Task mails_go_with_their_time_but_for_those_that_are_held_or_not_sent()
    {
        await api.StopMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));
        var digest = await Made("2026-03-02");
        (await Sweep("2026-09-01")).Should().Be(new Swept(0, 0), "it waits for the mail server");
        await api.StartMailServer();
        await Eventually.True(async () =>
            (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Single().Status == DigestStatus.Sent, "it");

        (await Sweep("2026-04-07")).Should().Be(new Swept(0, 0), "the week ended 30 days ago");
        (await Sweep("2026-04-08", new LegalHold(Guid.Empty, null, new(2026, 3, 2)))).Should().Be(new Swept(0, 1));
        (await Sweep("2026-04-08", new LegalHold(Guid.Empty, null, new(2026, 3, 1)))).Should().Be(new Swept(1, 0));

        var gone = await Manager.GetAsync(new Uri($"/digests/{digest.Id}", UriKind.Relative));
        await gone.ShouldBeProblem(HttpStatusCode.Gone, "mail-erased");
        (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Should().ContainSingle();

        Task<Swept> Sweep(string today, params LegalHold[] holds) => Sweeping.Of<MailRetention>(
            api, story.Project, DateTimeOffset.Parse($"{today}T12:00:00+08:00", CultureInfo.InvariantCulture), holds);
    }

    [Fact]
    public async Task eight_requests_at_once_make_one_digest()
    {
        await api.StartMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Manager.Send(HttpMethod.Post, "/digests", body: new { projectId = story.Project, week = "2026-03-02" })));

        answers.Select(answer => answer.StatusCode).Should()
            .OnlyContain(status => status == HttpStatusCode.OK || status == HttpStatusCode.PreconditionFailed);
        await Eventually.True(async () =>
            (await Manager.Get<Page<DigestSummary>>($"/digests?project={story.Project}")).Items.Single().Status == DigestStatus.Sent,
            "it to be sent");
        api.MailsTo(Address).Should().ContainSingle();
    }

    [Theory]
    [InlineData("2026-03-04", HttpStatusCode.UnprocessableEntity, "week-starts-on-another-day")]
    [InlineData("2199-01-07", HttpStatusCode.Conflict, "week-not-over")]
    public async Task a_week_that_cannot_have_a_digest_is_refused(string week, HttpStatusCode status, string code)
    {
        await Tell();
        await (await Manager.Send(HttpMethod.Post, "/digests", body: new { projectId = story.Project, week }))
            .ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task the_hour_of_a_projects_digests_can_be_set()
    {
        await Tell();
        var url = $"/digests/schedules/{story.Project}";
        (await Manager.Get<DigestSchedule>(url)).At.Should().Be(new TimeOnly(8, 0));

        (await Manager.Send(HttpMethod.Put, url, version: 0, new { at = "07:30:00" })).Version().Should().Be(1);

        (await Manager.Get<DigestSchedule>(url)).At.Should().Be(new TimeOnly(7, 30));
        await (await Manager.Send(HttpMethod.Put, url, version: 0, new { at = "09:00:00" }))
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed);
        var read = await Manager.GetAsync(new Uri(url, UriKind.Relative));
        (await Manager.Send(HttpMethod.Put, url, read.Version(), new { at = "09:00:00" })).Version().Should().Be(2);
        await (await Manager.Send(HttpMethod.Put, url, version: null, new { at = "09:00:00" })).ShouldBeProblem((HttpStatusCode)428);
    }

    [Fact]
    public async Task another_projects_digest_does_not_exist()
    {
        await api.StartMailServer();
        await Tell(calls: story.Call("2026-03-03T10:00:00+08:00", 5, 1));
        var digest = await Made("2026-03-02");
        var stranger = api.As(Guid.CreateVersion7(), "operations-manager", Guid.CreateVersion7());

        foreach (var url in new[] { $"/digests/{digest.Id}", $"/digests/{digest.Id}/restatements", $"/digests?project={story.Project}",
            $"/digests/schedules/{story.Project}" })
            await (await stranger.GetAsync(new Uri(url, UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    private async Task<DigestSummary> Made(string week)
    {
        var response = await Manager.Send(HttpMethod.Post, "/digests", body: new { projectId = story.Project, week });
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, text);

        return JsonSerializer.Deserialize<List<DigestSummary>>(text, Http.Json)!.Single();
    }

    private Task<List<Restatement>> Restatements(Guid digest) => Manager.Get<List<Restatement>>($"/digests/{digest}/restatements");

    private Task Tell(params CallV1[] calls) => Tell(1, calls);

    private async Task Tell(long version, params CallV1[] calls)
    {
        var project = story.ProjectFact with { Version = version, DigestReaders = [new DigestReader(story.Manager, Address, "en")] };
        await api.Publish([project, story.TeamFact, .. calls]);
        await Eventually.True(async () =>
        {
            await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            if (await session.LoadAsync<ProjectV1>(story.Project) is null || await session.LoadAsync<TeamV1>(story.Team) is null)
                return false;
            if (calls.Length == 0)
                return true;
            var found = await Manager.Get<Page<Kpis.CountedCall>>(
                $"/reports/calls?project={story.Project}&from=2026-03-01T00:00:00Z&to=2026-03-20T00:00:00Z");
            return calls.All(call => found.Items.Any(item => item.Id == call.Id));
        }, "the facts to arrive");
    }
}
