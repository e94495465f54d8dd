using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using Marten;

namespace CallCenter.Scheduling.ShiftRules;

// ---- Values

/// <summary>A shift by the wall clock.</summary>
/// <param name="Code">Unique in the project; what rosters and calendars show.</param>
/// <param name="Start">By the wall clock.</param>
/// <param name="End">At or before the start means the next day. Over a clock change such a shift is an hour longer or shorter.</param>
/// <param name="Breaks">Those of every such shift.</param>
/// <param name="LatestStart">When given, the whole shift may begin later too, in steps.</param>
/// <param name="StepMinutes">Minutes between two of the possible starts.</param>
/// <param name="Days">Weekdays on which it may start; null is every day.</param>
public sealed record ShiftTemplate(
    string Code, TimeOnly Start, TimeOnly End, ImmutableArray<ShiftBreak> Breaks,
    TimeOnly? LatestStart = null, int StepMinutes = 30, ImmutableArray<DayOfWeek>? Days = null);

/// <param name="Kind">break or meal; pause where the shift has two parts, between which nobody is at work: not paid, at one time.</param>
/// <param name="Minutes">How long it is.</param>
/// <param name="EarliestMinutes">Earliest start, in minutes after the shift began.</param>
/// <param name="LatestMinutes">Latest start.</param>
/// <param name="Paid">Whether the time counts towards contracted hours.</param>
public sealed record ShiftBreak(string Kind, int Minutes, int EarliestMinutes, int LatestMinutes, bool Paid);

/// <summary>
/// What no roster of the project may break, and what counts as unpopular. Stored flat: what a rule asks is a property here too.
/// </summary>
public sealed record WorkingRules : RosterRules
{
    /// <summary>11 hours of rest (EU directive 2003/88, article 3) and 6 days in a row (its article 5).</summary>
    public static readonly WorkingRules Default = new();

    public WorkingRules()
    {
    }

    public WorkingRules(RosterRules rules) : base(rules)
    {
    }

    /// <summary>A shift that begins before this is early.</summary>
    public TimeOnly EarlyBefore { get; init; } = new(8, 0);

    /// <summary>A shift that ends after this is late; one that ends on the next day is a night shift.</summary>
    public TimeOnly LateAfter { get; init; } = new(20, 0);

    /// <summary>Days of rest that an agent may save up, where a roster counts them.</summary>
    public int MostRestDaysSaved { get; init; } = 10;

    /// <summary>How long a leave may be, and who approves it.</summary>
    public LeaveRules? Leave { get; init; }

    /// <summary>Those of them that the planning engine keeps; stored and answered since the first version.</summary>
    public RosterRules ForRostering => this;

    /// <summary>Records compare their arrays by reference.</summary>
    public bool IsSameAs(WorkingRules other) =>
        this with { Forbidden = null, ForbiddenShifts = null, MaxOfKind = null, MaxOfShifts = null, Leave = null }
            == other with { Forbidden = null, ForbiddenShifts = null, MaxOfKind = null, MaxOfShifts = null, Leave = null }
        && Leave?.MaxDays == other.Leave?.MaxDays && (Leave?.Approvals ?? []).SequenceEqual(other.Leave?.Approvals ?? [])
        && (Forbidden ?? []).SequenceEqual(other.Forbidden ?? []) && (MaxOfKind ?? []).SequenceEqual(other.MaxOfKind ?? [])
        && (ForbiddenShifts ?? []).SequenceEqual(other.ForbiddenShifts ?? [])
        && (MaxOfShifts ?? []).SequenceEqual(other.MaxOfShifts ?? []);
}

/// <summary>What a project says of leave here holds until it has a policy for it.</summary>
/// <param name="MaxDays">Calendar days.</param>
/// <param name="Approvals">Who approves, one after another. Empty: anybody who may approve leave at all.</param>
public sealed record LeaveRules(int MaxDays, ImmutableArray<LeaveApproval> Approvals);

/// <param name="OverDays">Asked for leave of more calendar days than these.</param>
/// <param name="Role">Whose approval it then needs.</param>
public sealed record LeaveApproval([Range(0, 366)] int OverDays, string Role);

// ---- Events

public sealed record ShiftRulesSet(
    Guid ProjectId, ImmutableArray<ShiftTemplate> Templates, WorkingRules Rules, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetShiftRules(
    Guid ProjectId, ImmutableArray<ShiftTemplate> Templates, WorkingRules Rules, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>The shifts of a project and the rules they are rostered by.</summary>
public sealed record ShiftRuleBook
{
    public Guid Id { get; init; }

    /// <summary>0 while the defaults hold.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>The shifts that rosters are made of.</summary>
    public ImmutableArray<ShiftTemplate> Templates { get; init; } = [];

    /// <summary>What no roster may break.</summary>
    public WorkingRules Rules { get; init; } = WorkingRules.Default;

    public static Guid IdOf(Guid projectId) => NameId.Of("shift-rules", projectId);

    public ShiftRuleBook Evolve(object @event) => @event switch
    {
        ShiftRulesSet e => this with { ProjectId = e.ProjectId, Templates = e.Templates, Rules = e.Rules },
        _ => this,
    };

    /// <summary>
    /// What holds until a project sets its own. For each different opening: shifts of 8 hours and a half that begin every half hour from
    /// the opening on and end by the closing; where it never closes, three fixed shifts around the clock. Each has a paid break
    /// of 15 minutes in both halves and an unpaid meal of 30 between them.
    /// </summary>
    public static ShiftRuleBook DefaultFor(ProjectV1 project) => new()
    {
        Id = IdOf(project.Id), ProjectId = project.Id, Templates = [.. DefaultTemplates(project.OpeningHours)],
    };

    private static IEnumerable<ShiftTemplate> DefaultTemplates(IReadOnlyList<OpeningHours> hours)
    {
        const int length = 510;

        foreach (var (opening, i) in hours.GroupBy(o => (o.Opens, o.Closes)).Select((g, i) => (g, i)))
        {
            var (opens, closes) = opening.Key;
            var days = opening.Select(o => o.Day).Order().ToImmutableArray();
            var code = i == 0 ? "" : $"{i + 1}";
            var open = closes > opens ? (int)(closes - opens).TotalMinutes : 1440 - (int)opens.ToTimeSpan().TotalMinutes;

            if (open == 1440)
            {
                yield return new($"E{code}", new(6, 0), new(14, 30), Breaks(length), Days: days);
                yield return new($"L{code}", new(14, 0), new(22, 30), Breaks(length), Days: days);
                yield return new($"N{code}", new(22, 0), new(6, 30), Breaks(length), Days: days);
            }
            else if (open <= length)
            {
                yield return new($"D{code}", opens, closes, Breaks(open), Days: days);
            }
            else
            {
                yield return new($"D{code}", opens, opens.AddMinutes(length), Breaks(length), opens.AddMinutes(open - length), Days: days);
            }
        }
    }

    private static ImmutableArray<ShiftBreak> Breaks(int minutes) => minutes < 360
        ? [new("break", 15, minutes / 3, minutes * 2 / 3, Paid: true)]
        :
        [
            new("break", 15, 90, 150, Paid: true), new("meal", 30, minutes / 30 * 12, minutes / 30 * 18, Paid: false),
            new("break", 15, minutes - 150, minutes - 90, Paid: true),
        ];
}

internal static class ShiftRuleBooks
{
    /// <summary>The rules that the project has set, else the default ones.</summary>
    public static async Task<ShiftRuleBook> RulesOf(this IQuerySession session, ProjectV1 project, CancellationToken cancellation) =>
        await session.LoadAsync<ShiftRuleBook>(ShiftRuleBook.IdOf(project.Id), cancellation) ?? ShiftRuleBook.DefaultFor(project);
}

// ---- Decisions

public static class ShiftRulesDecider
{
    public static object[] Decide(SetShiftRules command, ShiftRuleBook state) =>
        state.Templates.AsSpan().SequenceEqual(command.Templates.AsSpan(), TemplateEquality.Instance) && state.Rules.IsSameAs(command.Rules)
            ? []
            : [new ShiftRulesSet(command.ProjectId, command.Templates, command.Rules, command.By, command.Now)];

    // Records compare their arrays by reference.
    private sealed class TemplateEquality : IEqualityComparer<ShiftTemplate>
    {
        public static readonly TemplateEquality Instance = new();

        public bool Equals(ShiftTemplate? x, ShiftTemplate? y) =>
            x is not null && y is not null && x.Breaks.SequenceEqual(y.Breaks)
            && (x.Days is { } a ? y.Days is { } b && a.SequenceEqual(b) : y.Days is null)
            && x with { Breaks = [], Days = null } == y with { Breaks = [], Days = null };

        public int GetHashCode(ShiftTemplate template) => template.Code.GetHashCode(StringComparison.Ordinal);
    }
}
