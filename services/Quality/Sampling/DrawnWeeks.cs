using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Sampling;

/// <summary>Weeks of a plan, for figures that are made of what was drawn in them.</summary>
internal static class DrawnWeeks
{
    public const int Most = 26;

    extension(IQuerySession session)
    {
        /// <summary>The plan, and the first days of the weeks that two days lie in.</summary>
        /// <exception cref="InvalidException"><c>range-out-of-order</c> or <c>range-too-long</c></exception>
        public async Task<(SamplingPlan Plan, DateOnly First, DateOnly Last)> WeeksOf(
            Guid planId, DateOnly from, DateOnly to, Caller caller, CancellationToken cancellation)
        {
            var plan = caller.MustSee(await session.LoadAsync<SamplingPlan>(planId, cancellation), SamplingPlanEndpoints.Visible);
            if (to < from)
                throw new InvalidException("to", "range-out-of-order", "The range ends before it begins.");
            if (to.DayNumber - from.DayNumber >= Most * 7)
                throw new InvalidException("to", "range-too-long", $"A range has at most {Most} weeks.");

            var calendar = await session.CalendarOf(plan.ProjectId, cancellation);
            return (plan, calendar.WeekOf(from), calendar.WeekOf(to));
        }

        /// <summary>What was drawn of each agent in each of some weeks.</summary>
        public async Task<IReadOnlyList<(DateOnly Week, AgentCallsDrawn Agent)>> DrawsOf(
            Guid planId, DateOnly first, int weeks, CancellationToken cancellation)
        {
            var draws = new List<(DateOnly Week, AgentCallsDrawn Agent)>();
            for (var week = 0; week < weeks; week++)
            {
                var day = first.AddDays(7 * week);
                var draw = await session.Events.AggregateStreamAsync<SamplingDraw>(
                    SamplingDrawDecider.IdOf(planId, day), token: cancellation);
                draws.AddRange((draw?.Agents ?? []).Select(agent => (day, agent)));
            }

            return draws;
        }
    }
}
