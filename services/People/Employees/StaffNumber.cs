using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.People.Employees;

/// <summary>Who holds a staff number; <see cref="StaffNumbers.Fold"/> says when two are the same.</summary>
/// <param name="Id">Derived from the folded number: two employees can't both hold it.</param>
public sealed record StaffNumber(Guid Id, Guid EmployeeId)
{
    public const int MaxLength = 32;

    /// <summary>Where the holder of a number is found.</summary>
    public static Guid IdOf(string staffNumber) => NameId.Of("staff-number", StaffNumbers.Fold(staffNumber));
}
