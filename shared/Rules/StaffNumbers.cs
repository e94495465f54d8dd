namespace CallCenter.Rules;

/// <summary>Staff numbers, as people and other systems write them.</summary>
public static class StaffNumbers
{
    /// <summary>
    /// A staff number stands for itself however it is typed: composed or decomposed (NFC), in capitals or not (invariant,
    /// letter by letter), full-width or narrow. Letters that only look alike to some, ß and ss, İ, ı and i, stay different.
    /// </summary>
    public static string Fold(string staffNumber) =>
        Text.Composed(string.Concat(Text.Bare(staffNumber).Select(Narrow))).ToUpperInvariant();

    /// <summary>As <see cref="Fold"/>, and without the blanks that telephone and learning systems put into it.</summary>
    public static string Loose(string staffNumber) => Fold(staffNumber.Replace(" ", "", StringComparison.Ordinal));

    // U+FF01 to U+FF5E repeat ASCII in full width: what a Chinese input method types when nobody switched it back.
    private static char Narrow(char letter) => letter is >= '！' and <= '～' ? (char)(letter - '！' + '!') : letter;
}
