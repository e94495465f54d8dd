using System.Collections.Frozen;
using System.Collections.Immutable;
using Binding = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// A hard rule about the days of one agent: its code, what its parameter may be, how the checker judges finished days by it, how the search
/// keeps it day by day, how it gives way where there are no days, and how that is said. Its parameter is a property of <see
/// cref="RosterRules"/>
/// beside it. Checker and search judge by code of their own, so that each tests the other.
/// </summary>
public abstract class RosterRule
{
    /// <summary>Every rule of this folder, in the order of the codes, in which the checker names what is broken.</summary>
    public static ImmutableArray<RosterRule> All { get; } =
    [
        .. typeof(RosterRule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RosterRule)) && !type.IsAbstract)
            .Select(type => (RosterRule)Activator.CreateInstance(type, nonPublic: true)!)
            .OrderBy(rule => rule.Code, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, RosterRule> ByCode = All.ToFrozenDictionary(r => r.Code);

    /// <summary>Stable; what a violation is named by.</summary>
    public abstract string Code { get; }

    /// <summary>Broken by work that is missing, so that more of it may mend it; all others by work that there is.</summary>
    public virtual bool IsOfMissingWork => false;

    /// <summary>Whether a day of work more may break it.</summary>
    public virtual bool IsBrokenByWork => !IsOfMissingWork;

    /// <summary>Always set for one agent, never for everybody: blamed only where everybody's rules are not enough.</summary>
    internal virtual bool IsOfAgent => false;

    /// <summary>Codes that <see cref="Errors"/> may answer with.</summary>
    public virtual ImmutableArray<string> ErrorCodes => [];

    /// <summary>What is wrong with the parameter, beyond its range.</summary>
    public virtual IEnumerable<RuleError> Errors(RosterRules rules) => [];

    /// <summary>The change in words: what comes after the name of the rule.</summary>
    public virtual string Explain(Relaxation change) => $" from {change.From} to {change.To}";

    public static RosterRule? Of(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>Where finished days break the rule.</summary>
    internal abstract IEnumerable<Violation> Broken(AgentDays days);

    /// <summary>How the search keeps the rule: each of its limits by itself; nothing where it does not bind the agent.</summary>
    internal abstract IEnumerable<RuleCount> CountsFor(RosterProblem problem, RosterAgent agent, AgentOptions options);

    /// <summary>How the rule gives way; nothing where it does not bind the agent.</summary>
    internal abstract IEnumerable<Binding> Bindings(BoundInRoster bound);

    private protected static Binding OfRules(
        string code, int now, int none, int by, Func<RosterRules, int, RosterRules> set, string shifts = "") =>
        Binding.Number(code, now, none, by, (b, n) => b.With(rules => set(rules, n)), shifts);

    private protected static Binding OfAgent(string code, int now, int none, int by, Func<RosterAgent, int, RosterAgent> set) =>
        Binding.Number(code, now, none, by, (b, n) => b with { Agent = set(b.Agent, n) });

    private protected static string InHours(Relaxation change) => $" from {change.From / 60.0:0.##} h to {change.To / 60.0:0.##} h";
}

/// <param name="Parameter">Name of the property of <see cref="RosterRules"/>.</param>
public sealed record RuleError(string Parameter, string Code, string Message);

/// <summary>Finished days of an agent, as the checker sees them.</summary>
/// <param name="Shifts">In order of time.</param>
internal sealed record AgentDays(RosterProblem Problem, RosterAgent Agent, IReadOnlyList<Assignment> Shifts)
{
    public RosterRules Rules => Problem.RulesOf(Agent);

    public IReadOnlySet<int> Worked { get; } = Shifts.Select(s => s.Shift.Day).ToHashSet();

    public Violation Broken(string rule, int day, string message) => new(rule, Agent.Id, day, message);

    public static int PaidMinutes(Assignment assignment) =>
        assignment.Shift.End - assignment.Shift.Start - assignment.Breaks.Where(b => !b.Paid).Sum(b => b.End - b.Start);
}

/// <summary>What came before a day of work.</summary>
/// <param name="Shift">The shift of the day before; null when off.</param>
/// <param name="End">End of the shift of the day before, or of the last one before the horizon; far in the past where there is
/// none.</param>
internal readonly record struct ShiftBefore(ShiftOption? Shift, int End);

/// <summary>Paid minutes at most and at least.</summary>
/// <param name="OfWeek">In each week; otherwise in the horizon, with those of leave.</param>
/// <param name="Least">In the horizon only.</param>
internal readonly record struct MinuteLimit(bool OfWeek, int Most, int Leave, int Least = 0);

/// <summary>
/// A rule in the search: it may remember one number of the days so far, forbid that one shift follows another, or limit paid minutes. Of
/// what it remembers, days between which it makes no difference must have the same; <see cref="Refused"/> is the answer where a day
/// breaks the rule.
/// </summary>
internal abstract class RuleCount
{
    public const int Refused = -1;

    /// <summary>The greatest number remembered; 0 where nothing has to be.</summary>
    public virtual int Max => 0;

    public virtual int Start => 0;

    public virtual int Off(int count, int day) => count;

    /// <summary>Shifts of the same sort are one to <see cref="Work"/>.</summary>
    public virtual int SortOf(ShiftOption shift) => 0;

    /// <summary>Counts days towards a limit and nothing else: while the days found keep it, nobody has to have counted.</summary>
    public virtual bool MayBeLeftOut => false;

    /// <param name="shift">Null for a day off.</param>
    public int After(int count, int day, bool workedBefore, ShiftOption? shift) =>
        shift is null ? Off(count, day) : Work(count, day, workedBefore, shift);

    /// <param name="workedBefore">On the day before, if that is in the horizon.</param>
    public virtual int Work(int count, int day, bool workedBefore, ShiftOption shift) => count;

    /// <summary>Whether the days may end so.</summary>
    public virtual bool MayEnd(int count) => true;

    /// <summary>Whether <see cref="Follows"/> has to be asked.</summary>
    public virtual bool LooksBack => false;

    /// <summary>Whether the shift may come after what was before.</summary>
    public virtual bool Follows(in ShiftBefore before, ShiftOption shift) => true;

    /// <summary>The limit, where the rule is one of paid minutes.</summary>
    public virtual MinuteLimit? Minutes => null;
}
