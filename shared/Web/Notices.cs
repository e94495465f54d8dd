using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Web;

/// <summary>What a notice is about, in kebab-case where it is told.</summary>
public enum NoticeKind
{
    LeaveApproved,
    LeaveDeclined,
    LeaveWithdrawn,
    ShiftFreed,
    SwapOffered,
    SwapTaken,
    SwapApproved,
    SwapDeclined,
    OfferMade,
    PlaceGiven,
    PlaceNotGiven,
    RosterPublished,
    PublicationDue,
    FloorMoveRefused,
    PublicationMissed,
    PublishedLate,
    EvaluationScored,
    EvaluationCorrected,
    EvaluationVoided,
    ReviewWanted,
    DisputeOpened,
    DisputeEscalated,
    DisputeDecided,
    InputReceived,
    InputAnswered,
    TrainingEnrolled,
    TrainingMoved,
    TrainingCancelled,
    TrainingSeatFreed,
    EnrolmentProposed,
    TrainingDue,
    CoachingOverdue,
    TrainingKeptOut,
}

/// <summary>Something that somebody should know of: a person, or whoever has a role in a project.</summary>
/// <param name="PersonId">Whom it is for; null where it is for a role.</param>
/// <param name="Role">Of the project, where it is for no person.</param>
/// <param name="About">Address of what it is about.</param>
/// <param name="Date">The local day that it is about.</param>
/// <param name="ReadAt">When it was read first; null while it was not.</param>
/// <param name="ReadBy">Who read it first; null while nobody has.</param>
/// <param name="Newer">Its kind, in notices that were stored while the release before that did not know it.</param>
/// <param name="Named">
/// The name of its kind, where the release before does not know that and could not read any list with it: <paramref name="Kind"/> is then the
/// nearest that it knows (decision 99).
/// </param>
public sealed record Notice(
    Guid Id, Guid ProjectId, Guid? PersonId, string? Role, NoticeKind Kind, string About, DateOnly? Date, DateTimeOffset At,
    DateTimeOffset? ReadAt = null, Guid? ReadBy = null, NoticeKind? Newer = null, string? Named = null)
{
    // By what a release that does not know them yet tells them: their own names are text, which is no fault to whoever reads it.
    private static readonly Dictionary<NoticeKind, NoticeKind> Nearest = new()
    {
        [NoticeKind.TrainingKeptOut] = NoticeKind.TrainingMoved,
    };

    /// <summary>What it is told as: the nearest kind where this release knows no better.</summary>
    internal NoticeKind Told => Enum.TryParse<NoticeKind>(Named, out var named) && Enum.IsDefined(named) ? named : Newer ?? Kind;

    internal static Notice Of(
        Guid id, Guid projectId, Guid? person, string? role, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now) =>
        Nearest.TryGetValue(kind, out var nearest)
            ? new(id, projectId, person, role, nearest, about, date, now, Named: $"{kind}")
                : new(id, projectId, person, role, kind, about, date, now);
}

/// <summary>The roles that notices are for.</summary>
public static class NoticeRoles
{
    public static readonly string[] Managers = ["project-manager", "operations-manager"];

    public static readonly string[] All = ["supervisor", "scheduler", "inspector", "trainer", .. Managers];
}

/// <summary>Tells people of what happened in the transaction in which it happens: what is undone was never told.</summary>
public static class NoticeTelling
{
    extension(IDocumentSession session)
    {
        public void Tell(Guid projectId, Guid person, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now) =>
            session.Insert(Notice.Of(Guid.CreateVersion7(), projectId, person, null, kind, about, date, now));

        public void TellSchedulers(Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now) =>
            session.Insert(Notice.Of(Guid.CreateVersion7(), projectId, null, "scheduler", kind, about, date, now));

        public void TellTrainers(Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now) =>
            session.Insert(Notice.Of(Guid.CreateVersion7(), projectId, null, "trainer", kind, about, date, now));

        public void TellSupervisors(Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now) =>
            session.Insert(Notice.Of(Guid.CreateVersion7(), projectId, null, "supervisor", kind, about, date, now));

        public void TellInspectors(Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now) =>
            session.Insert(Notice.Of(Guid.CreateVersion7(), projectId, null, "inspector", kind, about, date, now));

        /// <summary>Tells those who answer for a project, not who plans it.</summary>
        public void TellManagers(Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now)
        {
            foreach (var role in NoticeRoles.Managers)
                session.Insert(Notice.Of(Guid.CreateVersion7(), projectId, null, role, kind, about, date, now));
        }

        /// <summary>As above where that was not told yet: once for what it is about.</summary>
        public async Task RemindManagers(
            Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now, CancellationToken cancellation)
        {
            foreach (var role in NoticeRoles.Managers)
                if (NameId.Of("reminder", $"{kind}", about, role) is var id && await session.LoadAsync<Notice>(id, cancellation) is null)
                    session.Insert(Notice.Of(id, projectId, null, role, kind, about, date, now));
        }

        /// <summary>As above where that was not told yet: once for what it is about.</summary>
        public async Task RemindSchedulers(
            Guid projectId, NoticeKind kind, string about, DateOnly? date, DateTimeOffset now, CancellationToken cancellation)
        {
            var id = NameId.Of("reminder", $"{kind}", about);
            if (await session.LoadAsync<Notice>(id, cancellation) is null)
                session.Insert(Notice.Of(id, projectId, null, "scheduler", kind, about, date, now));
        }
    }
}
