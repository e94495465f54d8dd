using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.QaLetters;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Reporting.Tests;

/// <summary>Quality reports on their way to the readers of digests.</summary>
public sealed class QaLetterJourneys(FrontedDigestApi api) : IClassFixture<FrontedDigestApi>
{
    private readonly Story story = new();
    private readonly Guid agent = Guid.CreateVersion7();

    [Fact]
    public async Task each_reader_gets_the_report_once_in_their_language_with_names_whatever_is_said_again()
    {
        var (english, chinese) = ($"qa.{story.Manager:N}@harbour.example", $"qb.{story.Manager:N}@harbour.example");
        await api.StartFront();
        await Read(new DigestReader(story.Manager, english, "en"), new DigestReader(Guid.CreateVersion7(), chinese, "zh-CN"));
        api.Front.RefuseLogins(1);

        await api.Publish(Report(1));
        await Eventually.True(async () => (await Letters()) is { Count: 2 } all
            && all.All(letter => letter.Status is QaLetterStatus.Sent), "both letters");
        await api.Publish(Report(2));
        await Known(2);

        var mail = api.MailsTo(english).Should().ContainSingle().Subject;
        (mail.Subject, mail.MessageId).Should().Be(("Quality report", $"qa-report.{QaLetter.IdOf(story.Manager, story.Project):N}@callcenter.example"));
        mail.HtmlBody.Should().Contain("Ann &amp; Co").And.NotContain("{{person");
        mail.Attachments.Should().ContainSingle();
        api.MailsTo(chinese).Should().ContainSingle().Which.Subject.Should().Be("质检报告");
        using var manager = api.As(story.Manager, "operations-manager", story.Project);
        (await manager.GetStringAsync($"/qa-letters/{QaLetter.IdOf(story.Manager, story.Project)}")).Should().Contain("Ann &amp; Co");
    }

    [Fact]
    public async Task who_became_a_reader_later_does_not_get_what_was_told_before()
    {
        var address = $"qc.{story.Manager:N}@harbour.example";
        await api.StartFront();
        await Read(new DigestReader(story.Manager, address, "en"));

        await api.Publish(Report(1) with { ToldAt = DateTimeOffset.UtcNow.AddDays(-30) });

        await Eventually.True(async () => await Stored<QaMailing>(story.Project) is { Letters: 0 }, "that nobody is written to");
        (await Letters()).Should().BeEmpty();
    }

    [Fact]
    public async Task a_letter_that_names_somebody_who_is_erased_goes_with_them()
    {
        var address = $"qd.{story.Manager:N}@harbour.example";
        await api.StartFront();
        await Read(new DigestReader(story.Manager, address, "en"));
        await api.Publish(Report(1));
        await Eventually.True(async () => (await Letters()) is [{ Status: QaLetterStatus.Sent }], "the letter");

        await api.Publish(new EmployeeErasedV1(agent, 2, story.Manager, DateTimeOffset.UtcNow));

        await Eventually.True(async () => await Stored<StoredMail>(QaLetter.IdOf(story.Manager, story.Project)) is null, "the mail to be deleted");
        using var manager = api.As(story.Manager, "operations-manager", story.Project);
        (await manager.GetAsync($"/qa-letters/{QaLetter.IdOf(story.Manager, story.Project)}")).StatusCode.Should().Be(System.Net.HttpStatusCode.Gone);
    }

    // The report has the project's id: one for each story.
    private QaReportV1 Report(long version) => new(
        story.Project, version, story.Project, "week", new(2026, 3, 2), new(2026, 3, 8), DateTimeOffset.UtcNow.AddMinutes(1),
        [
            new("en", "Quality report", $"<p>{PersonNames.Mark(agent)}</p>", PersonNames.Mark(agent)),
            new("zh-CN", "质检报告", $"<p>{PersonNames.Mark(agent)}</p>", PersonNames.Mark(agent)),
        ], $"name\r\n{PersonNames.Mark(agent)}\r\n");

    private async Task Read(params DigestReader[] readers)
    {
        await api.Publish([new EmployeeV1(agent, 1, $"S-{agent:N}", "Ann & Co", new(2025, 1, 1), null, "junior", [], [story.Project], [], 40, "UTC"),
            story.ProjectFact with { DigestReaders = readers }]);
        await Eventually.True(async () => await Stored<EmployeeV1>(agent) is not null, "the agent");
        await Eventually.True(async () =>
        {
            await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await session.Query<DigestReadership>().CountAsync(r => r.ProjectId == story.Project) == readers.Length;
        }, "the readers");
    }

    private Task Known(long version) => Eventually.True(async () => (await Stored<QaReportV1>(story.Project))?.Version == version, "the newer report");

    private async Task<T?> Stored<T>(Guid id) where T : class
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.LoadAsync<T>(id);
    }

    private async Task<IReadOnlyList<QaLetter>> Letters()
    {
        using var manager = api.As(story.Manager, "operations-manager", story.Project);
        return (await manager.Get<Page<QaLetter>>($"/qa-letters?project={story.Project}")).Items;
    }
}
