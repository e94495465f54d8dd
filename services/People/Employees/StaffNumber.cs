using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.People.Employees;

/// <summary>
/// A staff number stands for itself however it is typed: composed or decomposed (NFC), in capitals or not (invariant,
/// letter by letter), full-width or narrow. Letters that only look alike to some, ß and ss, İ, ı and i, stay different.
/// </summary>
/// <param name="Id">Derived from the folded number: two employees can't both hold it.</param>
public sealed record StaffNumber(Guid Id, Guid EmployeeId)
{
    public const int MaxLength = 32;

    /// <summary>Where the holder of a number is found.</summary>
    public static Guid IdOf(string staffNumber) => NameId.Of("staff-number", Fold(staffNumber));

    public static string Fold(string staffNumber) =>
        Text.Composed(string.Concat(Text.Bare(staffNumber).Select(Narrow))).ToUpperInvariant();

    // U+FF01 to U+FF5E repeat ASCII in full width: what a Chinese input method types when nobody switched it back.
    private static char Narrow(char letter) => letter is >= '！' and <= '～' ? (char)(letter - '！' + '!') : letter;
}
