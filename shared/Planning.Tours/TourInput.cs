namespace CallCenter.Planning.Tours;

/// <summary>Says what is wrong with a problem before anything is computed of it.</summary>
internal static class TourInput
{
    /// <exception cref="PlanningException">no-days, no-agents, no-shifts, duplicate-code, need-outside-horizon, need-stated-twice,
    /// day-outside-horizon, unknown-shift, unknown-agent, shift-of-two-kinds, negative-number.</exception>
    public static void Check(TourProblem problem)
    {
        Refuse(problem.Days < 1 || problem.Periods < 1, "no-days", "The horizon has no days, or its days no periods.");
        Refuse(problem.Agents.IsEmpty, "no-agents", "There is nobody to plan for.");
        Refuse(problem.Shifts.IsEmpty, "no-shifts", "There is no shift to work.");
        Refuse(problem.Shifts.GroupBy(s => s.Code).Any(g => g.Count() > 1), "duplicate-code", "Two shifts have the same code.");
        Refuse(problem.Agents.GroupBy(a => a.Id).Any(g => g.Count() > 1), "duplicate-code", "Two agents have the same id.");
        Refuse(problem.Needs.Any(n => !Inside(n.Day) || n.Period < 0 || n.Period >= problem.Periods), "need-outside-horizon",
            "A need lies outside the horizon.");
        Refuse(problem.Needs.GroupBy(n => (n.Day, n.Period)).Any(g => g.Count() > 1), "need-stated-twice", "A period has two needs.");
        Refuse(problem.Needs.Any(n => n.Required < 0 || n.Under < 0 || n.Over < 0), "negative-number", "A need or its weight is negative.");
        Refuse(problem.Shifts.Any(s => s.Work.Any(w => w.From < 0 || w.To < w.From)), "negative-number", "A shift works before it begins.");
        Refuse(problem.Shifts.Any(s => s.NotBefore.Any(Unknown)), "unknown-shift",
            "A forbidden sequence names a shift that does not exist.");

        foreach (var agent in problem.Agents)
        {
            Refuse(agent.DaysOff.Concat(agent.Requests.Select(r => r.Day)).Concat(agent.Locked.Select(l => l.Day)).Any(d => !Inside(d)),
                "day-outside-horizon", $"Agent {agent.Id} has a day off, a request or a locked day outside the horizon.");
            Refuse(agent.Requests.Any(r => Unknown(r.Shift)) || agent.Locked.Any(l => l.Shift is { } s && Unknown(s))
                || agent.Rules.Limits.Any(l => l.Shifts.IsEmpty || l.Shifts.Any(Unknown))
                || (agent.Tail?.LastShift is { } last && Unknown(last)), "unknown-shift",
                    $"A rule or request of agent {agent.Id} names a shift that does not exist.");
            Refuse(agent.Tail is { DaysInRow: < 1 }, "negative-number", $"The tail of agent {agent.Id} has no days.");
        }

        foreach (var team in problem.Teams)
        {
            Refuse(team.Agents.Except(problem.Agents.Select(a => a.Id)).Any(), "unknown-agent", "A team has an agent who does not exist.");
            Refuse(team.Kinds.Any(k => k.IsEmpty || k.Any(Unknown)), "unknown-shift",
                "A kind of shifts of a team names one that does not exist, or none.");
            Refuse(team.Kinds.SelectMany(k => k).GroupBy(s => s)
                .Any(g => g.Count() > 1), "shift-of-two-kinds", "A team counts a shift as two kinds.");
            Refuse(team.Weight < 0, "negative-number", "The weight of a team is negative.");
        }

        bool Inside(int day) => day >= 0 && day < problem.Days;

        bool Unknown(int shift) => shift < 0 || shift >= problem.Shifts.Length;
    }

    private static void Refuse(bool wrong, string code, string message)
    {
        if (wrong)
            throw new PlanningException(code, message);
    }
}
