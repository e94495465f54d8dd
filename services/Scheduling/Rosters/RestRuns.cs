using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;

namespace CallCenter.Scheduling.Rosters;

/// <summary>Days of rest in a row: more than the project allows by itself need a consent in each case.</summary>
public static class RestRuns
{
    /// <summary>Days before and after a roster that are looked at: a row may begin before it and end after it.</summary>
    public const int Reach = 42;

    /// <summary>The rows of rest of one agent that are longer than allowed: first and last day of each.</summary>
    /// <param name="rest">Whether the agent rests on a day: null where nothing is published, or they are away for another reason.</param>
    /// <param name="most">Days that need no consent; public holidays count for none, and end no row.</param>
    public static IEnumerable<(DateOnly From, DateOnly To)> Longer(
        DateOnly from, DateOnly to, Func<DateOnly, bool?> rest, int most, Func<DateOnly, bool> isHoliday)
    {
        var (count, first, last) = (0, from, from);
        for (var day = from; day <= to.AddDays(1); day = day.AddDays(1))
        {
            if (day <= to && isHoliday(day) && rest(day) == true)
                continue;

            if (day <= to && rest(day) == true)
            {
                (count, first, last) = (count + 1, count == 0 ? day : first, day);
                continue;
            }

            if (count > most)
                yield return (first, last);
            count = 0;
        }
    }

    /// <summary>The problem in which nobody rests for longer than the project allows by itself.</summary>
    /// <param name="resting">But these, who have a consent or cannot be rostered otherwise.</param>
    public static RosterProblem Within(RosterProblem problem, AccountPolicy policy, IReadOnlySet<Guid> resting) =>
        policy.MostRestDaysInRow is not { } most ? problem : problem with
        {
            Agents =
            [
                .. problem.Agents.Select(agent => resting.Contains(agent.Id) ? agent
                    : agent with { Rules = Resting(problem.RulesOf(agent), most) }),
            ],
        };

    private static RosterRules Resting(RosterRules rules, int most) => rules with
    {
        MaxDaysOff = Math.Min(rules.MaxDaysOff ?? int.MaxValue, Math.Max(most, rules.MinDaysOff)),
    };

    /// <summary>Agents who have no days because of how long they may rest.</summary>
    public static IEnumerable<Guid> InTheWayOf(IEnumerable<RosterConflict> conflicts) => conflicts
        .Where(conflict => conflict.Rule == "too-many-days-off" || conflict.Because.Contains("too-many-days-off"))
        .SelectMany(conflict => conflict.Agents);

    /// <param name="days">Of all agents: those that are being published, and those around them.</param>
    /// <param name="accounts">With the consents.</param>
    /// <exception cref="RefusedException"><c>rest-needs-consent</c></exception>
    public static void MustHaveConsent(
        Roster roster, ILookup<Guid, PublishedDay> days, AccountPolicy policy, IReadOnlyDictionary<Guid, Account> accounts,
        Func<Guid, DateOnly, bool> isEmployed, Func<Guid, string> nameOf)
    {
        if (policy.MostRestDaysInRow is not { } most)
            return;

        foreach (var agent in roster.Agents.Keys)
        {
            var own = days[agent].ToLookup(day => day.Date);
            var rows = Longer(roster.From.AddDays(-Reach), roster.To.AddDays(Reach),
                day => own[day].Any() && isEmployed(agent, day) ? own[day].All(RosterBookings.IsRest) : null, most, policy.IsHoliday);

            foreach (var (from, to) in rows.Where(row => row.From <= roster.To && row.To >= roster.From))
                if (accounts.GetValueOrDefault(agent)?.HasConsent(from, to) != true)
                    throw new RefusedException("rest-needs-consent",
                        $"{nameOf(agent)} rests from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}: more than {most} days in a row need a consent.");
        }
    }
}
