using System.Text.Json.Serialization;

namespace CallCenter.Contracts.People;

/// <summary>An employee, as the other services need to know them.</summary>
/// <param name="Id">The employee, and the <c>sub</c> of their access token.</param>
/// <param name="Version">Stream version.</param>
/// <param name="StaffNumber">工号, unique in the company.</param>
/// <param name="Name">Display name; erasable, so never copied into another service's events.</param>
/// <param name="HiredOn">First day of work.</param>
/// <param name="LeftOn">Last day of work; null while employed.</param>
/// <param name="Grade">junior, intermediate, senior or account-manager.</param>
/// <param name="TeamIds">Every team the employee belongs to.</param>
/// <param name="ProjectIds">The projects of those teams.</param>
/// <param name="Skills">Queues or subjects the employee can handle.</param>
/// <param name="WeeklyHours">Contracted hours a week.</param>
/// <param name="Zone">IANA zone the employee works in.</param>
/// <param name="Grades">Every grade, oldest first; null in facts of before it was told, as are the next ones.</param>
/// <param name="ContractHours">Every agreement on hours, oldest first.</param>
/// <param name="Teams">Every stay in a team: past, present and to come.</param>
/// <param name="Posts">Every time in a post: past, present and to come.</param>
public sealed record EmployeeV1(
    Guid Id, long Version, string StaffNumber, string Name, DateOnly HiredOn, DateOnly? LeftOn, string Grade,
    IReadOnlyList<Guid> TeamIds, IReadOnlyList<Guid> ProjectIds, IReadOnlyList<SkillLevel> Skills,
    decimal WeeklyHours, string Zone,
    IReadOnlyList<DatedGrade>? Grades = null, IReadOnlyList<DatedHours>? ContractHours = null,
    IReadOnlyList<TeamPeriod>? Teams = null, IReadOnlyList<PostPeriod>? Posts = null) : IFact;

/// <summary>Somebody who has left is to be forgotten: all that tells who they were.</summary>
/// <param name="Id">The employee, whose id and staff number stay: figures are kept by them.</param>
/// <param name="By">Empty where nobody did: their time was over.</param>
public sealed record EmployeeErasedV1(Guid Id, long Version, Guid By, DateTimeOffset RequestedAt) : IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Guid> About => [Id];
}

/// <param name="Grade">junior, intermediate, senior or account-manager.</param>
/// <param name="From">First local day it holds; the newest one not after a day counts for that day.</param>
public sealed record DatedGrade(string Grade, DateOnly From);

/// <param name="WeeklyHours">Contracted hours a week.</param>
/// <param name="From">First local day it holds; the newest one not after a day counts for that day.</param>
public sealed record DatedHours(decimal WeeklyHours, DateOnly From);

/// <param name="From">First local day in the team.</param>
/// <param name="To">Last day in the team; null while no end is known.</param>
public sealed record TeamPeriod(Guid TeamId, Guid ProjectId, DateOnly From, DateOnly? To);

/// <param name="Skill">Skill code; the queues of a project are skills too.</param>
/// <param name="Level">1 (can) to 5 (expert).</param>
public sealed record SkillLevel(string Skill, int Level);

/// <param name="Post">Code of the post.</param>
/// <param name="Role">The role of access.csv that goes with it; null where there is none.</param>
/// <param name="From">First local day in the post.</param>
/// <param name="To">Last day in the post; null while no end is known.</param>
public sealed record PostPeriod(string Post, string? Role, DateOnly From, DateOnly? To);

/// <summary>A team and its supervisor.</summary>
/// <param name="Members">Employees in the team now.</param>
/// <param name="Span"><c>ok</c> for 12 to 14 members, else <c>under</c> or <c>over</c>.</param>
/// <param name="Memberships">Every stay of an agent: past, present and to come; null in facts of before it was told.</param>
/// <param name="Supervisors">Every supervisor, oldest first; null in facts of before it was told.</param>
public sealed record TeamV1(
    Guid Id, long Version, Guid ProjectId, string Name, Guid? SupervisorId, IReadOnlyList<Guid> Members, string Span,
    IReadOnlyList<MemberPeriod>? Memberships = null, IReadOnlyList<DatedSupervisor>? Supervisors = null) : IFact;

/// <param name="AgentId">The employee.</param>
/// <param name="From">First local day in the team.</param>
/// <param name="To">Last day in the team; null while no end is known.</param>
public sealed record MemberPeriod(Guid AgentId, DateOnly From, DateOnly? To);

/// <param name="SupervisorId">The employee; null where there was none.</param>
/// <param name="From">First local day; the newest one not after a day counts for that day.</param>
public sealed record DatedSupervisor(Guid? SupervisorId, DateOnly From);

/// <summary>A client programme: where it is, when it is open, which queues it has and what was promised for them.</summary>
/// <param name="Zone">IANA zone: days, weeks and intervals of the project are local to it.</param>
/// <param name="WeekStartsOn">First day of a reporting week, Monday unless the client wants otherwise.</param>
/// <param name="OpeningHours">At most one per weekday and opening; a day without one is closed.</param>
/// <param name="Targets">Every version of every target, oldest first.</param>
/// <param name="DigestReaders">The operations managers who get the weekly digest.</param>
public sealed record ProjectV1(
    Guid Id, long Version, string Name, string Client, string Zone, DayOfWeek WeekStartsOn,
    IReadOnlyList<OpeningHours> OpeningHours, IReadOnlyList<ProjectQueue> Queues, IReadOnlyList<KpiTarget> Targets,
    IReadOnlyList<DigestReader> DigestReaders) : IFact;

/// <summary>
/// For how long a project keeps what, and what must not be deleted at all. Of a project without one nothing was ever said.
/// </summary>
/// <param name="Id">The project's.</param>
/// <param name="Periods">For how many days each kind of thing is kept; what is not in it is kept as the services are set up.</param>
/// <param name="LegalHolds">Those in force: what they cover is not deleted, however old.</param>
/// <param name="Released">Ids of those that were released.</param>
public sealed record RetentionV1(
    Guid Id, long Version, IReadOnlyList<RetainedDays> Periods, IReadOnlyList<LegalHold> LegalHolds,
    IReadOnlyList<Guid>? Released = null) : IFact;

/// <summary>Kinds of things that a project keeps for a number of days of its own.</summary>
public static class RetainedKinds
{
    /// <summary>Audio, from the day it was filed last.</summary>
    public const string Recordings = "recordings";

    /// <summary>Comments, feedback, notes and reasons in evaluations, from their submission.</summary>
    public const string EvaluationTexts = "evaluation-texts";

    /// <summary>Why leave was declined, from its last day.</summary>
    public const string LeaveTexts = "leave-texts";

    /// <summary>Digests as they were mailed, from the end of their week.</summary>
    public const string DigestMails = "digest-mails";

    /// <summary>What machines said of contacts, from the contact on.</summary>
    public const string MachineAnswers = "machine-answers";

    /// <summary>What was written in coachings that are over, from their opening.</summary>
    public const string CoachingTexts = "coaching-texts";

    /// <summary>What the front line said to how quality is judged and was answered, from the answer on.</summary>
    public const string InputTexts = "input-texts";

    public static IReadOnlyList<string> All { get; } =
        [Recordings, EvaluationTexts, LeaveTexts, DigestMails, MachineAnswers, CoachingTexts, InputTexts];
}

/// <param name="Kind">recordings, evaluation-texts, leave-texts, digest-mails, machine-answers, coaching-texts or input-texts.</param>
/// <param name="Days">For how many days it is kept.</param>
public sealed record RetainedDays(string Kind, int Days);

/// <summary>What it covers is not deleted.</summary>
/// <param name="From">First local day that it covers; null where there is none.</param>
/// <param name="Through">Last local day that it covers; null where there is none.</param>
public sealed record LegalHold(Guid Id, DateOnly? From, DateOnly? Through)
{
    /// <summary>Whether it covers some of these days.</summary>
    public bool Covers(DateOnly first, DateOnly last) => !(last < From) && !(first > Through);
}

/// <param name="Opens">Local time.</param>
/// <param name="Closes">Local time; 00:00 means the end of the day.</param>
public sealed record OpeningHours(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes);

/// <param name="Queue">Code, unique in the project; also the skill an agent needs for it.</param>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="ServiceLevelSeconds">The T of "x % within T seconds".</param>
public sealed record ProjectQueue(string Queue, string Name, string Channel, int ServiceLevelSeconds);

/// <param name="Kpi">Code of the KPI, see docs/reference/kpis.md.</param>
/// <param name="Value">In the KPI's unit: share 0–1, seconds, points.</param>
/// <param name="EffectiveFrom">First local day the target holds.</param>
/// <param name="Scope">Whose figures it is for: project, centre, department, team or agent.</param>
/// <param name="ScopeId">The department's code, or the id of the team or agent; null for the project and the centre.</param>
/// <param name="Through">Last local day it holds, as for a month's target; null until another takes its place.</param>
public sealed record KpiTarget(
    string Kpi, decimal Value, DateOnly EffectiveFrom, string Scope = "project", string? ScopeId = null, DateOnly? Through = null);

public static class KpiTargets
{
    /// <summary>
    /// The target that counts on a day: one for a stretch of days, such as a month, before one without an end, and the newest of
    /// those; null when none holds.
    /// </summary>
    public static decimal? InForce(
        this IEnumerable<KpiTarget> targets, string kpi, DateOnly day, string scope = "project", string? scopeId = null) => targets
        .Where(t => t.Kpi == kpi && t.Scope == scope && t.ScopeId == scopeId && t.EffectiveFrom <= day && !(t.Through < day))
        .OrderBy(t => t.Through is null).ThenByDescending(t => t.EffectiveFrom).FirstOrDefault()?.Value;
}

/// <param name="EmployeeId">The manager.</param>
/// <param name="Email">Where the digest goes.</param>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>.</param>
public sealed record DigestReader(Guid EmployeeId, string Email, string Language);
