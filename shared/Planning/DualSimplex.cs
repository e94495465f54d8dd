using System.Numerics;
using System.Runtime.InteropServices;

namespace CallCenter.Planning;

/// <summary>
/// One column of an integer programme: where it counts and how often, what a unit costs, and between which whole numbers it lies.
/// </summary>
internal sealed record WholeColumn(int[] Rows, int[] Times, long Cost, long Lower, long Upper);

internal enum LinearAnswer
{
    Solved,
    Impossible,

    /// <summary>Rounding errors leave it open: whoever asks divides the question further.</summary>
    Open,
}

/// <summary>
/// A linear programme with rows that are equations, whose columns are bounded, all in whole numbers: the bounded dual simplex (Lemke
/// 1954; Koberstein 2005) with a dense inverse, for up to a few hundred rows. It is solved again from where it stands after bounds were
/// changed. It calculates in doubles, but what it says to be impossible or not to cost less it has shown in whole numbers: multipliers of
/// the rows are rounded to whole numbers, with which the rows add up to one that no values within the bounds fulfil (Farkas 1902), or
/// that bounds the cost (Neumaier and Shcherbina 2004).
/// </summary>
internal sealed class DualSimplex
{
    private const double Feasible = 1e-8;
    private const double LeastPivot = 1e-7;
    private const double MultiplierScale = 1L << 32;

    private readonly List<WholeColumn> columns = [];
    private readonly List<long> lower = [];
    private readonly List<long> upper = [];
    private readonly List<double> cost = [];
    private readonly List<long> rightSide = [];

    // What basis there is: the column of each row (one below zero is the row's own, which is always 0), and the row of each column.
    private int[] basic = [];
    private int[] rowOf = [];
    private bool[] atUpper = [];
    private double[] reduced = [];
    private double[] values = [];
    private double[] alpha = [];
    private double[] inverse = [];
    private double[] entering = [];

    // Of the rows of the inverse, squared; below nothing where the row has changed since.
    private double[] lengths = [];
    private int sinceInversion;

    public int Rows => rightSide.Count;

    public int Columns => columns.Count;

    public long Lower(int column) => lower[column];

    public long Upper(int column) => upper[column];

    public double Value(int column) => rowOf[column] >= 0 ? values[rowOf[column]] : Resting(column);

    public int AddRow(long rightSide)
    {
        this.rightSide.Add(rightSide);
        return Rows - 1;
    }

    /// <param name="nudge">Added to the cost, so that no two bases cost the same; not part of any bound.</param>
    public int AddColumn(WholeColumn column, double nudge = 0)
    {
        columns.Add(column);
        lower.Add(column.Lower);
        upper.Add(column.Upper);
        cost.Add(column.Cost + nudge);
        return Columns - 1;
    }

    /// <summary>
    /// Adds a column that counts others, and its row. What is solved stands: the new column is in the basis (for a row below with -1 at
    /// its end, the inverse gets a row below, which is the row's own times the inverse, and -1).
    /// </summary>
    public int AddCount(IReadOnlyList<int> counted, long atMost)
    {
        var row = AddRow(0);
        foreach (var column in counted)
            columns[column] = columns[column] with { Rows = [.. columns[column].Rows, row], Times = [.. columns[column].Times, 1] };
        var count = AddColumn(new([row], [-1], 0, 0, atMost));

        var before = inverse;
        inverse = new double[Rows * Rows];
        for (var i = 0; i < row; i++)
            before.AsSpan(i * row, row).CopyTo(inverse.AsSpan(i * Rows));
        foreach (var column in counted)
            if (rowOf[column] is >= 0 and var place)
                for (var i = 0; i < row; i++)
                    inverse[row * Rows + i] += before[place * row + i];
        inverse[row * Rows + row] = -1;
        (basic, rowOf, reduced, atUpper) = ([.. basic, count], [.. rowOf, row], [.. reduced, 0], [.. atUpper, false]);
        (values, alpha, entering) = (new double[Rows], new double[Columns], new double[Rows]);
        lengths = [.. Enumerable.Repeat(-1.0, Rows)];
        return count;
    }

    public void Bound(int column, long from, long to) => (lower[column], upper[column]) = (from, to);

    /// <summary>
    /// Begins with every row's own column: no cost is saved by anything, so that each column lies at its cheaper bound.
    /// </summary>
    public void Start()
    {
        basic = [.. Enumerable.Range(0, Rows).Select(row => ~row)];
        rowOf = [.. Enumerable.Repeat(-1, Columns)];
        reduced = [.. cost];
        atUpper = [.. cost.Select(c => c < 0)];
        values = new double[Rows];
        alpha = new double[Columns];
        entering = new double[Rows];
        lengths = [.. Enumerable.Repeat(-1.0, Rows)];
        inverse = new double[Rows * Rows];
        for (var row = 0; row < Rows; row++)
            inverse[row * Rows + row] = 1;
        sinceInversion = 0;
    }

    /// <param name="atMost">Whoever asks wants to know no more of it where it costs more than this.</param>
    public LinearAnswer Solve(long atMost = long.MaxValue)
    {
        Settle();
        for (var pivots = 0; pivots < 50 * (Rows + Columns); pivots++)
        {
            if (sinceInversion >= 60 && !Invert())
                return LinearAnswer.Open;

            var leaving = Leaving(out var below);
            if (leaving < 0)
                return LinearAnswer.Solved;

            if (pivots % 16 == 15 && atMost < long.MaxValue && SafeBound() > atMost)
                return LinearAnswer.Impossible;

            var column = Entering(leaving, below);
            if (column < 0)
            {
                if (IsImpossible(leaving))
                    return LinearAnswer.Impossible;
                if (sinceInversion == 0 || !Invert())
                    return LinearAnswer.Open;
                continue;
            }

            if (!Exchange(leaving, column, below) && !Invert())
                return LinearAnswer.Open;
        }

        return LinearAnswer.Open;
    }

    /// <summary>
    /// No values within the bounds cost less than this, whatever the rounding: the multipliers of the rows, rounded, bring the least that
    /// each column can cost by itself (weak duality). In whole numbers, rounded up.
    /// </summary>
    public long SafeBound()
    {
        // Multipliers y = c_B B^-1, rounded to a 2^-20.
        const int shift = 20;
        Int128 sum = 0;
        var multipliers = new long[Rows];
        for (var row = 0; row < Rows; row++)
        {
            double multiplier = 0;
            for (var i = 0; i < Rows; i++)
                if (basic[i] >= 0)
                    multiplier += cost[basic[i]] * inverse[i * Rows + row];
            if (!(Math.Abs(multiplier) < 1e12))
                return long.MinValue;
            multipliers[row] = (long)Math.Round(multiplier * (1 << shift));
            sum += (Int128)multipliers[row] * rightSide[row];
        }

        for (var column = 0; column < Columns; column++)
        {
            var each = ((Int128)columns[column].Cost << shift) - Weighed(columns[column], multipliers);
            sum += each * (each > 0 ? lower[column] : upper[column]);
        }

        // Rounded up: what is whole cannot lie between.
        return (long)((sum + (Int128.One << shift) - 1) >> shift);
    }

    private static Int128 Weighed(WholeColumn column, long[] multipliers)
    {
        Int128 sum = 0;
        for (var i = 0; i < column.Rows.Length; i++)
            sum += (Int128)multipliers[column.Rows[i]] * column.Times[i];

        return sum;
    }

    /// <summary>
    /// Whether the rows, added up with this row of the inverse as their multipliers, ask for more or less than the bounds allow.
    /// </summary>
    private bool IsImpossible(int row)
    {
        var most = 0.0;
        for (var i = 0; i < Rows; i++)
            most = Math.Max(most, Math.Abs(inverse[row * Rows + i]));
        var multipliers = new long[Rows];
        Int128 asked = 0;
        for (var i = 0; i < Rows; i++)
        {
            multipliers[i] = (long)Math.Round(inverse[row * Rows + i] / most * MultiplierScale);
            asked += (Int128)multipliers[i] * rightSide[i];
        }

        Int128 least = 0, greatest = 0;
        for (var column = 0; column < Columns; column++)
        {
            var weight = Weighed(columns[column], multipliers);
            least += weight * (weight > 0 ? lower[column] : upper[column]);
            greatest += weight * (weight > 0 ? upper[column] : lower[column]);
        }

        return asked < least || asked > greatest;
    }

    private double Resting(int column) => atUpper[column] ? upper[column] : lower[column];

    private (double From, double To) Between(int basicColumn) => basicColumn < 0 ? (0, 0) : (lower[basicColumn], upper[basicColumn]);

    private void Settle()
    {
        for (var column = 0; column < Columns; column++)
            if (rowOf[column] < 0 && Math.Abs(reduced[column]) > 1e-9)
                atUpper[column] = reduced[column] < 0;
        Measure();
    }

    /// <summary>The values of the basis from the bounds that all others rest at.</summary>
    private void Measure()
    {
        var rest = entering;
        for (var row = 0; row < Rows; row++)
            rest[row] = rightSide[row];
        for (var column = 0; column < Columns; column++)
            if (rowOf[column] < 0 && Resting(column) is not 0 and var value)
                for (var i = 0; i < columns[column].Rows.Length; i++)
                    rest[columns[column].Rows[i]] -= columns[column].Times[i] * value;

        for (var row = 0; row < Rows; row++)
        {
            double sum = 0;
            for (var i = 0; i < Rows; i++)
                sum += inverse[row * Rows + i] * rest[i];
            values[row] = sum;
        }
    }

    /// <summary>The row whose value lies furthest outside its bounds, measured along its row of the inverse (steepest edge).</summary>
    private int Leaving(out bool below)
    {
        var (best, chosen) = (0.0, -1);
        below = false;
        for (var row = 0; row < Rows; row++)
        {
            var (from, to) = Between(basic[row]);
            var outside = Math.Max(from - values[row], values[row] - to);
            if (outside <= Feasible * (1 + Math.Abs(values[row])))
                continue;

            if (lengths[row] < 0)
                lengths[row] = 1e-12 + Squared(inverse.AsSpan(row * Rows, Rows));
            if (outside * outside / lengths[row] is var score && score > best)
                (best, chosen, below) = (score, row, values[row] < from);
        }

        return chosen;
    }

    /// <summary>
    /// The column that keeps all costs on their side, and of those nearly alike the one with the largest pivot (Harris 1973).
    /// </summary>
    private int Entering(int row, bool below)
    {
        var step = double.MaxValue;
        for (var column = 0; column < Columns; column++)
        {
            if (rowOf[column] >= 0 || lower[column] == upper[column])
            {
                alpha[column] = rowOf[column] >= 0 ? 0 : Along(row, column);
                continue;
            }

            var a = alpha[column] = Along(row, column);
            if (Helps(a, column, below))
                step = Math.Min(step, (Math.Abs(reduced[column]) + 1e-9) / Math.Abs(a));
        }

        var (best, chosen) = (LeastPivot, -1);
        for (var column = 0; column < Columns; column++)
        {
            if (rowOf[column] >= 0 || lower[column] == upper[column] || !Helps(alpha[column], column, below))
                continue;
            if (Math.Abs(reduced[column]) / Math.Abs(alpha[column]) <= step && Math.Abs(alpha[column]) > best)
                (best, chosen) = (Math.Abs(alpha[column]), column);
        }

        return chosen;
    }

    private bool Helps(double along, int column, bool below) =>
        Math.Abs(along) > LeastPivot && (below == atUpper[column] ? along > 0 : along < 0);

    private double Along(int row, int column)
    {
        double sum = 0;
        var (rows, times) = (columns[column].Rows, columns[column].Times);
        for (var i = 0; i < rows.Length; i++)
            sum += inverse[row * Rows + rows[i]] * times[i];

        return sum;
    }

    /// <summary>False where the pivot is too far from what the row said of it: the inverse is to be made anew.</summary>
    private bool Exchange(int row, int column, bool below)
    {
        for (var i = 0; i < Rows; i++)
            entering[i] = Along(i, column);
        var pivot = entering[row];
        if (Math.Abs(pivot - alpha[column]) > 1e-6 * (1 + Math.Abs(pivot)) && sinceInversion > 0)
            return false;

        var (from, to) = Between(basic[row]);
        var change = (values[row] - (below ? from : to)) / pivot;
        var value = Resting(column) + change;
        var theta = reduced[column] / pivot;
        for (var other = 0; other < Columns; other++)
            if (rowOf[other] < 0)
                reduced[other] -= theta * alpha[other];
        for (var i = 0; i < Rows; i++)
            values[i] -= entering[i] * change;

        if (basic[row] is >= 0 and var left)
            (rowOf[left], reduced[left], atUpper[left]) = (-1, -theta, !below);
        (basic[row], rowOf[column], reduced[column], values[row]) = (column, row, 0, value);

        var pivotRow = inverse.AsSpan(row * Rows, Rows);
        for (var i = 0; i < Rows; i++)
            pivotRow[i] /= pivot;
        lengths[row] = -1;
        for (var i = 0; i < Rows; i++)
        {
            if (i == row || entering[i] == 0)
                continue;
            var by = entering[i];
            Subtract(inverse.AsSpan(i * Rows, Rows), pivotRow, by);
            lengths[i] = -1;
        }

        sinceInversion++;
        return true;
    }

    /// <summary>
    /// The inverse of the basis, its costs and its values from the columns themselves (Gauss and Jordan). False where the basis is
    /// singular.
    /// </summary>
    private bool Invert()
    {
        var matrix = new double[Rows * Rows];
        for (var place = 0; place < Rows; place++)
        {
            if (basic[place] < 0)
                matrix[~basic[place] * Rows + place] = 1;
            else
                for (var i = 0; i < columns[basic[place]].Rows.Length; i++)
                    matrix[columns[basic[place]].Rows[i] * Rows + place] = columns[basic[place]].Times[i];
        }

        var result = new double[Rows * Rows];
        for (var i = 0; i < Rows; i++)
            result[i * Rows + i] = 1;
        for (var place = 0; place < Rows; place++)
        {
            var best = place;
            for (var i = place + 1; i < Rows; i++)
                if (Math.Abs(matrix[i * Rows + place]) > Math.Abs(matrix[best * Rows + place]))
                    best = i;
            if (Math.Abs(matrix[best * Rows + place]) < 1e-9)
                return false;
            if (best != place)
                for (var k = 0; k < Rows; k++)
                {
                    (matrix[best * Rows + k], matrix[place * Rows + k]) = (matrix[place * Rows + k], matrix[best * Rows + k]);
                    (result[best * Rows + k], result[place * Rows + k]) = (result[place * Rows + k], result[best * Rows + k]);
                }

            var pivot = matrix[place * Rows + place];
            for (var k = 0; k < Rows; k++)
            {
                matrix[place * Rows + k] /= pivot;
                result[place * Rows + k] /= pivot;
            }

            for (var i = 0; i < Rows; i++)
            {
                if (i == place || matrix[i * Rows + place] is not (> 0 or < 0))
                    continue;
                var by = matrix[i * Rows + place];
                Subtract(matrix.AsSpan(i * Rows, Rows), matrix.AsSpan(place * Rows, Rows), by);
                Subtract(result.AsSpan(i * Rows, Rows), result.AsSpan(place * Rows, Rows), by);
            }
        }

        inverse = result;
        sinceInversion = 0;
        Array.Fill(lengths, -1);
        Reprice();
        Settle();
        return true;
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> row, double times)
    {
        var targets = MemoryMarshal.Cast<double, Vector<double>>(from);
        var rows = MemoryMarshal.Cast<double, Vector<double>>(row);
        for (var i = 0; i < targets.Length; i++)
            targets[i] -= times * rows[i];
        for (var i = targets.Length * Vector<double>.Count; i < from.Length; i++)
            from[i] -= times * row[i];
    }

    private static double Squared(ReadOnlySpan<double> row)
    {
        var rows = MemoryMarshal.Cast<double, Vector<double>>(row);
        var sums = Vector<double>.Zero;
        foreach (var part in rows)
            sums += part * part;
        var sum = Vector.Sum(sums);
        foreach (var left in row[(rows.Length * Vector<double>.Count)..])
            sum += left * left;
        return sum;
    }

    private void Reprice()
    {
        var multipliers = new double[Rows];
        for (var row = 0; row < Rows; row++)
            if (basic[row] >= 0)
                for (var i = 0; i < Rows; i++)
                    multipliers[i] += cost[basic[row]] * inverse[row * Rows + i];

        for (var column = 0; column < Columns; column++)
        {
            if (rowOf[column] >= 0)
            {
                reduced[column] = 0;
                continue;
            }

            var value = cost[column];
            for (var i = 0; i < columns[column].Rows.Length; i++)
                value -= multipliers[columns[column].Rows[i]] * columns[column].Times[i];
            reduced[column] = value;
        }
    }
}
