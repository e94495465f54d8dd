namespace CallCenter.People.Employees;

/// <summary>What is on file about an employee, the name left out.</summary>
/// <param name="LeftOn">Last day of work; null while employed.</param>
/// <param name="Skills">In the order of their codes, each once.</param>
/// <param name="WeeklyHours">Contracted hours a week.</param>
/// <param name="Zone">IANA zone the employee works in.</param>
public sealed record EmployeeRecord(
    string StaffNumber, DateOnly HiredOn, DateOnly? LeftOn, Grade Grade, IReadOnlyList<Skill> Skills,
    decimal WeeklyHours, string Zone, IReadOnlyList<Membership> Teams);

/// <summary>What is agreed with an employee from a day on; what is null is left as it is.</summary>
public sealed record Terms(Grade? Grade, decimal? WeeklyHours, IReadOnlyList<Membership>? Teams);

/// <summary>Where somebody stands in the organisation.</summary>
/// <param name="Posts">Codes, each once.</param>
/// <param name="ManagerId">Whom they report to.</param>
/// <param name="MentorId">Who helps them along.</param>
public sealed record Position(IReadOnlyList<string> Posts, string? Department, Guid? ManagerId, Guid? MentorId);

/// <inheritdoc cref="EmployeeRecord"/>
public sealed record Contract(decimal WeeklyHours, string Zone);

/// <param name="ProjectId">The team's project, which never changes.</param>
public sealed record Membership(Guid TeamId, Guid ProjectId);

/// <param name="Code">A queue of a project, or a subject.</param>
/// <param name="Level">1 (can) to 5 (expert).</param>
public sealed record Skill(string Code, int Level);

/// <summary>初级, 中级, 高级, 客户经理.</summary>
public enum Grade { Junior, Intermediate, Senior, AccountManager }
