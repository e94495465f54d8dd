using System.ComponentModel;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Calls.Recordings;

/// <summary>Who was given the audio, when, and what for.</summary>
/// <param name="Range">The bytes asked for, as the Range header said; null for all.</param>
/// <param name="Purpose">What the listener said it was for; null where they did not.</param>
public sealed record RecordingAccess(Guid By, DateTimeOffset At, string? Range, string? Purpose);

internal static class RecordingEndpoints
{
    private const int LongestPurpose = 200;

    private const string Sha256 = "SHA-256 of the recording in lower-case hex, as its call tells it.";

    extension(IEndpointRouteBuilder routes)
    {
        public void MapRecordings(UploadRule recording)
        {
            routes.MapPost("/calls/{id:guid}/recordings", Attach).WithTag("Recordings", "The audio of calls, and who has heard it.")
                .Takes(recording)
                .Describe("Attach the recording of a call", problems: ["not-a-wav", "recording-differs", "customer-erased"]);

            var recordings = routes.MapGroup("/recordings").WithTags("Recordings");
            recordings.MapGet("/{id}/audio", Audio).Produces<Stream>(StatusCodes.Status200OK, "audio/wav")
                .Produces<Stream>(StatusCodes.Status206PartialContent, "audio/wav").Produces(StatusCodes.Status304NotModified)
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
        var wav = ReadWav(upload);

        return new(await session.Attach(id, upload, wav, folder, caller, cancellation), $"/recordings/{upload.Sha256}/audio");
    }

    private static Wav ReadWav(Upload upload)
    {
        using var file = File.OpenRead(upload.Path);
        return Wav.Read(file);
    }

    private static async Task<FileStreamHttpResult> Audio(
        [Description(Sha256)] string id, Caller caller, RecordingFaults recordings, IDocumentSession session, HttpRequest request,
        CancellationToken cancellation,
        [Description("What it is listened to for, as the accesses tell it: 200 characters at most.")] string? purpose = null)
    {
        var recording = RecordingFolder.Require(id);
        var (filed, calls) = await session.MustHear(caller, recording, cancellation);
        if (filed.IsErased)
            throw new GoneException(
                "recording-erased", "The recording was deleted, with its customer's personal data or since its time was over.");

        // A unit that nobody knows asks for nothing; the framework takes any for bytes.
        if (request.GetTypedHeaders().Range is { } asked && !asked.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
            request.Headers.Range = default;

        var audio = await recordings.Open(recording, request.GetTypedHeaders().Range, cancellation);
        try
        {
            var access = new RecordingAccessed(
                recording, caller.Id, Short(request.Headers.Range), Short(purpose ?? request.Headers["X-Purpose"]), caller.Now, calls);
            session.Events.Append(Recording.AccessesOf(recording), access);
            await session.SaveChangesAsync(cancellation);
        }
        catch
        {
            await audio.DisposeAsync();
            throw;
        }

        return TypedResults.Stream(audio, "audio/wav",
            entityTag: new EntityTagHeaderValue($"\"{recording}\""), enableRangeProcessing: true);
    }

    private static async Task<Page<HistoryEntry>> History(
        [Description(Sha256)] string id, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var recording = RecordingFolder.Require(id);
        var (_, calls) = await session.MustHear(caller, recording, cancellation);

        return await session.History(
            Recording.IdOf(recording), page, cancellation, e => e.Data is not RecordingFiled filed || calls.Contains(filed.CallId));
    }

    private static async Task<Ok<Page<RecordingAccess>>> Accesses(
        [Description(Sha256)] string id, PageRequest page, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var recording = RecordingFolder.Require(id);
        var (of, calls) = await session.MustHear(caller, recording, cancellation);

        var stream = Recording.AccessesOf(recording);
        var found = await session.Events.QueryAllRawEvents().Where(e => e.StreamId == stream).ToPage(page, e => e.Id, cancellation);
        return TypedResults.Ok(new Page<RecordingAccess>(
            [.. found.Items.Select(e => (RecordingAccessed)e.Data).Where(a => of.IsThrough(a, calls))
                .Select(a => new RecordingAccess(a.By, a.At, a.Range, a.Purpose))], found.Next));
    }

    private static string? Short(string? text) =>
        text is { Length: > LongestPurpose } ? text[..LongestPurpose] : text is { Length: > 0 } ? FreeTexts.Masked(text) : null;
}
