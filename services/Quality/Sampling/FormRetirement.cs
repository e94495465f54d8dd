using System.ComponentModel;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Forms.EvaluationFormDecider;

namespace CallCenter.Quality.Sampling;

/// <summary>A form is not taken from a plan that draws calls for it, or only where somebody says so.</summary>
internal static class FormRetirement
{
    public static void MapFormRetirement(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/evaluation-forms/{id:guid}/retirement", Retire).WithTags("Evaluation forms")
            .Describe("Make no more evaluations with the form", problems: ["form-in-use"]);

    private static async Task<WriteResult> Retire(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation,
        [Description("Retire it though sampling plans or designs use it: they draw nothing until they have another form, and then what has waited.")]
        bool force = false)
    {
        await session.Lock([id], cancellation);
        var command = new RetireForm(force ? [] : await session.UsersOf(id, cancellation), caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    extension(IDocumentSession session)
    {
        private async Task<IReadOnlyList<PlanInUse>> UsersOf(Guid formId, CancellationToken cancellation)
        {
            var plans = await session.Query<SamplingPlan>().Where(plan => plan.Rules.FormId == formId && !plan.Ended)
                .OrderBy(plan => plan.Id).ToListAsync(cancellation);
            var designs = await session.Query<SamplingDesign>().Where(design => design.Rules.FormId == formId && !design.Ended)
                .OrderBy(design => design.Id).ToListAsync(cancellation);

            return
            [
                .. plans.Select(plan => new PlanInUse(plan.Id, plan.Rules.Name)),
                .. designs.Select(design => new PlanInUse(design.Id, design.Rules.Name)),
            ];
        }

        /// <summary>Makes sure that a plan can have the form, and that nobody retires it until this session's transaction ends.</summary>
        /// <exception cref="StreamNotFoundException">404: a form of another project is no form to this plan.</exception>
        /// <exception cref="RefusedException">409 <c>form-retired</c>.</exception>
        public async Task MustHaveForm(Guid formId, Guid projectId, CancellationToken cancellation)
        {
            await session.Lock([formId], cancellation);
            if (await session.LoadAsync<EvaluationForm>(formId, cancellation) is not { } form || form.ProjectId != projectId)
                throw new StreamNotFoundException(formId);
            if (form.Retired)
                throw new RefusedException("form-retired", "The form was retired.");
        }
    }
}
