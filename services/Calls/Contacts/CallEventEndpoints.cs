using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Intake;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Contacts;

public enum CallEventType { Offered, Queued, Answered, Held, Resumed, Ended, AfterContactWorkEnded, WrappedUp }

internal static class CallEventEndpoints
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCallEvents() => routes.MapPost("/call-events", Report).WithTags("Calls")
            .Describe("Report one thing that happened to a call: in any order, and as often as you like", Example,
                ["ends-before-it-starts", "answered-before-offered", "queued-before-offered", "abandoned-after-answer", "hold-exceeds-call",
                 "negative-duration", "too-long", "in-the-future", "customer-id-not-opaque", "wrap-up-code-missing",
                 "reference-name", "reference-value", "too-many-references"]);
    }

    private static readonly CallEventRequest Example = new(
        new Guid("0197a8c0-0000-7000-8000-000000000001"), "switch-1", "1772442000.17", CallEventType.Answered,
        new DateTimeOffset(2026, 3, 2, 9, 0, 12, TimeSpan.Zero), Agent: "1042");

    /// <param name="Source">Name of your system; with <paramref name="CallId"/> it tells one call from another.</param>
    /// <param name="CallId">Your system's own id of the leg.</param>
    /// <param name="Type">What happened to the leg.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="Direction"><c>inbound</c> when left out; with <c>offered</c>.</param>
    /// <param name="Channel">voice when left out; with <c>offered</c>.</param>
    /// <param name="Agent">Staff number or employee id of who answered.</param>
    /// <param name="CustomerId">Your system's id of the customer; never a name or a telephone number.</param>
    /// <param name="Outcome">How it ended if nobody answered: abandoned or other.</param>
    /// <param name="WrapUpCode">What it was about, by a code of your own list; with <c>wrapped-up</c>.</param>
    /// <param name="LinkedTo">Your id of the leg that this one continues.</param>
    /// <param name="ConversationId">Your system's own id of what its legs are parts of; with <c>offered</c>.</param>
    /// <param name="Stage">Before, during or after the sale; with <c>offered</c> and <c>wrapped-up</c>.</param>
    /// <param name="EndReason">What brought it to its end; with <c>ended</c>.</param>
    /// <param name="References">
    /// Ids of the order, the ticket, the campaign it is about, by name; with <c>offered</c> and <c>wrapped-up</c>.
    /// </param>
    /// <param name="HoldUnknown">
    /// Your system never says when a call is held, so that its hold time is unknown rather than 0; with <c>answered</c> and <c>ended</c>.
    /// </param>
    /// <param name="AfterContactUnknown">
    /// Your system never says when the work after a call ends, likewise; with <c>answered</c> and <c>ended</c>.
    /// </param>
    public sealed record CallEventRequest(
        Guid ProjectId, [StringLength(60, MinimumLength = 1), Line] string Source,
        [StringLength(200, MinimumLength = 1), Line] string CallId,
        CallEventType Type, DateTimeOffset At,
        [StringLength(100, MinimumLength = 1), Line] string? Queue = null,
        [AllowedValues(null, "inbound", "outbound")] string? Direction = null,
        [StringLength(30, MinimumLength = 1), Line] string? Channel = null,
        [Line] string? CustomerId = null,
        [StringLength(100, MinimumLength = 1), Line] string? Agent = null,
        [AllowedValues(null, CallOutcome.Abandoned, CallOutcome.Other)] CallOutcome? Outcome = null,
        [StringLength(100, MinimumLength = 1), Line] string? WrapUpCode = null,
        [StringLength(200, MinimumLength = 1), Line] string? LinkedTo = null,
        [StringLength(200, MinimumLength = 1), Line] string? ConversationId = null,
        Stage? Stage = null, EndReason? EndReason = null, IReadOnlyDictionary<string, string>? References = null,
        bool HoldUnknown = false, bool AfterContactUnknown = false);

    private static async Task<PlacedResult> Report(
        CallEventRequest request, Caller caller, Projects projects, GroupCommit<Call> intake, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var report = Reported(request, await projects.Get(request.ProjectId, cancellation), caller.Now);
        var id = CallIds.Of(request.ProjectId, request.Source, request.CallId);

        return new(await intake.Append(id, state => CallDecider.Decide(report, state), cancellation), $"/calls/{id}");
    }

    private static ICallReport Reported(CallEventRequest request, ProjectView project, DateTimeOffset now)
    {
        CallIds.RequireOpaque(request.CustomerId);
        if (request.At > now + Ahead)
            throw new InvalidException("/at", "in-the-future", "This has not happened yet.");

        var details = new ReportDetails(
            request.Queue, request.Direction ?? "inbound", request.Channel ?? "voice", request.CustomerId,
            request.Agent is null ? null : project.Agent(request.Agent), request.Outcome, request.WrapUpCode,
            request.LinkedTo is null ? null : CallIds.Of(request.ProjectId, request.Source, request.LinkedTo),
            request.ConversationId, request.Stage, request.EndReason, References.Require("/references", request.References),
            HoldUnknown: request.HoldUnknown, AfterContactUnknown: request.AfterContactUnknown);

        return details.Report(ReportDetails.Kinds[(int)request.Type], request.ProjectId, request.Source, request.CallId, request.At)
            ?? throw new InvalidException("/wrapUpCode", "wrap-up-code-missing", "A wrap-up needs its code.");
    }
}
