using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>What evaluations of before would have come to by a form that is proposed. Nothing is changed by asking.</summary>
/// <param name="Evaluations">Those that were scored again, the last first.</param>
/// <param name="Score">Mean of the scores they have; null without any.</param>
/// <param name="NewScore">Mean of those they would have; null without any.</param>
/// <param name="Passed">How many pass.</param>
/// <param name="NewlyPassed">How many would.</param>
/// <param name="BandsBefore">How many are in each band of their forms, by its code.</param>
/// <param name="BandsAfter">How many would be in each band of the proposed form.</param>
public sealed record FormComparison(
    IReadOnlyList<ComparedEvaluation> Evaluations, decimal? Score, decimal? NewScore, int Passed, int NewlyPassed,
    IReadOnlyDictionary<string, int> BandsBefore, IReadOnlyDictionary<string, int> BandsAfter)
{
    public static FormComparison Of(FormContent proposed, IReadOnlyList<Evaluation> evaluations)
    {
        var compared = evaluations.Select(evaluation => ComparedEvaluation.Of(proposed, evaluation)).ToList();
        return new(
            compared, Mean(compared.Select(one => one.Score)), Mean(compared.Select(one => one.NewScore)),
            compared.Count(one => one.Passed is true), compared.Count(one => one.NewPassed is true),
            Counted(compared.Select(one => one.Band)), Counted(compared.Select(one => one.NewBand)));
    }

    private static decimal? Mean(IEnumerable<decimal?> scores) =>
        scores.Average() is { } mean ? Math.Round(mean, 1, MidpointRounding.AwayFromZero) : null;

    private static Dictionary<string, int> Counted(IEnumerable<string?> bands) =>
        bands.OfType<string>().CountBy(band => band).ToDictionary();
}

/// <param name="FormVersion">The version it was made with.</param>
/// <param name="Score">As it stands.</param>
/// <param name="NewScore">By the proposed form, from the answers that it takes; null where none of them counts.</param>
/// <param name="Passed">As it stands.</param>
/// <param name="NewPassed">By the proposed form; null without a score.</param>
/// <param name="Band">As it stands; null without bands.</param>
/// <param name="NewBand">By the proposed form.</param>
/// <param name="Dropped">Questions whose answers the proposed form has no use for: it does not ask them, or not so.</param>
/// <param name="Open">Questions that it asks, and that nobody has answered: they are left out of the new score.</param>
public sealed record ComparedEvaluation(
    Guid EvaluationId, Guid AgentId, int FormVersion, DateTimeOffset SubmittedAt, decimal? Score, decimal? NewScore, bool? Passed,
    bool? NewPassed, string? Band, string? NewBand, IReadOnlyList<string> Dropped, IReadOnlyList<string> Open)
{
    public static ComparedEvaluation Of(FormContent proposed, Evaluation evaluation)
    {
        var given = evaluation.Form!.Counting(evaluation.Said([]));
        var fitting = given.Where(answer => proposed.Find(answer.Key)?.Takes(answer.Value) is true).ToDictionary();
        var asked = proposed.Counting(fitting);
        var anew = proposed.Score(fitting);

        return new(
            evaluation.Id, evaluation.AgentId, evaluation.FormVersion, evaluation.SubmittedAt!.Value, evaluation.Score, anew.Score,
            evaluation.Passed, anew.Passed, evaluation.Result?.Band, anew.Band,
            [.. given.Keys.Where(question => !asked.ContainsKey(question)).Order(StringComparer.Ordinal)], proposed.Open(fitting));
    }
}

internal static class FormComparisonEndpoints
{
    public static void MapFormComparison(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/evaluation-forms/{id:guid}/proposals/{proposal:guid}/comparison", Compare).WithTags("Form proposals").Describe(
            "Score the last evaluations of a form again as it is proposed, and change nothing", new ComparisonRequest(50));

    /// <param name="Last">How many evaluations, the last submitted first.</param>
    public sealed record ComparisonRequest([Range(1, 200)] int Last = 50);

    private static async Task<FormComparison> Compare(
        Guid id, [Description("Which of the proposals")] Guid proposal, ComparisonRequest request, Caller caller, IQuerySession session,
        CancellationToken cancellation)
    {
        var form = await EvaluationFormEndpoints.Seen(id, caller, session, cancellation);
        var proposed = form.Proposal(proposal)?.Content ?? throw new StreamNotFoundException(proposal);
        var last = await session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible)
            .Except(await session.HiddenFrom(caller, cancellation))
            .Where(e => e.FormId == id && e.ProjectId == form.ProjectId && e.Kind == null
                && e.SubmittedAt != null && e.Status != EvaluationStatus.Voided)
            .OrderByDescending(e => e.SubmittedAt).ThenBy(e => e.Id).Take(request.Last).Select(e => e.Id).ToListAsync(cancellation);
        var evaluations = new List<Evaluation>();
        foreach (var evaluation in last)
            if (await session.Events.AggregateStreamAsync<Evaluation>(evaluation, token: cancellation) is { } found)
                evaluations.Add(found);

        return FormComparison.Of(proposed, evaluations);
    }
}
