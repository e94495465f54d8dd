using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using CallCenter.Rules;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.Web;

/// <summary>What of a service waits for somebody to look.</summary>
/// <param name="Service">Its name.</param>
/// <param name="ErrorQueues">Those of its error queues that are not empty.</param>
/// <param name="SetAside">What its work left out for now, the longest first: at most 500.</param>
/// <param name="Skipped">Messages that were skipped, newest first: the last fifty.</param>
public sealed record Desk(
    string Service, IReadOnlyList<DeskQueue> ErrorQueues, IReadOnlyList<SetAside> SetAside, IReadOnlyList<DeskSkipped> Skipped);

/// <param name="Queue">The queue that they failed in.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Oldest">When the longest waiting of the first ones failed.</param>
/// <param name="First">The first fifty.</param>
public sealed record DeskQueue(string Queue, long Count, DateTimeOffset? Oldest, IReadOnlyList<DeskMessage> First);

/// <param name="Type">Which fact it is.</param>
/// <param name="Reason">As the failure said it; it may quote what is in the message.</param>
/// <param name="At">When it failed; null where that is not known.</param>
public sealed record DeskMessage(Guid Id, string Type, string Reason, DateTimeOffset? At);

/// <param name="Queue">The queue that it failed in.</param>
/// <param name="Type">Which fact it is.</param>
/// <param name="Reason">Why it was skipped.</param>
/// <param name="By">Who skipped it.</param>
/// <param name="At">When.</param>
public sealed record DeskSkipped(Guid Id, string Queue, string Type, string Reason, Guid By, DateTimeOffset At);

/// <summary>One message. Of its body every text is masked that is no id, day or instant: what it is about is not for operators.</summary>
/// <param name="Queue">The queue that it failed in.</param>
/// <param name="Type">Which fact it is.</param>
/// <param name="Reason">As the failure said it.</param>
/// <param name="At">When it failed; null where that is not known.</param>
/// <param name="Bytes">Size of the body.</param>
/// <param name="Body">Null where it is no JSON.</param>
public sealed record DeskLook(
    Guid Id, string Queue, string Type, string Reason, DateTimeOffset? At, int Bytes, JsonNode? Body);

/// <summary>Who did what at the desk. Only ever added to.</summary>
/// <param name="Did"><c>look</c>, <c>retry</c> or <c>skip</c>.</param>
/// <param name="At">Just before it was done.</param>
/// <param name="Queue">Of a message; null for something that a job set aside.</param>
/// <param name="Thing">Id of the message, or what was set aside.</param>
/// <param name="Why">The reason that the request gave; null where it gave none.</param>
public sealed record DeskEntry(Guid Id, Guid By, string Did, string? Queue, string Thing, string? Why, DateTimeOffset At);

/// <summary>A message that somebody decided to leave out, whole, in case they were wrong.</summary>
public sealed record SkippedMessage(
    Guid Id, Guid MessageId, string Queue, string Type, string Fault, byte[] Body, IReadOnlyDictionary<string, string> Headers,
    string Reason, Guid By, DateTimeOffset At);

/// <summary>Skipped messages hold personal data like any other: they are not kept for ever.</summary>
internal sealed class SkippedMessages(IDocumentStore store) : IRetained
{
    public static string Name => "SkippedMessages";

    public static TimeSpan Period => TimeSpan.FromDays(90);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var old = await session.Query<SkippedMessage>().CountAsync(message => message.At < before, cancellation);
        session.DeleteWhere<SkippedMessage>(message => message.At < before);
        await session.SaveChangesAsync(cancellation);
        return old;
    }
}

/// <summary>
/// Where an operator sees what stands and moves it: error queues and what jobs have set aside. Whoever looks, retries or skips
/// is on record before it happens (docs/decisions/0017).
/// </summary>
internal static class OperationsDesk
{
    private const int Shown = 50;
    private const int LongestReason = 500;

    public sealed record Skip(string Reason);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapOperationsDesk()
        {
            var desk = routes.MapGroup("/operations-desk")
                .WithTag("Operations desk", "What stands and waits for an operator: look, retry, skip.");
            desk.MapGet("/", Get).Describe("What waits for somebody to look: error queues, what jobs have set aside, what was skipped");
            desk.MapGet("/retention-sweeps", Sweeps)
                .Describe("What was deleted since its time was over, and how much a legal hold kept, oldest first");
            desk.MapGet("/entries", Entries).Describe("Who looked, retried and skipped, when and why, oldest first");

            var message = desk.MapGroup("/error-queues/{queue}/messages/{id:guid}");
            message.MapGet("/", Look).Describe("Look at one message; its texts are masked, and who looked is on record");
            message.MapPost("/retry", RetryMessage).Describe("Move one message back to its queue, once", problems: ["queue-away"]);
            message.MapPost("/skip", SkipMessage).Describe(
                "Leave one message out for good; it is kept for 90 days", new Skip("Sent by a test system"), ["skip-reason"]);

            var aside = desk.MapGroup("/set-aside/{id:guid}");
            aside.MapPost("/retry", RetryThing).Describe("Let the job try it again at its next run");
            aside.MapPost("/skip", SkipThing).Describe(
                "Let the job leave it out until somebody retries it", new Skip("The project has closed"), ["skip-reason"]);
        }
    }

    private static async Task<Ok<Desk>> Get(
        ErrorQueues queues, ServiceMeter meter, IQuerySession session, CancellationToken cancellation)
    {
        var failed = await queues.List(Shown, cancellation);
        var aside = await session.Query<SetAside>().OrderBy(thing => thing.Since).Take(500).ToListAsync(cancellation);
        var skipped = await session.Query<SkippedMessage>().OrderByDescending(message => message.At).Take(Shown).ToListAsync(cancellation);

        return TypedResults.Ok(new Desk(
            meter.Service,
            [.. failed.Select(queue => new DeskQueue(queue.Queue, queue.Count, queue.First.Min(message => message.At),
                [.. queue.First.Select(message => new DeskMessage(message.Id, message.Type, message.Reason, message.At))]))],
            aside,
            [.. skipped.Select(message =>
                new DeskSkipped(message.MessageId, message.Queue, message.Type, message.Reason, message.By, message.At))]));
    }

    private static async Task<Page<DeskEntry>> Entries(PageRequest page, IQuerySession session, CancellationToken cancellation) =>
        await session.Query<DeskEntry>().ToPage(page, entry => entry.Id, cancellation);

    private static async Task<Page<RetentionSweep>> Sweeps(
        Guid? projectId, string? kind, PageRequest page, IQuerySession session, CancellationToken cancellation) =>
        await session.Query<RetentionSweep>()
            .Where(sweep => (projectId == null || sweep.ProjectId == projectId) && (kind == null || sweep.Kind == kind))
            .ToPage(page, sweep => sweep.Id, cancellation);

    private static async Task<Ok<DeskLook>> Look(
        string queue, Guid id, Caller caller, ErrorQueues queues, IDocumentSession session, CancellationToken cancellation)
    {
        var found = await queues.Find(queue, id, cancellation) ?? throw new StreamNotFoundException(id);
        await Record(session, Entry(caller, "look", queue, $"{id}", Actor.Current?.Reason), cancellation);

        return TypedResults.Ok(new DeskLook(id, queue, found.Type, found.Reason, found.At, found.Body.Length, Masked(found.Body)));
    }

    private static async Task<NoContent> RetryMessage(
        string queue, Guid id, Caller caller, ErrorQueues queues, IDocumentSession session, CancellationToken cancellation)
    {
        try
        {
            var entry = Entry(caller, "retry", queue, $"{id}", Actor.Current?.Reason);
            return Done(id, await queues.Retry(queue, id, _ => Record(session, entry, cancellation), cancellation));
        }
        catch (PublishException)
        {
            throw new RefusedException("queue-away", "The queue is not there to take the message back; it stays in the error queue.");
        }
    }

    private static async Task<NoContent> SkipMessage(
        string queue, Guid id, Skip request, Caller caller, ErrorQueues queues, IDocumentSession session, CancellationToken cancellation)
    {
        var reason = Required(request);
        return Done(id, await queues.Remove(queue, id, message =>
        {
            // Under the same id when a crash came between keeping and removing it.
            session.Store(new SkippedMessage(
                NameId.Of("skipped-message", queue, id, message.At?.ToUnixTimeMilliseconds() ?? 0), id, queue, message.Type, message.Reason,
                message.Body, message.Headers, reason, caller.Id, caller.Now));
            return Record(session, Entry(caller, "skip", queue, $"{id}", reason), cancellation);
        }, cancellation));
    }

    private static NoContent Done(Guid id, FailedMessage? found) =>
        found is null ? throw new StreamNotFoundException(id) : TypedResults.NoContent();

    private static Task<NoContent> RetryThing(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        Change(id, caller, "retry", Actor.Current?.Reason, aside => aside.Retry(caller.Now), session, cancellation);

    private static Task<NoContent> SkipThing(
        Guid id, Skip request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var reason = Required(request);
        return Change(id, caller, "skip", reason, aside => aside.Skip(reason), session, cancellation);
    }

    private static async Task<NoContent> Change(
        Guid id, Caller caller, string did, string? why, Func<SetAside, SetAside> change, IDocumentSession session,
        CancellationToken cancellation)
    {
        var aside = await session.LoadAsync<SetAside>(id, cancellation) ?? throw new StreamNotFoundException(id);
        session.Store(change(aside));
        await Record(session, Entry(caller, did, queue: null, $"{aside.Work} of {aside.Thing}", why), cancellation);
        return TypedResults.NoContent();
    }

    private static DeskEntry Entry(Caller caller, string did, string? queue, string thing, string? why) =>
        new(Guid.CreateVersion7(), caller.Id, did, queue, thing, why, caller.Now);

    private static Task Record(IDocumentSession session, DeskEntry entry, CancellationToken cancellation)
    {
        session.Insert(entry);
        return session.SaveChangesAsync(cancellation);
    }

    private static string Required(Skip request) =>
        request.Reason.Trim() is { Length: > 0 and <= LongestReason } reason && Text.IsVisible(reason) ? reason
            : throw new InvalidException("/reason", "skip-reason", $"A reason is 1 to {LongestReason} characters.");

    private static JsonNode? Masked(byte[] body)
    {
        try
        {
            return Masked(JsonNode.Parse(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The shape of it with its ids, times and numbers; of every other text only how long it is.</summary>
    internal static JsonNode? Masked(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Masked(member.Value)))),
        JsonArray elements => new JsonArray([.. elements.Select(Masked)]),
        JsonValue value when value.GetValueKind() is JsonValueKind.String && value.GetValue<string>() is var text && !IsShown(text) =>
            JsonValue.Create($"({text.Length} characters)"),
        _ => node?.DeepClone(),
    };

    private static bool IsShown(string text) => Guid.TryParse(text, out _)
        || text.StartsWith("urn:message:CallCenter.", StringComparison.Ordinal)
        || (text.Length >= 10 && char.IsAsciiDigit(text[0]) && DateTimeOffset.TryParseExact(
            text.Length == 10 ? text + "T00:00:00Z" : text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"],
            System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _));
}
