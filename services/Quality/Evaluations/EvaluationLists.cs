using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>An evaluation in a list, with what its form says beside the score.</summary>
public sealed record ListedEvaluation : EvaluationSummary
{
    internal ListedEvaluation(EvaluationSummary summary) : base(summary)
    {
    }

    /// <summary>Of its critical questions alone, 0 to 100; null without a score, and where the form has none.</summary>
    public decimal? CriticalScore { get; init; }

    /// <summary>Code of the band that the score lies in; null without a score, and where the form has none.</summary>
    public string? Band { get; init; }
}

internal static class EvaluationLists
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluationLists()
        {
            var evaluations = routes.MapGroup("/evaluations").WithTags("Evaluations");

            evaluations.MapGet("/", List).Describe("Evaluations; an agent sees their own from submission on, and who judges again not what others say of it");
            evaluations.MapGet("/unacknowledged", Unacknowledged).Describe(
                "Scores that their agents have had for so many days and neither acknowledged nor disputed");
            evaluations.MapGet("/queue", Queue).Describe(
                "What waits for the caller: their drafts, what is assigned to them, and what anybody may take");
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

    private static async Task<Page<ListedEvaluation>> List(
        Guid? projectId, Guid? agentId, Guid? formId, DateOnly? week, StatusFilter? status,
        PageRequest page, Caller caller, IQuerySession session, FigureRows rows, CancellationToken cancellation)
    {
        var found = session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible, projectId);

        if (agentId is { } agent)
            found = found.Where(e => e.AgentId == agent);
        if (formId is { } form)
            found = found.Where(e => e.FormId == form);
        if (week is { } day)
            found = found.Where(e => e.Week == day);
        if (status is { } wanted)
            found = found.Where(e => e.Status == wanted.Status);

        found = found.Except(await session.HiddenFrom(caller, cancellation));
        return await rows.Listed(await found.ToPage(page, e => e.Id, cancellation), cancellation);
    }

    // What stands beside the score is in no summary: the version before, which writes them too, would lose it.
    private static async Task<Page<ListedEvaluation>> Listed(
        this FigureRows rows, Page<EvaluationSummary> found, CancellationToken cancellation)
    {
        var beside = await rows.Extras(found.Items, cancellation);
        return new([.. found.Items.Select(e => beside.TryGetValue(e.Id, out var known)
            ? new ListedEvaluation(e) { CriticalScore = known.CriticalScore, Band = known.Band } : new ListedEvaluation(e))], found.Next);
    }

    private static async Task<Page<ListedEvaluation>> Unacknowledged(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, FigureRows rows, CancellationToken cancellation,
        [Description("Whole days since the submission."), Range(0, 365)] int days = 7)
    {
        var before = caller.Now.AddDays(-days);
        return await rows.Listed(await session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible, projectId)
            .Except(await session.HiddenFrom(caller, cancellation))
            .Where(e => (e.Status == EvaluationStatus.Submitted || e.Status == EvaluationStatus.Resolved)
                && e.SubmittedAt <= before && e.Kind == null)
            .ToPage(page, e => e.Id, cancellation), cancellation);
    }

    private static Task<Page<EvaluationSummary>> Queue(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible, projectId)
            .Where(e => e.Status == EvaluationStatus.Draft && e.EvaluatorId == caller.Id && e.HeldAt == null
                || e.Status == EvaluationStatus.Pending && (e.AssignedTo == caller.Id || e.AssignedTo == null))
            .ToPage(page, e => e.Id, cancellation);
}
