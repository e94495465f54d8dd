using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>What leave takes from the account of who is away.</summary>
internal static class LeaveBooking
{
    public static IReadOnlyList<TakenDay> Days(Leave leave, AccountPolicy policy) =>
        [.. policy.Counted(leave.FirstDay, leave.LastDay).Select(day => new TakenDay(day, leave.Part?.Days ?? 1))];

    public static string SourceOf(Guid leave, DateOnly day) => $"leave:{leave}:{day:yyyy-MM-dd}";

    /// <summary>
    /// Adds to the session what a leave takes from the account, or gives back; nothing where the project does not book it.
    /// </summary>
    /// <param name="leave">Whole.</param>
    /// <exception cref="RefusedException"><c>leave-balance</c>: there is not so much on it any more.</exception>
    public static async Task BookLeave(
        this IDocumentSession session, Leave leave, bool isTaken, Guid by, DateTimeOffset now, CancellationToken cancellation)
    {
        if (leave.Kind is not LeaveKind.Annual)
            return;

        var policy = await session.AccountPolicyOf(leave.ProjectId, cancellation);
        var account = await session.Account(leave.AgentId, cancellation);
        var days = Days(leave, policy);
        if (isTaken)
            AccountDecider.MustAfford(account, [.. days.Where(day => account.Booked(SourceOf(leave.Id, day.Day)) == 0)], []);

        // What was taken is given back, whatever counts by now.
        var booked = account.Entries.Where(e => e.Cause is EntryCause.Leave && e.CauseId == leave.Id).Select(e => e.Day).Distinct();
        await session.Book(
        [
            new(leave.AgentId, EntryCause.Leave, leave.Id,
                [
                    .. (isTaken ? days : booked.Select(day => new TakenDay(day, 0))).Select(day => new BookedAmount(
                        AccountKind.AnnualLeave, SourceOf(leave.Id, day.Day), day.Day, -day.Days)),
                ],
                MostSaved: null, by, now),
        ], cancellation);
    }
}
