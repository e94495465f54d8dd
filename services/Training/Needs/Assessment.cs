using CallCenter.Contracts.Quality;

namespace CallCenter.Training.Needs;

/// <summary>What the newest version of an evaluation says about its sections: the memory that needs are read from.</summary>
/// <param name="Id">The evaluation.</param>
/// <param name="Revision">The evaluation's version.</param>
/// <param name="SubmittedAt">Null while it is a draft, which says nothing yet.</param>
/// <param name="Sections">Only sections with a verdict; all-N/A ones have none.</param>
public sealed record Assessment(
    Guid Id, long Revision, Guid ProjectId, Guid AgentId, DateTimeOffset? SubmittedAt, IReadOnlyList<AssessedSection> Sections)
{
    public static Assessment Of(EvaluationV1 evaluation) => new(
        evaluation.Id, evaluation.Version, evaluation.ProjectId, evaluation.AgentId,
        evaluation.Status == "draft" ? null : evaluation.SubmittedAt,
        [.. evaluation.Sections.Where(s => s.Passed is not null).Select(s => new AssessedSection(s.Section, s.Passed!.Value))]);
}

public sealed record AssessedSection(string Section, bool Passed);
