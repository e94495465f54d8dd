using System.Collections.Immutable;
using CallCenter.Contracts.People;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Projects;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>Days off that somebody asked for, or a part of one.</summary>
/// <param name="FirstDay">First day off.</param>
/// <param name="LastDay">Last day off.</param>
/// <param name="Kind">What the days are for.</param>
/// <param name="Paid">Whether the days count towards contracted hours.</param>
/// <param name="Approvals">The steps of the project's chain that are done.</param>
/// <param name="Reason">Why it was declined.</param>
/// <param name="From">Of a part of the day, by the wall clock of the project; null for whole days.</param>
/// <param name="To">First time after that part, 00:00 for the end of the day; null for whole days.</param>
/// <param name="Days">How many calendar days it is.</param>
/// <param name="RequestedAt">When it was asked for; null where that was not kept yet.</param>
/// <param name="DecidedBecause">Why the project's policy approved it; null where a person did, or nobody has.</param>
/// <param name="Place">In the line of those who wait for the same days, 1 for who is next; 0 where it waits for no place.</param>
/// <param name="Next">The approval that is due; null where none is, or anybody's who may approve leave.</param>
public sealed record LeaveView(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, LeaveStatus Status,
    ImmutableArray<LeaveStep> Approvals, string? Reason, TimeOnly? From, TimeOnly? To, decimal Days, DateTimeOffset? RequestedAt,
    string? DecidedBecause, int Place, DecidingStep? Next)
{
    public static LeaveView Of(Leave leave, int place, DecidingStep? next) => new(
        leave.Id, leave.Version, leave.ProjectId, leave.AgentId, leave.FirstDay, leave.LastDay, leave.Kind, leave.Paid, leave.Status,
        leave.Approvals, leave.Reason, leave.Part?.From, leave.Part?.To, leave.Length,
        leave.RequestedAt == default ? null : leave.RequestedAt, leave.DecidedBecause, place, next);
}

/// <summary>What would become of a leave if it were asked for now.</summary>
/// <param name="Days">How many calendar days it is.</param>
/// <param name="Taken">What it takes from the account; null where it takes nothing.</param>
/// <param name="Balance">On the account at its last day; null where it takes nothing.</param>
/// <param name="Left">
/// The lowest that the account would come to from its first day on, with all that was asked for; null where it takes nothing.
/// </param>
/// <param name="Limits">Every limit that it meets, and who was there before.</param>
/// <param name="Place">In the line of those who wait, 1 for who is next; 0 where there is room.</param>
/// <param name="Rule">Code of the rule that would refuse it; null where none does.</param>
/// <param name="Says">The same for people.</param>
/// <param name="Steps">Whose approvals it needs, one after another; none where anybody may who may approve leave at all.</param>
/// <param name="DecidedBecause">Why the project's policy would approve it at once; null where somebody decides, or it waits.</param>
public sealed record LeaveOutlook(
    decimal Days, decimal? Taken, decimal? Balance, decimal? Left, IReadOnlyList<MetLimit> Limits, int Place, string? Rule, string? Says,
    IReadOnlyList<DecidingStep> Steps, string? DecidedBecause)
{
    public static LeaveOutlook Of(LeaveCase known, string? rule, string? says) => new(
        known.Asked.Length, known.Taken?.Sum(day => day.Days),
        known.Taken is null ? null : known.Account.On(AccountKind.AnnualLeave, known.Asked.LastDay).Value, known.Left, known.Limits,
        known.Limit?.Place ?? 0, rule, says, known.DecidedBecause is null ? known.Steps : [], rule is null ? known.DecidedBecause : null);
}

internal static class LeaveReading
{
    extension(IQuerySession session)
    {
        /// <summary>The leaves with what is stored apart from them.</summary>
        public async Task<IReadOnlyList<Leave>> Whole(IReadOnlyList<Leave> leaves, CancellationToken cancellation)
        {
            var details = (await session.LoadManyAsync<LeaveDetail>(cancellation, leaves.Select(leave => leave.Id).ToArray()))
                .ToDictionary(detail => detail.Id);
            return [.. leaves.Select(leave => leave.With(details.GetValueOrDefault(leave.Id)))];
        }

        public async Task<Leave?> WholeLeave(Guid id, CancellationToken cancellation) =>
            await session.LoadAsync<Leave>(id, cancellation) is { } leave ? (await session.Whole([leave], cancellation))[0] : null;

        /// <summary>What is requested and approved of a project between two days, whole.</summary>
        public async Task<IReadOnlyList<Leave>> OpenLeaves(
            Guid projectId, DateOnly first, DateOnly last, CancellationToken cancellation) => await session.Whole(
            await session.Query<Leave>().Where(l => l.ProjectId == projectId && l.FirstDay <= last && l.LastDay >= first
                && (l.Status == LeaveStatus.Requested || l.Status == LeaveStatus.Approved)).ToListAsync(cancellation), cancellation);

        /// <param name="asked">Whole.</param>
        public async Task<LeaveCase> CaseOf(Leave asked, EmployeeV1 agent, DateTimeOffset now, CancellationToken cancellation)
        {
            var own = await session.Query<Leave>().Where(l => l.AgentId == asked.AgentId && l.Id != asked.Id
                && (l.Status == LeaveStatus.Requested || l.Status == LeaveStatus.Approved)).ToListAsync(cancellation);

            return new(asked, agent, await session.LeavePolicyOf(asked.ProjectId, cancellation), await session.Whole(own, cancellation),
                [.. (await session.OpenLeaves(asked.ProjectId, asked.FirstDay, asked.LastDay, cancellation)).Where(l => l.Id != asked.Id)],
                await session.AccountPolicyOf(asked.ProjectId, cancellation), await session.Account(asked.AgentId, cancellation),
                agent.Today(now));
        }

        /// <param name="leaves">Of one project.</param>
        public async Task<IReadOnlyList<LeaveView>> Views(IReadOnlyList<Leave> leaves, CancellationToken cancellation)
        {
            var open = leaves.Where(leave => leave.Status is LeaveStatus.Requested).ToList();
            if (open.Count == 0)
                return [.. (await session.Whole(leaves, cancellation)).Select(leave => LeaveView.Of(leave, 0, null))];

            var policy = await session.LeavePolicyOf(open[0].ProjectId, cancellation);
            var others = await session.OpenLeaves(
                open[0].ProjectId, open.Min(leave => leave.FirstDay), open.Max(leave => leave.LastDay), cancellation);

            return
            [
                .. (await session.Whole(leaves, cancellation)).Select(leave => leave.Status is not LeaveStatus.Requested
                    ? LeaveView.Of(leave, 0, null)
                    : LeaveView.Of(leave, LeaveRoom.Reached(LeaveRoom.Met(leave, others, policy))?.Place ?? 0,
                        policy.On(leave.FirstDay).StepsFor(leave.Length).Skip(leave.Approvals.Length).FirstOrDefault())),
            ];
        }
    }
}
