using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Sampling;

/// <summary>A week that was drawn, or was not and why.</summary>
public sealed record DrawnWeek
{
    public Guid Id { get; init; }
    public Guid PlanId { get; init; }

    /// <summary>First local day of the week.</summary>
    public DateOnly Week { get; init; }

    /// <summary>Agents with at least one candidate.</summary>
    public int Agents { get; init; }

    /// <summary>Calls drawn.</summary>
    public int Drawn { get; init; }
    public DateTimeOffset DrawnAt { get; init; }

    /// <summary>Why nothing was drawn of it: no-calls, as none became known within five weeks; null where it was drawn.</summary>
    public string? Skipped { get; init; }

    public DrawnWeek Evolve(object @event) => @event switch
    {
        WeekDrawn e => this with { Id = e.DrawId, PlanId = e.PlanId, Week = e.Week, DrawnAt = e.At, Skipped = null },
        WeekSkipped e => this with { Id = e.DrawId, PlanId = e.PlanId, Week = e.Week, DrawnAt = e.At, Skipped = e.Cause },
        AgentCallsDrawn e => this with { Agents = Agents + 1, Drawn = Drawn + e.Drawn.Count },
        _ => this,
    };
}

internal static class DrawEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDraws()
        {
            var draws = routes.MapGroup("/sampling-plans/{id:guid}").WithTags("Sampling plans");

            draws.MapPost("/draws", Draw).Describe(
                "Draw a week that is over; asking again changes nothing", new DrawRequest(new DateOnly(2026, 3, 2)),
                ["week-not-over", "calls-unknown", "calls-arriving", "not-a-week-start", "plan-ended", "form-not-active", "project-unknown"])
                .TakesLong();
            draws.MapGet("/draws", List).Describe("The weeks that were drawn, and those that were skipped with their cause");
            draws.MapGet("/draws/{week}", Get).Describe(
                "A draw with every candidate's sample key, rank and probability, and why each was drawn or not; as CSV, to draw it again from");
            draws.MapGet("/draws/{week}/history", History).Describe("Who drew the week, when and why");
            draws.MapGet("/candidates/{week}", Candidates).Describe(
                "What a week would be drawn from now", problems: ["not-a-week-start", "project-unknown"]).TakesLong();
        }
    }

    /// <param name="Week">First local day of the week.</param>
    public sealed record DrawRequest(DateOnly Week);

    /// <summary>How a week was drawn. <c>rule</c> says how to do it again.</summary>
    /// <param name="Week">First local day of the week.</param>
    /// <param name="From">First instant of the week.</param>
    /// <param name="To">First instant after it.</param>
    /// <param name="By">Who drew it; null for the job.</param>
    /// <param name="At">When it was drawn.</param>
    /// <param name="Rule">How sample keys are made and which are drawn.</param>
    /// <param name="Agents">Everybody with a candidate.</param>
    public sealed record DrawView(
        Guid PlanId, Guid ProjectId, DateOnly Week, DateTimeOffset From, DateTimeOffset To, string Zone, Guid? By, DateTimeOffset At,
        string Rule, IReadOnlyList<AgentView> Agents);

    /// <param name="Seed">The plan's, at the time.</param>
    /// <param name="PlanVersion">Version of the plan's rules, part of every sample key.</param>
    /// <param name="CallsPerAgent">How many were to be drawn.</param>
    /// <param name="Candidates">By rank.</param>
    /// <param name="Excluded">How many of the agent's calls could not be drawn, by reason.</param>
    /// <param name="Probability">With which each candidate is drawn: as many as are drawn of as many as there are.</param>
    /// <param name="Frame">
    /// SHA-256, in hex, of the ids of all candidates in their order, a line feed between: none was added or left out since.
    /// </param>
    public sealed record AgentView(
        Guid AgentId, string Seed, int PlanVersion, int CallsPerAgent,
        IReadOnlyList<CandidateView> Candidates, IReadOnlyDictionary<string, int> Excluded, double Probability, string Frame);

    /// <param name="Rank">1 for the lowest sample key of the agent.</param>
    /// <param name="SampleKey">See <c>rule</c> of the draw.</param>
    /// <param name="Drawn">Whether it was drawn.</param>
    /// <param name="EvaluationId">The evaluation a drawn call became.</param>
    /// <param name="InspectorId">Whom the evaluation was given to; null: whoever takes it.</param>
    /// <param name="Why">For people.</param>
    public sealed record CandidateView(
        int Rank, Guid CallId, string SampleKey, bool Drawn, Guid? EvaluationId, Guid? InspectorId, string Why)
    {
        /// <summary>The sample key by its name of before.</summary>
        public string Lot => SampleKey;
    }

    /// <param name="Week">First local day of the week.</param>
    /// <param name="From">First instant of the week.</param>
    /// <param name="To">First instant after it.</param>
    /// <param name="Candidates">Calls that could be drawn, of all agents.</param>
    /// <param name="Agents">Everybody with a call in the week.</param>
    public sealed record CandidatesView(
        DateOnly Week, DateTimeOffset From, DateTimeOffset To, int Candidates, IReadOnlyList<AgentCandidates> Agents);

    /// <param name="Candidates">Calls that could be drawn.</param>
    /// <param name="Excluded">How many could not, by reason.</param>
    public sealed record AgentCandidates(Guid AgentId, int Candidates, IReadOnlyDictionary<string, int> Excluded);

    private const string Rule =
        "sampleKey = SHA-256 hex of \"{seed}|{planVersion}|{agentId}|{week}|{callId}\"; of an agent the callsPerAgent lowest are drawn";

    private static async Task<Created<DrawnWeek>> Draw(
        Guid id, DrawRequest request, Caller caller, IDocumentSession session, IConfiguration configuration, CancellationToken cancellation)
    {
        var plan = caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), SamplingPlanEndpoints.Visible);
        var draw = await session.Draw(plan, request.Week, caller.Id, caller.Now, configuration.Quiet(), cancellation);

        return TypedResults.Created($"/sampling-plans/{id}/draws/{request.Week:yyyy-MM-dd}", new DrawnWeek
        {
            Id = draw.Id, PlanId = id, Week = request.Week, DrawnAt = draw.Week!.At,
            Agents = draw.Agents.Count, Drawn = draw.Agents.Sum(agent => agent.Drawn.Count),
        });
    }

    private static async Task<Page<DrawnWeek>> List(
        Guid id, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), SamplingPlanEndpoints.Visible);

        return await session.Query<DrawnWeek>().Where(week => week.PlanId == id).ToPage(page, week => week.Id, cancellation);
    }

    private static async Task<Tabular<DrawView>> Get(
        Guid id, DateOnly week, Guid? agentId, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), SamplingPlanEndpoints.Visible);
        var drawId = SamplingDrawDecider.IdOf(id, week);
        var draw = await session.Events.AggregateStreamAsync<SamplingDraw>(drawId, token: cancellation)
            ?? throw new StreamNotFoundException(drawId);
        var drawn = draw.Week ?? throw new StreamNotFoundException(drawId);

        return new(new(
            id, drawn.ProjectId, week, drawn.From, drawn.To, drawn.Zone, drawn.By, drawn.At, Rule,
            [.. draw.Agents.Where(agent => agent.AgentId == (agentId ?? agent.AgentId)).Select(agent => View(agent, week))]), LotFile);
    }

    /// <summary>All that it takes to draw again and to compare, in each line.</summary>
    private static Table LotFile(DrawView draw)
    {
        var table = new Table("seed", "planVersion", "agentId", "week", "callId", "sampleKey", "rank", "callsPerAgent", "candidates",
            "probability", "drawn", "evaluationId", "frame");
        foreach (var agent in draw.Agents)
            foreach (var call in agent.Candidates)
                table.Add(agent.Seed, agent.PlanVersion, agent.AgentId, draw.Week, call.CallId, call.SampleKey, call.Rank,
                    agent.CallsPerAgent, agent.Candidates.Count, agent.Probability, call.Drawn, call.EvaluationId, agent.Frame);

        return table;
    }

    private static async Task<Page<HistoryEntry>> History(
        Guid id, DateOnly week, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), SamplingPlanEndpoints.Visible);
        return await session.History(SamplingDrawDecider.IdOf(id, week), page, cancellation);
    }

    private static AgentView View(AgentCallsDrawn agent, DateOnly week)
    {
        var drawn = agent.Drawn.ToDictionary(call => call.CallId);

        return new(
            agent.AgentId, agent.Seed, agent.PlanVersion, agent.CallsPerAgent,
            [
                .. RandomSample.Rank(agent.Seed, agent.PlanVersion, agent.AgentId, week, agent.Candidates).Select(candidate =>
                {
                    var call = drawn.GetValueOrDefault(candidate.CallId);
                    var why = $"sample key {candidate.Rank} of {agent.Candidates.Count}; the lowest {agent.CallsPerAgent} are drawn";

                    return new CandidateView(
                        candidate.Rank, candidate.CallId, candidate.SampleKey, call is not null,
                        call?.EvaluationId, call?.InspectorId, why);
                }),
            ],
            agent.Excluded, RandomSample.Probability(agent.CallsPerAgent, agent.Candidates.Count), RandomSample.Frame(agent.Candidates));
    }

    private static async Task<CandidatesView> Candidates(
        Guid id, DateOnly week, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var plan = caller.MustSee(await session.LoadAsync<SamplingPlan>(id, cancellation), SamplingPlanEndpoints.Visible);
        var (from, to) = (await session.CalendarOf(plan.ProjectId, cancellation)).Week(week, "week");
        var agents = await session.CallsByAgent(plan, from, to, cancellation);

        return new(
            week, from, to, agents.Sum(agent => agent.Candidates.Count),
            [.. agents.Select(agent => new AgentCandidates(agent.AgentId, agent.Candidates.Count, agent.Excluded))]);
    }
}
