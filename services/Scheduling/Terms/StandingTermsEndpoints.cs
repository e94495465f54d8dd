using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Terms.StandingTermsDecider;

namespace CallCenter.Scheduling.Terms;

/// <summary>All that ties the person from a day on: it replaces what was entered from that day.</summary>
/// <param name="From">The first local day on which it holds, past or to come.</param>
/// <param name="Availability">When they can work; whenever it is needed when left out.</param>
/// <param name="RestOn">Weekdays on which they always rest.</param>
/// <param name="Limits">How much they work at most.</param>
/// <param name="NightExempt">No minute of work between 00:00 and 05:00 by the wall clock.</param>
/// <param name="Preferred">Shifts they like.</param>
/// <param name="RestDaysDueAMonth">Days of rest earned in a calendar month; not counted when left out.</param>
public sealed record StandingTermsRequest(
    DateOnly From, [MaxLength(50)] IReadOnlyList<AvailabilityWindow>? Availability = null,
    [MaxLength(6)] IReadOnlyList<DayOfWeek>? RestOn = null, PersonalLimits? Limits = null, bool NightExempt = false,
    [MaxLength(10)] IReadOnlyList<PreferredShift>? Preferred = null, [Range(0, 31)] int? RestDaysDueAMonth = null);

/// <summary>What ties a person in every roster.</summary>
/// <param name="Current">What holds on the day asked for; null where nothing does.</param>
/// <param name="Entries">From which day on which terms hold, oldest first.</param>
public sealed record StandingTermsView(
    Guid AgentId, long Version, PersonalTerms? Current, IReadOnlyList<Dated<PersonalTerms>> Entries)
{
    public static StandingTermsView Of(Guid agentId, StandingTerms? terms, DateOnly day) =>
        new(agentId, terms?.Version ?? 0, terms?.On(day), terms?.Entries ?? []);
}

/// <param name="Name">The agent's name.</param>
/// <param name="Current">What holds on the day asked for; null where nothing does.</param>
public sealed record AgentTerms(Guid AgentId, string StaffNumber, string Name, long Version, PersonalTerms? Current);

internal static class StandingTermsEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapStandingTerms()
        {
            var terms = routes.MapGroup("/standing-terms").WithTag("Standing terms",
                "What ties a person in every roster, from which day on: availability, days of rest, limits, nights, preferred shifts.");

            terms.MapGet("/", List).Describe("What holds for each agent of a project on a day");
            terms.MapGet("/{agentId:guid}", Get).Describe(
                "What ties a person, from which day on, as known now or at an instant (asOf); agents read their own. Version 0: nothing yet");
            terms.MapHistory("/{id:guid}", (id, caller, session, cancellation) => session.Person(id, caller, cancellation),
                StandingTerms.IdOf);
            terms.MapPut("/{agentId:guid}", Set).Describe(
                "Set all that ties a person from a day on, past or to come; what was known before stays in the history", Example,
                ["never-available", "wish-unclear", "shift-unknown", "day-twice"]);
            terms.MapDelete("/{agentId:guid}/days/{from}", TakeBack).Describe(
                "Take back what was entered from a day on; what held before goes on");
        }
    }

    private static readonly StandingTermsRequest Example = new(
        new(2026, 3, 1), [new(DayOfWeek.Monday, new(8, 0), new(18, 0)), new(DayOfWeek.Friday, new(8, 0), new(14, 0))],
        [DayOfWeek.Tuesday], new(MaxDaysAWeek: 5, MaxNights: 2), NightExempt: false, [new(ShiftKind.Early)], RestDaysDueAMonth: 8);

    private static async Task<Page<AgentTerms>> List(
        Guid projectId, [Description("The day asked for; today in the project's zone when left out.")] DateOnly? on, PageRequest page,
        Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var day = on ?? (await session.Project(projectId, cancellation)).Calendar.DayOf(caller.Now);
        var people = await session.Query<EmployeeV1>().Where(person => person.ProjectIds.Contains(projectId))
            .ToPage(page, person => person.Id, cancellation);
        var terms = (await session.LoadManyAsync<StandingTerms>(cancellation, people.Items.Select(p => StandingTerms.IdOf(p.Id)).ToArray()))
            .ToDictionary(t => t.AgentId);

        return new(
        [
            .. people.Items.Select(p => new AgentTerms(p.Id, p.StaffNumber, p.Name, terms.GetValueOrDefault(p.Id)?.Version ?? 0,
                terms.GetValueOrDefault(p.Id)?.On(day))),
        ], people.Next);
    }

    private static async Task<Versioned<StandingTermsView>> Get(
        Guid agentId, [Description("The day asked for; today where they work when left out.")] DateOnly? on,
        [Description("As it was known at this instant; as it is known now when left out.")] DateTimeOffset? asOf, Caller caller,
        IQuerySession session, CancellationToken cancellation)
    {
        var person = await session.Person(agentId, caller, cancellation);
        var terms = asOf is { } then
            ? await session.Events.AggregateStreamAsync<StandingTerms>(StandingTerms.IdOf(agentId), timestamp: then, token: cancellation)
            : await session.LoadAsync<StandingTerms>(StandingTerms.IdOf(agentId), cancellation);

        return new(StandingTermsView.Of(agentId, terms, on ?? person.Today(caller.Now)), terms?.Version ?? 0, complete: false);
    }

    private static async Task<WriteResult> Set(
        Guid agentId, StandingTermsRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var person = await session.Person(agentId, caller, cancellation);
        var terms = new PersonalTerms(
            request.Availability, request.RestOn is { Count: > 0 } rest ? rest : null,
            request.Limits == new PersonalLimits() ? null : request.Limits, request.NightExempt,
            request.Preferred is { Count: > 0 } preferred ? preferred : null, request.RestDaysDueAMonth);
        var command = new SetStandingTerms(
            agentId, request.From, terms, caller.Id, caller.Now,
            terms.Preferred?.Any(wish => wish.Shift is not null) == true ? await ShiftsOf(person, session, cancellation) : null);

        return new(await session.StartOrDecide<StandingTerms>(
            StandingTerms.IdOf(agentId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<IReadOnlySet<string>?> ShiftsOf(EmployeeV1 person, IQuerySession session, CancellationToken cancellation)
    {
        var codes = new HashSet<string>();
        foreach (var project in await session.LoadManyAsync<ProjectV1>(cancellation, [.. person.ProjectIds]))
            codes.UnionWith(TemplateRules.CodesOf(await session.RulesOf(project, cancellation)));
        return codes.Count == 0 ? null : codes;
    }

    private static async Task<WriteResult> TakeBack(
        Guid agentId, DateOnly from, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.Person(agentId, caller, cancellation);

        return new(await session.Decide<StandingTerms>(
            StandingTerms.IdOf(agentId), expected.Value,
            state => Decide(new TakeBackStandingTerms(from, caller.Id, caller.Now), state), cancellation));
    }
}
