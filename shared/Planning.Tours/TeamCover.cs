namespace CallCenter.Planning.Tours;

/// <summary>How many of each team work each kind of shift while a search changes them, and what one more would cost.</summary>
internal sealed class TeamCover
{
    private readonly TourProblem problem;
    private readonly Counted[] teams;
    private readonly Counted[][] teamsOf;

    public TeamCover(TourProblem problem)
    {
        this.problem = problem;
        teams = [.. problem.Teams.Select(t => new Counted(problem, t))];
        teamsOf = [.. problem.Agents.Select(a => teams.Where(t => t.Team.Agents.Contains(a.Id)).ToArray())];
    }

    public long Cost { get; private set; }

    public void Add(int agent, ReadOnlySpan<int> tour) => Change(agent, tour, 1);

    public void Remove(int agent, ReadOnlySpan<int> tour) => Change(agent, tour, -1);

    /// <summary>Adds what each shift of the agent would cost beside what the rest of the team works now.</summary>
    public void AddMarginalCosts(int agent, float[] cost)
    {
        foreach (var team in teamsOf[agent])
            for (var (day, i) = (0, 0); day < problem.Days; day++)
            {
                var most = team.Most(day);
                for (var shift = 0; shift < problem.Shifts.Length; shift++, i++)
                    cost[i] += team.Working(day, shift) < most ? team.Team.Weight : 0;
            }
    }

    private void Change(int agent, ReadOnlySpan<int> tour, int by)
    {
        foreach (var team in teamsOf[agent])
            for (var day = 0; day < tour.Length; day++)
                if (tour[day] >= 0)
                    Cost += (long)team.Team.Weight * team.Change(day, tour[day], by);
    }

    private sealed class Counted
    {
        private readonly int[] kindOf;
        private readonly int kinds;
        private readonly int[] working;

        public Counted(TourProblem problem, TourTeam team)
        {
            Team = team;
            kinds = team.Kinds.Length + problem.Shifts.Length;
            kindOf = [.. Enumerable.Range(0, problem.Shifts.Length).Select(s => team.KindOf(s) ?? team.Kinds.Length + s)];
            working = new int[problem.Days * kinds];
        }

        public TourTeam Team { get; }

        public int Working(int day, int shift) => working[day * kinds + kindOf[shift]];

        public int Most(int day)
        {
            var most = 0;
            foreach (var count in working.AsSpan(day * kinds, kinds))
                most = Math.Max(most, count);
            return most;
        }

        /// <returns>How many more are apart from the most.</returns>
        public int Change(int day, int shift, int by)
        {
            var before = Most(day);
            working[day * kinds + kindOf[shift]] += by;
            return by - (Most(day) - before);
        }
    }
}
