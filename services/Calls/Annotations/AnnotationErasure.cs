using CallCenter.EventSourcing;
using Marten;
using Marten.Events;

namespace CallCenter.Calls.Annotations;

/// <summary>What annotations say tells of the customer whose call it is, and of the agent. That something was said stays.</summary>
internal static class AnnotationErasure
{
    public static readonly TextsAbout Texts = new(
        "annotation-texts", [typeof(AnnotationWritten), typeof(AnnotationChanged)], About, Find, ForgetTexts);

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<AnnotationWritten>(e => e with { Remark = e.Remark with { Text = "" } });
        events.AddMaskingRuleForProtectedInformation<AnnotationChanged>(e => e with { Remark = e.Remark with { Text = "" } });
    }

    /// <summary>Those of a recording that is deleted.</summary>
    public static async Task EraseAnnotations(this IDocumentStore store, string recordingId, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var streams = await session.Query<Annotation>().Where(annotation => annotation.RecordingId == recordingId)
            .Select(annotation => annotation.Id).ToListAsync(cancellation);
        await store.EraseTexts(streams, cancellation);
        await ForgetTexts(session, streams, cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    private static IEnumerable<Guid> About(object @event) => @event is AnnotationWritten e
        ? e.AgentId is { } agent ? [e.CallId, agent] : [e.CallId] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var found = new HashSet<Guid>();
        foreach (var some in about.Chunk(500))
            found.UnionWith(await query.Query<Annotation>()
                .Where(annotation => annotation.CallId.IsOneOf(some) || annotation.AgentId!.Value.IsOneOf(some))
                .Select(annotation => annotation.Id).ToListAsync(cancellation));
        return [.. found];
    }

    private static async Task ForgetTexts(IDocumentSession session, IReadOnlyList<Guid> annotations, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<Annotation>(cancellation, annotations.ToArray()))
            .Where(annotation => annotation.Remark.Text != "")
            .Select(annotation => annotation with { Remark = annotation.Remark with { Text = "" } }).ToArray());
}
