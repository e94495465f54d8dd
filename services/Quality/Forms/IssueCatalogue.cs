using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

// ---- Values

/// <summary>A kind of thing that goes wrong, and why it does.</summary>
/// <param name="Code">Unique in the catalogue; answers name it.</param>
/// <param name="Title">By language tag, at most 128 characters a language.</param>
/// <param name="RootCauses">Up to 50 reasons why it happens.</param>
public sealed record IssueCategory(string Code, IReadOnlyDictionary<string, string> Title, IReadOnlyList<RootCause> RootCauses);

/// <param name="Code">Unique in the category; answers name it.</param>
/// <param name="Title">By language tag, at most 128 characters a language.</param>
public sealed record RootCause(string Code, IReadOnlyDictionary<string, string> Title);

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record IssueCatalogueWritten(
    Guid ProjectId, IReadOnlyList<IssueCategory> Categories, string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record WriteIssueCatalogue(
    Guid ProjectId, IReadOnlyList<IssueCategory> Categories, string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What can go wrong in the calls of a project, for inspectors to name: the same in all its forms.</summary>
public sealed record IssueCatalogue
{
    [JsonIgnore]
    public Guid Id { get; init; }

    /// <summary>0 while there is none.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Up to 100.</summary>
    public ImmutableArray<IssueCategory> Categories { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("issue-catalogue", projectId);

    public IssueCatalogue Evolve(object @event) => @event switch
    {
        IssueCatalogueWritten e => this with { ProjectId = e.ProjectId, Categories = [.. e.Categories] },
        _ => this,
    };
}

// ---- Decisions

public static class IssueCatalogueDecider
{
    private const int MostCategories = 100, MostCauses = 50;

    public static object[] Decide(WriteIssueCatalogue command) =>
        [new IssueCatalogueWritten(command.ProjectId, command.Categories, command.Reason, command.By, command.Now)];

    /// <exception cref="InvalidException">422 with every rule the categories break.</exception>
    public static void Check(IReadOnlyList<IssueCategory> categories) => FormRules.Check(rules =>
    {
        if (!rules.Count(categories, 0, MostCategories, "/categories"))
            return;

        foreach (var (i, category) in categories.Index())
        {
            rules.Code(category.Code, $"/categories/{i}/code", "category");
            rules.Title(category.Title, $"/categories/{i}/title", FormRules.TitleLength);
            if (!rules.Count(category.RootCauses, 0, MostCauses, $"/categories/{i}/rootCauses"))
                continue;
            foreach (var (j, cause) in category.RootCauses.Index())
            {
                rules.Code(cause.Code, $"/categories/{i}/rootCauses/{j}/code", $"root cause of {i}");
                rules.Title(cause.Title, $"/categories/{i}/rootCauses/{j}/title", FormRules.TitleLength);
            }
        }
    });

    /// <exception cref="InvalidException">422: an answer names an issue or a cause that the catalogue does not have.</exception>
    public static void EnsureKnown(this IssueCatalogue catalogue, IReadOnlyList<GivenAnswer> answers)
    {
        foreach (var (i, given) in answers.Index())
        {
            if (given.Issue is not { } issue)
                continue;
            if (catalogue.Categories.FirstOrDefault(known => known.Code == issue.Category) is not { } category)
                throw new InvalidException(
                    $"/answers/{i}/issue/category", "unknown-issue", $"The project's catalogue has no '{issue.Category}'.");
            if (issue.RootCause is { } cause && category.RootCauses.All(known => known.Code != cause))
                throw new InvalidException(
                    $"/answers/{i}/issue/rootCause", "unknown-root-cause", $"'{issue.Category}' has no root cause '{cause}'.");
        }
    }
}
