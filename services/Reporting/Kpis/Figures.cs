using System.Collections.Immutable;
using Npgsql;

namespace CallCenter.Reporting.Kpis;

/// <summary>
/// What was counted: the sums every KPI is made from. Sums only, so an hour, a day, a week or three queues together are
/// the sum of their parts, and no ratio is ever an average of ratios.
/// </summary>
public sealed record Figures
{
    /// <summary>Inbound contacts that reached us.</summary>
    public long Offered { get; init; }

    /// <summary>Taken by an agent.</summary>
    public long Answered { get; init; }

    /// <summary>Given up by the customer before an agent took them.</summary>
    public long Abandoned { get; init; }

    /// <summary>Not ended yet, as far as is known.</summary>
    public long Open { get; init; }

    /// <summary>Ended neither answered nor abandoned: transferred, blocked, …</summary>
    public long Other { get; init; }

    /// <summary>Contacts we made; in none of the other counts.</summary>
    public long Outbound { get; init; }

    /// <summary>Answered within the queue's threshold T.</summary>
    public long AnsweredInTime { get; init; }

    /// <summary>Abandoned within the queue's threshold T.</summary>
    public long AbandonedInTime { get; init; }

    /// <summary>Abandoned within the shorter time t (5 s).</summary>
    public long AbandonedShort { get; init; }

    /// <summary>Waiting time of the answered, in milliseconds.</summary>
    public long WaitMs { get; init; }

    /// <summary>Talk time of the answered, in seconds.</summary>
    public long TalkS { get; init; }

    /// <summary>Hold time of the answered, in seconds.</summary>
    public long HoldS { get; init; }

    /// <summary>After-contact work of the answered, in seconds.</summary>
    public long AcwS { get; init; }

    /// <summary>Time in the states busy and after-contact-work, in milliseconds.</summary>
    public long ContactMs { get; init; }

    /// <summary>Time in the state ready, in milliseconds.</summary>
    public long ReadyMs { get; init; }

    /// <summary>Work in the published roster, in milliseconds.</summary>
    public long RosteredMs { get; init; }

    /// <summary>Scored evaluations by the time of their submission.</summary>
    public long Evaluations { get; init; }

    /// <summary>Their scores, summed.</summary>
    public decimal ScoreSum { get; init; }

    /// <summary>Those that passed.</summary>
    public long EvaluationsPassed { get; init; }

    /// <summary>Minutes of training attended.</summary>
    public long TrainingMinutes { get; init; }

    /// <summary>Staff required, in staff-seconds.</summary>
    public decimal RequiredS { get; init; }

    /// <summary>Staff scheduled, in staff-seconds.</summary>
    public decimal ScheduledS { get; init; }

    /// <summary>The lower of required and scheduled staff, interval by interval, in staff-seconds.</summary>
    public decimal CoveredS { get; init; }

    /// <summary>The columns of <c>rollups.figure</c>, in the order of <see cref="Read"/>.</summary>
    public static readonly ImmutableArray<string> Columns =
    [
        "offered", "answered", "abandoned", "open", "other", "outbound",
        "answered_in_time", "abandoned_in_time", "abandoned_short", "wait_ms", "talk_s", "hold_s", "acw_s",
        "contact_ms", "ready_ms", "rostered_ms", "evaluations", "score_sum", "evaluations_passed", "training_minutes",
        "required_s", "scheduled_s", "covered_s",
    ];

    /// <summary>Reads the columns from a row, from <paramref name="at"/> on.</summary>
    public static Figures Read(NpgsqlDataReader row, int at) => new()
    {
        Offered = row.GetInt64(at),
        Answered = row.GetInt64(at + 1),
        Abandoned = row.GetInt64(at + 2),
        Open = row.GetInt64(at + 3),
        Other = row.GetInt64(at + 4),
        Outbound = row.GetInt64(at + 5),
        AnsweredInTime = row.GetInt64(at + 6),
        AbandonedInTime = row.GetInt64(at + 7),
        AbandonedShort = row.GetInt64(at + 8),
        WaitMs = row.GetInt64(at + 9),
        TalkS = row.GetInt64(at + 10),
        HoldS = row.GetInt64(at + 11),
        AcwS = row.GetInt64(at + 12),
        ContactMs = row.GetInt64(at + 13),
        ReadyMs = row.GetInt64(at + 14),
        RosteredMs = row.GetInt64(at + 15),
        Evaluations = row.GetInt64(at + 16),
        ScoreSum = row.GetDecimal(at + 17),
        EvaluationsPassed = row.GetInt64(at + 18),
        TrainingMinutes = row.GetInt64(at + 19),
        RequiredS = row.GetDecimal(at + 20),
        ScheduledS = row.GetDecimal(at + 21),
        CoveredS = row.GetDecimal(at + 22),
    };
}
