using System.Reflection;
using CallCenter.EventSourcing;

namespace CallCenter.Scheduling.Calendars;

/// <summary>China's public holidays and make-up working days as they come with the product: <c>china.csv</c>.</summary>
public static class China
{
    public const string Name = "China";

    /// <summary>Of the table and its licence.</summary>
    public const string Source = "State Council notices, as read by holiday-cn and chinese-calendar (MIT; china.sources.txt)";

    public static readonly Guid Id = NameId.Of("holiday-calendar", "china");

    private static readonly Lazy<IReadOnlyList<CalendarYear>> Table = new(Read);

    public static IReadOnlyList<CalendarYear> Years => Table.Value;

    private static List<CalendarYear> Read()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("calendars/china.csv")!;
        return [.. CalendarFile.Rows(file).GroupBy(row => row.Year!.Value, row => row.Day)
            .Select(year => new CalendarYear(year.Key, Source, [.. year]))];
    }
}
