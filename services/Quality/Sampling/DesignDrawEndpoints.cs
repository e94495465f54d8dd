using System.ComponentModel;
using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Sampling;

/// <summary>A period of a design that was drawn, or was not and why.</summary>
public sealed record DrawnPeriod
{
    public Guid Id { get; init; }
    public Guid DesignId { get; init; }

    /// <summary>First local day of the period.</summary>
    public DateOnly First { get; init; }

    /// <summary>Agents, teams or the project: those with at least one candidate.</summary>
    public int Units { get; init; }

    /// <summary>Contacts drawn by each part; what several parts drew is counted by each.</summary>
    public IReadOnlyDictionary<string, int> Drawn { get; init; } = new Dictionary<string, int>();
    public DateTimeOffset DrawnAt { get; init; }

    /// <summary>Why nothing was drawn of it: no-calls, as none became known within five weeks; null where it was drawn.</summary>
    public string? Skipped { get; init; }

    public DrawnPeriod Evolve(object @event) => @event switch
    {
        PeriodDrawn e => this with { Id = e.DrawId, DesignId = e.DesignId, First = e.First, DrawnAt = e.At, Skipped = null },
        PeriodSkipped e => this with { Id = e.DrawId, DesignId = e.DesignId, First = e.First, DrawnAt = e.At, Skipped = e.Cause },
        PartDrawn e => this with
        {
            Units = e.Part is StratifiedSample.RandomPart ? Units + 1 : Units,
            Drawn = new Dictionary<string, int>(Drawn) { [e.Part] = Drawn.GetValueOrDefault(e.Part) + e.Drawn.Count },
        },
        _ => this,
    };
}

internal static class DesignDrawEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDesignDraws()
        {
            var draws = routes.MapGroup("/sampling-designs/{id:guid}").WithTags("Sampling designs");

            draws.MapPost("/draws", Draw).Describe(
                "Draw a period that is over; asking again changes nothing", new DesignDrawRequest(new DateOnly(2026, 3, 2)),
                ["period-not-over", "calls-unknown", "calls-arriving", "evidence-arriving", "not-a-week-start", "not-a-month-start", "plan-ended",
                    "form-not-active", "project-unknown"]).TakesLong();
            draws.MapGet("/draws", List).Describe("The periods that were drawn, and those that were skipped with their cause");
            draws.MapGet("/draws/{first}", Get).Describe(
                "A draw, part by part, with every candidate's sample key and probability; as CSV, to draw it again from");
            draws.MapGet("/draws/{first}/history", History).Describe("Who drew the period, when and why");
            draws.MapGet("/candidates/{first}", Candidates).Describe("What a period would be drawn from now",
                problems: ["not-a-week-start", "not-a-month-start", "project-unknown"]).TakesLong();
        }
    }

    /// <param name="First">First local day of the week or month.</param>
    public sealed record DesignDrawRequest(DateOnly First);

    /// <summary>How a period was drawn. <c>rule</c> says how to do it again.</summary>
    /// <param name="Period">What the period is.</param>
    /// <param name="First">First local day of the period.</param>
    /// <param name="From">First instant of the period.</param>
    /// <param name="To">First instant after it.</param>
    /// <param name="By">Who drew it; null for the job.</param>
    /// <param name="At">When it was drawn.</param>
    /// <param name="Rule">How sample keys are made and which are drawn.</param>
    /// <param name="Parts">The random part of each unit, and the parts among its contacts at risk.</param>
    public sealed record DesignDrawView(
        Guid DesignId, Guid ProjectId, SamplingPeriod Period, DateOnly First, DateTimeOffset From, DateTimeOffset To, string Zone, Guid? By,
        DateTimeOffset At, string Rule, IReadOnlyList<PartView> Parts);

    /// <param name="Part">random, or a kind of risk.</param>
    /// <param name="Unit">What the unit is.</param>
    /// <param name="UnitId">The agent, the team or the project.</param>
    /// <param name="Seed">The design's.</param>
    /// <param name="DesignVersion">Version of the design's rules, part of every sample key.</param>
    /// <param name="Size">What the rules ask for: a number, or a percentage.</param>
    /// <param name="Candidates">Contacts that could have been drawn.</param>
    /// <param name="Wanted">How many that comes to.</param>
    /// <param name="Spread">Whether it is spread over the days.</param>
    /// <param name="Excluded">How many contacts of the unit could not be drawn, by reason.</param>
    /// <param name="NotFed">No service tells of this risk yet: nothing could be drawn.</param>
    /// <param name="Contacts">By group, day and key.</param>
    /// <param name="Frame">
    /// SHA-256, in hex, of the ids of all candidates of the part in their order, a line feed between: none was added or left out since.
    /// </param>
    public sealed record PartView(
        string Part, SamplingUnit Unit, Guid UnitId, string Seed, int DesignVersion, string Size, int Candidates, int Wanted, bool Spread,
        IReadOnlyDictionary<string, int> Excluded, bool NotFed, IReadOnlyList<DesignCandidateView> Contacts, string Frame);

    /// <param name="Group">Which of the groups it is of.</param>
    /// <param name="GroupPercent">The group's part of the draw; null: by its contacts.</param>
    /// <param name="GroupCandidates">Of the group.</param>
    /// <param name="GroupWanted">How many of the group are drawn.</param>
    /// <param name="Day">Local day on which it was answered.</param>
    /// <param name="DayCandidates">Of the group and day.</param>
    /// <param name="DayWanted">How many of the day are drawn; null where the draw is not spread.</param>
    /// <param name="SampleKey">See <c>rule</c> of the draw.</param>
    /// <param name="Probability">With which this part draws it.</param>
    /// <param name="Joint">With which any part draws it; null where this one has not.</param>
    /// <param name="Drawn">Whether it was drawn by this part.</param>
    /// <param name="EvaluationId">The evaluation that it became; null where it was not drawn.</param>
    /// <param name="InspectorId">Whom the evaluation was given to; null: whoever takes it.</param>
    public sealed record DesignCandidateView(
        Guid CallId, Guid AgentId, string Group, int? GroupPercent, int GroupCandidates, int GroupWanted, DateOnly Day, int DayCandidates,
        int? DayWanted, string SampleKey, double Probability, double? Joint, bool Drawn, Guid? EvaluationId, Guid? InspectorId);

    /// <param name="First">First local day of the period.</param>
    /// <param name="From">First instant of the period.</param>
    /// <param name="To">First instant after it.</param>
    /// <param name="Unheard">Candidates whose recording nobody has told yet what is heard in, where a risk is drawn by that.</param>
    /// <param name="Units">Everybody with a contact in the period; null for contacts of agents without a team.</param>
    public sealed record DesignCandidatesView(
        DateOnly First, DateTimeOffset From, DateTimeOffset To, int Unheard, IReadOnlyList<UnitCandidates> Units);

    /// <param name="UnitId">The agent, the team or the project; null: agents without a team.</param>
    /// <param name="Candidates">Contacts that could be drawn, by group.</param>
    /// <param name="AtRisk">How many of them are at each risk, as far as is known.</param>
    /// <param name="Excluded">How many could not be drawn, by reason.</param>
    public sealed record UnitCandidates(
        Guid? UnitId, IReadOnlyDictionary<string, int> Candidates, IReadOnlyDictionary<string, int> AtRisk,
        IReadOnlyDictionary<string, int> Excluded);

    private const string FirstDay = "First local day of the week or month.";

    private const string Rule =
        "sampleKey = SHA-256 hex of \"{seed}|{designVersion}|{part}|{unitId}|{first}|{callId}\". Every group with candidates gets one of the draw, "
        + "each further one goes to the group that is furthest below its share (groupPercent, or by candidates), to the first of equals. "
        + "The groupWanted lowest keys of a group are drawn; where the draw is spread, the dayWanted lowest of a day: "
        + "floor(C(d)*n/N + s) - floor(C(d-1)*n/N + s), with n = groupWanted, N = groupCandidates, C(d) = candidates of the group up to and with the "
        + "day, s = the first 8 hex digits of SHA-256 of \"{seed}|{designVersion}|{part}|{unitId}|{first}|{group}|start\" over 2^32";

    private static async Task<Created<DrawnPeriod>> Draw(
        Guid id, DesignDrawRequest request, Caller caller, IDocumentSession session, IConfiguration configuration,
        CancellationToken cancellation)
    {
        var design = caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), SamplingDesignEndpoints.Visible);
        var draw = await session.Draw(design, request.First, caller.Id, caller.Now, configuration.DrawTerms(), cancellation);

        return TypedResults.Created($"/sampling-designs/{id}/draws/{request.First:yyyy-MM-dd}",
            draw.Parts.Aggregate(new DrawnPeriod().Evolve(draw.Period!), (period, part) => period.Evolve(part)));
    }

    private static async Task<Page<DrawnPeriod>> List(
        Guid id, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), SamplingDesignEndpoints.Visible);

        return await session.Query<DrawnPeriod>().Where(period => period.DesignId == id).ToPage(page, period => period.Id, cancellation);
    }

    private static async Task<Tabular<DesignDrawView>> Get(
        Guid id, [Description(FirstDay)] DateOnly first, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), SamplingDesignEndpoints.Visible);
        var drawId = DesignDrawDecider.IdOf(id, first);
        var draw = await session.Events.AggregateStreamAsync<DesignDraw>(drawId, token: cancellation);
        var period = draw?.Period ?? throw new StreamNotFoundException(drawId);

        return new(new(
            id, period.ProjectId, period.Period, first, period.From, period.To, period.Zone, period.By, period.At, Rule,
            [.. draw.Parts.Select(part => View(part, first))]), LotFile);
    }

    /// <summary>All that it takes to draw again and to compare, in each line.</summary>
    private static Table LotFile(DesignDrawView draw)
    {
        var table = new Table("seed", "designVersion", "part", "unit", "unitId", "first", "size", "candidates", "wanted", "spread", "group",
            "groupPercent", "groupCandidates", "groupWanted", "day", "dayCandidates", "dayWanted", "callId", "agentId", "sampleKey", "probability",
            "joint", "drawn", "evaluationId", "frame");
        foreach (var part in draw.Parts)
            foreach (var c in part.Contacts)
                table.Add(part.Seed, part.DesignVersion, part.Part, part.Unit.Code, part.UnitId, draw.First, part.Size, part.Candidates,
                    part.Wanted, part.Spread, c.Group, c.GroupPercent, c.GroupCandidates, c.GroupWanted, c.Day, c.DayCandidates,
                    c.DayWanted, c.CallId, c.AgentId, c.SampleKey, c.Probability, c.Joint, c.Drawn, c.EvaluationId, part.Frame);

        return table;
    }

    private static PartView View(PartDrawn part, DateOnly first)
    {
        var sample = new StratifiedSample(part.Seed, part.DesignVersion, part.Part, part.UnitId, first);
        var drawn = part.Drawn.ToDictionary(contact => contact.CallId);

        return new(
            part.Part, part.Unit, part.UnitId, part.Seed, part.DesignVersion, $"{part.Size}", part.Groups.Sum(group => group.Candidates()),
            part.Wanted, part.Spread, part.Excluded, part.NotFed,
            [
                .. from frame in part.Groups
                   let size = frame.Candidates()
                   from day in frame.Days
                   let ofDay = day.Candidates()
                   from call in day.Agents
                       .SelectMany(agent => agent.Calls.Select(id => (Agent: agent.AgentId, Id: id, Key: sample.Key(id))))
                       .OrderBy(call => call.Key, StringComparer.Ordinal)
                   let its = drawn.GetValueOrDefault(call.Id)
                   select new DesignCandidateView(
                       call.Id, call.Agent, frame.Group, frame.Percent, size, frame.Wanted, day.Day, ofDay, day.Wanted, call.Key,
                       RandomSample.Probability(frame.Wanted, size), its?.Joint, its is not null, its?.EvaluationId, its?.InspectorId),
            ],
            RandomSample.Frame(part.Groups.SelectMany(group => group.Days).SelectMany(day => day.Agents).SelectMany(agent => agent.Calls)));
    }

    private static async Task<Page<HistoryEntry>> History(
        Guid id, [Description(FirstDay)] DateOnly first, PageRequest page, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), SamplingDesignEndpoints.Visible);
        return await session.History(DesignDrawDecider.IdOf(id, first), page, cancellation);
    }

    private static async Task<DesignCandidatesView> Candidates(
        Guid id, [Description(FirstDay)] DateOnly first, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var design = caller.MustSee(await session.LoadAsync<SamplingDesign>(id, cancellation), SamplingDesignEndpoints.Visible);
        var calendar = await session.CalendarOf(design.ProjectId, cancellation);
        var (from, to) = design.Rules.Period.Of(calendar, first, "first");
        var frame = await session.FrameOf(design, calendar, from, to, cancellation);

        return new(first, from, to, frame.Unheard,
        [
            .. frame.Contacts.GroupBy(contact => contact.UnitId).OrderBy(unit => unit.Key).Select(unit => new UnitCandidates(
                unit.Key, unit.Where(c => c.Excluded is null).CountBy(c => c.Group!).ToDictionary(),
                design.Rules.RiskParts().ToDictionary(risk => risk.Kind.Code,
                    risk => unit.Count(c => c.Excluded is null && c.AtRisk.GetValueOrDefault(risk.Kind) is true)),
                unit.Select(c => c.Excluded).OfType<string>().CountBy(why => why).ToDictionary())),
        ]);
    }
}
