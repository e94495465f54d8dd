using CallCenter.Contracts.People;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using Marten;

namespace CallCenter.Quality.Sampling;

/// <summary>What a plan waits for.</summary>
/// <param name="Cause">form-retired, or form-not-active: it has not been activated yet.</param>
/// <param name="Weeks">First days of the weeks that are over and will be drawn once it has an active form.</param>
public sealed record PlanWait(string Cause, IReadOnlyList<DateOnly> Weeks);

internal static class PlanWaits
{
    extension(IQuerySession session)
    {
        /// <summary>Those of the plans that wait, by their ids.</summary>
        public async Task<IReadOnlyDictionary<Guid, PlanWait>> WaitsOf(
            IReadOnlyList<SamplingPlan> plans, DateTimeOffset now, CancellationToken cancellation)
        {
            var forms = (await session.LoadManyAsync<EvaluationForm>(cancellation, plans.Select(plan => plan.Rules.FormId).Distinct()))
                .ToDictionary(form => form.Id, form => form.Status);
            var waiting = plans.Where(plan => !plan.Ended && forms.GetValueOrDefault(plan.Rules.FormId) is not "active").ToList();
            var waits = new Dictionary<Guid, PlanWait>();
            foreach (var plan in waiting)
                waits[plan.Id] = new(
                    forms.GetValueOrDefault(plan.Rules.FormId) is "retired" ? "form-retired" : "form-not-active",
                    [.. await session.WeeksToDraw(plan, now, cancellation)]);
            return waits;
        }

        private async Task<IEnumerable<DateOnly>> WeeksToDraw(SamplingPlan plan, DateTimeOffset now, CancellationToken cancellation)
        {
            if (await session.LoadAsync<ProjectV1>(plan.ProjectId, cancellation) is not { } project)
                return [];

            return plan.DueWeeks(project.Calendar, now, await session.DrawnWeeks(plan, cancellation)).Select(due => due.Week);
        }

        /// <summary>What has become of a plan's weeks.</summary>
        public async Task<IReadOnlyDictionary<DateOnly, DrawnWeek>> DrawnWeeks(SamplingPlan plan, CancellationToken cancellation) =>
            (await session.Query<DrawnWeek>().Where(week => week.PlanId == plan.Id).ToListAsync(cancellation))
                .ToDictionary(week => week.Week);
    }
}
