using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.Substitutes;
using CallCenter.Scheduling.Terms;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Substitutes.SubstituteDecider;

namespace CallCenter.Scheduling.Duty;

/// <summary>Who does somebody's work when they rest, from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds.</param>
/// <param name="Substitutes">In order: the first who is there. Empty: nobody.</param>
public sealed record SubstituteRequest(DateOnly From, [MaxLength(20)] IReadOnlyList<Substitute> Substitutes);

/// <summary>Somebody who is off on a day, and who does their work.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Why">rest or leave.</param>
/// <param name="SubstituteId">The first of those named who is not off; null where everybody is.</param>
/// <param name="SubstituteName">Their name; null where everybody is off.</param>
/// <param name="Known">Whether the substitute's day is published: else it goes by fixed days of rest and leave.</param>
public sealed record SubstituteRow(Guid AgentId, string Name, string Why, Guid? SubstituteId, string? SubstituteName, bool Known);

internal static class SubstituteEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapSubstitutes()
        {
            var substitutes = routes.MapGroup("/substitutes").WithTag("Substitutes", "Who does whose work when they rest or are away.");

            substitutes.MapGet("/", ListOn).Describe("Of a project, who is off on a day and who stands in for them");
            substitutes.MapGet("/{agentId:guid}", Get).Describe("Who stands in for somebody; agents read their own. Version 0: nobody");
            substitutes.MapHistory("/{id:guid}", Get, SubstitutePlan.IdOf);
            substitutes.MapPut("/{agentId:guid}", Set).Describe("Say who stands in for somebody from a day on, past or to come",
                new SubstituteRequest(new(2026, 3, 1),
                    [new(Guid.Parse("0199aaaa-0000-7000-8000-000000000012"), [DayOfWeek.Tuesday]), new(Guid.Parse("0199aaaa-0000-7000-8000-000000000013"))]),
                ["own-substitute", "agent-twice", "agent-unknown", "substitute-rests"]);
            substitutes.MapDelete("/{agentId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static async Task<Versioned<SubstitutePlan>> Get(
        Guid agentId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await session.Person(agentId, caller, cancellation);
        var plan = await session.LoadAsync<SubstitutePlan>(SubstitutePlan.IdOf(agentId), cancellation)
            ?? new SubstitutePlan { Id = SubstitutePlan.IdOf(agentId), AgentId = agentId };

        return new(plan, plan.Version);
    }

    private static async Task<WriteResult> Set(
        Guid agentId, SubstituteRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var person = await session.Person(agentId, caller, cancellation);
        Guid[] named = [.. request.Substitutes.Select(substitute => substitute.AgentId).Distinct()];
        var known = (await session.LoadManyAsync<EmployeeV1>(cancellation, named))
            .Where(other => other.ProjectIds.Intersect(person.ProjectIds).Any()).Select(other => other.Id).ToHashSet();
        if (request.Substitutes.Index().FirstOrDefault(s => !known.Contains(s.Item.AgentId)) is { Item: not null } unknown)
            throw new InvalidException($"/substitutes/{unknown.Index}/agentId", "agent-unknown", "Nobody of this id works for one of their projects.");

        var terms = await session.TermsOf([agentId, .. named], cancellation);
        var command = new SetSubstitutes(agentId, request.From, request.Substitutes,
            id => terms.GetValueOrDefault(id)?.On(request.From)?.RestOn ?? [], caller.Id, caller.Now);

        return new(await session.StartOrDecide<SubstitutePlan>(
            SubstitutePlan.IdOf(agentId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> TakeBack(
        Guid agentId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.Person(agentId, caller, cancellation);
        return new(await session.Decide<SubstitutePlan>(SubstitutePlan.IdOf(agentId), expected.Value,
            state => Decide(new TakeBackSubstitutes(from, caller.Id, caller.Now), state), cancellation));
    }

    private static async Task<Ok<IReadOnlyList<SubstituteRow>>> ListOn(
        Guid projectId, DateOnly date, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var people = (await session.Query<EmployeeV1>().Where(person => person.ProjectIds.Contains(projectId)).ToListAsync(cancellation))
            .Where(person => person.HiredOn <= date && !(person.LeftOn < date))
            .OrderBy(person => person.StaffNumber, StringComparer.Ordinal)
            .ToList();
        var plans = (await session.LoadManyAsync<SubstitutePlan>(
            cancellation, people.Select(person => SubstitutePlan.IdOf(person.Id)).ToArray()))
            .ToDictionary(plan => plan.AgentId, plan => plan.On(date).Select(substitute => substitute.AgentId).ToList());
        Guid[] all = [.. people.Select(person => person.Id).Concat(plans.Values.SelectMany(named => named)).Distinct()];
        var published = (await session.Query<PublishedDay>().Where(day => day.AgentId.IsOneOf(all) && day.Date == date)
            .ToListAsync(cancellation)).ToLookup(day => day.AgentId);
        var away = (await session.Query<Leave>().Where(leave => leave.AgentId.IsOneOf(all) && leave.Status == LeaveStatus.Approved
            && leave.FirstDay <= date && leave.LastDay >= date).ToListAsync(cancellation)).Select(leave => leave.AgentId).ToHashSet();
        var terms = await session.TermsOf(all, cancellation);
        var names = (await session.LoadManyAsync<EmployeeV1>(cancellation, all)).ToDictionary(person => person.Id, person => person.Name);

        return TypedResults.Ok<IReadOnlyList<SubstituteRow>>(
        [
            .. from person in people
               let why = WhyOff(person.Id)
               where why is not null && plans.GetValueOrDefault(person.Id) is { Count: > 0 }
               let who = plans[person.Id].Cast<Guid?>().FirstOrDefault(id => WhyOff(id!.Value) is null)
               select new SubstituteRow(person.Id, person.Name, why, who, who is { } id ? names.GetValueOrDefault(id) : null,
                   who is { } there && published[there].Any()),
        ]);

        string? WhyOff(Guid id) => away.Contains(id) && published[id].All(day => day.Shift is null) ? "leave"
            : published[id].Any() ? published[id].All(day => day.Shift is null) ? "rest" : null
            : terms.GetValueOrDefault(id)?.On(date)?.RestOn?.Contains(date.DayOfWeek) == true ? "rest" : null;
    }

    extension(IQuerySession session)
    {
        private async Task<IReadOnlyDictionary<Guid, StandingTerms>> TermsOf(IEnumerable<Guid> agents, CancellationToken cancellation) =>
            (await session.LoadManyAsync<StandingTerms>(cancellation, agents.Select(StandingTerms.IdOf).ToArray()))
                .ToDictionary(terms => terms.AgentId);
    }
}
