using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

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

    private static async Task<Page<EvaluationSummary>> List(
        Guid? projectId, Guid? agentId, Guid? formId, DateOnly? week, StatusFilter? status,
        PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
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

        return await found.Except(await session.HiddenFrom(caller, cancellation)).ToPage(page, e => e.Id, cancellation);
    }

    private static async Task<Page<EvaluationSummary>> Unacknowledged(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation,
        [Description("Whole days since the submission."), Range(0, 365)] int days = 7)
    {
        var before = caller.Now.AddDays(-days);
        return await session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible, projectId)
            .Except(await session.HiddenFrom(caller, cancellation))
            .Where(e => (e.Status == EvaluationStatus.Submitted || e.Status == EvaluationStatus.Resolved)
                && e.SubmittedAt <= before && e.Kind == null)
            .ToPage(page, e => e.Id, cancellation);
    }

    private static Task<Page<EvaluationSummary>> Queue(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible, projectId)
            .Where(e => e.Status == EvaluationStatus.Draft && e.EvaluatorId == caller.Id && e.HeldAt == null
                || e.Status == EvaluationStatus.Pending && (e.AssignedTo == caller.Id || e.AssignedTo == null))
            .ToPage(page, e => e.Id, cancellation);
}
