using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Scheduling.Exchanges;

// ---- Values

/// <summary>What agents of a project may do with their published shifts among themselves.</summary>
/// <param name="GiveAway">Shifts may be given away.</param>
/// <param name="Exchange">Shifts may be exchanged for others.</param>
/// <param name="AtOnce">What breaks no rule is decided when it is taken; else somebody approves it.</param>
/// <param name="HoursBefore">How many hours before its start a shift is offered and taken at the latest.</param>
/// <param name="SameSkills">Only who has every skill of the other that the project needs takes a shift over.</param>
/// <param name="MostAMonth">How many shifts an agent offers in a month of the calendar at most; as many as they like when left out.</param>
public sealed record ExchangePolicy(
    bool GiveAway = true, bool Exchange = true, bool AtOnce = false, [Range(0, 720)] int HoursBefore = 24, bool SameSkills = true,
    [Range(0, 100)] int? MostAMonth = null);

// ---- Events

/// <param name="From">The first local day on which it holds: of shifts that begin then or later.</param>
public sealed record ExchangePolicySet(Guid ProjectId, DateOnly From, ExchangePolicy Policy, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record ExchangePolicyTakenBack(Guid ProjectId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetExchangePolicy(Guid ProjectId, DateOnly From, ExchangePolicy Policy, Guid By, DateTimeOffset Now);

public sealed record TakeBackExchangePolicy(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What agents may do with their shifts among themselves, from which day on.</summary>
public sealed record ExchangePolicies
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<ExchangePolicy>> Entries { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("exchange-policies", projectId);

    public ExchangePolicies Evolve(object @event) => @event switch
    {
        ExchangePolicySet e => this with { ProjectId = e.ProjectId, Entries = Entries.With(new(e.From, e.Policy, e.At)) },
        ExchangePolicyTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

internal static class ExchangePolicyBooks
{
    /// <summary>What holds for shifts of a day; the default where the project has entered nothing.</summary>
    public static async Task<ExchangePolicy> ExchangePolicyOf(
        this IQuerySession session, Guid projectId, DateOnly day, CancellationToken cancellation) =>
        (await session.LoadAsync<ExchangePolicies>(ExchangePolicies.IdOf(projectId), cancellation))?.Entries.On(day) ?? new();
}

// ---- Decisions

public static class ExchangePolicyDecider
{
    public static object[] Decide(SetExchangePolicy command, ExchangePolicies state) =>
        state.Entries.EnteredFrom(command.From)?.Value == command.Policy
            ? []
            : [new ExchangePolicySet(command.ProjectId, command.From, command.Policy, command.By, command.Now)];

    public static object[] Decide(TakeBackExchangePolicy command, ExchangePolicies state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new ExchangePolicyTakenBack(state.ProjectId, command.From, command.By, command.Now)]
            : [];
}
