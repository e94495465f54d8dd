using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Training.Enrolments;

// ---- Values

/// <summary>How people of a project come from a training need to a seat.</summary>
/// <param name="Automatic">Whoever may have a seat in a planned session gets it; else the trainer decides.</param>
/// <param name="MostLost">So much service level of the day may be lost for it at most: 0.02 is two points.</param>
/// <param name="WithinDays">How many days ahead are looked at.</param>
/// <param name="NoticeDays">How many days before a session nobody is given a seat by the product any more.</param>
public sealed record EnrolmentPolicy(
    bool Automatic = false, [Range(0.0, 1.0)] decimal MostLost = 0.02m, [Range(1, 31)] int WithinDays = 21,
    [Range(0, 30)] int NoticeDays = 2);

// ---- Events

/// <param name="From">The first local day on which it holds.</param>
public sealed record EnrolmentPolicySet(Guid ProjectId, DateOnly From, EnrolmentPolicy Policy, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record EnrolmentPolicyTakenBack(Guid ProjectId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetEnrolmentPolicy(Guid ProjectId, DateOnly From, EnrolmentPolicy Policy, Guid By, DateTimeOffset Now);

public sealed record TakeBackEnrolmentPolicy(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>How people come to a seat, from which day on.</summary>
public sealed record EnrolmentPolicies
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<EnrolmentPolicy>> Entries { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("enrolment-policies", projectId);

    public EnrolmentPolicies Evolve(object @event) => @event switch
    {
        EnrolmentPolicySet e => this with { ProjectId = e.ProjectId, Entries = Entries.With(new(e.From, e.Policy, e.At)) },
        EnrolmentPolicyTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

internal static class EnrolmentPolicyBooks
{
    /// <summary>What holds on a day; the default where the project has entered nothing.</summary>
    public static async Task<EnrolmentPolicy> EnrolmentPolicyOf(
        this IQuerySession session, Guid projectId, DateOnly day, CancellationToken cancellation) =>
        (await session.LoadAsync<EnrolmentPolicies>(EnrolmentPolicies.IdOf(projectId), cancellation))?.Entries.On(day) ?? new();
}

// ---- Decisions

public static class EnrolmentPolicyDecider
{
    public static object[] Decide(SetEnrolmentPolicy command, EnrolmentPolicies state) =>
        state.Entries.EnteredFrom(command.From)?.Value == command.Policy
            ? []
            : [new EnrolmentPolicySet(command.ProjectId, command.From, command.Policy, command.By, command.Now)];

    public static object[] Decide(TakeBackEnrolmentPolicy command, EnrolmentPolicies state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new EnrolmentPolicyTakenBack(state.ProjectId, command.From, command.By, command.Now)]
            : [];
}
