using CallCenter.Contracts.Reporting;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.RollUps;
using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <summary>
/// How every KPI is computed. What it is called, its unit and which way is better are in <c>kpis.csv</c>, by its code, for all services;
/// formulas are explained in docs/reference/kpis.md.
/// </summary>
public static class KpiCatalogue
{
    private static readonly string[] Everything = ["project", "queue", "team", "agent"];
    private static readonly string[] People = ["project", "team", "agent"];
    private static readonly string[] Queues = ["project", "queue"];

    // The contacts behind a KPI, as GET /reports/calls lists them.
    private const string Inbound = "direction <> 'outbound'";
    private const string Answered = $"{Inbound} AND outcome = 'answered'";
    private const string Handled = $"{Answered} AND ({CallFacts.Talked}) IS NOT NULL";

    public static readonly IReadOnlyList<Kpi> All =
    [
        Count("offered", "inbound contacts that reached us", Inbound, f => f.Offered),
        Count("answered", "offered contacts an agent took", Answered, f => f.Answered),
        Count("abandoned", "offered contacts the customer gave up", $"{Inbound} AND outcome = 'abandoned'", f => f.Abandoned),
        Count("open", "offered contacts not ended yet", $"{Inbound} AND outcome = 'open'", f => f.Open),
        Count("other", "offered - answered - abandoned - open",
            $"{Inbound} AND outcome NOT IN ('answered', 'abandoned', 'open')", f => f.Other),
        Count("outbound", "contacts we made; in no other count", "direction = 'outbound'", f => f.Outbound),

        Variants("service-level", Everything,
        [
            new("v1", "(answered within T + abandoned within T) / (answered + abandoned)",
                f => new(f.AnsweredInTime + f.AbandonedInTime, f.AnsweredTimed + f.AbandonedTimed)),
            new("v2", "answered within T / answered",
                f => new(f.AnsweredInTime, f.AnsweredTimed)),
            new("v3", "answered within T / (answered + abandoned)",
                f => new(f.AnsweredInTime, f.AnsweredTimed + f.AbandonedTimed)),
            new("v4", "answered within T / (answered + abandoned after T)",
                f => new(f.AnsweredInTime, f.AnsweredTimed + f.AbandonedTimed - f.AbandonedInTime)),
            new("v5", "(answered within T + abandoned within 5 s) / (answered + abandoned)",
                f => new(f.AnsweredInTime + f.AbandonedShort, f.AnsweredTimed + f.AbandonedTimed)),
        ],
        $"{Inbound} AND outcome IN ('answered', 'abandoned') AND ({CallFacts.Waited}) IS NOT NULL", version: 2),
        Ratio("abandonment-rate", Everything, "abandoned / offered", f => new(f.Abandoned, f.Offered), Inbound),
        Ratio("asa", Everything, "waiting time / answered, of those whose wait is known", f => new(f.WaitMs / 1000m, f.AnsweredTimed),
            $"{Answered} AND ({CallFacts.Waited}) IS NOT NULL", version: 2),
        Ratio("aht", Everything, "(talk + hold + after-contact work) / answered, of those that are known to have ended",
            f => new((f.TalkMs + f.HoldMs + f.AcwMs) / 1000m, f.Handled), Handled, version: 2) with
        {
            Basis = f => f.HoldUnknown + f.AcwUnknown == 0 ? "complete"
                : f.HoldUnknown == f.Handled && f.AcwUnknown == f.Handled ? "talk" : "partial",
        },
        Ratio("talk-time", Everything, "talk / answered, of the same", f => new(f.TalkMs / 1000m, f.Handled), Handled, version: 2) with
        {
            Basis = f => f.HoldUnknown == 0 ? "complete" : f.HoldUnknown == f.Handled ? "with-hold" : "partial",
        },
        Ratio("hold-time", Everything, "hold / answered, of the same whose hold is known",
            f => new(f.HoldMs / 1000m, f.Handled - f.HoldUnknown), $"{Handled} AND ({CallFacts.Held}) IS NOT NULL", version: 3),
        Ratio("after-contact-work", Everything, "after-contact work / answered, of the same whose after-contact work is known",
            f => new(f.AcwMs / 1000m, f.Handled - f.AcwUnknown), $"{Handled} AND ({CallFacts.Worked}) IS NOT NULL", version: 3),

        Count("conversations", "conversations that customers began: legs that continue each other are one", Inbound, f => f.Conversations),
        Count("transfers", "legs of conversations after the first", Inbound, f => f.Transfers),
        Ratio("conversation-handle-time", Everything,
            "(talk + hold + after-contact work) of all legs / conversations answered, of which all ends are known",
            f => new(f.ConversationHandleMs / 1000m, f.ConversationsHandled), Inbound) with
        {
            Basis = f => f.ConversationsUnknown == 0 ? "complete" : "partial",
        },
        Ratio("repeat-conversations", Everything,
            "conversations of customers who had been there within n days / conversations of known customers",
            f => new(f.ConversationsRepeated, f.ConversationsOfKnown), Inbound),

        Ratio("occupancy", People,
            "(busy + after-contact work) / (busy + after-contact work + ready), from states; from calls where states say nothing of them",
            f => new((f.ContactMs + f.OnCallsMs) / 1000m, (f.ContactMs + f.ReadyMs - f.UnmeasuredMs) / 1000m), version: 2) with
        {
            Basis = f => f.ByCallsMs == 0 ? "states"
                : f.ByCallsMs < f.ContactMs + f.ReadyMs - f.UnmeasuredMs ? "states-and-calls" : "calls",
        },

        Ratio("qa-score", People, "scores of submitted evaluations / their number", f => new(f.ScoreSum, f.Evaluations)),
        Ratio("qa-pass-rate", People, "evaluations passed / evaluations scored", f => new(f.EvaluationsPassed, f.Evaluations)),
        Ratio("qa-score-of-calls", People, "scores of evaluations of the calls, whenever submitted / their number",
            f => new(f.CallScoreSum, f.CallEvaluations)),
        Ratio("qa-pass-rate-of-calls", People, "evaluations of the calls, whenever submitted, that passed / scored",
            f => new(f.CallEvaluationsPassed, f.CallEvaluations)),
        Ratio("evaluations-of-calls", People, "evaluations with a score of the calls, whenever submitted",
            f => new(f.CallEvaluations, 1)),
        Ratio("evaluations", People, "submitted evaluations with a score", f => new(f.Evaluations, 1)),

        Ratio("chats", People, "chats that began", f => new(f.Chats, 1)),
        Ratio("chat-greeting", People,
            "chats in which an agent or a machine wrote within 5.0 s / chats",
            f => new(f.ChatsGreetedInTime, f.Chats)),
        Ratio("chat-first-reply", People,
            "chats in which an agent wrote within 60.0 s of the customer's first message / chats in which a customer wrote",
            f => new(f.ChatsRepliedInTime, f.ChatsAsked)),

        Ratio("training-hours", People, "minutes attended / 60", f => new(f.TrainingMinutes, 60)),
        Ratio("scheduled-hours", People, "work in the published roster", f => new(f.RosteredMs / 1000m, 3600)),
        Variants("coverage", Queues,
        [
            new("v1", "sum of min(scheduled, required) / sum of required, in staff-seconds: a surplus here hides no gap there",
                f => new(f.CoveredS, f.RequiredS)),
            new("v2", "scheduled / required, in staff-seconds", f => new(f.ScheduledS, f.RequiredS)),
        ]),
    ];

    private static readonly Dictionary<string, Kpi> ById = All.ToDictionary(kpi => kpi.Id);

    public static Kpi? Find(string id) => ById.GetValueOrDefault(id);

    public static Kpi Get(string id) => ById[id];

    /// <summary>The catalogue for a caller of a language.</summary>
    public static IReadOnlyList<Kpi> In(Language language) => [.. All.Select(kpi => kpi with { Name = kpi.NameIn(language) })];

    private static Kpi Count(string id, string formula, string contacts, Func<Figures, long> of) =>
        Ratio(id, Everything, formula, f => new(of(f), 1), contacts);

    private static Kpi Ratio(
        string id, string[] by, string formula, Func<Figures, Ratio> of, string? contacts = null, int version = 1) =>
        Variants(id, by, [new("v1", formula, of)], contacts, version);

    private static Kpi Variants(string id, string[] by, IReadOnlyList<KpiVariant> variants, string? contacts = null, int version = 1)
    {
        var known = KnownKpi.Get(id);

        return new(id, version, Language.English.Choose(known.Names), known.Unit, known.Better, by, variants, contacts);
    }
}
