namespace CallCenter.Planning.Forecasting;

/// <summary>A day that is not like others of its weekday: a holiday, its eve, a campaign. Known ahead, so it can be forecast.</summary>
/// <param name="Kind">Days of the same kind are taken to be alike, whatever weekday they fall on.</param>
/// <param name="Like">A weekday that it works like, where that is known; otherwise found from earlier days of the kind.</param>
public sealed record SpecialDay(DateOnly Date, string Kind, DayOfWeek? Like = null);
