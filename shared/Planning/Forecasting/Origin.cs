namespace CallCenter.Planning.Forecasting;

/// <summary>The day to forecast.</summary>
/// <param name="Weekday">Whose past is taken: the day's own, or the one that a special day works like.</param>
internal readonly record struct Target(int Day, int Weekday, int Lead);

/// <summary>What is known at the end of a day, and what the methods make of it, each computed once.</summary>
internal sealed class Origin
{
    private readonly double[] levels;
    private CalendarRegression? regression;
    private DayProfile? profile;
    private double? recentLevel;

    public Origin(DayTable table, int known, HoltWinters holtWinters)
    {
        (Table, Known, HoltWinters) = (table, known, holtWinters);
        levels = LevelShifts.Of(table, known);
    }

    public DayTable Table { get; }

    /// <summary>The last day that may be looked at.</summary>
    public int Known { get; }

    public HoltWinters HoltWinters { get; }

    public CalendarRegression Regression => regression ??= new(this);

    public DayProfile Profile => profile ??= new(this);

    /// <summary>Calls of a past day, brought to the level of today where that has shifted since.</summary>
    public double[] Calls(int day)
    {
        var level = levels[day];
        return level == 1 ? Table.Calls(day) : [.. Table.Calls(day).Select(c => c * level)];
    }

    public double Total(int day) => Table.Totals[day] * levels[day];

    /// <summary>What the usual days of the last two weeks brought, over the mean of the eight weeks before each.</summary>
    public double RecentLevel
    {
        get
        {
            if (recentLevel is { } known)
                return known;

            var (recent, usual) = (0.0, 0.0);
            for (var day = Math.Max(0, Known - 13); day <= Known; day++)
            {
                if (!Table.Usual(day))
                    continue;

                var before = Table.Same(Table.Weekday(day), day, day, 8).ToList();
                if (before.Count == 0)
                    continue;
                recent += Total(day);
                usual += before.Average(Total);
            }

            recentLevel = usual > 0 ? recent / usual : 1;
            return recentLevel.Value;
        }
    }
}
