namespace CallCenter.Planning.Rostering;

/// <summary>
/// The rows of a linear programme over days of agents: what is still to be covered in each, and what covering too little and too much
/// costs. A duty is a shift as it may be worked on a day, known by an index; days of an agent are a list of duties.
/// </summary>
internal abstract class CoverRows
{
    public abstract int Rows { get; }

    /// <summary>Rows in which something is asked for, and the most that an agent too few or too many may cost there.</summary>
    public abstract (int Asked, double Dearest) Scale { get; }

    /// <summary>By duty: the duals of its rows together.</summary>
    public double[] DutyDuals { get; protected set; } = [];

    /// <summary>By duty: how many work it.</summary>
    public double[] Working { get; protected set; } = [];

    public virtual void Clear() => Array.Clear(Working);

    public abstract void SumDuals(double[] duals);

    /// <summary>Who is at work in each row.</summary>
    public abstract void Count(double[] staff);

    /// <summary>Moves duals towards what is missing where the primal values would go next.</summary>
    /// <returns>The square of the distance, and its product with the change of staff.</returns>
    public abstract (double Distance, double WithStaff) MoveDuals(LpIterate now, LpIterate next, double length);

    /// <summary>Cost of what is missing and in surplus, and the part of the bound that the need itself gives.</summary>
    public abstract (double Value, double Bound) Look(LpIterate iterate);
}
