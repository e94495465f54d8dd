using System.ComponentModel;
using CallCenter.Quality.Calibration;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Sampling;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>How far a model says what people say of contacts that were drawn by lot.</summary>
/// <param name="Model">Name of the judge.</param>
/// <param name="ModelVersion">Which of its versions.</param>
/// <param name="Contacts">That both judged.</param>
/// <param name="Questions">In the order of the form.</param>
public sealed record ModelAgreement(string Model, string ModelVersion, int Contacts, IReadOnlyList<ModelQuestionAgreement> Questions);

/// <param name="Question">Code of the question.</param>
/// <param name="Answers">Contacts of which both said something to it.</param>
/// <param name="Silent">Contacts to which a person gave an answer and the model none.</param>
/// <param name="Scale">nominal for choices, interval for numbers.</param>
/// <param name="Agreement">Krippendorff's alpha of person and model, its interval, and how often they say the same.</param>
/// <param name="Kappa">Cohen's kappa; null of numbers, and where both always say one and the same.</param>
/// <param name="Difference">Of numbers: what the model says less what the person says; null of choices.</param>
/// <param name="Counts">How often which answers came together, of choices; null of numbers.</param>
public sealed record ModelQuestionAgreement(
    string Question, int Answers, int Silent, Scale Scale, AgreementFigure Agreement, double? Kappa, MeanDifference? Difference,
    IReadOnlyList<AnswerCount>? Counts);

/// <param name="Human">What people said, as the question is answered; n-a where it did not apply.</param>
/// <param name="Machine">What the model said of the same contacts.</param>
/// <param name="Contacts">Of how many.</param>
public sealed record AnswerCount(string Human, string Machine, int Contacts);

internal static class ModelAgreements
{
    private const string NotApplicable = "n-a";

    public static IReadOnlyList<ModelAgreement> Of(IReadOnlyList<BlindContact> judged, IEnumerable<ContactAnswers> said)
    {
        var people = judged.DistinctBy(contact => contact.CallId).ToDictionary(contact => contact.CallId);
        var questions = judged.SelectMany(contact => contact.Form.Questions).Where(question => question is not TextQuestion)
            .DistinctBy(question => question.Code).ToList();

        return
        [
            .. said.Where(answers => people.ContainsKey(answers.ContactId)).GroupBy(answers => (answers.Model, answers.ModelVersion))
                .OrderBy(judge => judge.Key.Model, StringComparer.Ordinal).ThenBy(judge => judge.Key.ModelVersion, StringComparer.Ordinal)
                .Select(judge =>
                {
                    // Of one that judged by several versions of the form what it said last.
                    var contacts = judge.GroupBy(answers => answers.ContactId).Select(own => own.MaxBy(answers => answers.FormVersion)!)
                        .Select(answers => new Pair(people[answers.ContactId].Answers,
                            answers.Answers.ToDictionary(one => one.Question, one => one.Answer))).ToList();
                    return new ModelAgreement(judge.Key.Model, judge.Key.ModelVersion, contacts.Count,
                        [.. questions.Select(question => Of(question, contacts))]);
                }),
        ];
    }

    private sealed record Pair(IReadOnlyDictionary<string, Answer> Human, IReadOnlyDictionary<string, Answer> Machine);

    private static ModelQuestionAgreement Of(Question question, IReadOnlyList<Pair> contacts)
    {
        var values = new AnswerValues(question);
        var answered = contacts.Where(contact => contact.Human.ContainsKey(question.Code)).ToList();
        var both = answered.Where(contact => contact.Machine.ContainsKey(question.Code))
            .Select(contact => (Human: contact.Human[question.Code], Machine: contact.Machine[question.Code])).ToList();
        var pairs = both.Select(pair => (Human: values.Of(pair.Human), Machine: values.Of(pair.Machine)))
            .Where(pair => pair is { Human: not null, Machine: not null })
            .Select(pair => (pair.Human!.Value, pair.Machine!.Value)).ToList();
        var isNominal = values.Scale is Scale.Nominal;

        return new(
            question.Code, both.Count, answered.Count - both.Count, values.Scale,
            AgreementFigure.Of([.. pairs.Select(pair => (IReadOnlyList<double>)[pair.Item1, pair.Item2])], values.Scale),
            isNominal ? AgreementFigure.Rounded(Agreement.Kappa([pairs])) : null,
            isNominal ? null : Agreement.MeanOf([.. pairs.Select(pair => pair.Item2 - pair.Item1)])?.Shown(),
            !isNominal ? null :
            [
                .. both.CountBy(pair => (Human: pair.Human.AsText ?? NotApplicable, Machine: pair.Machine.AsText ?? NotApplicable))
                    .OrderBy(pair => pair.Key.Human, StringComparer.Ordinal).ThenBy(pair => pair.Key.Machine, StringComparer.Ordinal)
                    .Select(pair => new AnswerCount(pair.Key.Human, pair.Key.Machine, pair.Value)),
            ]);
    }
}

internal static class MachineAgreementEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapMachineAgreement() => routes.MapGet("/machine-answers/agreement", Get).WithTags("Machine answers").Describe(
            "How far each version of each model says what people say, question by question, of contacts that a plan drew in some weeks",
            problems: ["range-out-of-order", "range-too-long", "project-unknown"]).TakesLong();
    }

    private static async Task<Ok<IReadOnlyList<ModelAgreement>>> Get(
        Guid planId, [Description("Any day of the first week")] DateOnly from, [Description("Any day of the last week")] DateOnly to,
        Caller caller, MachineAnswerStore store, FigureRows rows, IQuerySession session, CancellationToken cancellation)
    {
        var (plan, first, last) = await session.WeeksOf(planId, from, to, caller, cancellation);
        // Of one contact what came together is what the person said.
        var again = await session.JudgedAgain(caller, cancellation);
        var judged = (await BlindSample.Of(session, rows, plan, first, last, cancellation)).Judged
            .Where(contact => !again.Contains((plan.Rules.FormId, contact.CallId))).ToList();
        var said = await store.OfCalls(plan.Rules.FormId, [.. judged.Select(contact => contact.CallId)], cancellation);

        return TypedResults.Ok(ModelAgreements.Of(judged, said));
    }
}
