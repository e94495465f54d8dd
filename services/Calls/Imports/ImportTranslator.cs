using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;

namespace CallCenter.Calls.Imports;

/// <summary>What the rows of one import become.</summary>
internal sealed class ImportTranslator(Guid importId, Guid projectId, Mapping mapping, ProjectView project, DateTimeOffset now)
{
    // Clocks differ a little; a date a day ahead is a wrong date.
    private readonly DateTimeOffset future = now.AddDays(1);
    private readonly TimeSpan skew = TimeSpan.FromSeconds(mapping.ClockSkewSeconds);
    private readonly Dictionary<(Guid Agent, string? Channel, string? Queue), (DateTimeOffset At, int Turn)> latest = [];

    private readonly (string Name, string Field)[] references =
    [
        .. mapping.Fields.Keys.Where(field => field.StartsWith(MappingCheck.Reference, StringComparison.Ordinal))
            .Select(field => (field[MappingCheck.Reference.Length..], field)),
    ];

    // Whether reports by this mapping can say it at all.
    private readonly bool tellsHolds = mapping.CanBe("held");
    private readonly bool tellsWork = mapping.CanBe("after-contact-work-ended");

    /// <summary>A whole leg in one row. Null when the row is rejected or not ours.</summary>
    public Change<Call>? Leg(RowMapper row, RowPlace place)
    {
        var externalId = Visits.IdOf(row.Required("callId"), row.Part);
        var (offered, queued, answered, ended) = (row.Time("offeredAt"), row.Time("queuedAt"), row.Time("answeredAt"), row.Time("endedAt"));
        if (offered is null)
            row.Fail("offeredAt", "missing-value", "A leg needs the time it was offered.");

        var outcome = row.Word<CallOutcome>("outcome")
            ?? (answered is not null ? CallOutcome.Answered : ended is not null ? CallOutcome.Abandoned : CallOutcome.Open);
        var agent = row.Text("agent");
        var leg = InOrder(new Leg(
            row.Text("queue"), Direction(row), row.Text("channel") ?? "voice", Customer(row), offered, queued, answered, ended,
            0, 0, outcome,
            agent is not null && outcome is CallOutcome.Answered ? project.Agent(agent) : null,
            row.Text("wrapUpCode"), Linked(row), row.Text("conversationId"), row.Word<Stage>("stage"), row.Number("holds") ?? 0,
            row.Word<EndReason>("endReason"), Referenced(row))
            .Holding(NotNegative(row, "holdSeconds", row.DurationOrNone("holdSeconds")))
            .Working(NotNegative(row, "afterContactSeconds", row.DurationOrNone("afterContactSeconds"))));

        if (leg.Holds < 0)
            row.Fail("holds", "negative-duration", "A number of holds cannot be negative.");
        if (leg.OfferedAt > future)
            row.Fail("offeredAt", "in-the-future", "The call would be in the future.");
        if (row.Error is null && leg.Contradictions().FirstOrDefault() is { } wrong)
            row.Fail(FieldOf(wrong.Code), wrong.Code, wrong.Message);
        if (row.Error is not null || row.Ignored)
            return null;

        // A copy that does not say which it is counts as the oldest of those that do.
        var revision = row.Revision ?? (mapping.Version is null ? null : 0);
        var import = new CallImported(projectId, mapping.Source, externalId, importId, leg, revision, row.Rank);
        return Change<Call>.Of(place, CallIds.Of(projectId, mapping.Source, externalId), state => CallDecider.Decide(import, state),
            mapping.Rank is null && mapping.Version is null ? leg.Outcome is CallOutcome.Answered : null);
    }

    /// <summary>One thing that happened to a leg; "offered queued" in one row is two.</summary>
    public Change<Call>? Reports(RowMapper row, RowPlace place)
    {
        var kinds = row.Text("type");
        if (kinds is null)
        {
            if (!row.Ignored)
                row.Fail("type", "missing-value", "A row needs to say what happened.");
            return null;
        }

        var externalId = row.Required("callId");
        var at = row.Time("at");
        if (at is null || at > future)
            row.Fail("at", at is null ? "missing-value" : "in-the-future", "A row needs a time that is not in the future.");

        var agent = row.Text("agent");
        var details = new ReportDetails(
            row.Text("queue"), Direction(row), row.Text("channel") ?? "voice", Customer(row), agent is null ? null : project.Agent(agent),
            row.Word<CallOutcome>("outcome"), row.Text("wrapUpCode"), Linked(row),
            row.Text("conversationId"), row.Word<Stage>("stage"), row.Word<EndReason>("endReason"), Referenced(row),
            Seconds(row, "waitSeconds"), Seconds(row, "talkSeconds"), !tellsHolds, !tellsWork);
        if (row.Error is not null || row.Ignored)
            return null;

        List<ICallReport?> Reported(string id) =>
            [.. kinds.Split(' ').Select(kind => details.Report(kind, projectId, mapping.Source, id, at!.Value))];
        var reports = Reported(externalId);
        if (reports.Contains(null))
        {
            row.Fail("type", "unknown-value", $"'{kinds}' is not made of {string.Join(", ", ReportDetails.Kinds)}.");
            return null;
        }

        return new(
            place, visit => CallIds.Of(projectId, mapping.Source, Visits.IdOf(externalId, visit)),
            visits => Visits.Of(visits, reports[0]!, skew),
            (visit, state) => Decided(visit == 0 ? reports : Reported(Visits.IdOf(externalId, visit)), state), Several: true);
    }

    private static decimal? Seconds(RowMapper row, string field) =>
        (decimal?)NotNegative(row, field, row.Duration(field))?.Ticks / TimeSpan.TicksPerSecond;

    private static TimeSpan? NotNegative(RowMapper row, string field, TimeSpan? duration)
    {
        if (!(duration < TimeSpan.Zero))
            return duration;

        if (!row.LeavesOut(field))
            row.Fail(field, "negative-duration", "A duration cannot be negative.");
        return null;
    }

    private static object[] Decided(IEnumerable<ICallReport?> reports, Call state)
    {
        var events = new List<object>();
        foreach (var e in reports.SelectMany(report => CallDecider.Decide(report!, state)))
        {
            events.Add(e);
            state = state.Evolve(e);
        }

        return [.. events];
    }

    public Change<AgentDay>? State(RowMapper row, RowPlace place)
    {
        var state = row.Word<AgentState>("state");
        var agent = row.Ignored ? "" : row.Required("agent");
        var (at, channel, queue) = (row.Time("at"), row.Text("channel"), row.Text("queue"));
        if (row.Ignored)
            return null;

        if (at is null || at > future)
            row.Fail("at", at is null ? "missing-value" : "in-the-future", "A row needs a time that is not in the future.");
        if (state is null)
            row.Fail("state", "missing-value", "A row needs the state.");
        if (row.Error is not null)
            return null;

        var change = InTurn(project.StateChange(project.Agent(agent), state!.Value, at!.Value, channel, queue));
        return Change<AgentDay>.Of(
            place, AgentDay.IdOf(projectId, change.AgentId, change.Date), day => AgentDayDecider.Decide(change, day));
    }

    // A log in whole seconds tells by its lines which of several changes of one second came last.
    private AgentStateChanged InTurn(AgentStateChanged change)
    {
        var lane = (change.AgentId, change.Channel, change.Queue);
        var turn = latest.TryGetValue(lane, out var before) && before.At == change.At ? before.Turn + 1 : 0;
        latest[lane] = (change.At, turn);
        return change with { Turn = turn };
    }

    // Times that are out of order by no more than the source's clocks are.
    private Leg InOrder(Leg leg)
    {
        var ended = leg.EndedAt < leg.AnsweredAt && leg.AnsweredAt - leg.EndedAt <= skew ? leg.AnsweredAt : leg.EndedAt;
        var latest = leg.AnsweredAt ?? ended;
        var queued = leg.QueuedAt > latest && leg.QueuedAt - latest <= skew ? latest : leg.QueuedAt;
        var first = queued ?? latest;
        var offered = leg.OfferedAt > first && leg.OfferedAt - first <= skew ? first : leg.OfferedAt;

        return leg with { OfferedAt = offered, QueuedAt = queued, EndedAt = ended };
    }

    private static string Direction(RowMapper row)
    {
        var direction = row.Text("direction") ?? "inbound";
        if (!Contacts.Leg.IsDirection(direction))
            row.Fail("direction", "unknown-value", "A direction is inbound or outbound.");
        return direction;
    }

    private static string? Customer(RowMapper row)
    {
        var customer = row.Text("customerId");
        return customer is null || CallIds.IsOpaque(customer) ? customer : row.LeavesOut("customerId") ? null : Refuse(row);

        static string? Refuse(RowMapper row)
        {
            row.Fail("customerId", "customer-id-not-opaque", CallIds.OpaqueRule);
            return null;
        }
    }

    private References? Referenced(RowMapper row) =>
        References.Of(references.Select(field => (field.Name, Value: Reference(row, field.Field)))
        .Where(r => r.Value is not null).Select(r => (r.Name, r.Value!)));

    private static string? Reference(RowMapper row, string field)
    {
        var value = row.Text(field);
        if (value is null || References.IsValue(value))
            return value;

        if (!row.LeavesOut(field))
            row.Fail(field, "reference-value", References.ValueRule);
        return null;
    }

    private Guid? Linked(RowMapper row) => row.Text("linkedTo") is { } linked ? CallIds.Of(projectId, mapping.Source, linked) : null;

    /// <summary>Which field of a row breaks the rule.</summary>
    public static string FieldOf(string contradiction) => contradiction switch
    {
        "negative-duration" or "hold-exceeds-call" => "holdSeconds",
        "abandoned-after-answer" => "outcome",
        "ends-before-it-starts" or "too-long" => "endedAt",
        "queued-before-offered" => "queuedAt",
        _ => "answeredAt",
    };
}
