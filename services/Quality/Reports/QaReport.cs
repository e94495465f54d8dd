using System.Collections.Immutable;
using CallCenter.EventSourcing;

namespace CallCenter.Quality.Reports;

public enum QaPeriod { Week, Month }

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <summary>What the report says for the first time. People stand in it by their ids.</summary>
/// <param name="From">First local day of the period.</param>
/// <param name="To">Its last day.</param>
/// <param name="By">Nobody where its time had come.</param>
public sealed record QaReportTold(
    Guid ReportId, Guid ProjectId, QaPeriod Period, DateOnly From, DateOnly To, QaFigures Figures, Guid By, DateTimeOffset At);

/// <summary>Evaluations were corrected, voided or contested since: what it says from now on, and what was said before.</summary>
public sealed record QaReportRestated(
    QaFigures Figures, ImmutableArray<QaChange> Changes, ImmutableArray<QaEvaluationChange> Evaluations, DateTimeOffset At);

// ---- Commands

public sealed record TellQaReport(
    Guid ReportId, Guid ProjectId, QaPeriod Period, DateOnly From, DateOnly To, QaFigures Figures, Guid By, DateTimeOffset Now);

/// <param name="Evaluations">Those that are not what they were when the figures were told.</param>
public sealed record RestateQaReport(QaFigures Figures, IReadOnlyList<QaEvaluationChange> Evaluations, DateTimeOffset Now);

// ---- State

/// <summary>What is told in a list of reports.</summary>
/// <param name="At">From when on it was what the report said.</param>
/// <param name="Changes">Figures that differ from the version before; none of the first.</param>
/// <param name="Evaluations">Why.</param>
public sealed record QaReportVersion(
    long Version, DateTimeOffset At, ImmutableArray<QaChange> Changes, ImmutableArray<QaEvaluationChange> Evaluations);

/// <summary>A report in a list, without its figures; see decision 24.</summary>
public record QaReportSummary
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public QaPeriod Period { get; init; }

    /// <summary>First local day of the period.</summary>
    public DateOnly From { get; init; }

    /// <summary>Its last day.</summary>
    public DateOnly To { get; init; }

    /// <summary>What it has said, oldest first.</summary>
    public ImmutableArray<QaReportVersion> Versions { get; init; } = [];

    public static Guid IdOf(Guid projectId, QaPeriod period, DateOnly from) => NameId.Of("qa-report", projectId, $"{period}", from);

    public QaReportSummary Evolve(object @event) => @event switch
    {
        QaReportTold e => this with
        {
            Id = e.ReportId, ProjectId = e.ProjectId, Period = e.Period, From = e.From, To = e.To, Versions = [new(1, e.At, [], [])],
        },
        QaReportRestated e => this with { Versions = Versions.Add(new(Versions.Length + 1, e.At, e.Changes, e.Evaluations)) },
        _ => this,
    };
}

/// <summary>The report of a project's week or month, as it is known now.</summary>
public sealed record QaReport : QaReportSummary
{
    public QaFigures? Figures { get; init; }

    public new QaReport Evolve(object @event) => @event switch
    {
        QaReportTold e => After(e) with { Figures = e.Figures },
        QaReportRestated e => After(e) with { Figures = e.Figures },
        _ => this,
    };

    private QaReport After(object @event) => (QaReport)base.Evolve(@event);
}

// ---- Decisions

public static class QaReportDecider
{
    public static object[] Decide(TellQaReport command, QaReport state) => state.Id != Guid.Empty ? [] :
    [
        new QaReportTold(command.ReportId, command.ProjectId, command.Period, command.From, command.To, command.Figures, command.By,
            command.Now),
    ];

    /// <summary>What was told stays; a report that says the same as before says nothing new.</summary>
    public static object[] Decide(RestateQaReport command, QaReport state)
    {
        if (state.Figures is not { } told || command.Evaluations is [])
            return [];

        // What the report names of others is said once.
        var now = command.Figures with { Restated = told.Restated };
        return [new QaReportRestated(now, [.. QaChange.Between(told, now)], [.. command.Evaluations], command.Now)];
    }
}
