namespace CallCenter.Planning.Staffing;

/// <summary>Calls that find all lines busy are lost: nobody waits.</summary>
public static class ErlangB
{
    /// <summary>Probability that a call is lost.</summary>
    public static double Blocking(double erlangs, int lines)
    {
        CheckLoad(erlangs);
        Bounds.CheckAgents(lines);

        // B(n) = A B(n-1) / (n + A B(n-1)): every term lies between 0 and 1, where A^N/N! overflows from N = 144 on.
        var blocking = 1.0;
        for (var n = 1; n <= lines && blocking > 0; n++)
            blocking = Next(blocking, erlangs, n);

        return blocking;
    }

    /// <summary>The fewest lines that lose no more than <paramref name="share"/> of the calls.</summary>
    public static int LinesFor(double erlangs, double share)
    {
        CheckLoad(erlangs);
        if (erlangs >= AgentsNeeded.Most)
            throw new PlanningException("load-out-of-range", $"The load must be less than {AgentsNeeded.Most:N0} erlangs.");
        if (!(share > 0 && share < 1))
            throw new PlanningException("target-out-of-range", "The share of lost calls must lie between 0 and 1, both excluded.");

        var lines = 0;
        for (var blocking = 1.0; blocking > share; lines++)
            blocking = Next(blocking, erlangs, lines + 1);

        return lines;
    }

    internal static double Next(double blocking, double erlangs, int lines) =>
        erlangs * blocking / (lines + erlangs * blocking);

    private static void CheckLoad(double erlangs)
    {
        if (!double.IsFinite(erlangs) || erlangs < 0)
            throw new PlanningException("load-out-of-range", "The load must be 0 erlangs or more.");
    }
}
