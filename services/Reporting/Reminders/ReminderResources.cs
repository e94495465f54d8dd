using System.Globalization;
using System.Resources;
using CallCenter.Contracts.Training;
using CallCenter.Time;
using CallCenter.Web;

namespace CallCenter.Reporting.Reminders;

/// <summary>What a reminder says, in the language of whom it is for. The words are in <c>ReminderResources.resx</c> and its
/// translation.</summary>
internal static class ReminderResources
{
    private static readonly ResourceManager Resources = new(typeof(ReminderResources));

    /// <param name="zone">Of the person: a time is told as their clock shows it.</param>
    /// <param name="address">Of the product, that what is due is found under.</param>
    public static (string Subject, string Text) Of(TrainingReminderV1 reminder, string language, string zone, string address)
    {
        var culture = Language.Of(language).ToCulture();
        var subject = Fill($"Subject-{reminder.Kind}");
        var text = Fill($"Text-{reminder.Kind}");

        return (subject, $"{text}\n\n{address}{reminder.About}\n\n{Fill("Footer")}\n");

        string Fill(string name)
        {
            var word = Resources.GetString(name, culture) ?? throw new InvalidOperationException($"There is no '{name}'.");
            var calendar = LocalCalendar.Of(zone);
            return string.Format(CultureInfo.InvariantCulture, word, reminder.Title,
                reminder.DueOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                reminder.StartsAt is { } at ? calendar.TimeOf(at).ToString("HH:mm", CultureInfo.InvariantCulture) : "", zone);
        }
    }
}
