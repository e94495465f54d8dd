using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CallCenter.Rules;

namespace CallCenter.People.Employees;

/// <summary>An employee as HR knows them: the body of POST and PUT, and a row of an import.</summary>
/// <param name="StaffNumber">工号, unique in the company; see <see cref="StaffNumbers.Fold"/> for when two are the same.</param>
/// <param name="Name">姓名.</param>
/// <param name="HiredOn">First day of work.</param>
/// <param name="Grade">As an agent.</param>
/// <param name="WeeklyHours">Contracted hours a week, 0 to 168, two decimals at most.</param>
/// <param name="Zone">IANA zone the employee works in.</param>
/// <param name="TeamIds">Every team the employee belongs to.</param>
/// <param name="Skills">Queues or subjects the employee can handle, each once.</param>
/// <param name="LeftOn">Last day of work; null while employed.</param>
/// <param name="From">
/// First day, in the employee's zone, of what differs from what is on file (when hiring, of the teams); today when left out.
/// </param>
public sealed record EmployeeRequest(
    [MaxLength(100)] string StaffNumber, [MaxLength(1000)] string Name, DateOnly HiredOn, Grade Grade, decimal WeeklyHours,
    [MaxLength(100)] string Zone, [MaxLength(20)] IReadOnlyList<Guid> TeamIds, [MaxLength(100)] IReadOnlyList<Skill> Skills,
    DateOnly? LeftOn = null, DateOnly? From = null)
{
    internal EmployeeRecord ToRecord(IReadOnlyList<Membership> memberships) => new(
        Text.Bare(StaffNumber), HiredOn, LeftOn, Grade, [.. Skills.OrderBy(s => s.Code, StringComparer.Ordinal)], WeeklyHours, Zone,
        memberships);
}

/// <summary>Terms from a day on; what is left out stays as it is.</summary>
/// <param name="From">First day, in the employee's zone: past, to correct what was entered late, or to come. Today when left out.</param>
/// <param name="Grade">As an agent.</param>
/// <param name="WeeklyHours">Contracted hours a week, 0 to 168, two decimals at most.</param>
/// <param name="TeamIds">Every team on that day.</param>
public sealed record TermsRequest(
    DateOnly? From = null, Grade? Grade = null, decimal? WeeklyHours = null, [MaxLength(20)] IReadOnlyList<Guid>? TeamIds = null);

/// <summary>What must be true of an employee's record, wherever it comes from.</summary>
internal static partial class EmployeeRules
{
    public static void Ensure(EmployeeRequest request)
    {
        Zones.Require("/zone", request.Zone);

        if (Check(request).ToArray() is { Length: > 0 } errors)
            throw new InvalidException(errors);
    }

    /// <summary>All but the zone, which is looked up.</summary>
    public static IEnumerable<Error> Check(EmployeeRequest request)
    {
        if (!Number().IsMatch(StaffNumbers.Fold(request.StaffNumber)))
            yield return new("/staffNumber", "staff-number",
                $"A staff number has 1 to {StaffNumber.MaxLength} letters, digits, hyphens, underscores, dots or slashes.");

        if (Names.Fault(request.Name) is { } fault)
            yield return new("/name", "name", fault);

        if (request.LeftOn < request.HiredOn)
            yield return new("/leftOn", "leaves-before-hire", "The last day of work is before the first.");

        if (request.From < request.HiredOn)
            yield return new("/from", "from-before-hire", $"The first day of work is {request.HiredOn:yyyy-MM-dd}.");

        foreach (var error in Hours(request.WeeklyHours).Concat(Teams(request.TeamIds)))
            yield return error;

        for (var i = 0; i < request.Skills.Count; i++)
        {
            var (code, level) = request.Skills[i];

            if (!SkillCode().IsMatch(code))
                yield return new($"/skills/{i}/code", "skill-code", "A skill has 1 to 64 letters, digits, hyphens, underscores or dots.");

            if (level is < 1 or > 5)
                yield return new($"/skills/{i}/level", "skill-level", "A level is 1 (can) to 5 (expert).");

            if (request.Skills.Take(i).Any(s => string.Equals(s.Code, code, StringComparison.OrdinalIgnoreCase)))
                yield return new($"/skills/{i}/code", "duplicate-skill", $"The skill '{code}' is named twice.");
        }
    }

    public static void Ensure(TermsRequest request)
    {
        if (Hours(request.WeeklyHours ?? 0).Concat(Teams(request.TeamIds ?? [])).ToArray() is { Length: > 0 } errors)
            throw new InvalidException(errors);
    }

    private static IEnumerable<Error> Hours(decimal weekly)
    {
        if (weekly is < 0 or > 168 || decimal.Round(weekly, 2) != weekly)
            yield return new("/weeklyHours", "weekly-hours", "Weekly hours are 0 to 168, with two decimals at most.");
    }

    private static IEnumerable<Error> Teams(IReadOnlyList<Guid> teamIds)
    {
        if (teamIds.Distinct().Count() != teamIds.Count)
            yield return new("/teamIds", "duplicate-team", "A team is named twice.");
    }

    [GeneratedRegex(@"^[\p{L}\p{M}\p{Nd}_./-]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^[\p{L}\p{Nd}_.-]{1,64}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex SkillCode();
}
