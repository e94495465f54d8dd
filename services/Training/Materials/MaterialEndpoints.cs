using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Training.Materials.MaterialDecider;

namespace CallCenter.Training.Materials;

/// <param name="Kind">material, or briefing: of a new product, read before the next shift.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Text">What there is to read; null where it stands elsewhere.</param>
/// <param name="Link">Where it stands; null where it stands here.</param>
/// <param name="Number">Of the newest version, which this is.</param>
/// <param name="PublishedAt">When the newest version was.</param>
/// <param name="Withdrawn">Whether nobody has to read it any more.</param>
/// <param name="ReadAt">When the caller acknowledged the newest version; null while they have not.</param>
public sealed record MaterialView(
    Guid Id, long Version, Guid ProjectId, MaterialKind Kind, string Title, string? Text, string? Link, int Number,
    DateTimeOffset PublishedAt, bool Withdrawn, DateTimeOffset? ReadAt)
{
    internal static MaterialView Of(Material material, Caller caller) => new(
        material.Id, material.Version, material.ProjectId, material.Kind, material.Newest().Content.Title, material.Newest().Content.Text,
        material.Newest().Content.Link, material.Newest().Number, material.Newest().At, material.Withdrawn, material.ReadBy(caller.Id));
}

/// <remarks>Properties, not a constructor: the API document cannot be made of a rule on a constructor's parameter.</remarks>
public sealed record MaterialFilter
{
    public Guid? ProjectId { get; init; }

    /// <summary>material, or briefing: of a new product, read before the next shift.</summary>
    [AllowedValues(null, "material", "briefing")]
    public string? Kind { get; init; }
}

internal static class MaterialEndpoints
{
    private static readonly MaterialContentRequest Content = new("The new travel card", "From 1 May there is a third card. It has no yearly fee.");

    internal static readonly Visibility<Material> Visible = new(
        (material, projects) => material.ProjectId.IsOneOf(projects), own: (material, _) => material.Withdrawn == false);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMaterials()
        {
            var materials = routes.MapGroup("/materials").WithTag("Materials",
                "What the people of a project are to read, version by version, and who has: new products before the next shift.");

            materials.MapPost("/", Publish).Describe("Publish material, or the briefing of a new product",
                new MaterialRequest(new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20"), MaterialKind.Briefing, Content),
                ["name", "content-missing", "unknown-project"]);
            materials.MapGet("/", List).Describe("The materials of the caller's projects, each in its newest version");
            materials.MapGet("/{id:guid}", Get).Describe("One material in its newest version");
            materials.MapHistory("/{id:guid}", Get);
            materials.MapGet("/{id:guid}/versions/{number:int}", GetVersion).Describe("One version, as it was published");
            materials.MapPut("/{id:guid}/content", Revise).Describe(
                "Publish the next version: everybody has it to read again", Content, ["name", "content-missing", "material-withdrawn"]);
            materials.MapPost("/{id:guid}/receipt", Read).Describe("Acknowledge that one has read a version; the first time counts",
                new ReceiptRequest(1), ["material-withdrawn", "unknown-version"]);
            materials.MapGet("/{id:guid}/readers", GetReaders).Describe(
                "Who has read the newest version; first who has not, by their next shift, and whether one began before");
            materials.MapPost("/{id:guid}/withdrawal", Withdraw).Describe(
                "Let nobody have to read it any more, with the reason", new WithdrawalRequest("The card is not sold after all."));
        }
    }

    /// <param name="Title">What it is called.</param>
    /// <param name="Text">What there is to read.</param>
    /// <param name="Link">Where it stands, if elsewhere.</param>
    public sealed record MaterialContentRequest(
        [MaxLength(1000)] string Title, [VisibleText, MaxLength(20000)] string? Text = null, [Url, MaxLength(1000),
            Line] string? Link = null)
    {
        internal MaterialContent ToContent(string pointer) => Text is null && Link is null
            ? throw new InvalidException($"{pointer}/text", "content-missing", "A material has a text, or a link to one.")
            : new(Names.Require($"{pointer}/title", Title), Text, Link);
    }

    /// <param name="Kind">material, or briefing: of a new product, read before the next shift.</param>
    /// <param name="Content">What there is to read.</param>
    public sealed record MaterialRequest(Guid ProjectId, MaterialKind Kind, MaterialContentRequest Content);

    /// <param name="Number">The version that was read.</param>
    public sealed record ReceiptRequest([Range(1, 10000)] int Number);

    /// <param name="Reason">Why nobody has to read it any more.</param>
    public sealed record WithdrawalRequest([property: FreeText] [Required, VisibleText, MaxLength(1000)] string Reason);

    private static async Task<WriteResult> Publish(
        MaterialRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireProject("/projectId", request.ProjectId, cancellation);
        var command = new PublishMaterial(
            id.Value, request.ProjectId, request.Kind, request.Content.ToContent("/content"), caller.Id, caller.Now);

        return new(await session.Start<Material>(id.Value, state => Decide(command, state), cancellation), $"/materials/{id.Value}");
    }

    private static async Task<WriteResult> Revise(
        Guid id, MaterialContentRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new ReviseMaterial(request.ToContent(""), caller.Id, caller.Now);

        return new(await session.Decide<Material>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    // Many read at once, and none of them waits for another's version.
    private static async Task<WriteResult> Read(
        Guid id, ReceiptRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.Lock([id], cancellation);
        var command = new ReadMaterial(request.Number, caller.Id, caller.Now);

        return new(await session.Decide<Material>(id, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> Withdraw(
        Guid id, WithdrawalRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new WithdrawMaterial(request.Reason, caller.Id, caller.Now);

        return new(await session.Decide<Material>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<Page<MaterialView>> List(
        [AsParameters] MaterialFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var materials = session.Query<Material>().VisibleTo(caller, Visible, filter.ProjectId);
        if (filter.Kind is { } text && Enum.Parse<MaterialKind>(text, ignoreCase: true) is var kind)
            materials = materials.Where(material => material.Kind == kind);
        var found = await materials.ToPage(page, material => material.Id, cancellation);

        return new([.. found.Items.Select(material => MaterialView.Of(material, caller))], found.Next);
    }

    private static async Task<Versioned<MaterialView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var material = await Find(id, caller, session, cancellation);

        return new(MaterialView.Of(material, caller), material.Version);
    }

    private static async Task<Ok<MaterialVersion>> GetVersion(
        Guid id, [Description("From 1")] int number, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        TypedResults.Ok((await Find(id, caller, session, cancellation)).Versions.FirstOrDefault(version => version.Number == number)
            ?? throw new StreamNotFoundException(id));

    private static async Task<Ok<IReadOnlyList<MaterialReader>>> GetReaders(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        TypedResults.Ok(await session.ReadersOf(await Find(id, caller, session, cancellation), caller.Now, cancellation));

    private static async Task<Material> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<Material>(id, cancellation), Visible);
}
