namespace CallCenter.People.Teams;

/// <summary>How many agents one supervisor leads: 12 to 14.</summary>
public static class Span
{
    public const int Least = 12;
    public const int Most = 14;

    /// <returns><c>ok</c> for 12 to 14 members, else <c>under</c> or <c>over</c>.</returns>
    public static string Of(int members) => members < Least ? "under" : members > Most ? "over" : "ok";

    /// <summary>Splits a project's agents into the fewest teams within the span, as even as can be, the larger first.</summary>
    /// <returns>The sizes; empty when no split exists, which is so for 1–11, 15–23, 29–35, 43–47, 57–59 and 71.</returns>
    public static IReadOnlyList<int> Split(int agents)
    {
        var teams = (agents + Most - 1) / Most;

        if (teams == 0 || agents < teams * Least)
            return [];

        var (size, larger) = Math.DivRem(agents, teams);

        return [.. Enumerable.Range(0, teams).Select(team => team < larger ? size + 1 : size)];
    }
}
