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

    /// <summary>409: what the sound of recordings says is still being told, and a risk is drawn by it.</summary>
    internal const string EvidenceArriving = "evidence-arriving";

    // How long whoever asks is kept waiting for the last calls, and how often it is looked.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.2);

    /// <summary>For how long nothing of a week has to have come before it is drawn.</summary>
    internal static TimeSpan Quiet(this IConfiguration configuration) =>
        configuration.GetValue("Sampling:Quiet", TimeSpan.FromSeconds(2));

    internal static DrawTerms DrawTerms(this IConfiguration configuration) =>
        new(configuration.Quiet(), configuration.GetValue("Sampling:EvidencePatience", TimeSpan.FromDays(2)));

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
                await MustBeAtRest(then => session.CallsSince(plan.ProjectId, from, to, then, cancellation), now - quiet, cancellation);

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

    extension(IDocumentSession session)
    {
        /// <summary>
        /// Draws a design's period and puts what was drawn into the queue, in one transaction. Asking again changes nothing.
        /// </summary>
        /// <param name="first">First day of the period.</param>
        /// <param name="terms">How long late facts are waited for.</param>
        public async Task<DesignDraw> Draw(
            SamplingDesign design, DateOnly first, Guid? by, DateTimeOffset now, DrawTerms terms, CancellationToken cancellation)
        {
            var calendar = await session.CalendarOf(design.ProjectId, cancellation);
            var (from, to) = design.Rules.Period.Of(calendar, first);
            (await session.LoadAsync<EvaluationForm>(design.Rules.FormId, cancellation)).InForce();
            var id = DesignDrawDecider.IdOf(design.Id, first);

            if (now >= to && await session.LoadAsync<DrawnPeriod>(id, cancellation) is null)
                await MustBeAtRest(async then => await session.CallsSince(design.ProjectId, from, to, then, cancellation)
                    || await session.ChatsSince(design.ProjectId, from, to, then, cancellation), now - terms.Quiet, cancellation);

            // Two draws at once would collide on every stream; the second waits here and finds nothing left to do.
            await session.Lock([id], cancellation);

            var stream = await session.Events.FetchForWriting<DesignDraw>(id, cancellation);
            var draw = stream.Aggregate ?? new DesignDraw();
            var frame = await session.FrameOf(design, calendar, from, to, cancellation);
            var command = new DrawPeriod(design, first, from, to, calendar.Zone.Id, frame.Contacts, by, now,
                await session.WhoLeft(design.Rules.Inspectors ?? [], now, cancellation));
            if (draw.Period is null && now >= to)
            {
                if (frame.Contacts.Count == 0)
                    throw new RefusedException(CallsUnknown,
                        "No answered contact of this time is known here yet, so nothing can be drawn from it. " +
                        "Contacts follow their reports in a moment.");
                if (frame.Unheard > 0 && now < to + terms.Evidence)
                    throw new RefusedException(EvidenceArriving,
                        $"Of {frame.Unheard} recordings nobody has told yet how much silence is in them. It is waited for until {to + terms.Evidence:O}.");
            }

            // What is drawn does not depend on what was judged before; whether it needs an evaluation of its own does.
            var judged = (await session.StandardOfCalls(
                [
                    .. DesignDrawDecider.Decide(command, draw).OfType<PartDrawn>().SelectMany(part => part.Drawn).Select(d => d.CallId)
                        .Distinct(),
                ],
                design.Rules.FormId, cancellation)).ToDictionary(call => call.Key, call => call.Value.Id);
            var events = DesignDrawDecider.Decide(command with { Judged = judged }, draw);
            var chats = frame.Contacts.Where(contact => contact.IsChat).Select(contact => contact.CallId).ToHashSet();

            stream.AppendMany(events);
            foreach (var drawn in events.OfType<PartDrawn>().SelectMany(part => part.Drawn).DistinctBy(d => d.CallId)
                .Where(d => !judged.ContainsKey(d.CallId)))
                session.Events.StartStream<Evaluation>(drawn.EvaluationId, new EvaluationPlanned(
                    drawn.EvaluationId, design.ProjectId, drawn.CallId, drawn.AgentId, design.Rules.FormId, design.Id, first,
                    drawn.InspectorId, now, chats.Contains(drawn.CallId) ? SubjectKind.Chat : null));

            await session.SaveChangesAsync(cancellation);

            return events.Aggregate(draw, (state, e) => state.Evolve(e));
        }
    }

    // A draw is final: one that came in the middle of an import would be of the calls that happened to be first.
    private static async Task MustBeAtRest(
        Func<DateTimeOffset, Task<bool>> isArriving, DateTimeOffset since, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (await isArriving(since + waited.Elapsed))
        {
            if (waited.Elapsed > Patience)
                throw new RefusedException(CallsArriving,
                    "Calls of this time, or recordings of them, are just arriving here. A draw is final, so it waits until no more come.");
            await Task.Delay(Pause, cancellation);
        }
    }

    extension(IQuerySession session)
    {
        private Task<bool> CallsSince(
            Guid project, DateTimeOffset from, DateTimeOffset to, DateTimeOffset then, CancellationToken cancellation) =>
            session.Query<CallV1>().Where(call => call.ProjectId == project && call.AnsweredAt >= from && call.AnsweredAt < to)
                .Where(call => call.ModifiedSince(then)).AnyAsync(cancellation);

        private Task<bool> ChatsSince(
            Guid project, DateTimeOffset from, DateTimeOffset to, DateTimeOffset then, CancellationToken cancellation) =>
            session.Query<ChatV1>().Where(chat => chat.ProjectId == project && chat.StartedAt >= from && chat.StartedAt < to)
                .Where(chat => chat.ModifiedSince(then)).AnyAsync(cancellation);

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

/// <summary>How long late facts are waited for.</summary>
/// <param name="Quiet">For how long nothing of the period has to have come.</param>
/// <param name="Evidence">After its end, for what the sound of recordings says, where a risk is drawn by it.</param>
internal sealed record DrawTerms(TimeSpan Quiet, TimeSpan Evidence);
