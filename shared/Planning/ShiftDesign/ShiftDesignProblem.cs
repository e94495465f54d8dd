namespace CallCenter.Planning.ShiftDesign;

/// <summary>Which shifts cover a need that goes round, such as a week's: from when, how long, and how many people each day.</summary>
/// <param name="SlotsPerDay">Slots of a day, all of one length.</param>
/// <param name="Needed">People needed in each slot of the days; after the last day comes the first.</param>
/// <param name="Windows">What a shift may be.</param>
/// <param name="Weights">What a design is judged by.</param>
/// <param name="MostShifts">Different shifts at most; null for any number.</param>
public sealed record ShiftDesignProblem(
    int SlotsPerDay, IReadOnlyList<int> Needed, IReadOnlyList<ShiftWindow> Windows, ShiftDesignWeights Weights, int? MostShifts = null)
{
    public int Days => Needed.Count / SlotsPerDay;
}

/// <summary>Shifts that begin and last within limits, in slots.</summary>
/// <param name="Earliest">Slot of the day in which they begin at the earliest.</param>
/// <param name="Latest">At the latest.</param>
/// <param name="Shortest">Slots that they last at least.</param>
/// <param name="Longest">At most; not longer than all days together.</param>
public sealed record ShiftWindow(int Earliest, int Latest, int Shortest, int Longest);

/// <summary>In one unit, such as agent minutes.</summary>
/// <param name="Over">For each person more than needed, in each slot.</param>
/// <param name="Under">For each person fewer than needed.</param>
/// <param name="Shift">For each different shift, on however many days.</param>
public sealed record ShiftDesignWeights(int Over, int Under, int Shift);

/// <param name="Start">Slot of the day in which it begins.</param>
/// <param name="Length">Slots that it lasts.</param>
/// <param name="People">How many on each day.</param>
public sealed record DesignedShift(int Start, int Length, IReadOnlyList<int> People);

/// <param name="Over">People more than needed, summed over the slots.</param>
/// <param name="Under">People fewer than needed.</param>
/// <param name="Cost">By the weights.</param>
/// <param name="Bound">No design costs less; null where there was no time to find one.</param>
/// <param name="Moves">What was tried.</param>
public sealed record ShiftDesignResult(IReadOnlyList<DesignedShift> Shifts, int Over, int Under, long Cost, long? Bound, long Moves);
