namespace CallCenter.Reporting.Digests;

/// <summary>What the template of the mail's HTML part shows.</summary>
/// <param name="DaysImage">Where the pictures are: <c>cid:…</c> within the mail.</param>
public sealed record DigestPageModel(DigestModel Digest, DigestResources Words, string DaysImage, string HoursImage);

/// <summary>The head of a section, perhaps with a picture.</summary>
public sealed record DigestSectionModel(string Title, DigestPicture? Picture = null);

/// <param name="Alt">What it shows, for those who do not see it.</param>
/// <param name="Legend">Colours and what they stand for; no colour: a remark.</param>
public sealed record DigestPicture(string Source, string Alt, IReadOnlyList<(string? Color, string Name)> Legend);

public sealed record DigestTableModel(IReadOnlyList<string> Head, IReadOnlyList<Cell[]> Rows)
{
    public string HeadOf(int column) => char.ToUpperInvariant(Head[column][0]) + Head[column][1..];
}

/// <param name="Second">A second part that may go to a line of its own.</param>
/// <param name="Good">Whether it meets its target; null when there is nothing to meet.</param>
public sealed record Cell(string Text, string? Second = null, bool Bold = false, bool Zero = false, bool? Good = null)
{
    public static implicit operator Cell(string text) => new(text);

    public static Cell Of(long number) => new(DigestResources.Count(number), Zero: number == 0);

    public static Cell Of(decimal? level, decimal? target) =>
        new(DigestResources.Percent(level), Bold: true, Good: level >= target ? true : level < target ? false : null);
}
