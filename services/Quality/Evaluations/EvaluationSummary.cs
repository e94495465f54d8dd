using System.Collections.Immutable;
using CallCenter.Quality.Projects;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>One evaluation as lists and figures show it.</summary>
public sealed record EvaluationSummary : IOfEvaluation
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid CallId { get; init; }
    public Guid AgentId { get; init; }
    public Guid FormId { get; init; }
    public int FormVersion { get; init; }
    public Guid? PlanId { get; init; }

    /// <summary>The week it was drawn for; null when somebody chose the call.</summary>
    public DateOnly? SampledWeek { get; init; }
    public Guid? AssignedTo { get; init; }
    public Guid? EvaluatorId { get; init; }
    public ImmutableArray<Guid> ReleasedBy { get; init; } = [];
    public EvaluationStatus Status { get; init; }

    /// <summary>First local day of the week of submission.</summary>
    public DateOnly? Week { get; init; }
    public decimal? Score { get; init; }
    public bool? Passed { get; init; }
    public bool AutoFailed { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }

    public EvaluationSummary Evolve(object @event) => @event switch
    {
        EvaluationPlanned e => this with
        {
            Id = e.EvaluationId,
            Status = EvaluationStatus.Pending,
            ProjectId = e.ProjectId,
            CallId = e.CallId,
            AgentId = e.AgentId,
            FormId = e.FormId,
            PlanId = e.PlanId,
            SampledWeek = e.Week,
            AssignedTo = e.AssignedTo,
        },
        EvaluationAssigned e => this with { AssignedTo = e.AssignedTo },
        EvaluationStarted e => this with
        {
            Id = e.EvaluationId,
            Status = EvaluationStatus.Draft,
            ProjectId = e.ProjectId,
            CallId = e.CallId,
            AgentId = e.AgentId,
            FormId = e.FormId,
            FormVersion = e.FormVersion,
            EvaluatorId = e.EvaluatorId,
        },
        EvaluationReleased e => this with
        {
            Status = EvaluationStatus.Pending,
            AssignedTo = null,
            EvaluatorId = null,
            ReleasedBy = ReleasedBy.Add(e.By),
        },
        QuestionAnswered _ => this, // for the version
        RemarksWritten _ => this,
        EvaluationSubmitted e => this with
        {
            Status = EvaluationStatus.Submitted,
            Week = e.Week,
            SubmittedAt = e.At,
            Score = e.Result.Score,
            Passed = e.Result.Passed,
            AutoFailed = e.Result.AutoFailed,
        },
        EvaluationAcknowledged _ => this with { Status = EvaluationStatus.Acknowledged },
        EvaluationDisputed _ => this with { Status = EvaluationStatus.Disputed },
        DisputeResolved e => this with
        {
            Status = EvaluationStatus.Resolved,
            Score = e.Result.Score,
            Passed = e.Result.Passed,
            AutoFailed = e.Result.AutoFailed,
        },
        _ => this,
    };
}

internal static class EvaluationLists
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluationLists()
        {
            var evaluations = routes.MapGroup("/evaluations").WithTags("Evaluations");

            evaluations.MapGet("/", List).Describe("Evaluations; an agent sees their own from submission on");
            evaluations.MapGet("/queue", Queue).Describe("What waits for the caller: their drafts, what is assigned to them, and what anybody may take");
        }
    }

    /// <summary>A status in a query: by its name only, never by number.</summary>
    public readonly record struct StatusFilter(EvaluationStatus Status)
    {
        public static bool TryParse(string? text, out StatusFilter filter)
        {
            var known = Enum.GetValues<EvaluationStatus>().Where(status => status.Code == text).ToList();
            filter = new(known.FirstOrDefault());

            return known.Count == 1;
        }
    }

    extension(EvaluationStatus status)
    {
        /// <summary>As it is written outside.</summary>
        public string Code => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());
    }

    private static async Task<Page<EvaluationSummary>> List(
        Guid? projectId, Guid? agentId, Guid? formId, DateOnly? week, StatusFilter? status,
        PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = session.EvaluationsKnownTo(caller, projectId);

        if (agentId is { } agent)
            found = found.Where(e => e.AgentId == agent);
        if (formId is { } form)
            found = found.Where(e => e.FormId == form);
        if (week is { } day)
            found = found.Where(e => e.Week == day);
        if (status is { } wanted)
            found = found.Where(e => e.Status == wanted.Status);

        return await found.ToPage(page, e => e.Id, cancellation);
    }

    private static Task<Page<EvaluationSummary>> Queue(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        session.EvaluationsKnownTo(caller, projectId)
            .Where(e => e.Status == EvaluationStatus.Draft && e.EvaluatorId == caller.Id
                || e.Status == EvaluationStatus.Pending && (e.AssignedTo == caller.Id || e.AssignedTo == null))
            .ToPage(page, e => e.Id, cancellation);

    /// <summary>What <see cref="Visibility"/> says of one evaluation, as a query.</summary>
    public static IQueryable<EvaluationSummary> EvaluationsKnownTo(this IQuerySession session, Caller caller, Guid? projectId)
    {
        IQueryable<EvaluationSummary> found = session.Query<EvaluationSummary>();

        if (caller.Among(projectId) is { } projects)
            found = found.Where(e => e.ProjectId.IsOneOf(projects));

        return caller.SeesOnlyOwn
            ? found.Where(e => e.AgentId == caller.Id && e.Status != EvaluationStatus.Pending && e.Status != EvaluationStatus.Draft)
            : found.Where(e => e.AgentId != caller.Id || (e.Status != EvaluationStatus.Pending && e.Status != EvaluationStatus.Draft));
    }
}
