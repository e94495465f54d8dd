namespace CallCenter.Planning.Rostering;

/// <summary>Shifts of a day that differ in cost alone.</summary>
/// <param name="Sort">What they are to the rules that remember the days.</param>
/// <param name="Class">What they are to the next day.</param>
/// <param name="Ties">By class of the day before, a day off at last: what it costs that they follow; infinite where they must not.</param>
/// <param name="OfWeek">To which paid minutes of the week they lead.</param>
/// <param name="Units">Of minutes in the horizon, rounded up.</param>
/// <param name="IsUnpopular">Early, late or night.</param>
/// <param name="Options">Which of the day's they are.</param>
internal sealed record ShiftGroup(int Sort, int Class, float[] Ties, PlaceRun[] OfWeek, int Units, bool IsUnpopular, int[] Options)
{
    public bool DiffersInCostAlone(ShiftGroup other) =>
        (Sort, Class, Units, IsUnpopular) == (other.Sort, other.Class, other.Units, other.IsUnpopular)
        && ReferenceEquals(OfWeek, other.OfWeek) && Ties.AsSpan().SequenceEqual(other.Ties);

    /// <summary>The cheapest of them.</summary>
    public float Cheapest(float[] cost, out int option)
    {
        (var least, option) = (float.PositiveInfinity, -1);
        foreach (var i in Options)
            if (cost[i] < least)
                (least, option) = (cost[i], i);
        return least;
    }
}
