namespace CallCenter.Planning.Rotations;

/// <summary>A row of days of work: it begins on a weekday and has a kind of shift on each day.</summary>
internal sealed record WorkRow(int Weekday, int[] Kinds)
{
    public int Next => (Weekday + Kinds.Length) % RotationProblem.Week;
}

/// <summary>
/// A rotation as a closed walk: rows of work lead from a beginning to an end, days off from an end to a beginning. Beginnings and ends
/// are told apart by weekday, and by first and last kind as far as a sequence over one day off asks. How often each is walked are the
/// columns of an integer programme: as many come to a place as leave it, each kind has what is needed on each weekday, and on each day
/// there are as many as groups.
/// </summary>
internal sealed class RotationNetwork
{
    private const int MostRows = 60_000;

    // Beginnings of rows, of which many may lead to none.
    private const int MostBeginnings = 4_000_000;

    private readonly RotationProblem problem;
    private readonly int[] endClass;
    private readonly int[] beginClass;
    private readonly int endClasses;
    private readonly int beginClasses;

    public RotationNetwork(RotationProblem problem)
    {
        this.problem = problem;
        var over = problem.Rest.AtLeast == 1 ? problem.ForbiddenOverRest : [];
        (endClass, endClasses) = Classes(problem.Kinds.Count, k => over.Where(f => f.Before == k).Select(f => f.After));
        (beginClass, beginClasses) = Classes(problem.Kinds.Count, k => over.Where(f => f.After == k).Select(f => f.Before));
        Build(over);
    }

    public List<WorkRow> Work { get; } = [];

    /// <summary>Days off: end, beginning and how many.</summary>
    public List<(int From, int To, int Length)> Rest { get; } = [];

    public int Places => RotationProblem.Week * (endClasses + beginClasses);

    /// <summary>Columns by what is decided first, and the one of each row of work and of each rest.</summary>
    public List<int[]> Decided { get; } = [];

    public int[] WorkColumns { get; private set; } = [];

    public int[] RestColumns { get; private set; } = [];

    public int Begin(WorkRow row) => RotationProblem.Week * endClasses + row.Weekday * beginClasses + beginClass[row.Kinds[0]];

    public int End(WorkRow row) => row.Next * endClasses + endClass[row.Kinds[^1]];

    /// <summary>The weekday that follows an end.</summary>
    public int DayOf(int end) => end / endClasses;

    private int EndOf(int nextDay, int kindClass) => nextDay * endClasses + kindClass;

    private int BeginOf(int day, int kindClass) => RotationProblem.Week * endClasses + day * beginClasses + kindClass;

    /// <summary>The integer programme. The columns of <see cref="Decided"/> that are no rows or rests count several of them.</summary>
    public DualSimplex Programme(bool freeWeekends, int seed)
    {
        var random = new Random(seed);
        var (kinds, week) = (problem.Kinds.Count, RotationProblem.Week);
        var programme = new DualSimplex();
        for (var kind = 0; kind < kinds; kind++)
            for (var day = 0; day < week; day++)
                programme.AddRow(problem.Kinds[kind].Needed[day]);
        var flow = programme.Rows;
        for (var place = 0; place < Places; place++)
            programme.AddRow(0);
        var onDay = programme.AddRow(problem.Groups - problem.Kinds.Sum(kind => kind.Needed[0]));

        // Counts that are decided before the rows they count: of all rows, of runs of a kind, of rows from a weekday, of runs of a kind
        // from a weekday, of rows of a length.
        var all = programme.AddRow(0);
        var runs = programme.Rows;
        for (var kind = 0; kind < kinds; kind++)
            programme.AddRow(0);
        var starts = programme.Rows;
        for (var day = 0; day < week; day++)
            programme.AddRow(0);
        var runStarts = programme.Rows;
        for (var i = 0; i < kinds * week; i++)
            programme.AddRow(0);
        var lengths = programme.Rows;
        for (var length = problem.Work.AtLeast; length <= problem.Work.AtMost; length++)
            programme.AddRow(0);

        WorkColumns = [.. Work.Select(row => programme.AddColumn(Column(row, flow, all, runs, starts, runStarts, lengths), Nudge(random)))];
        RestColumns = [.. Rest.Select(rest => programme.AddColumn(Column(rest, flow, onDay, freeWeekends), Nudge(random)))];

        var most = (long)problem.Groups * week;
        Decided.Clear();
        Decided.Add([Count(all)]);
        Decided.Add([.. Enumerable.Range(runs, kinds).Select(Count)]);
        Decided.Add([.. Enumerable.Range(starts, week).Select(Count)]);
        Decided.Add([.. Enumerable.Range(runStarts, kinds * week).Select(Count)]);
        Decided.Add([.. Enumerable.Range(lengths, problem.Work.AtMost - problem.Work.AtLeast + 1).Select(Count)]);
        Decided.Add(RestColumns);
        Decided.Add(WorkColumns);
        return programme;

        int Count(int row) => programme.AddColumn(new([row], [-1], 0, 0, most));
    }

    private static double Nudge(Random random) => 0.01 + random.NextDouble() * 0.02;

    private WholeColumn Column(WorkRow row, int flow, int all, int runs, int starts, int runStarts, int lengths)
    {
        var terms = new SortedDictionary<int, int>();
        void Add(int at, int times) => terms[at] = terms.GetValueOrDefault(at) + times;

        var most = int.MaxValue;
        for (var i = 0; i < row.Kinds.Length; i++)
        {
            var (kind, day) = (row.Kinds[i], (row.Weekday + i) % RotationProblem.Week);
            Add(kind * RotationProblem.Week + day, 1);
            most = Math.Min(most, problem.Kinds[kind].Needed[day]);
            if (i > 0 && row.Kinds[i - 1] == kind)
                continue;
            Add(runs + kind, 1);
            Add(runStarts + kind * RotationProblem.Week + day, 1);
        }

        Add(flow + Begin(row), -1);
        Add(flow + End(row), 1);
        Add(all, 1);
        Add(starts + row.Weekday, 1);
        Add(lengths + row.Kinds.Length - problem.Work.AtLeast, 1);
        return new([.. terms.Keys], [.. terms.Values], 0, 0, most);
    }

    private WholeColumn Column((int From, int To, int Length) rest, int flow, int onDay, bool freeWeekends)
    {
        var first = rest.From / endClasses;
        var monday = Enumerable.Range(first, rest.Length).Count(day => day % RotationProblem.Week == 0);
        var weekends = Enumerable.Range(first, rest.Length - 1).Count(day => day % RotationProblem.Week == 5);
        return new(
            monday > 0 ? [flow + rest.From, flow + rest.To, onDay] : [flow + rest.From, flow + rest.To],
            monday > 0 ? [-1, 1, monday] : [-1, 1],
            freeWeekends ? -weekends : 0, 0, problem.Groups * RotationProblem.Week / (rest.Length + problem.Work.AtLeast));
    }

    private void Build(IReadOnlyList<RotationSequence> over)
    {
        var kinds = new List<int>();
        var beginnings = 0;
        void Go(int weekday, int run)
        {
            var day = (weekday + kinds.Count) % RotationProblem.Week;
            var last = kinds.Count > 0 ? kinds[^1] : -1;
            var complete = last < 0 || run >= problem.Kinds[last].InARow.AtLeast;
            if (kinds.Count >= problem.Work.AtLeast && complete)
                Work.Add(new(weekday, [.. kinds]));
            if (Work.Count > MostRows || ++beginnings > MostBeginnings)
                throw new PlanningException("rotation-too-wide",
                    $"The rules allow more than {MostRows:N0} different rows of work: fewer kinds, shorter rows or longer runs of a kind are needed.");
            if (kinds.Count == problem.Work.AtMost)
                return;
            for (var kind = 0; kind < problem.Kinds.Count; kind++)
            {
                var same = kind == last;
                if (problem.Kinds[kind].Needed[day] == 0
                    || (same ? run >= problem.Kinds[kind].InARow.AtMost : !complete)
                    || (last >= 0 && problem.Forbidden.Contains(new(last, kind))))
                    continue;
                kinds.Add(kind);
                Go(weekday, same ? run + 1 : 1);
                kinds.RemoveAt(kinds.Count - 1);
            }
        }

        for (var weekday = 0; weekday < RotationProblem.Week; weekday++)
            Go(weekday, 0);

        // Kinds of one class forbid the same: any of them says what the class does.
        for (var day = 0; day < RotationProblem.Week; day++)
            for (var end = 0; end < endClasses; end++)
                for (var begin = 0; begin < beginClasses; begin++)
                    for (var length = problem.Rest.AtLeast; length <= problem.Rest.AtMost; length++)
                        if (length > 1 || !over.Contains(new(Array.IndexOf(endClass, end), Array.IndexOf(beginClass, begin))))
                            Rest.Add((EndOf(day, end), BeginOf((day + length) % RotationProblem.Week, begin), length));
    }

    private static (int[] Classes, int Count) Classes(int kinds, Func<int, IEnumerable<int>> of)
    {
        var found = new List<string>();
        var classes = new int[kinds];
        for (var kind = 0; kind < kinds; kind++)
        {
            var key = string.Join(',', of(kind).Distinct().Order());
            if (!found.Contains(key))
                found.Add(key);
            classes[kind] = found.IndexOf(key);
        }

        return (classes, found.Count);
    }
}
