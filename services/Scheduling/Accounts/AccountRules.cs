using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using Marten;

namespace CallCenter.Scheduling.Accounts;

// ---- Values

/// <summary>How days of annual leave are taken from the accounts.</summary>
/// <param name="CountsOn">Weekdays on which a day of leave takes a day; public holidays never do, working days that make up
/// for one always.</param>
public sealed record AnnualLeaveRule(IReadOnlyList<DayOfWeek> CountsOn)
{
    public bool IsSameAs(AnnualLeaveRule? other) => other is not null && CountsOn.Order().SequenceEqual(other.CountsOn.Order());
}

/// <summary>How hours over the contract are rostered and booked.</summary>
/// <param name="MostHoursAWeek">Over the contract at most, by hand: the search does not plan them.</param>
/// <param name="AsTimeOff">They are booked as time off in lieu, not as overtime.</param>
public sealed record OvertimeRule([Range(0.0, 60.0)] decimal MostHoursAWeek, bool AsTimeOff = false);

/// <summary>What a project books on its agents' accounts. What is left out is not booked or asked.</summary>
/// <param name="AnnualLeave">Annual leave is taken from the account, and refused where there is none.</param>
/// <param name="MostRestDaysInRow">Days of rest in a row that need no consent.</param>
/// <param name="Overtime">Hours over the contract are allowed and booked.</param>
/// <param name="PublicHolidays">Beside those of the project's calendar: they take no annual leave and count in no row of days of rest.
/// </param>
public sealed record AccountPolicy(
    AnnualLeaveRule? AnnualLeave = null, [Range(1, 42)] int? MostRestDaysInRow = null, OvertimeRule? Overtime = null,
    [MaxLength(400)] IReadOnlyList<DateOnly>? PublicHolidays = null)
{
    /// <summary>By which days are counted; it is no part of what the project says here.</summary>
    [JsonIgnore]
    public ProjectDays Days { get; init; } = ProjectDays.None;

    public bool IsHoliday(DateOnly day) => PublicHolidays?.Contains(day) == true || Days.IsHoliday(day);

    /// <summary>The days of a leave that are taken from the account.</summary>
    public IReadOnlyList<DateOnly> Counted(DateOnly first, DateOnly last) => AnnualLeave is not { CountsOn: var days } ? []
        :
        [
            .. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays)
                .Where(day => (days.Contains(day.DayOfWeek) || Days.IsMakeUpDay(day)) && !IsHoliday(day)),
        ];

    /// <summary>Records compare their lists by reference.</summary>
    public bool IsSameAs(AccountPolicy other) => MostRestDaysInRow == other.MostRestDaysInRow && Overtime == other.Overtime
        && (AnnualLeave?.IsSameAs(other.AnnualLeave) ?? other.AnnualLeave is null)
        && (PublicHolidays ?? []).SequenceEqual(other.PublicHolidays ?? []);
}

// ---- Events

public sealed record AccountRulesSet(Guid ProjectId, AccountPolicy Policy, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetAccountRules(Guid ProjectId, AccountPolicy Policy, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What a project books on its agents' accounts.</summary>
public sealed record AccountRules
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing is booked.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What is booked.</summary>
    public AccountPolicy Policy { get; init; } = new();

    public static Guid IdOf(Guid projectId) => NameId.Of("account-rules", projectId);

    public AccountRules Evolve(object @event) => @event switch
    {
        AccountRulesSet e => this with { ProjectId = e.ProjectId, Policy = e.Policy },
        _ => this,
    };
}

internal static class AccountRuleBooks
{
    /// <summary>What the project books, by its calendar; nothing until it says so.</summary>
    public static async Task<AccountPolicy> AccountPolicyOf(
        this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        ((await session.LoadAsync<AccountRules>(AccountRules.IdOf(projectId), cancellation))?.Policy ?? new()) with
        {
            Days = await session.DaysOf(projectId, cancellation),
        };
}

// ---- Decisions

public static class AccountRulesDecider
{
    public static object[] Decide(SetAccountRules command, AccountRules state)
    {
        if (command.Policy.AnnualLeave is { CountsOn: { Count: 0 } })
            throw new InvalidException("/annualLeave/countsOn", "no-day", "Leave takes a day from the account on some weekday at least.");

        return state.Policy.IsSameAs(command.Policy)
            ? []
            : [new AccountRulesSet(command.ProjectId, command.Policy, command.By, command.Now)];
    }
}
