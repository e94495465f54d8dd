namespace CallCenter.People.Employees;

/// <summary>
/// What tells who an employee is: the one place it is kept, so that it can be erased while the events stay.
/// </summary>
/// <param name="Id">The employee.</param>
public sealed record PersonDetails(Guid Id, string Name, Qualifications? Qualifications = null);

/// <summary>What somebody brings along; for people to read, no rule asks for it.</summary>
/// <param name="Education">As it is called where it was had.</param>
/// <param name="Experience">Years in such work.</param>
/// <param name="Management">Years of them as somebody's superior.</param>
/// <param name="Certificates">As they are called where they were had.</param>
public sealed record Qualifications(string? Education, int? Experience, int? Management, IReadOnlyList<string> Certificates)
{
    public static readonly Qualifications None = new(null, null, null, []);

    public bool IsSame(Qualifications other) =>
        (Education, Experience, Management) == (other.Education, other.Experience, other.Management)
        && Certificates.SequenceEqual(other.Certificates);
}
