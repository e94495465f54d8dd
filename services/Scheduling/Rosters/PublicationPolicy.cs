using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Scheduling.Rosters;

// ---- Values

/// <summary>When rosters of a project are published.</summary>
/// <param name="DaysBefore">How many days before its first day a roster is published at the latest; later needs a reason.</param>
/// <param name="RemindDays">How many days before that the schedulers are told of a planning period that is not published.</param>
public sealed record PublicationPolicy([Range(0, 180)] int DaysBefore = 0, [Range(0, 60)] int RemindDays = 3)
{
    /// <summary>The last day on which days from this one on are published in time.</summary>
    public DateOnly Deadline(DateOnly firstDay) => firstDay.AddDays(-DaysBefore);
}

// ---- Events

/// <param name="From">The first local day on which it holds: of rosters that begin then or later.</param>
public sealed record PublicationPolicySet(Guid ProjectId, DateOnly From, PublicationPolicy Policy, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record PublicationPolicyTakenBack(Guid ProjectId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetPublicationPolicy(Guid ProjectId, DateOnly From, PublicationPolicy Policy, Guid By, DateTimeOffset Now);

public sealed record TakeBackPublicationPolicy(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>When rosters of a project are published, from which day on.</summary>
public sealed record PublicationPolicies
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<PublicationPolicy>> Entries { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("publication-policies", projectId);

    /// <summary>What holds for rosters that begin on a day; null where the project says nothing of them.</summary>
    public PublicationPolicy? On(DateOnly day) => Entries.On(day);

    public PublicationPolicies Evolve(object @event) => @event switch
    {
        PublicationPolicySet e => this with { ProjectId = e.ProjectId, Entries = Entries.With(new(e.From, e.Policy, e.At)) },
        PublicationPolicyTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

// ---- Decisions

public static class PublicationPolicyDecider
{
    public static object[] Decide(SetPublicationPolicy command, PublicationPolicies state) =>
        state.Entries.EnteredFrom(command.From)?.Value == command.Policy
            ? []
            : [new PublicationPolicySet(command.ProjectId, command.From, command.Policy, command.By, command.Now)];

    public static object[] Decide(TakeBackPublicationPolicy command, PublicationPolicies state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new PublicationPolicyTakenBack(state.ProjectId, command.From, command.By, command.Now)]
            : [];

    /// <summary>What agents plan by is not changed again, so the first publication counts.</summary>
    /// <param name="today">By the clock of the roster.</param>
    public static bool IsLate(Roster roster, PublicationPolicy? policy, DateOnly today) =>
        policy is not null && roster.Publication == 0 && today > policy.Deadline(roster.From);

    /// <param name="today">By the clock of the roster.</param>
    /// <param name="reason">Of the request.</param>
    /// <exception cref="RefusedException"><c>publication-late</c></exception>
    public static void MustBeInTime(Roster roster, PublicationPolicy? policy, DateOnly today, string? reason)
    {
        if (IsLate(roster, policy, today) && reason is null)
            throw new RefusedException("publication-late",
                $"The roster was to be published by {policy!.Deadline(roster.From):yyyy-MM-dd}; say in X-Reason why it is later.");
    }
}
