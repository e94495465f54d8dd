using CallCenter.Contracts;
using CallCenter.Contracts.Attendance;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>A decision of the floor that was heard of.</summary>
/// <param name="Id">Of the decision.</param>
/// <param name="Refused">Code of the rule that kept the published day as it was; null where it was changed, or nothing was to be.</param>
public sealed record HeardFloorMove(Guid Id, long Version, Guid ProjectId, string? Refused);

/// <summary>
/// Changes published days as it was decided on the floor, once for each decision: the agent is told, and is measured by the day as it
/// was changed. What a rule of the roster refuses is told to the schedulers and to who decided it.
/// </summary>
internal sealed class FloorMoves(IDocumentStore store, TimeProvider clock)
{
    public const string NotRostered = "no-shift", NoBreak = "no-break", Late = "move-too-late";

    // What is heard later, as by a service that is new, is nobody's to change any more.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(2);

    // A decision is of the day that goes on, and of what is to come of it: what was worked was worked.
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(24), Grace = TimeSpan.FromMinutes(15);

    public string Held =>
        $"select id, (data ->> '{nameof(HeardFloorMove.Version)}')::bigint as version from {store.Options.Schema.For<HeardFloorMove>()}";

    public async Task Keep(IReadOnlyList<FloorMoveV1> moves)
    {
        foreach (var move in moves.OrderBy(move => move.DecidedAt))
            await Keep(move);
    }

    /// <summary>What was changed stays so: it is published.</summary>
    public async Task Forget(FactsGoneV1 gone)
    {
        await using var session = store.LightweightSession();
        foreach (var heard in await session.LoadManyAsync<HeardFloorMove>(gone.Ids))
            if (heard.Version < gone.Before)
                session.Delete(heard);
        await session.SaveChangesAsync();
    }

    private async Task Keep(FloorMoveV1 move)
    {
        string? refused = null;
        try
        {
            await using var session = store.LightweightSession();
            await session.LockDays(move.ProjectId, [move.Id, .. move.AgentId is { } agent ? [agent] : Array.Empty<Guid>()], default);
            var heard = await session.LoadAsync<HeardFloorMove>(move.Id);
            if (heard is null)
                await Change(move, session);
            if (heard is null || heard.Version < move.Version)
                session.Store(new HeardFloorMove(move.Id, move.Version, move.ProjectId, heard?.Refused));
            await PublicationStore.InOnePlace(async () =>
            {
                await session.SaveChangesAsync();
                return true;
            });
            return;
        }
        catch (Exception e) when (e.Rule is not null)
        {
            refused = e.Rule;
        }

        await using var told = store.LightweightSession();
        told.Store(new HeardFloorMove(move.Id, move.Version, move.ProjectId, refused));
        var (about, now) = ($"/floor/decisions/{move.Id}#{refused}", clock.GetUtcNow());
        told.TellSchedulers(move.ProjectId, NoticeKind.FloorMoveRefused, about, null, now);
        told.Tell(move.ProjectId, move.By, NoticeKind.FloorMoveRefused, about, null, now);
        await told.SaveChangesAsync();
    }

    private async Task Change(FloorMoveV1 move, IDocumentSession session)
    {
        if (move.AgentId is not { } agent || move.Kind is not ("move-break" or "stay-on" or "leave-early"))
            return;

        var now = clock.GetUtcNow();
        if (move.To < now - Reach)
            throw new RefusedException(Late, "The day is long over.");
        if (move.From < move.DecidedAt - Grace || move.NewFrom < move.DecidedAt - Grace)
            throw new RefusedException(Late, "What is over is not decided any more.");

        // Whatever the zone, and a night began on the day before.
        var around = DateOnly.FromDateTime(move.From.UtcDateTime);
        var (first, last) = (around.AddDays(-2), around.AddDays(1));
        var day = (await session.Query<PublishedDay>()
                .Where(d => d.AgentId == agent && d.ProjectId == move.ProjectId && d.Date >= first && d.Date <= last).ToListAsync())
            .FirstOrDefault(d => d.Shift is { } shift && shift.StartsAt <= move.From && move.From <= shift.EndsAt
                && shift.StartsAt <= move.DecidedAt + Ahead)
            ?? throw new RefusedException(NotRostered, "The agent has no published shift then.");
        var changed = new ShiftChange(agent, day.Date, After(day.Shift!, move));

        await session.ChangePublished(day.RosterId, (_, _) => [changed], [agent], move.Id, overtime: true, move.By, now, default);
        session.Tell(move.ProjectId, agent, NoticeKind.RosterPublished, $"/rosters/mine?from={day.Date:yyyy-MM-dd}&to={day.Date:yyyy-MM-dd}",
            day.Date, now);
    }

    /// <summary>The shift as it was decided.</summary>
    /// <exception cref="RefusedException"><c>no-break</c>: it has no such break; <c>no-shift</c>: it does not end then, or nothing is left.</exception>
    internal static RosterShift After(RosterShift shift, FloorMoveV1 move) => move.Kind switch
    {
        "move-break" when shift.Breaks.FirstOrDefault(b => b.From == move.From && b.To == move.To) is { } pause => shift with
        {
            Breaks = [.. shift.Breaks.Remove(pause).Add(Moved(pause, move.NewFrom!.Value)).OrderBy(b => b.From)],
        },
        "move-break" => throw new RefusedException(NoBreak, "The shift has no such break."),
        "stay-on" when shift.EndsAt == move.From => shift with { EndsAt = move.To },
        "leave-early" when shift.Breaks.All(b => b.Kind != LeaveFreeing.Kind || b.To <= move.From)
            && shift.Cut(Minute(move.From), shift.EndsAt, paid: false) is { } left => left,
        _ => throw new RefusedException(NotRostered, "The shift does not end then, or nothing of it is left."),
    };

    private static RosterBreak Moved(RosterBreak pause, DateTimeOffset from) =>
        pause with { From = Minute(from), To = Minute(from) + (pause.To - pause.From) };

    // Rosters are of whole minutes.
    private static DateTimeOffset Minute(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
}
