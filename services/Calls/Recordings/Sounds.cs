using CallCenter.Rules;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Calls.Recordings;

/// <summary>Gives audio out, after it is on record who gets it.</summary>
internal static class Sounds
{
    public const int LongestPurpose = 200;
    public const string Sha256 = "SHA-256 of the recording in lower-case hex, as its call tells it.";

    public static readonly string[] Types = ["audio/wav", "audio/mpeg", "audio/ogg", "audio/x-gsm"];

    /// <exception cref="GoneException">410 <c>recording-erased</c>.</exception>
    public static void RequireAudio(this Recording recording)
    {
        if (recording.IsErased)
            throw new GoneException(
                "recording-erased", "The recording was deleted, with its customer's personal data or since its time was over.");
    }

    /// <param name="calls">By which it is theirs to hear.</param>
    /// <param name="play">The address that it is played under; null where it is downloaded.</param>
    public static async Task<FileStreamHttpResult> Give(
        Recording recording, Guid by, string? purpose, IReadOnlyList<Guid> calls, Guid? play, DateTimeOffset now,
        RecordingFaults recordings, IDocumentSession session, HttpRequest request, CancellationToken cancellation)
    {
        recording.RequireAudio();
        // A unit that nobody knows asks for nothing; the framework takes any for bytes.
        if (request.GetTypedHeaders().Range is { } asked && !asked.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
            request.Headers.Range = default;

        var id = recording.RecordingId;
        var audio = await recordings.Open(id, request.GetTypedHeaders().Range, cancellation);
        try
        {
            session.Events.Append(Recording.AccessesOf(id),
                new RecordingAccessed(id, by, Short(request.Headers.Range), purpose, now, calls, AddressOf(request), play));
            await session.SaveChangesAsync(cancellation);
        }
        catch
        {
            await audio.DisposeAsync();
            throw;
        }

        return TypedResults.Stream(
            audio, recording.MediaType, entityTag: new EntityTagHeaderValue($"\"{id}\""), enableRangeProcessing: true);
    }

    public static string? Short(string? text) =>
        text is { Length: > LongestPurpose } ? text[..LongestPurpose] : text is { Length: > 0 } ? FreeTexts.Masked(text) : null;

    // The gateway says whom it speaks for; who reaches the service without it is as near as the gateway itself.
    private static string? AddressOf(HttpRequest request) =>
        Short(request.Headers["X-Forwarded-For"]) ?? request.HttpContext.Connection.RemoteIpAddress?.ToString();
}
