using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Contacts;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Annotations;

/// <param name="AgentId">Whose call it is; null where nobody knew when it was written.</param>
/// <param name="From">Seconds from the beginning of the recording.</param>
/// <param name="To">Likewise; null for a moment.</param>
/// <param name="Text">Empty once it was erased.</param>
/// <param name="Readers">Who reads it: only its author, everybody but the agent, or the agent as well.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="ChangedAt">Null where it never was changed.</param>
public sealed record AnnotationView(
    Guid Id, long Version, Guid CallId, string RecordingId, Guid? AgentId, decimal From, decimal? To, string Text,
    AnnotationReaders Readers, Guid By, DateTimeOffset At, DateTimeOffset? ChangedAt)
{
    internal static AnnotationView Of(Annotation of) => new(
        of.Id, of.Version, of.CallId, of.RecordingId, of.AgentId, of.Remark.From, of.Remark.To, of.Remark.Text, of.Readers, of.By, of.At,
        of.ChangedAt);
}

internal static class AnnotationEndpoints
{
    private const int LongestText = 500;

    // Those of their project that are not somebody else's own affair; an agent those that were written for them, and their own.
    private static readonly Visibility<Annotation> Visible = new(
        (annotation, projects) => annotation.ProjectId.IsOneOf(projects),
        own: (annotation, agent) => annotation.By == agent
            || (annotation.AgentId == agent && annotation.Readers == AnnotationReaders.Agent),
        openTo: (annotation, person) => annotation.Readers != AnnotationReaders.Private || annotation.By == person);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapAnnotations()
        {
            var calls = routes.MapGroup("/calls").WithTag("Annotations", "What is said of a moment or a part of a recording.");
            calls.MapPost("/{id:guid}/annotations", Write).Describe("Say something of a moment or a part of a call's recording",
                new AnnotationRequest(12.5m, "Greets by name.", 14, AnnotationReaders.Agent), ["no-recording", .. OfRemarks]);
            calls.MapGet("/{id:guid}/annotations", List).Describe("What was said of a call's recording, in the order of the recording");

            var annotations = routes.MapGroup("/annotations").WithTags("Annotations");
            annotations.MapGet("/{id:guid}", Get).Describe("One annotation");
            annotations.MapHistory("/{id:guid}", Get);
            annotations.MapPut("/{id:guid}", Change).Describe("Change what one has written",
                new AnnotationRequest(12.5m, "Greets by name, and says theirs.", 15, AnnotationReaders.Agent),
                ["not-the-author", "annotation-removed", .. OfRemarks]);
            annotations.MapDelete("/{id:guid}", Remove).Describe(
                "Take away what one has written; its history stays", problems: ["not-the-author"]);
        }
    }

    private static IEnumerable<string> OfRemarks => ["ends-before-start", "beyond-recording"];

    /// <param name="From">Seconds from the beginning of the recording.</param>
    /// <param name="To">Likewise; left out for a moment.</param>
    /// <param name="Text">1 to 500 characters.</param>
    /// <param name="Readers">Who reads it: only its author, everybody but the agent, or the agent as well.</param>
    public sealed record AnnotationRequest(
        [Range(0.0, 86_400.0)] decimal From, [property: FreeText] [StringLength(LongestText, MinimumLength = 1), VisibleText] string Text,
        [Range(0.0, 86_400.0)] decimal? To = null, AnnotationReaders Readers = AnnotationReaders.Inspectors)
    {
        internal Remark ToRemark() => new(From, To, Text, Readers);
    }

    private static async Task<PlacedResult> Write(
        Guid id, AnnotationRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var call = await session.CallFor(caller, id, cancellation);
        var annotation = Guid.CreateVersion7();
        var command = new WriteAnnotation(annotation, id, call.ProjectId, call.Recording?.RecordingId, call.Recording?.Seconds,
            call.Leg.AgentId, request.ToRemark(), caller.Id, caller.Now);

        return new(await session.Start<Annotation>(
            annotation, state => AnnotationDecider.Decide(command, state), cancellation), $"/annotations/{annotation}");
    }

    private static async Task<Ok<Page<AnnotationView>>> List(
        Guid id, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.CallFor(caller, id, cancellation);
        var found = await session.Query<Annotation>().Where(annotation => annotation.CallId == id && !annotation.IsRemoved)
            .VisibleTo(caller, Visible).ToPage(page, annotation => annotation.Id, cancellation);
        return TypedResults.Ok(new Page<AnnotationView>(
            [.. found.Items.Select(AnnotationView.Of).OrderBy(annotation => annotation.From)], found.Next));
    }

    private static async Task<Versioned<AnnotationView>> Get(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var annotation = await session.AnnotationFor(caller, id, cancellation);
        return annotation.IsRemoved ? throw new StreamNotFoundException(id) : new(AnnotationView.Of(annotation), annotation.Version);
    }

    private static async Task<WriteResult> Change(
        Guid id, AnnotationRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var annotation = await session.AnnotationFor(caller, id, cancellation);
        var call = await session.Events.FetchLatest<Call>(annotation.CallId, cancellation);
        var command = new ChangeAnnotation(request.ToRemark(), call?.Recording?.Seconds, caller.Id, caller.Now);

        return new(await session.Decide<Annotation>(
            id, expected.Value, state => AnnotationDecider.Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Remove(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.AnnotationFor(caller, id, cancellation);
        var command = new RemoveAnnotation(caller.Id, caller.Roles.Contains("admin"), caller.Now);

        return new(await session.Decide<Annotation>(
            id, expected.Value, state => AnnotationDecider.Decide(command, state), cancellation));
    }

    /// <exception cref="StreamNotFoundException">404: there is none, or none that is theirs to read.</exception>
    private static async Task<Annotation> AnnotationFor(
        this IQuerySession session, Caller caller, Guid id, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<Annotation>(id, cancellation), Visible);
}
