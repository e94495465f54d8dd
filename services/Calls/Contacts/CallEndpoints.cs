using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Contacts;

/// <summary>A contact leg as people look at it.</summary>
/// <param name="Source">Name of the system that the leg comes from.</param>
/// <param name="CallId">Your system's own id of the leg; lists are asked by it as <c>externalId</c>.</param>
/// <param name="Direction"><c>inbound</c> or <c>outbound</c>.</param>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="TalkSeconds">Answer to end, without hold; null while it lasts, or where either is unknown.</param>
/// <param name="HoldSeconds">Time on hold, between answer and end; null where the source never says.</param>
/// <param name="AfterContactSeconds">Work after the contact, from its end; null where the source never says.</param>
/// <param name="Outcome"><c>open</c> until the leg has ended.</param>
/// <param name="WrapUpCode">What the agent says it was about; null while they have not.</param>
/// <param name="RecordingId">SHA-256 of the recording, to be heard under <c>/recordings/{id}/audio</c>.</param>
/// <param name="ContinuedBy">Legs that continue this one; only when one call is asked for.</param>
/// <param name="Stage">Before, during or after the sale; null where nobody said.</param>
/// <param name="Holds">How often it was put on hold.</param>
/// <param name="EndReason">
/// What brought it to its end; null while it lasts or where nobody said; <c>unreported</c> where it was closed for that.
/// </param>
public sealed record CallView(
    Guid Id, long Version, Guid ProjectId, string Source, string CallId, string? Queue, string Direction, string Channel,
    string? CustomerId, DateTimeOffset? OfferedAt, DateTimeOffset? QueuedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    decimal? TalkSeconds, decimal? HoldSeconds, decimal? AfterContactSeconds, CallOutcome Outcome, Guid? AgentId, string? WrapUpCode,
    string? RecordingId, Guid? LinkedCallId, IReadOnlyList<Guid>? ContinuedBy = null,
    string? ConversationId = null, Stage? Stage = null, int Holds = 0, EndReason? EndReason = null, References? References = null)
{
    internal static CallView Of(Call call) => call.Leg is var leg ? new(
        call.Id, call.Version, call.ProjectId, call.Source, call.ExternalId, leg.Queue, leg.Direction, leg.Channel,
        leg.CustomerId, leg.OfferedAt, leg.QueuedAt, leg.AnsweredAt, leg.EndedAt,
        Seconds(leg.Talk), leg.HoldUnknown ? null : Seconds(leg.Hold), leg.AfterContactUnknown ? null : Seconds(leg.AfterContact),
        leg.Outcome, leg.AgentId, leg.WrapUpCode, call.Recording?.RecordingId, leg.LinkedCallId, ContinuedBy: null,
        leg.ConversationId, leg.Stage, leg.Holds, leg.EndReason, leg.References) : null!;

    private static decimal? Seconds(TimeSpan? time) => time is { } known ? decimal.Truncate((decimal)known.TotalMilliseconds) / 1000 : null;
}

/// <summary>An outcome as it is written in an address: in lower case, like everywhere else.</summary>
public readonly record struct OutcomeFilter(CallOutcome Value)
{
    public static bool TryParse(string text, out OutcomeFilter filter)
    {
        var known = Enum.TryParse<CallOutcome>(text, ignoreCase: true, out var outcome) && text.All(char.IsAsciiLetterLower);
        filter = new(outcome);
        return known;
    }
}

internal static class CallEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapCalls()
        {
            var calls = routes.MapGroup("/calls").WithTag("Calls", "Contacts as telephone systems report them, leg by leg.");

            calls.MapGet("/", List).Describe("Calls of a project, a page at a time");
            calls.MapGet("/{id:guid}", Get).Describe("One call, with what it continues and what continues it");
            calls.MapHistory("/{id:guid}", Get);
            calls.MapPost("/{id:guid}/wrap-up", WrapUp)
                .Describe("Say how one's own call went",
                    new WrapUpRequest("order-status", Stage.InSale, new References { ["order"] = "2026-00173" }),
                    ["reference-name", "reference-value", "too-many-references"]);
        }
    }

    /// <param name="Code">What the call was about, by a code of your own list.</param>
    /// <param name="Stage">Before, during or after the sale.</param>
    /// <param name="References">Ids of the order, the ticket, the campaign it was about, by name.</param>
    public sealed record WrapUpRequest(
        [StringLength(100, MinimumLength = 1), Line] string Code, Stage? Stage = null,
        IReadOnlyDictionary<string, string>? References = null);

    // The list follows the events at a short distance: an import of a million calls must not wait for it.
    private static async Task<Ok<Page<CallView>>> List(
        Guid project, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation,
        string? queue = null, Guid? agent = null, DateTimeOffset? from = null, DateTimeOffset? to = null,
        [Description("open, answered, abandoned or other.")] OutcomeFilter? outcome = null,
        [StringLength(60, MinimumLength = 1), Description("Name of the system that the calls come from.")] string? source = null,
        [StringLength(200, MinimumLength = 1), Description("That system's own id of the call.")] string? externalId = null)
    {
        caller.MustSee(project);
        (from, to) = (from?.ToUniversalTime(), to?.ToUniversalTime()); // the database compares instants in UTC only

        var calls = session.Query<Call>().Where(c => c.ProjectId == project).VisibleTo(caller, CallAccess.Visible);
        calls = queue is null ? calls : calls.Where(c => c.Leg.Queue == queue);
        calls = agent is null ? calls : calls.Where(c => c.Leg.AgentId == agent);
        calls = from is null ? calls : calls.Where(c => c.StartedAt >= from);
        calls = to is null ? calls : calls.Where(c => c.StartedAt < to);
        calls = source is null ? calls : calls.Where(c => c.Source == source);
        calls = externalId is null ? calls : calls.Where(c => c.ExternalId == externalId);
        calls = outcome is not { Value: var wanted } ? calls : calls.Where(c => c.Leg.Outcome == wanted);

        var found = await calls.ToPage(page, c => c.Id, cancellation);
        return TypedResults.Ok(new Page<CallView>([.. found.Items.Select(CallView.Of)], found.Next));
    }

    private static async Task<Versioned<CallView>> Get(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var call = await session.CallFor(caller, id, cancellation);
        var next = await session.Query<Call>().Where(c => c.Leg.LinkedCallId == id).Select(c => c.Id).ToListAsync(cancellation);

        return new(CallView.Of(call) with { ContinuedBy = next }, call.Version, complete: false);
    }

    private static async Task<WriteResult> WrapUp(
        Guid id, WrapUpRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.CallFor(caller, id, cancellation);
        var command = new WrapUp(
            caller.Id, request.Code, caller.Now, request.Stage, References.Require("/references", request.References));

        return new(await session.Decide<Call>(id, state => CallDecider.Decide(command, state), cancellation));
    }
}

internal static class CallAccess
{
    /// <summary>Their project's, and an agent only the calls they answered.</summary>
    public static readonly Visibility<Call> Visible = new(
        (call, projects) => call.ProjectId.IsOneOf(projects), own: (call, agent) => call.Leg.AgentId == agent);

    extension(IDocumentSession session)
    {
        /// <summary>The call as it is now, if the caller may know of it: their project's, and an agent only their own.</summary>
        /// <exception cref="StreamNotFoundException">404.</exception>
        public async Task<Call> CallFor(Caller caller, Guid id, CancellationToken cancellation) =>
            caller.MustSee(await session.Events.FetchLatest<Call>(id, cancellation), Visible);
    }
}
