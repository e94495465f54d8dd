using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Exchanges.ExchangePolicyDecider;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>What agents may do with their shifts among themselves from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds.</param>
/// <param name="Policy">What holds.</param>
public sealed record ExchangePolicyRequest(DateOnly From, ExchangePolicy Policy);

/// <summary>What agents of a project may do with their shifts among themselves.</summary>
/// <param name="Current">What holds on the day asked for, default or entered.</param>
/// <param name="Entries">From which day on what holds, oldest first.</param>
public sealed record ExchangePolicyView(
    Guid ProjectId, long Version, ExchangePolicy Current, IReadOnlyList<Dated<ExchangePolicy>> Entries);

internal static class ExchangePolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapExchangePolicies()
        {
            var policies = routes.MapGroup("/exchange-policies").WithTag("Exchange policies",
                "What agents of a project may do with their published shifts among themselves, from which day on.");

            policies.MapGet("/{projectId:guid}", Get).Describe("What agents may do; version 0 is the default", problems: ["project-unknown"]);
            policies.MapHistory("/{id:guid}", See, ExchangePolicies.IdOf)
                .Describe("Who changed it, when and why, oldest first", problems: ["project-unknown"]);
            policies.MapPut("/{projectId:guid}", Set).Describe("Say what agents may do from a day on, past or to come",
                new ExchangePolicyRequest(new(2026, 3, 1), new(AtOnce: true, HoursBefore: 12, MostAMonth: 4)), ["project-unknown"]);
            policies.MapDelete("/{projectId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static async Task<Versioned<ExchangePolicyView>> Get(
        Guid projectId, DateOnly? on, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.Project(projectId, cancellation);
        var book = await session.LoadAsync<ExchangePolicies>(ExchangePolicies.IdOf(projectId), cancellation) ?? new();

        return new(new(projectId, book.Version, book.Entries.On(on ?? project.Calendar.DayOf(caller.Now)) ?? new(), book.Entries),
            book.Version, complete: false);
    }

    private static Task<Versioned<ExchangePolicyView>> See(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation) => Get(id, null, caller, session, cancellation);

    private static async Task<WriteResult> Set(
        Guid projectId, ExchangePolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        var command = new SetExchangePolicy(projectId, request.From, request.Policy, caller.Id, caller.Now);

        return new(await session.StartOrDecide<ExchangePolicies>(
            ExchangePolicies.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> TakeBack(
        Guid projectId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return new(await session.Decide<ExchangePolicies>(ExchangePolicies.IdOf(projectId), expected.Value,
            state => Decide(new TakeBackExchangePolicy(from, caller.Id, caller.Now), state), cancellation));
    }
}
