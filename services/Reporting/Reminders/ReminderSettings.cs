using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Reporting.Reminders;

/// <summary>Where somebody is mailed what falls due for them: nowhere until they say where, and no more once they do not want it.</summary>
/// <param name="Id">The employee.</param>
/// <param name="Email">Where to.</param>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>.</param>
/// <param name="Mail">Whether they want mails; notices are there either way.</param>
public sealed record ReminderSettings(Guid Id, string? Email, string Language, bool Mail)
{
    public int Version { get; set; }

    internal static ReminderSettings Of(Guid person) => new(person, null, "en", Mail: false);
}

internal static class ReminderSettingsEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapReminderSettings()
        {
            var settings = routes.MapGroup("/reminders/settings").WithTag("Reminders",
                "Whether somebody is mailed what falls due for them, where to and in which language.");

            settings.MapGet("/mine", Get).Describe("The caller's own; version 0 while they have said nothing");
            settings.MapPut("/mine", Put).Describe("Say whether to be mailed, where to and in which language; If-Match \"0\" for the first time",
                new ReminderSettingsRequest("ann@callcenter.example", "zh-CN", Mail: true));
        }
    }

    /// <param name="Email">Where to.</param>
    /// <param name="Language">en or zh-CN.</param>
    /// <param name="Mail">false: no mails any more.</param>
    public sealed record ReminderSettingsRequest(
        [Required, VisibleText, MaxLength(254), RegularExpression(@"^[^\s@<>"",;:\\]+@[^\s@<>"",;:\\]+\.[^\s@<>"",;:\\]+$")] string Email,
        [AllowedValues("en", "zh-CN")] string Language, bool Mail);

    private static async Task<Versioned<ReminderSettings>> Get(Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var settings = await session.LoadAsync<ReminderSettings>(caller.Id, cancellation) ?? ReminderSettings.Of(caller.Id);
        return new(settings, settings.Version);
    }

    private static async Task<WriteResult> Put(
        ReminderSettingsRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var next = checked((int)Math.Min(expected.Value, int.MaxValue - 1) + 1);
        session.UpdateRevision(new ReminderSettings(caller.Id, request.Email, request.Language, request.Mail), next);
        await session.SaveChangesAsync(cancellation);

        return new(next);
    }
}
