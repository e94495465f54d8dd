namespace CallCenter.Contracts.Quality;

/// <summary>An evaluation of one call.</summary>
/// <param name="Status">draft, submitted, disputed, acknowledged or resolved. Scores are null while a draft.</param>
/// <param name="FormVersion">The version it was made with; it keeps it.</param>
/// <param name="Score">Percent, 0–100, one decimal; null when every question was N/A.</param>
/// <param name="Passed">Whether the score reached the form's pass mark and nothing failed automatically.</param>
/// <param name="Sections">Result by section.</param>
public sealed record EvaluationV1(
    Guid Id, long Version, Guid ProjectId, Guid CallId, Guid AgentId, Guid EvaluatorId, Guid FormId, int FormVersion,
    string Status, decimal? Score, bool? Passed, bool AutoFailed, IReadOnlyList<SectionResult> Sections,
    DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt) : IFact;

/// <param name="Section">Code of the section, stable over form versions.</param>
/// <param name="Score">Percent of the section; null when all N/A.</param>
/// <param name="Passed">Null when all N/A.</param>
public sealed record SectionResult(string Section, string Title, decimal? Score, bool? Passed);
