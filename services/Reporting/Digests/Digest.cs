using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Reporting.RollUps;
using CallCenter.Rules;

namespace CallCenter.Reporting.Digests;

// ---- Events

public sealed record DigestPlanned(
    Guid DigestId, Guid ProjectId, Guid ManagerId, DateOnly Week, string Language, string MessageId, DateTimeOffset PlannedAt);

/// <param name="Sha256">Of the mail's bytes, which are stored beside the stream and never change again.</param>
/// <param name="ChangesSeen">The newest change of the week's figures that the mail knows.</param>
public sealed record DigestRendered(
    string Sha256, int Bytes, IReadOnlyList<ReportedFigure> Figures, long ChangesSeen, DateTimeOffset RenderedAt);

/// <param name="Claim">The number of the claim it was sent under; null in events of before it was kept.</param>
public sealed record DigestSent(DateTimeOffset SentAt, long? Claim = null);

/// <summary>It is due and cannot be sent now; told once for each cause.</summary>
/// <param name="Cause">One of <see cref="MailCauses"/>.</param>
public sealed record DigestHeldBack(string Cause, DateTimeOffset At);

/// <summary>It will not be sent.</summary>
/// <param name="Cause"><see cref="MailCauses.ReaderLeft"/>.</param>
public sealed record DigestEnded(string Cause, DateTimeOffset At);

/// <summary>Its reader is there again.</summary>
public sealed record DigestResumed(DateTimeOffset At);

public sealed record DigestRestated(IReadOnlyList<Restatement> Restatements, long ChangesSeen, DateTimeOffset RestatedAt);

/// <summary>The week's facts changed, and no figure of the mail did.</summary>
public sealed record DigestConfirmed(long ChangesSeen);

public sealed record RestatementsNamed(Guid InDigest);

/// <summary>A figure as the mail told it.</summary>
/// <param name="Scope"><c>week</c>, a day as <c>2026-03-02</c>, or <c>queue:</c> and its code.</param>
/// <param name="Value">In the KPI's unit; null where the mail showed a dash.</param>
public sealed record ReportedFigure(string Kpi, string Scope, decimal? Value);

/// <summary>A figure that is no longer what a mail told.</summary>
/// <param name="Scope"><c>week</c>, a day as <c>2026-03-02</c>, or <c>queue:</c> and its code.</param>
/// <param name="Old">What the mail told, in the KPI's unit; null where it showed a dash.</param>
/// <param name="New">What it is now; null where it would show a dash.</param>
/// <param name="Causes">The facts that came late or were corrected.</param>
/// <param name="NamedIn">The later digest that says so; null until there is one.</param>
public sealed record Restatement(
    string Kpi, string Scope, decimal? Old, decimal? New, IReadOnlyList<Cause> Causes, DateTimeOffset RestatedAt, Guid? NamedIn = null);

// ---- Commands

public sealed record PlanDigest(
    Guid DigestId, Guid ProjectId, Guid ManagerId, DateOnly Week, string Language, string MailDomain, DateTimeOffset Now);

public sealed record RecordRendered(string Sha256, int Bytes, IReadOnlyList<ReportedFigure> Figures, long ChangesSeen, DateTimeOffset Now);

public sealed record RecordSent(long Claim, DateTimeOffset Now);

public sealed record HoldDigestBack(string Cause, DateTimeOffset Now);

public sealed record EndDigest(string Cause, DateTimeOffset Now);

public sealed record CompareFigures(
    IReadOnlyList<ReportedFigure> Figures, IReadOnlyList<Cause> Causes, long ChangesSeen, DateTimeOffset Now);

public sealed record NameRestatements(Guid InDigest);

// ---- State

public enum DigestStatus { None, Planned, Rendered, Sent, Ended }

/// <summary>Why a digest is not sent.</summary>
public static class MailCauses
{
    /// <summary>Nobody answers at the mail server's address.</summary>
    public const string ServerAway = "mail-server-away";

    /// <summary>The mail server takes nothing from us, or not without another login.</summary>
    public const string LoginRefused = "login-refused";

    /// <summary>The mail server does not take this one: its recipient, its size.</summary>
    public const string MailRefused = "mail-refused";

    public const string Failed = "failed";

    /// <summary>Who was to read it does not read the project's digests any more.</summary>
    public const string ReaderLeft = "reader-left";

    /// <summary>It was deleted, unsent, with the personal data of somebody whom it names.</summary>
    public const string Erased = "mail-erased";
}

/// <param name="Cause">One of <see cref="MailCauses"/>.</param>
/// <param name="Since">When it was first met.</param>
public sealed record Hold(string Cause, DateTimeOffset Since);

/// <summary>The digest of one manager, project and week: planned, then rendered (its bytes are stored), then sent.</summary>
public sealed record Digest
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid ManagerId { get; init; }
    public DateOnly Week { get; init; }
    public string Language { get; init; } = "en";
    public DigestStatus Status { get; init; }
    public string MessageId { get; init; } = "";
    public ImmutableList<ReportedFigure> Figures { get; init; } = [];
    public long ChangesSeen { get; init; }
    public ImmutableList<Restatement> Restatements { get; init; } = [];
    public DateTimeOffset? PlannedAt { get; init; }
    public DateTimeOffset? RenderedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Why it is not sent, or has ended; null where nothing is known to be in its way.</summary>
    public Hold? Hold { get; init; }

    /// <summary>Whether it is due and neither sent nor ended.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is DigestStatus.Planned or DigestStatus.Rendered;

    public static Guid IdOf(Guid managerId, Guid projectId, DateOnly week) => NameId.Of("digest", managerId, projectId, week);

    public Digest Evolve(object @event) => @event switch
    {
        DigestPlanned e => this with
        {
            Id = e.DigestId,
            ProjectId = e.ProjectId,
            ManagerId = e.ManagerId,
            Week = e.Week,
            Language = e.Language,
            MessageId = e.MessageId,
            Status = DigestStatus.Planned,
            PlannedAt = e.PlannedAt,
        },
        DigestRendered e => this with
        {
            Status = DigestStatus.Rendered,
            Figures = [.. e.Figures],
            ChangesSeen = e.ChangesSeen,
            RenderedAt = e.RenderedAt,
        },
        DigestSent e => this with { Status = DigestStatus.Sent, SentAt = e.SentAt, Hold = null },
        DigestHeldBack e => this with { Hold = new Hold(e.Cause, e.At) },
        DigestEnded e => this with { Status = DigestStatus.Ended, Hold = new Hold(e.Cause, e.At) },
        DigestResumed _ => this with { Status = RenderedAt is null ? DigestStatus.Planned : DigestStatus.Rendered, Hold = null },
        DigestRestated e => this with
        {
            Figures = [.. Figures.Select(told =>
                e.Restatements.FirstOrDefault(r => (r.Kpi, r.Scope) == (told.Kpi, told.Scope)) is { } restated
                ? told with { Value = restated.New } : told)],
            Restatements = Restatements.AddRange(e.Restatements),
            ChangesSeen = e.ChangesSeen,
        },
        DigestConfirmed e => this with { ChangesSeen = e.ChangesSeen },
        RestatementsNamed e =>
            this with { Restatements = [.. Restatements.Select(r => r.NamedIn is null ? r with { NamedIn = e.InDigest } : r)] },
        _ => this,
    };
}

// ---- Decisions

public static class DigestDecider
{
    public static object[] Decide(PlanDigest command, Digest state) => state.Status switch
    {
        DigestStatus.None =>
        [
            // The same mail sent again, after whatever crash, is recognised by this id.
            new DigestPlanned(command.DigestId, command.ProjectId, command.ManagerId, command.Week, command.Language,
                $"digest.{command.DigestId:N}@{command.MailDomain}", command.Now),
        ],
        DigestStatus.Ended => [new DigestResumed(command.Now)],
        _ => [],
    };

    public static object[] Decide(RecordRendered command, Digest state) => state.Status switch
    {
        DigestStatus.Planned => [new DigestRendered(command.Sha256, command.Bytes, command.Figures, command.ChangesSeen, command.Now)],
        DigestStatus.None => throw new RefusedException("digest-not-planned", "This digest was never planned."),
        _ => throw new RefusedException("digest-already-rendered", "The mail is written; its bytes do not change again."),
    };

    public static object[] Decide(RecordSent command, Digest state) => state.Status switch
    {
        DigestStatus.Rendered or DigestStatus.Ended => [new DigestSent(command.Now, command.Claim)],
        DigestStatus.Sent => [],
        _ => throw new RefusedException("digest-not-rendered", "There is no mail yet that could have been sent."),
    };

    public static object[] Decide(HoldDigestBack command, Digest state) =>
        state.IsOpen && state.Hold?.Cause != command.Cause ? [new DigestHeldBack(command.Cause, command.Now)] : [];

    public static object[] Decide(EndDigest command, Digest state) => state.IsOpen ? [new DigestEnded(command.Cause, command.Now)] : [];

    public static object[] Decide(CompareFigures command, Digest state)
    {
        if (state.Status is not (DigestStatus.Rendered or DigestStatus.Sent) || command.ChangesSeen <= state.ChangesSeen)
            return [];

        var now = command.Figures.ToDictionary(figure => (figure.Kpi, figure.Scope), figure => figure.Value);
        Restatement[] restated = [.. state.Figures
            .Where(told => now.TryGetValue((told.Kpi, told.Scope), out var value) && value != told.Value)
            .Select(told => new Restatement(told.Kpi, told.Scope, told.Value, now[(told.Kpi, told.Scope)], command.Causes, command.Now))];

        return restated is [] ? [new DigestConfirmed(command.ChangesSeen)]
            : [new DigestRestated(restated, command.ChangesSeen, command.Now)];
    }

    public static object[] Decide(NameRestatements command, Digest state) =>
        state.Restatements.Any(r => r.NamedIn is null) ? [new RestatementsNamed(command.InDigest)] : [];
}
