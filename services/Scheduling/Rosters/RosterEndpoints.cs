using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Requirements;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using RazorSlices;

namespace CallCenter.Scheduling.Rosters;

/// <param name="From">First day; the requirement's when left out.</param>
/// <param name="Days">The rest of the requirement when left out.</param>
/// <param name="TeamIds">All teams of the project when left out.</param>
/// <param name="Seconds">How long to look for a better roster at most.</param>
/// <param name="Seed">Where the search begins: another seed may give another roster.</param>
/// <param name="MaxRounds">Ends the search after so many rounds: then the same seed gives the same roster.</param>
/// <param name="Wishes">Deprecated: what agents would like is what they stated for the planning period. For a day of an agent this goes
/// before that.</param>
/// <param name="Terms">Deprecated: what ties agents is their standing terms and their accounts. What is said here goes before them.</param>
/// <param name="Weights">What the roster is judged by.</param>
/// <param name="StopAtGap">Ends the search at a roster whose bound lies no more than this part of its cost below it: 0.01 is 1 %. A
/// ten-thousandth when left out.</param>
/// <param name="ShiftNeeds">How many should work which shift on which day, beside what the requirement says by queue and quarter hour.
/// </param>
/// <param name="Keep">Makes an earlier roster again and changes no more of it than pays.</param>
public sealed record RosterRequest(
    Guid ProjectId, Guid RequirementId, DateOnly? From = null, [Range(1, 42)] int? Days = null,
    [MinLength(1), MaxLength(100)] IReadOnlyList<Guid>? TeamIds = null,
    [Range(1, 600)] int Seconds = 10, int Seed = 1, [Range(0, 1_000_000)] int? MaxRounds = null,
    [MaxLength(5000)] IReadOnlyList<ShiftPreference>? Wishes = null, Keeping? Keep = null,
    [MaxLength(5000)] IReadOnlyList<AgentConstraints>? Terms = null, RosterWeights? Weights = null,
    [Range(0.0, 1.0)] double? StopAtGap = null, [MaxLength(2000)] IReadOnlyList<RequiredShift>? ShiftNeeds = null);

internal static class RosterEndpoints
{
    private static readonly Guid Example = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapRosters()
        {
            var rosters = routes.MapGroup("/rosters")
                .WithTag("Rosters", "Who works when: generated, changed by hand, explained, published.");

            rosters.MapPost("/", Generate).Describe(
                "Generate a roster: an operation; the roster has the operation's id",
                new RosterRequest(Example, Guid.Parse("0199aaaa-0000-7000-8000-000000000004"), Seconds: 10),
                ["project-unknown", "outside-requirement", "no-agents", "agent-unknown", "agent-twice", "weight-out-of-range",
                    "outside-roster", "shift-unknown", "need-twice"]);
            rosters.MapGet("/", List).Describe("List the rosters of a project");
            rosters.MapGet("/{id:guid}", Get).Describe("Read a roster: every agent's shifts, and the cover per queue");
            rosters.MapHistory("/{id:guid}", Get);
            rosters.MapGet("/{id:guid}/coverage", GetCoverage).Describe("Required and scheduled staff per queue and quarter hour");
            rosters.MapGet("/{id:guid}/reasons", GetReasons)
                .Describe("Why each day looks as it does, and what stands in the way of each gap");
            rosters.MapGet("/{id:guid}/page", GetPage).Produces<string>(StatusCodes.Status200OK, "text/html")
                .Describe("The roster as a page of HTML that needs nothing else");
        }
    }

    private static async Task<Accepted> Generate(
        RosterRequest request, NewId id, Caller caller, Operations operations, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var requirement = await session.LoadAsync<StaffingRequirement>(request.RequirementId, cancellation);
        if (requirement?.ProjectId != request.ProjectId)
            throw new StreamNotFoundException(request.RequirementId);

        var (from, days) = DaysOf(request.From, request.Days, requirement);
        var agents = await Agents(request, session, cancellation);
        if (request.Keep is { } keep && (await session.LoadAsync<Roster>(keep.RosterId, cancellation))?.ProjectId != request.ProjectId)
            throw new StreamNotFoundException(keep.RosterId);
        RosterWishes.Check(request.Terms ?? [], agents);
        RosterWishes.Check(request.Weights);
        if (request.Wishes?.Count > 0 || request.ShiftNeeds?.Count > 0)
        {
            var context = await RosterContext.Load(
                request.ProjectId, request.RequirementId, id.Value, from, days, agents, [], session, cancellation);
            RosterWishes.Check(request.Wishes ?? [], context);
            RosterWishes.Check(request.ShiftNeeds ?? [], context);
        }

        await operations.Queue(session, id.Value, RosterGeneration.Kind, request.ProjectId, caller.Id,
            new RosterGeneration.Input(request.RequirementId, from, days, agents, request.Seconds, request.Seed, request.MaxRounds,
                request.Wishes, request.Keep, request.Terms, request.Weights, request.StopAtGap, request.ShiftNeeds), cancellation);
        await session.SaveChangesAsync(cancellation);

        return TypedResults.Accepted($"/scheduling-operations/{id.Value}");
    }

    internal static (DateOnly From, int Days) DaysOf(DateOnly? first, int? many, StaffingRequirement requirement)
    {
        var from = first ?? requirement.From;
        var days = many ?? requirement.From.DayNumber + requirement.Days - from.DayNumber;

        if (from < requirement.From || days < 1 || from.AddDays(days) > requirement.From.AddDays(requirement.Days))
            throw new InvalidException("/from", "outside-requirement",
                $"The requirement covers {requirement.Days} days from {requirement.From:yyyy-MM-dd}; a roster needs them all.");

        return (from, days);
    }

    private static async Task<IReadOnlyList<Guid>> Agents(RosterRequest request, IQuerySession session, CancellationToken cancellation)
    {
        var teams = await session.Query<TeamV1>().Where(t => t.ProjectId == request.ProjectId).ToListAsync(cancellation);
        var unknown = request.TeamIds?.Except(teams.Select(t => t.Id)).ToList() ?? [];
        if (unknown.Count > 0)
            throw new StreamNotFoundException(unknown[0]);

        List<Guid> members = [.. teams.Where(t => request.TeamIds?.Contains(t.Id) != false).SelectMany(t => t.Members).Distinct().Order()];
        return members.Count > 0 ? members
            : throw new RefusedException("no-agents", "The teams of this project have no members to roster.");
    }

    private static async Task<Page<RosterSummary>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<RosterSummary>().Where(r => r.ProjectId == projectId).ToPage(page, r => r.Id, cancellation);
    }

    private static async Task<Versioned<RosterView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (roster, context) = await Load(id, caller, session, cancellation);

        return new(RosterView.Of(roster, context), roster.Version, complete: false);
    }

    private static async Task<Ok<IReadOnlyList<QueueCoverageView>>> GetCoverage(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (roster, context) = await Load(id, caller, session, cancellation);

        return TypedResults.Ok<IReadOnlyList<QueueCoverageView>>(
        [
            .. Publishing.Coverage(roster, context, roster.Publication).GroupBy(c => c.Fact.Queue)
                .Select(g => new QueueCoverageView(g.Key, [.. g.Select(c => new DayCoverageView(c.Fact.Date, c.Fact.Intervals))])),
        ]);
    }

    private static async Task<Ok<ReasonsView>> GetReasons(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (roster, context) = await Load(id, caller, session, cancellation);
        var reasons = Reasons.Of(context.Problem, context.Frame.Assignments(roster), cancellation);

        return TypedResults.Ok(ReasonsView.Of(roster, context, reasons));
    }

    private static async Task<IResult> GetPage(
        Guid id, Caller caller, IQuerySession session, HttpResponse response, CancellationToken cancellation)
    {
        var (roster, context) = await Load(id, caller, session, cancellation);

        response.Headers.ContentSecurityPolicy = RosterPageStyle.Policy + "; frame-ancestors 'none'";
        response.Headers.ETag = $"\"{roster.Version}\"";
        var accounts = await session.AccountsOf(roster.Agents.Keys, cancellation);
        var page = RosterPage.Create(RosterPageModel.Of(roster, context, accounts, cancellation));
        return Results.Content(await page.RenderAsync(Html.Encoder, cancellation), "text/html; charset=utf-8");
    }

    private static async Task<(Roster, RosterContext)> Load(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<Roster>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(roster.ProjectId);

        return (roster, await RosterContext.For(roster, session, cancellation));
    }
}
