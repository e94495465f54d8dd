using System.Diagnostics;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using Marten;
using Marten.Linq.LastModified;
using static CallCenter.Quality.Sampling.SamplingDrawDecider;

namespace CallCenter.Quality.Sampling;

internal static class SamplingExtensions
{
    /// <summary>409: what a draw would rest on has not arrived, or there is nothing.</summary>
    internal const string CallsUnknown = "calls-unknown";

    /// <summary>409: they are just arriving; what would be drawn from them now is not what would be drawn in a moment.</summary>
    internal const string CallsArriving = "calls-arriving";

    // How long whoever asks is kept waiting for the last calls, and how often it is looked.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.2);

    /// <summary>For how long nothing of a week has to have come before it is drawn.</summary>
    internal static TimeSpan Quiet(this IConfiguration configuration) =>
        configuration.GetValue("Sampling:Quiet", TimeSpan.FromSeconds(2));

    extension(IDocumentSession session)
    {
        /// <summary>Draws a week and puts what was drawn into the queue, in one transaction. Asking again changes nothing.</summary>
        /// <param name="quiet">For how long nothing of the week has to have come.</param>
        public async Task<SamplingDraw> Draw(
            SamplingPlan plan, DateOnly week, Guid? by, DateTimeOffset now, TimeSpan quiet, CancellationToken cancellation)
        {
            var calendar = await session.CalendarOf(plan.ProjectId, cancellation);
            var (from, to) = calendar.Week(week);
            (await session.LoadAsync<EvaluationForm>(plan.Rules.FormId, cancellation)).InForce();

            if (now >= to && await session.LoadAsync<DrawnWeek>(IdOf(plan.Id, week), cancellation) is null)
                await session.MustBeAtRest(plan.ProjectId, from, to, now - quiet, cancellation);

            // Two draws at once would collide on every stream; the second waits here and finds nothing left to do.
            var id = IdOf(plan.Id, week);
            await session.Lock([id], cancellation);

            var stream = await session.Events.FetchForWriting<SamplingDraw>(id, cancellation);
            var draw = stream.Aggregate ?? new SamplingDraw();
            var agents = await session.CallsByAgent(plan, from, to, cancellation);
            var command = new DrawWeek(plan, week, from, to, calendar.Zone.Id, agents, by, now,
                await session.WhoLeft(plan.Rules.Inspectors ?? [], now, cancellation));
            if (agents.Count == 0 && draw.Week is null && now >= to)
                throw new RefusedException(CallsUnknown,
                    "No answered call of this week is known here yet, so nothing can be drawn from it. " +
                    "Calls follow their reports in a moment.");

            // What is drawn does not depend on what was judged before; whether it needs an evaluation of its own does.
            var judged = (await session.StandardOfCalls(
                [.. Decide(command, draw).OfType<AgentCallsDrawn>().SelectMany(agent => agent.Drawn.Select(call => call.CallId))],
                plan.Rules.FormId, cancellation)).ToDictionary(call => call.Key, call => call.Value.Id);
            var events = Decide(command with { Judged = judged }, draw);

            stream.AppendMany(events);
            foreach (var agent in events.OfType<AgentCallsDrawn>())
                foreach (var drawn in agent.Drawn.Where(call => !judged.ContainsKey(call.CallId)))
                    session.Events.StartStream<Evaluation>(drawn.EvaluationId, new EvaluationPlanned(
                        drawn.EvaluationId, plan.ProjectId, drawn.CallId, agent.AgentId, plan.Rules.FormId, plan.Id, week,
                        drawn.InspectorId, now));

            await session.SaveChangesAsync(cancellation);

            return events.Aggregate(draw, (state, e) => state.Evolve(e));
        }
    }

    extension(IQuerySession session)
    {
        // A draw is final: one that came in the middle of an import would be of the calls that happened to be first.
        private async Task MustBeAtRest(
            Guid project, DateTimeOffset from, DateTimeOffset to, DateTimeOffset since, CancellationToken cancellation)
        {
            var waited = Stopwatch.StartNew();
            while (await IsArriving())
            {
                if (waited.Elapsed > Patience)
                    throw new RefusedException(CallsArriving,
                        "Calls of this week, or recordings of them, are just arriving here. A draw is final, so it waits until no more come.");
                await Task.Delay(Pause, cancellation);
            }

            Task<bool> IsArriving()
            {
                var then = since + waited.Elapsed;
                return session.Query<CallV1>().Where(call => call.ProjectId == project && call.AnsweredAt >= from && call.AnsweredAt < to)
                    .Where(call => call.ModifiedSince(then)).AnyAsync(cancellation);
            }
        }

        /// <summary>The calls that agents answered within a time, sorted by the plan's rules.</summary>
        public async Task<IReadOnlyList<AgentCalls>> CallsByAgent(
            SamplingPlan plan, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
        {
            var calls = await session.Query<CallV1>()
                .Where(call => call.ProjectId == plan.ProjectId && call.AgentId != null && call.AnsweredAt >= from && call.AnsweredAt < to)
                .ToListAsync(cancellation);

            return
            [
                .. calls.GroupBy(call => call.AgentId!.Value).OrderBy(agent => agent.Key).Select(agent =>
                {
                    var byReason = agent.ToLookup(plan.Rules.Excludes);

                    return new AgentCalls(
                        agent.Key, [.. byReason[null].Select(call => call.Id).Order()],
                        byReason.Where(reason => reason.Key is not null).ToDictionary(reason => reason.Key!, reason => reason.Count()));
                }),
            ];
        }
    }
}
