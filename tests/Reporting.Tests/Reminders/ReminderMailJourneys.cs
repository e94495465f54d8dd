using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Training;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.Reminders;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Reporting.Tests.Reminders;

/// <summary>Reminders of what falls due, mailed by the way that digests go.</summary>
public sealed class ReminderMailJourneys(ReminderMailJourneys.Api api) : IClassFixture<ReminderMailJourneys.Api>
{
    public sealed class Api : DigestApi
    {
        protected override IEnumerable<string> Settings =>
            [.. base.Settings, "--Reminders:Every=00:00:01", "--Digests:Lease=00:00:02", "--Gateway:Address=https://centre.example"];
    }

    private readonly Guid person = Guid.CreateVersion7();
    private readonly DateTimeOffset startsAt = new(2026, 3, 10, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task who_wants_it_is_mailed_once_in_their_language_and_zone_however_often_the_fact_comes_and_the_service_ends()
    {
        await api.StartMailServer();
        var address = await Wants(mail: true, "zh-CN");
        var reminder = Reminder("session", "投诉处理");

        await api.Publish(reminder, reminder);
        await Eventually.True(() => Task.FromResult(api.MailsTo(address).Count > 0), "the mail");
        await api.Restart();
        await api.Publish(reminder, Reminder("module", "Company"));
        await Eventually.True(() => Task.FromResult(api.MailsTo(address).Count > 1), "the next one");

        var mails = api.MailsTo(address);
        mails.Should().HaveCount(2);
        mails[0].Subject.Should().Be("2026-03-10 11:00 培训：投诉处理", "by the clock of Tokyo");
        mails[0].TextBody.Should().Contain("Asia/Tokyo").And.Contain("https://centre.example/training-sessions/1");
        mails[0].MessageId.Should().StartWith($"reminder.{reminder.Id:N}@");
    }

    [Fact]
    public async Task who_said_nothing_or_does_not_want_it_any_more_is_not_mailed_even_what_was_written_before()
    {
        await api.StopMailServer();
        var address = await Wants(mail: true, "en");
        var waiting = Reminder("exam", "Cards");
        await api.Publish(waiting);
        await Eventually.True(async () => await Status(waiting.Id) is ReminderMailStatus.Waiting, "it to be written while the mail server is away");

        await Wants(mail: false, "en", version: 1);
        var later = Reminder("certificate", "Cards");
        await api.Publish(later);
        await api.StartMailServer();

        await Eventually.True(async () => await Status(later.Id) is ReminderMailStatus.NotWanted, "it to be known");
        await Eventually.True(async () => await Status(waiting.Id) is ReminderMailStatus.NotWanted, "what waited to be dropped");
        var stranger = Reminder("exam", "Cards") with { PersonId = Guid.CreateVersion7() };
        await api.Publish(stranger);
        await Eventually.True(async () => await Status(stranger.Id) is ReminderMailStatus.NotWanted, "who said nothing");
        api.MailsTo(address).Should().BeEmpty();
        await using var query = Query();
        (await query.LoadAsync<StoredMail>(waiting.Id)).Should().BeNull();
    }

    [Fact]
    public async Task what_is_written_while_the_mail_server_is_away_is_sent_once_it_is_back_and_who_is_forgotten_leaves_no_address()
    {
        await api.StopMailServer();
        var address = await Wants(mail: true, "en");
        var reminder = Reminder("coaching", "closing");
        await api.Publish(reminder);
        await Eventually.True(async () => await Status(reminder.Id) is ReminderMailStatus.Waiting, "it to be written");
        await api.StartMailServer();

        await Eventually.True(async () => await Status(reminder.Id) is ReminderMailStatus.Sent, "it to be sent");
        api.MailsTo(address).Should().ContainSingle().Which.Subject.Should().Be("Coaching overdue since 2026-03-10");

        await api.Publish(new EmployeeErasedV1(person, 3, Guid.Empty, DateTimeOffset.UtcNow));
        await Eventually.True(async () =>
        {
            await using var query = Query();
            return await query.LoadAsync<ReminderSettings>(person) is null && await query.LoadAsync<StoredMail>(reminder.Id) is null;
        }, "address and mail to be gone");
    }

    [Theory]
    [InlineData("material"), InlineData("module"), InlineData("exam"), InlineData("certificate"), InlineData("session"), InlineData("coaching")]
    public void every_kind_is_said_in_both_languages(string kind)
    {
        var (english, chinese) = (ReminderResources.Of(Reminder(kind, "X"), "en", "Asia/Tokyo", ""),
            ReminderResources.Of(Reminder(kind, "X"), "zh-CN", "Asia/Tokyo", ""));
        english.Subject.Should().NotBe(chinese.Subject).And.NotContain("{");
        english.Text.Should().NotBe(chinese.Text).And.NotContain("{");
    }

    private TrainingReminderV1 Reminder(string kind, string title) => new(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), person, kind,
        "/training-sessions/1", title, new(2026, 3, 10), kind == "session" ? startsAt : null, DateTimeOffset.UtcNow);

    private async Task<string> Wants(bool mail, string language, long version = 0)
    {
        var address = $"p.{person:N}@harbour.example";
        if (version == 0)
            await api.Publish(new EmployeeV1(
                person, 1, $"S-{person:N}", "Ann", new(2025, 1, 1), null, "junior", [], [], [], 40, "Asia/Tokyo"));
        using var who = api.As(person, "agent");
        var put = await who.Send(HttpMethod.Put, "/reminders/settings/mine", version, new { email = address, language, mail });
        put.StatusCode.Should().Be(HttpStatusCode.NoContent, await put.Content.ReadAsStringAsync());
        (await who.Get<ReminderSettings>("/reminders/settings/mine")).Should().BeEquivalentTo(new { Email = address, Mail = mail });
        await Eventually.True(async () =>
        {
            await using var query = Query();
            return await query.LoadAsync<EmployeeV1>(person) is not null;
        }, "the person");
        return address;
    }

    private async Task<ReminderMailStatus?> Status(Guid id)
    {
        await using var query = Query();
        return (await query.LoadAsync<ReminderMail>(id))?.Status;
    }

    private IQuerySession Query() => api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
}
