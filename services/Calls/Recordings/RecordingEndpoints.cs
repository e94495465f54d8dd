using System.ComponentModel;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Recordings;

/// <summary>Who was given the audio, when, and what for.</summary>
/// <param name="Range">The bytes asked for, as the Range header said; null for all.</param>
/// <param name="Purpose">What the listener said it was for; null where they did not.</param>
/// <param name="Way">Whether it was played under an address for that, or downloaded.</param>
/// <param name="From">The network address that it went to; null where it was not kept.</param>
public sealed record RecordingAccess(Guid By, DateTimeOffset At, string? Range, string? Purpose, AccessWay Way, string? From);

public enum AccessWay { Download, Play }

internal static class RecordingEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRecordings(UploadRule recording)
        {
            routes.MapPost("/calls/{id:guid}/recordings", Attach).WithTag("Recordings", "The audio of calls, and who has heard it.")
                .Takes(recording)
                .Describe("Attach the recording of a call", problems: ["not-a-wav", "not-a-recording", "recording-differs", "customer-erased"]);

            var recordings = routes.MapGroup("/recordings").WithTags("Recordings");
            recordings.MapGet("/{id}/audio", Audio).Produces<Stream>(StatusCodes.Status200OK, Sounds.Types[0], Sounds.Types[1..])
                .Produces<Stream>(StatusCodes.Status206PartialContent, Sounds.Types[0], Sounds.Types[1..])
                .Produces(StatusCodes.Status304NotModified)
                .Describe("Listen; who did, and what for, is on record before the first byte",
                    problems: ["recording-lost", "recording-damaged", "recording-erased"]).MayBeGone().TakesLong();
            recordings.MapGet("/{id}/history", History).Describe("Which calls the recording was filed to, by whom, when and why");
            recordings.MapGet("/{id}/accesses", Accesses).Describe("Who listened to a recording");
        }
    }

    private static async Task<PlacedResult> Attach(
        Guid id, HttpRequest request, Caller caller, RecordingFolder folder, IDocumentSession session, CancellationToken cancellation)
    {
        await session.CallFor(caller, id, cancellation);
        using var upload = await folder.Save(request, cancellation);
        var sound = RecordingFolder.Inspect(upload);

        return new(await session.Attach(id, upload, sound, folder, caller, cancellation), $"/recordings/{upload.Sha256}/audio");
    }

    private static async Task<FileStreamHttpResult> Audio(
        [Description(Sounds.Sha256)] string id, Caller caller, RecordingFaults recordings, IDocumentSession session, HttpRequest request,
        CancellationToken cancellation,
        [Description("What it is listened to for, as the accesses tell it: 200 characters at most.")] string? purpose = null)
    {
        var recording = RecordingFolder.Require(id);
        var (filed, calls) = await session.MustHear(caller, recording, cancellation);
        return await Sounds.Give(filed, caller.Id, Sounds.Short(purpose ?? request.Headers["X-Purpose"]), calls, play: null, caller.Now,
            recordings, session, request, cancellation);
    }

    private static async Task<Page<HistoryEntry>> History(
        [Description(Sounds.Sha256)] string id, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var recording = RecordingFolder.Require(id);
        var (_, calls) = await session.MustHear(caller, recording, cancellation);

        return await session.History(
            Recording.IdOf(recording), page, cancellation, e => e.Data is not RecordingFiled filed || calls.Contains(filed.CallId));
    }

    private static async Task<Ok<Page<RecordingAccess>>> Accesses(
        [Description(Sounds.Sha256)] string id, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var recording = RecordingFolder.Require(id);
        var (of, calls) = await session.MustHear(caller, recording, cancellation);

        var stream = Recording.AccessesOf(recording);
        var found = await session.Events.QueryAllRawEvents().Where(e => e.StreamId == stream).ToPage(page, e => e.Id, cancellation);
        return TypedResults.Ok(new Page<RecordingAccess>(
            [.. found.Items.Select(e => (RecordingAccessed)e.Data).Where(a => of.IsThrough(a, calls))
                .Select(a => new RecordingAccess(
                    a.By, a.At, a.Range, a.Purpose, a.Play is null ? AccessWay.Download : AccessWay.Play, a.From))], found.Next));
    }
}
