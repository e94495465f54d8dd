using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Quality.Coachings.CoachingDecider;

namespace CallCenter.Quality.Coachings;

/// <remarks>Properties, not a constructor: the API document cannot be made of a rule on a constructor's parameter.</remarks>
public sealed record CoachingFilter
{
    public Guid? ProjectId { get; init; }
    public Guid? AgentId { get; init; }
    public Guid? CoachId { get; init; }

    /// <summary>Only those that fell due under this supervisor.</summary>
    public Guid? SupervisorId { get; init; }

    /// <summary>open; signed, by both, and still open; passed; withdrawn.</summary>
    [AllowedValues(null, "open", "signed", "passed", "withdrawn")]
    public string? Status { get; init; }

    /// <summary>true: only those of which something was missed.</summary>
    public bool? Overdue { get; init; }
}

/// <param name="From">First instant of the contacts before.</param>
/// <param name="To">Before which the contacts after lie.</param>
/// <param name="OtherCoachings">Of the same agent in that time: what is seen may be their effect too.</param>
/// <param name="Effect">What was seen.</param>
public sealed record CoachingEffectView(
    Guid CoachingId, Guid FormId, string? Section, DateTimeOffset From, DateTimeOffset To, int OtherCoachings, CoachingEffect Effect);

internal static class CoachingEndpoints
{
    private static readonly CoachingPlanRequest Plan = new(
        new(2026, 3, 9, 15, 0, 0, TimeSpan.FromHours(8)), new(2026, 4, 10), "Say the company's name at the beginning", FormExample.InspectorId,
        new(new('a', 64), 4, 31.5m));

    private static readonly AgreementRequest Agreement = new(
        "The greeting is said in full, also when many wait.",
        [new("Listen to three own calls", Party.Agent, new(2026, 3, 16)), new("Hear two calls together", Party.Coach, new(2026, 3, 20))]);

    private static readonly string[] PlanProblems =
        ["due-before-talk", "clip-out-of-order", "coaches-themselves", "unknown-coach", "employee-left", "project-unknown"];

    private static readonly string[] Refusals = ["coaching-closed", "not-your-coaching"];

    public static readonly Visibility<Coaching> Visible = new(
        (coaching, projects) => coaching.ProjectId.IsOneOf(projects), own: (coaching, agent) => coaching.AgentId == agent,
        ownIsTheirs: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCoachings()
        {
            var coachings = routes.MapGroup("/coachings").WithTag("Coaching",
                "Who talks with an agent about what, what they agree on, whether a later evaluation passes, and whether it helped.");

            coachings.MapPost("/", Open).Describe("Coach an agent, for a finding, a figure or a complaint",
                new CoachingRequest(FormExample.ProjectId, new("0195a000-0000-7000-8000-000000000007"),
                    new(CauseKind.Complaint, Reference: "C-2026-118"), Plan, FormExample.FormId, "opening"),
                [.. PlanProblems, "cause-does-not-fit", "unknown-kpi", "unknown-evaluation", "unknown-form", "unknown-section", "unknown-agent"]);
            coachings.MapGet("/", List).Describe("Coachings, of all that are open those that are overdue; agents see their own");
            coachings.MapGet("/{id:guid}", Get).Describe("One coaching", problems: [BlindSeconds.Code]);
            coachings.MapHistory("/{id:guid}", Get);
            coachings.MapPut("/{id:guid}/plan", Replan).Describe(
                "Change who talks when about what", Plan, [.. PlanProblems, .. Refusals, "coach-signed"]);
            coachings.MapPut("/{id:guid}/agreement", Agree).Describe(
                "Say what the two agreed on; who had signed signs anew", Agreement, [.. Refusals, "talk-not-held", "due-before-talk"]);
            coachings.MapPost("/{id:guid}/signature", Sign).Describe(
                "Sign what was agreed, as its agent or its coach", problems: ["coaching-closed", "not-in-coaching", "nothing-agreed"]);
            coachings.MapPost("/{id:guid}/actions/{action:int}/completion", Complete).Describe(
                "Say that an action, counted from 0, is done", new CompletionRequest("Three calls heard"),
                ["coaching-closed", "not-in-coaching"]);
            coachings.MapPost("/{id:guid}/withdrawal", Withdraw).Describe(
                "Coach nobody after all, with the reason", new WithdrawalRequest("The evaluation was of another agent's call."), Refusals);
            coachings.MapGet("/{id:guid}/effect", GetEffect).Describe(
                "Whether it helped: scores before and after beside those of comparable agents, with an interval, or that it is not known",
                problems: [BlindSeconds.Code]);
        }
    }

    private static async Task<WriteResult> Open(
        CoachingRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var cause = request.Cause.ToCause();
        var calendar = await session.CalendarOf(request.ProjectId, cancellation);
        var plan = request.Plan.ToPlan(caller.Id, calendar, "/plan");
        await session.RequireOfProject("/agentId", "unknown-agent", request.AgentId, request.ProjectId, caller, cancellation);
        await session.RequireCoach("/plan/coachId", plan.CoachId, request.ProjectId, caller, cancellation);
        var form = await session.FormOf(request, cancellation);
        var command = new OpenCoaching(
            id.Value, request.ProjectId, request.AgentId, cause, request.Section is { } section ? Text.Bare(section) : null, form, plan,
            caller.Id, caller.Now);

        return new(await session.Start<Coaching>(id.Value, state => Decide(command, state), cancellation), $"/coachings/{id.Value}");
    }

    // A finding is checked again by the form that made it, anything else by the one that is named.
    private static async Task<Guid> FormOf(this IQuerySession session, CoachingRequest request, CancellationToken cancellation)
    {
        var evaluation = request.Cause.EvaluationId is { } id
            ? await session.LoadAsync<EvaluationSummary>(id, cancellation) is { SubmittedAt: not null } found
                && found.Status is not EvaluationStatus.Voided && (found.ProjectId, found.AgentId) == (request.ProjectId,
                    request.AgentId) ? found
                : throw new InvalidException("/cause/evaluationId", "unknown-evaluation",
                    $"The agent has no evaluation {id} in this project that was submitted and counts.")
            : null;
        if ((request.FormId ?? evaluation?.FormId) is not { } formId)
            throw new InvalidException("/formId", "cause-does-not-fit", "What is no finding names the form by which it is checked again.");

        var form = await session.LoadAsync<EvaluationForm>(formId, cancellation);
        if (form?.Active is not { } content || form.ProjectId != request.ProjectId)
            throw new InvalidException("/formId", "unknown-form", $"The project has no form {formId} that was ever active.");
        if (request.Section is { } code && content.Sections.All(section => section.Code != Text.Bare(code)))
            throw new InvalidException("/section", "unknown-section",
                $"The form has the sections {string.Join(", ", content.Sections.Select(section => section.Code))}.");

        return formId;
    }

    private static async Task<WriteResult> Replan(
        Guid id, CoachingPlanRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var seen = await Find(id, caller, session, cancellation);
        var plan = request.ToPlan(seen.Plan.CoachId, await session.CalendarOf(seen.ProjectId, cancellation), "");
        if (plan.CoachId != seen.Plan.CoachId)
            await session.RequireCoach("/coachId", plan.CoachId, seen.ProjectId, caller, cancellation);
        var command = new ReplanCoaching(plan, caller.Id, Leads(caller), caller.Now);

        return new(await session.Decide<Coaching>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Agree(
        Guid id, AgreementRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
            CancellationToken cancellation)
    {
        var seen = await Find(id, caller, session, cancellation);
        var talk = (await session.CalendarOf(seen.ProjectId, cancellation)).DayOf(seen.Plan.TalkAt);
        var command = new AgreeCoaching(request.Agreement, request.ToActions(talk), caller.Id, Leads(caller), caller.Now);

        return new(await session.Decide<Coaching>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Sign(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new SignCoaching(caller.Id, caller.Now);

        return new(await session.Decide<Coaching>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> Complete(
        Guid id, [Description("Its place among the actions, from 0")] int action, CompletionRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new CompleteAction(action, request.Note, caller.Id, Leads(caller), caller.Now);

        return new(await session.Decide<Coaching>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> Withdraw(
        Guid id, WithdrawalRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new WithdrawCoaching(request.Reason, caller.Id, Leads(caller), caller.Now);

        return new(await session.Decide<Coaching>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<Page<Coaching>> List(
        [AsParameters] CoachingFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = session.Query<Coaching>().VisibleTo(caller, Visible, filter.ProjectId);
        if (filter.AgentId is { } agent)
            found = found.Where(coaching => coaching.AgentId == agent);
        if (filter.CoachId is { } coach)
            found = found.Where(coaching => coaching.Plan.CoachId == coach);
        if (filter.SupervisorId is { } supervisor)
            found = found.Where(coaching => coaching.ToldSupervisorId == supervisor);
        if (filter.Status is { } text && Enum.Parse<CoachingStatus>(text, ignoreCase: true) is var status)
            found = found.Where(coaching => coaching.Status == status);
        if (filter.Overdue is { } overdue)
            found = found.Where(coaching => coaching.Overdue == overdue);

        return await (await found.ExceptBlind(caller, session, cancellation)).ToPage(page, coaching => coaching.Id, cancellation);
    }

    // A finding says what somebody found, and a coaching that passed by which evaluation it did.
    private static async Task<IQueryable<Coaching>> ExceptBlind(
        this IQueryable<Coaching> coachings, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var hidden = await session.HiddenFrom(caller, cancellation);
        if (hidden.Count == 0)
            return coachings;

        var (causes, rechecks) = (hidden.Select(id => (Guid?)id).ToArray(), hidden.ToArray());
        var blind = (await session.Query<Coaching>()
            .Where(c => c.Cause.EvaluationId.IsOneOf(causes) || c.Recheck!.EvaluationId.IsOneOf(rechecks)).Select(c => c.Id)
            .ToListAsync(cancellation)).ToArray();
        return coachings.Where(coaching => !coaching.Id.IsOneOf(blind));
    }

    private static async Task<Coaching> Seen(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var coaching = await Find(id, caller, session, cancellation);
        await session.MustNotBeBlind([coaching.Cause.EvaluationId, coaching.Recheck?.EvaluationId], caller, cancellation);
        return coaching;
    }

    private static async Task<Versioned<Coaching>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var coaching = await Seen(id, caller, session, cancellation);

        return new(coaching, coaching.Version);
    }

    private static async Task<Ok<CoachingEffectView>> GetEffect(
        Guid id, Caller caller, Language language, IQuerySession session, CancellationToken cancellation,
        [Description("Weeks looked at before the talk, and after it"), Range(2, 26)] int weeks = 8)
    {
        var coaching = await Seen(id, caller, session, cancellation);
        return TypedResults.Ok(await session.EffectOf(coaching, weeks, language, cancellation));
    }

    /// <summary>What a coaching did, beside comparable agents whom nobody coached in these weeks.</summary>
    public static async Task<CoachingEffectView> EffectOf(
        this IQuerySession session, Coaching coaching, int weeks, Language language, CancellationToken cancellation)
    {
        var (from, to) = (coaching.Plan.TalkAt.AddDays(-7 * weeks), coaching.Plan.TalkAt.AddDays(7 * weeks));
        var coached = await session.Query<Coaching>()
            .Where(c => c.ProjectId == coaching.ProjectId && c.Id != coaching.Id && !c.Withdrawn && c.Plan.TalkAt >= from
                && c.Plan.TalkAt < to)
            .Select(c => c.AgentId).ToListAsync(cancellation);
        var scores = await session.ScoresAround(
            coaching.ProjectId, coaching.FormId, coaching.Section, coaching.Plan.TalkAt, weeks, cancellation);

        return new CoachingEffectView(
            coaching.Id, coaching.FormId, coaching.Section, from, to, coached.Count(agent => agent == coaching.AgentId),
            CoachingEffect.Of(
                [.. scores.Where(own => own.AgentId == coaching.AgentId)],
                [.. scores.Where(other => other.AgentId != coaching.AgentId && !coached.Contains(other.AgentId))], language));
    }

    private static async Task RequireCoach(
        this IQuerySession session, string pointer, Guid coach, Guid projectId, Caller caller, CancellationToken cancellation)
    {
        if (coach != caller.Id)
            await session.RequireOfProject(pointer, "unknown-coach", coach, projectId, caller, cancellation);
    }

    private static async Task<Coaching> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<Coaching>(id, cancellation), Visible);

    private static bool Leads(Caller caller) => caller.Is("supervisor") || caller.Is("admin");
}
