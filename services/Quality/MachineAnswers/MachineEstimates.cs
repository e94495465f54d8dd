using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Sampling;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>What the contacts of a plan's weeks come to, by what people say of the drawn and a machine of all.</summary>
/// <param name="Model">Name of the judge.</param>
/// <param name="ModelVersion">Which of its versions.</param>
/// <param name="From">First day of the first week.</param>
/// <param name="To">First day of the last week.</param>
/// <param name="Contacts">That could have been drawn, in the agents' weeks of which something was judged.</param>
/// <param name="Judged">Of these drawn, and judged by a person who saw nothing of what the machine says.</param>
/// <param name="Waiting">Drawn and not judged yet: nothing is said of them, as if they had not been drawn.</param>
/// <param name="NotBlind">Judged with what a machine proposed: left out.</param>
/// <param name="MachineAnswered">Of the contacts, of how many the machine has said something.</param>
/// <param name="Score">Mean score, 0 to 100.</param>
/// <param name="Passed">Share that passes, 0 to 1.</param>
/// <param name="Questions">Mean share of the points that a question can earn, 0 to 1: of a yes or no the share that passes it.</param>
public sealed record MachineEstimates(
    Guid PlanId, Guid ProjectId, Guid FormId, string Model, string ModelVersion, DateOnly From, DateOnly To, long Contacts, int Judged,
    int Waiting, int NotBlind, long MachineAnswered, MachineEstimate Score, MachineEstimate Passed,
    IReadOnlyList<QuestionEstimate> Questions);

/// <param name="Labels">Contacts that a person judged and that it applied to.</param>
/// <param name="MachineAnswered">Contacts of which the machine has said it.</param>
/// <param name="MachineAlone">Mean of what the machine says by itself, with whatever is wrong with it; null where it says nothing.</param>
/// <param name="Estimate">Of all contacts, by people and machine together, with 95 % confidence; null where it is refused.</param>
/// <param name="HumansAlone">The same without the machine; null where it is refused.</param>
/// <param name="Lambda">How much of the machine is in the estimate: 0 is nothing, 1 is all; null where it is refused.</param>
/// <param name="Refused">
/// Why there is no estimate: too-few-labels, of fewer than 100 contacts, or no-machine-answers; null where there is one.
/// </param>
public sealed record MachineEstimate(
    int Labels, long MachineAnswered, double? MachineAlone, MeanInterval? Estimate, MeanInterval? HumansAlone, double? Lambda,
    string? Refused)
{
    /// <param name="scale">What a share of 1 is shown as.</param>
    internal static MachineEstimate Of(IReadOnlyList<LabelledStratum> strata, MachineTotal machine, int scale = 1)
    {
        var labels = strata.Sum(stratum => stratum.Labels.Count(label => label.Human is not null));
        var alone = machine.Answered == 0 ? (double?)null : Shown(machine.Sum / machine.Answered);
        var said = machine.Answered == 0 ? null : PoweredEstimate.Of(strata, machine);
        return said is null
            ? new(labels, machine.Answered, alone, null, null, null, machine.Answered == 0 ? "no-machine-answers" : "too-few-labels")
            : new(labels, machine.Answered, alone, Of(said.Estimate), Of(said.HumansAlone), Math.Round(said.Lambda, 3), null);

        MeanInterval Of(MeanInterval share) => new(Shown(share.Mean), Shown(share.Low), Shown(share.High));

        double Shown(double share) => Math.Round(scale * share, scale == 1 ? 4 : 2);
    }
}

/// <param name="Question">Code of the question.</param>
/// <param name="Estimate">Of all contacts that it applies to.</param>
public sealed record QuestionEstimate(string Question, MachineEstimate Estimate);

internal static class MachineEstimateEndpoints
{
    // What is estimated beside the questions.
    private const string Score = "*score", Passed = "*passed";

    private static readonly string[] Beside = [Score, Passed];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMachineEstimates() => routes.MapGet("/machine-answers/estimates", Get).WithTags("Machine answers").Describe(
            "How all contacts of a plan's weeks were, by what people say of a random few and a model of all: of 100 judged or more",
            problems: ["too-few-labels", "range-out-of-order", "range-too-long", "project-unknown"]).TakesLong();
    }

    private static async Task<Ok<MachineEstimates>> Get(
        Guid planId, [Description("Any day of the first week")] DateOnly from, [Description("Any day of the last week")] DateOnly to,
        [Description("Name of the judge"), StringLength(100, MinimumLength = 1)] string model,
        [Description("Which of its versions"), StringLength(100, MinimumLength = 1)] string modelVersion,
        Caller caller, MachineAnswerStore store, FigureRows rows, IQuerySession session, CancellationToken cancellation)
    {
        var (plan, first, last) = await session.WeeksOf(planId, from, to, caller, cancellation);
        var sample = await BlindSample.Of(session, rows, plan, first, last, cancellation);
        var judged = sample.Judged.Count();
        if (judged < PoweredEstimate.FewestLabels)
            throw new RefusedException("too-few-labels", $"{judged} of the drawn contacts were judged by people alone; of fewer than "
                + $"{PoweredEstimate.FewestLabels} nothing is estimated.");

        var forms = (await session.KnownForm(plan.Rules.FormId, cancellation))!.Versions
            .ToDictionary(version => version.Key, version => version.Value.Scored().Select(question => question.Code).ToArray());
        // By place, and by name at the end: there are as many as contacts.
        var (sums, totals, answered) = (new Dictionary<int, MachineTotal[]>(), new Dictionary<string, MachineTotal>(), 0L);
        var ofJudged = new Dictionary<Guid, Dictionary<string, double?>>();
        var drawn = sample.Judged.Select(contact => contact.CallId).ToHashSet();
        await foreach (var said in store.SharesOf(plan.Rules.FormId, model, modelVersion,
            [.. sample.Strata.SelectMany(stratum => stratum.Candidates)], cancellation))
        {
            answered++;
            if (!sums.TryGetValue(said.FormVersion, out var sum))
                sums[said.FormVersion] = sum = new MachineTotal[said.Shares.Count + Beside.Length];
            for (var i = 0; i < said.Shares.Count; i++)
                sum[i] = sum[i].Plus(said.Shares[i]);
            sum[^2] = sum[^2].Plus(ScoreOf(said));
            sum[^1] = sum[^1].Plus(PassedOf(said));
            if (drawn.Contains(said.ContactId))
                ofJudged[said.ContactId] = Values(said, forms[said.FormVersion]);
        }

        foreach (var (version, sum) in sums)
            foreach (var (what, total) in forms[version].Concat(Beside).Zip(sum))
                totals[what] = totals.GetValueOrDefault(what).Plus(total);

        string[] questions = [.. sample.Judged.SelectMany(contact => contact.Form.Scored()).Select(question => question.Code).Distinct()];
        return TypedResults.Ok(new MachineEstimates(
            plan.Id, plan.ProjectId, plan.Rules.FormId, model, modelVersion, first, last,
            sample.Strata.Sum(stratum => (long)stratum.Candidates.Count), judged, sample.Waiting, sample.NotBlind, answered,
            Estimate(Score, 100), Estimate(Passed), [.. questions.Select(question => new QuestionEstimate(question, Estimate(question)))]));

        MachineEstimate Estimate(string what, int scale = 1) => MachineEstimate.Of(
            [
                .. sample.Strata.Select(stratum => new LabelledStratum(stratum.AgentId, stratum.Candidates.Count,
                    [.. stratum.Judged.Select(contact => new LabelledContact(
                        Human(contact, what), ofJudged.GetValueOrDefault(contact.CallId)?.GetValueOrDefault(what)))])),
            ], totals.GetValueOrDefault(what), scale);
    }

    private static Dictionary<string, double?> Values(ContactShares said, string[] questions)
    {
        var values = questions.Zip(said.Shares).ToDictionary(one => one.First, one => one.Second);
        values[Score] = ScoreOf(said);
        values[Passed] = PassedOf(said);
        return values;
    }

    private static double? ScoreOf(ContactShares said) => said.Score / 100;

    private static double? PassedOf(ContactShares said) => said.Passed is { } passed ? passed ? 1 : 0 : null;

    private static double? Human(BlindContact contact, string what) => what switch
    {
        Score => (double?)contact.Score / 100,
        Passed => contact.Passed is { } passed ? passed ? 1 : 0 : null,
        _ => contact.Shares.GetValueOrDefault(what),
    };
}
