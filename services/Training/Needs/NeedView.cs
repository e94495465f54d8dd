using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.Training.Courses;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Training.Needs;

/// <summary>A training need and what could answer it.</summary>
/// <param name="Need">What is to be trained, and where it stands.</param>
/// <param name="Courses">Courses that train the section.</param>
public sealed record NeedView(TrainingNeed Need, IReadOnlyList<Guid> Courses);

/// <remarks>Properties, not a constructor: the API document cannot be made of a rule on a constructor's parameter.</remarks>
public sealed record NeedFilter
{
    public Guid? ProjectId { get; init; }
    public Guid? AgentId { get; init; }
    public string? Section { get; init; }

    /// <summary>Open and closed ones when left out.</summary>
    [AllowedValues(null, "open", "closed", "withdrawn")]
    public string? Status { get; init; }
}

internal static class NeedViewEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapNeeds()
        {
            var needs = routes.MapGroup("/training-needs").WithTag("Training needs", "What evaluations say agents have to learn.");

            needs.MapGet("/", List).Describe("Who needs training in what; agents see their own");
            needs.MapGet("/{id:guid}", Get).Describe("One need, with the courses that train its section");
            needs.MapHistory("/{id:guid}", Get);
        }
    }

    private static readonly Visibility<TrainingNeed> Visible = new(
        (need, projects) => need.ProjectId.IsOneOf(projects), own: (need, agent) => need.AgentId == agent, ownIsTheirs: true);

    private static async Task<Versioned<NeedView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var need = caller.MustSee(await session.LoadAsync<TrainingNeed>(id, cancellation), Visible);
        var courses = await session.Query<Course>().Where(c => !c.Retired && c.Sections.Contains(need.Section))
            .OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancellation);

        return new(new NeedView(need, courses), need.Version, complete: false);
    }

    private static async Task<Ok<Page<TrainingNeed>>> List(
        [AsParameters] NeedFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        TypedResults.Ok(await session.Query<TrainingNeed>().VisibleTo(caller, Visible).Where(filter).ToPage(page, n => n.Id, cancellation));

    extension(IQueryable<TrainingNeed> needs)
    {
        private IQueryable<TrainingNeed> Where(NeedFilter filter)
        {
            if (filter.ProjectId is { } project)
                needs = needs.Where(n => n.ProjectId == project);

            if (filter.AgentId is { } agent)
                needs = needs.Where(n => n.AgentId == agent);

            if (filter.Section is { } section)
                needs = needs.Where(n => n.Section == section);

            if (filter.Status is not { } text)
                return needs.Where(n => n.Status != NeedStatus.Withdrawn);

            var status = Enum.Parse<NeedStatus>(text, ignoreCase: true);
            return needs.Where(n => n.Status == status);
        }
    }
}
