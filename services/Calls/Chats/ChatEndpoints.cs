using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.Contracts.Calls;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Calls.Chats;

internal static class ChatEndpoints
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapChats()
        {
            routes.MapPost("/chat-turns", Report).WithTag("Chats", "When who wrote in a chat, and how long customers waited for it.")
                .Describe("Report that somebody wrote in a chat, or that it began: in any order, and as often as you like",
                    new ChatTurnRequest(new Guid("0197a8c0-0000-7000-8000-000000000001"), "web-chat", "c-4711", ChatTurnKind.Customer,
                        new DateTimeOffset(2026, 3, 2, 9, 0, 12, TimeSpan.Zero)), ["in-the-future"]);
            routes.MapGet("/chats/{id:guid}", Get).WithTags("Chats").Describe("How a chat was answered");
            routes.MapHistory("/chats/{id:guid}", Get).WithTags("Chats");
        }
    }

    /// <param name="Source">Name of your system; with <paramref name="CallId"/> it tells one chat from another, as with calls.</param>
    /// <param name="CallId">Your system's own id of the chat.</param>
    /// <param name="Kind">
    /// opened (it began, or was given to an agent), closed, or who wrote: customer, agent, or automatic for a machine, which greets but is
    /// no reply. Where nobody tells the end of a chat, the customer's thanks wait for ever.
    /// </param>
    /// <param name="At">When it happened.</param>
    /// <param name="Agent">Staff number or employee id of who wrote, or whom it was given to.</param>
    public sealed record ChatTurnRequest(
        Guid ProjectId, [StringLength(60, MinimumLength = 1), Line] string Source,
        [StringLength(200, MinimumLength = 1), Line] string CallId,
        ChatTurnKind Kind, DateTimeOffset At, [StringLength(100, MinimumLength = 1), Line] string? Agent = null);

    /// <param name="CallId">The contact leg that it is of.</param>
    /// <param name="StartedAt">The first that happened in it.</param>
    /// <param name="GreetingSeconds">From the beginning until an agent or a machine wrote; null where neither has.</param>
    /// <param name="FirstReplySeconds">From the customer's first message until an agent wrote; null while nobody has.</param>
    /// <param name="Waits">Each time that the customer waited for an agent.</param>
    public sealed record ChatView(
        Guid Id, long Version, Guid ProjectId, Guid CallId, DateTimeOffset StartedAt, decimal? GreetingSeconds, decimal? FirstReplySeconds,
        IReadOnlyList<ChatWait> Waits);

    private static async Task<PlacedResult> Report(
        ChatTurnRequest request, Caller caller, Projects projects, GroupCommit<Chat> intake, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await projects.Get(request.ProjectId, cancellation);
        if (request.At > caller.Now + Ahead)
            throw new InvalidException("/at", "in-the-future", "This has not happened yet.");

        var id = Chat.IdOf(request.ProjectId, request.Source, request.CallId);
        var report = new ChatReported(request.ProjectId, CallIds.Of(request.ProjectId, request.Source, request.CallId), request.Source,
            request.CallId, request.Kind, request.At.ToUniversalTime(), request.Agent is null ? null : project.Agent(request.Agent));

        return new(await intake.Append(id, chat => ChatDecider.Decide(report, chat), cancellation), $"/chats/{id}");
    }

    private static async Task<Versioned<ChatView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var (stored, version) = (await session.Histories<Chat>([id], cancellation)).GetValueOrDefault(id);
        var chat = caller.MustSee(stored, Visible).ToFact(id, version);

        return new(new ChatView(id, version, chat.ProjectId, chat.CallId, chat.StartedAt, chat.GreetingSeconds, chat.FirstReplySeconds,
            chat.Waits), version);
    }

    private static readonly Visibility<Chat> Visible = new(
        (chat, projects) => projects.Contains(chat.ProjectId), own: (chat, agent) => chat.Waits.Any(wait => wait.AgentId == agent));
}
