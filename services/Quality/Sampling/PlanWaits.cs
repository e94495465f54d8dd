using CallCenter.Contracts.People;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using Marten;

namespace CallCenter.Quality.Sampling;

/// <summary>What a plan or a design waits for.</summary>
/// <param name="Cause">form-retired, or form-not-active: it has not been activated yet.</param>
/// <param name="Weeks">First days of the weeks, or months, that are over and will be drawn once it has an active form.</param>
public sealed record PlanWait(string Cause, IReadOnlyList<DateOnly> Weeks);

internal static class PlanWaits
{
    extension(IQuerySession session)
    {
        /// <summary>Those of the plans that wait, by their ids.</summary>
        public Task<IReadOnlyDictionary<Guid, PlanWait>> WaitsOf(
            IReadOnlyList<SamplingPlan> plans, DateTimeOffset now, CancellationToken cancellation) => session.WaitsOf(
            [
                .. plans.Where(plan => !plan.Ended).Select(plan => new Drawing(plan.Id, plan.ProjectId, plan.Rules.FormId, async project =>
                    plan.DueWeeks(project.Calendar, now, await session.DrawnWeeks(plan, cancellation)))),
            ], cancellation);

        /// <summary>Those of the designs that wait, by their ids.</summary>
        public Task<IReadOnlyDictionary<Guid, PlanWait>> WaitsOf(
            IReadOnlyList<SamplingDesign> designs, DateTimeOffset now, CancellationToken cancellation) => session.WaitsOf(
            [
                .. designs.Where(design => !design.Ended).Select(design => new Drawing(design.Id, design.ProjectId, design.Rules.FormId,
                    async project => design.DuePeriods(project.Calendar, now, await session.DrawnPeriods(design, cancellation)))),
            ], cancellation);

        private async Task<IReadOnlyDictionary<Guid, PlanWait>> WaitsOf(IReadOnlyList<Drawing> drawings, CancellationToken cancellation)
        {
            var forms = (await session.LoadManyAsync<EvaluationForm>(cancellation, drawings.Select(drawing => drawing.FormId).Distinct()))
                .ToDictionary(form => form.Id, form => form.Status);
            var waits = new Dictionary<Guid, PlanWait>();
            foreach (var drawing in drawings.Where(drawing => forms.GetValueOrDefault(drawing.FormId) is not "active"))
                waits[drawing.Id] = new(
                    forms.GetValueOrDefault(drawing.FormId) is "retired" ? "form-retired" : "form-not-active",
                    await session.LoadAsync<ProjectV1>(drawing.ProjectId, cancellation) is { } project
                        ? [.. (await drawing.Due(project)).Select(due => due.Week)] : []);
            return waits;
        }

        /// <summary>What has become of a plan's weeks.</summary>
        public async Task<IReadOnlyDictionary<DateOnly, DrawnWeek>> DrawnWeeks(SamplingPlan plan, CancellationToken cancellation) =>
            (await session.Query<DrawnWeek>().Where(week => week.PlanId == plan.Id).ToListAsync(cancellation))
                .ToDictionary(week => week.Week);

        /// <summary>What has become of a design's periods.</summary>
        public async Task<IReadOnlyDictionary<DateOnly, DrawnPeriod>> DrawnPeriods(SamplingDesign design, CancellationToken cancellation) =>
            (await session.Query<DrawnPeriod>().Where(period => period.DesignId == design.Id).ToListAsync(cancellation))
                .ToDictionary(period => period.First);
    }

    private sealed record Drawing(Guid Id, Guid ProjectId, Guid FormId, Func<ProjectV1, Task<IEnumerable<DueWeek>>> Due);
}
