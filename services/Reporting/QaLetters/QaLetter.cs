using CallCenter.EventSourcing;
using CallCenter.Reporting.Digests;
using CallCenter.Rules;

namespace CallCenter.Reporting.QaLetters;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <summary>A quality report is to be sent to a reader; its mail is stored beside the stream and never changes again.</summary>
/// <param name="Told">The version of the report that it tells.</param>
/// <param name="Sha256">Of the mail's bytes.</param>
/// <param name="MessageId">The same mail sent again, after whatever crash, is recognised by it.</param>
public sealed record QaLetterWritten(
    Guid LetterId, Guid ReportId, Guid ProjectId, Guid ReaderId, string Period, DateOnly From, long Told, string Language, string MessageId,
    string Sha256, int Bytes, DateTimeOffset At);

/// <param name="Claim">The number of the claim it was sent under.</param>
public sealed record QaLetterSent(long Claim, DateTimeOffset At);

/// <summary>It is written and cannot be sent now; told once for each cause.</summary>
/// <param name="Cause">One of <see cref="MailCauses"/>.</param>
public sealed record QaLetterHeldBack(string Cause, DateTimeOffset At);

/// <summary>It will not be sent.</summary>
/// <param name="Cause">One of <see cref="MailCauses"/>.</param>
public sealed record QaLetterEnded(string Cause, DateTimeOffset At);

// ---- Commands

public sealed record WriteQaLetter(
    Guid LetterId, Guid ReportId, Guid ProjectId, Guid ReaderId, string Period, DateOnly From, long Told, string Language, string MessageId,
    string Sha256, int Bytes, DateTimeOffset Now);

public sealed record RecordQaLetterSent(long Claim, DateTimeOffset Now);

public sealed record HoldQaLetterBack(string Cause, DateTimeOffset Now);

public sealed record EndQaLetter(string Cause, DateTimeOffset Now);

// ---- State

public enum QaLetterStatus { None, Written, Sent, Ended }

/// <summary>The mail of one quality report to one reader: written, then sent, once.</summary>
public sealed record QaLetter
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>The report, in Quality.</summary>
    public Guid ReportId { get; init; }
    public Guid ReaderId { get; init; }

    /// <summary>week or month.</summary>
    public string Period { get; init; } = "";

    /// <summary>First local day of the report's period.</summary>
    public DateOnly From { get; init; }

    /// <summary>The version of the report that it tells.</summary>
    public long Told { get; init; }

    /// <summary>en or zh-CN.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The mail's Message-ID header.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>written (not yet taken by the mail server), sent, or ended: it will not be sent.</summary>
    public QaLetterStatus Status { get; init; }

    /// <summary>When it was rendered.</summary>
    public DateTimeOffset WrittenAt { get; init; }

    /// <summary>Null while it was not.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Why it is not sent, or has ended; null where nothing is known to be in its way.</summary>
    public Hold? Hold { get; init; }

    public static Guid IdOf(Guid readerId, Guid reportId) => NameId.Of("qa-letter", readerId, reportId);

    public QaLetter Evolve(object @event) => @event switch
    {
        QaLetterWritten e => this with
        {
            Id = e.LetterId, ProjectId = e.ProjectId, ReportId = e.ReportId, ReaderId = e.ReaderId, Period = e.Period, From = e.From,
            Told = e.Told, Language = e.Language, MessageId = e.MessageId, Status = QaLetterStatus.Written, WrittenAt = e.At,
        },
        QaLetterSent e => this with { Status = QaLetterStatus.Sent, SentAt = e.At, Hold = null },
        QaLetterHeldBack e => this with { Hold = new Hold(e.Cause, e.At) },
        QaLetterEnded e => this with { Status = QaLetterStatus.Ended, Hold = new Hold(e.Cause, e.At) },
        _ => this,
    };
}

// ---- Decisions

public static class QaLetterDecider
{
    public static object[] Decide(WriteQaLetter command, QaLetter state) => state.Status is not QaLetterStatus.None ? [] :
    [
        new QaLetterWritten(command.LetterId, command.ReportId, command.ProjectId, command.ReaderId, command.Period, command.From,
            command.Told,
            command.Language, command.MessageId, command.Sha256, command.Bytes, command.Now),
    ];

    public static object[] Decide(RecordQaLetterSent command, QaLetter state) => state.Status switch
    {
        QaLetterStatus.Sent => [],
        QaLetterStatus.None => throw new RefusedException("letter-not-written", "There is no mail yet that could have been sent."),
        _ => [new QaLetterSent(command.Claim, command.Now)],
    };

    public static object[] Decide(HoldQaLetterBack command, QaLetter state) =>
        state.Status is QaLetterStatus.Written && state.Hold?.Cause != command.Cause ? [new QaLetterHeldBack(command.Cause, command.Now)]
            : [];

    public static object[] Decide(EndQaLetter command, QaLetter state) =>
        state.Status is QaLetterStatus.Written ? [new QaLetterEnded(command.Cause, command.Now)] : [];
}
