namespace CallCenter.Planning.Rostering;

/// <summary>How paid minutes of the horizon are counted, and what they may come to in the end.</summary>
/// <param name="Minutes">Of a unit; a shift counts the units that it has begun.</param>
/// <param name="Least">Units.</param>
/// <param name="Most">Units.</param>
internal sealed record MinuteScale(int Minutes, int Least, int Most)
{
    public static int Units(ShiftOption shift, int? unit) => unit is { } minutes ? (shift.PaidMinutes + minutes - 1) / minutes : 0;
}
