using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Imports;

/// <summary>A project's own mapping.</summary>
public sealed record StoredMapping(Guid Id, Guid ProjectId, string Name, Mapping Mapping, Guid By, DateTimeOffset At)
{
    public static Guid IdOf(Guid projectId, string name) => NameId.Of("mapping", projectId, name);
}

/// <param name="Name">What imports ask for it by.</param>
/// <param name="BuiltIn">Comes with the product and is the same for every project.</param>
/// <param name="Mapping">What it says.</param>
public sealed record NamedMapping(string Name, bool BuiltIn, Mapping Mapping);

/// <summary>The mappings that come with the product, and those that projects have added.</summary>
internal sealed class Mappings
{
    private const string Folder = "mappings/";

    private readonly Dictionary<string, Mapping> builtIn = typeof(Mappings).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToDictionary(name => name[Folder.Length..], name => Read(typeof(Mappings).Assembly.GetManifestResourceStream(name)!));

    /// <exception cref="StreamNotFoundException">404: neither the product nor the project has a mapping of that name.</exception>
    public async Task<Mapping> Find(Guid projectId, string name, IQuerySession session, CancellationToken cancellation) =>
        builtIn.GetValueOrDefault(name)
        ?? (await session.LoadAsync<StoredMapping>(StoredMapping.IdOf(projectId, name), cancellation))?.Mapping
        ?? throw new StreamNotFoundException(StoredMapping.IdOf(projectId, name));

    public async Task<IReadOnlyList<NamedMapping>> Of(Guid projectId, IQuerySession session, CancellationToken cancellation)
    {
        var own = await session.Query<StoredMapping>().Where(m => m.ProjectId == projectId).ToListAsync(cancellation);

        return [.. builtIn.Select(m => new NamedMapping(m.Key, BuiltIn: true, m.Value))
            .Concat(own.Select(m => new NamedMapping(m.Name, BuiltIn: false, m.Mapping))).OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    /// <summary>A project may call a mapping so: it is no other's name, of the product or its own, in whatever case.</summary>
    /// <exception cref="RefusedException">409, unless it is the project's own of exactly this name, which is replaced.</exception>
    public async Task RequireFree(Guid projectId, string name, IDocumentSession session, CancellationToken cancellation)
    {
        if (name.Length > 60 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            throw new InvalidException("name", "mapping-name", "A mapping's name has 1 to 60 letters, digits and hyphens.");
        if (await session.LoadAsync<StoredMapping>(StoredMapping.IdOf(projectId, name), cancellation) is not null)
            return;

        if (builtIn.Keys.Append("suggestion").Any(known => Names.Key(known) == Names.Key(name)))
            throw new RefusedException("built-in-mapping", $"'{name}' comes with the product; take another name for your own.");
        await session.MustBeFree(name, $"{projectId}",
            session.Query<StoredMapping>().Where(m => m.ProjectId == projectId && m.Name != name).OrderBy(m => m.Id),
            m => (m.Name, $"{m.ProjectId}"), first => $"/mappings/{first.Name}?project={projectId}", cancellation);
    }

    internal IReadOnlyCollection<string> ShippedNames => builtIn.Keys;

    internal Mapping Shipped(string name) => builtIn[name];

    internal static Mapping Read(Stream file)
    {
        var options = new JsonSerializerOptions();
        Json.Strict(options);
        var mapping = JsonSerializer.Deserialize<Mapping>(file, options)!;
        MappingCheck.Require(mapping);
        return mapping;
    }
}

internal static class MappingEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapMappings(UploadRule rows)
        {
            var mappings = routes.MapGroup("/mappings").WithTags("Imports");

            mappings.MapGet("/", All).Describe("The mappings a project can import with");
            mappings.MapGet("/{name}", One).Describe("One mapping, as a start for one of your own");
            mappings.MapPut("/{name}", Put).Describe("Add or replace a project's mapping: a new source needs no code",
                example: Example, problems: ["built-in-mapping", Namesakes.Taken, "field-missing", "unknown-field", "format-missing", "format-unusable", "pattern", "encoding",
                    "unknown-zone"]);
            mappings.MapPost("/{name}/trial", Try)
                .Takes(rows)
                .Describe("Say what the first 100 rows of a file would become, and store nothing",
                    problems: ["missing-column", "empty-file", "unreadable-header", "not-utf-8"]);
            mappings.MapGet("/suggestion", Suggest)
                .Describe("Propose a mapping for a file by its first line");
        }
    }

    private static readonly Mapping Example = new("Nightly export of the Acme switch", MappingKind.Calls, "acme",
        new Dictionary<string, FieldRules>
        {
            ["callId"] = new([new(Column: "ID")]),
            ["offeredAt"] = new([new(Columns: ["Day", "Time"], Format: "dd.MM.yyyy HH:mm:ss")]),
            ["answeredAt"] = new([new(After: "offeredAt", Plus: "Waited")]),
            ["endedAt"] = new([new(After: "answeredAt", Plus: "Talked")]),
            ["outcome"] = new([new(Column: "Result",
            Values: new Dictionary<string, string> { ["OK"] = "answered", ["LOST"] = "abandoned" })]),
            ["agent"] = new([new(Column: "Agent", Empty: ["-"])]),
        }, new RowFormat(Delimiter: ";"), "Europe/Berlin");

    private static async Task<Ok<IReadOnlyList<NamedMapping>>> All(
        Guid project, Caller caller, Mappings mappings, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(project);
        return TypedResults.Ok(await mappings.Of(project, session, cancellation));
    }

    private static async Task<Ok<Mapping>> One(
        string name, Guid project, Caller caller, Mappings mappings, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(project);
        return TypedResults.Ok(await mappings.Find(project, name, session, cancellation));
    }

    private static async Task<Ok<MappingTrial>> Try(
        string name, Guid project, HttpRequest request, Caller caller, ImportFolder folder, Mappings mappings, Intake.Projects projects,
        IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(project);
        var view = await projects.Get(project, cancellation);
        var mapping = await mappings.Find(project, name, session, cancellation);

        using var upload = await folder.Save(request, mapping, cancellation);
        ImportFolder.Check(upload, mapping);
        return TypedResults.Ok(MappingTrial.Of(upload, mapping, view, caller.Now));
    }

    private static async Task<Ok<MappingSuggestion>> Suggest(
        Guid project,
        [StringLength(8000, MinimumLength = 1), Description("The line that names the columns, the first record where none does, or one object.")]
        string header,
        Caller caller, Mappings mappings, IQuerySession session, CancellationToken cancellation,
        [StringLength(8000, MinimumLength = 1), Description("The first row, by which times are told.")] string? row = null)
    {
        caller.MustSee(project);
        return TypedResults.Ok(MappingSuggestion.For(header, row, await mappings.Of(project, session, cancellation), caller.Now));
    }

    private static async Task<NoContent> Put(
        string name, Guid project, Mapping mapping, Caller caller, Mappings mappings, Intake.Projects projects,
        IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(project);
        await projects.Get(project, cancellation);
        mapping = mapping with { Source = Text.Bare(mapping.Source) }; // as events name it
        MappingCheck.Require(mapping);
        await mappings.RequireFree(project, name, session, cancellation);

        session.Store(new StoredMapping(StoredMapping.IdOf(project, name), project, name, mapping, caller.Id, caller.Now));
        await session.SaveChangesAsync(cancellation);
        return TypedResults.NoContent();
    }
}
