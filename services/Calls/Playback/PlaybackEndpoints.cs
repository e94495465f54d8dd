using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Evidence;
using CallCenter.Calls.Intake;
using CallCenter.Calls.Recordings;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Calls.Playback;

/// <param name="Url">Whoever has it may play the recording until it ends, in a browser too, and what they play is on record.</param>
/// <param name="ExpiresAt">From then on it is 410; ask for another.</param>
/// <param name="MediaType">What a player is given.</param>
public sealed record PlayView(string Url, DateTimeOffset ExpiresAt, string MediaType);

/// <summary>A recording to be drawn.</summary>
/// <param name="Seconds">Null until it was listened to.</param>
/// <param name="Channels">None until it was listened to.</param>
public sealed record PeaksView(string RecordingId, decimal? Seconds, IReadOnlyList<ChannelPeaks> Channels);

/// <param name="Lowest">Of each bucket, from −1 to 0.</param>
/// <param name="Highest">Of each bucket, from 0 to 1.</param>
public sealed record ChannelPeaks(IReadOnlyList<double> Lowest, IReadOnlyList<double> Highest);

internal static class PlaybackEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPlayback()
        {
            var recordings = routes.MapGroup("/recordings").WithTag("Playback", "Listening in a browser, for those who may not download.");

            recordings.MapPost("/{id}/plays", Open).Describe("Get an address under which a browser may play the recording for a while",
                new PlayRequest("Coaching on Tuesday"), ["recording-erased"]).MayBeGone();
            routes.MapGet("/plays/{token}", Play).WithTags("Playback")
                .Produces<Stream>(StatusCodes.Status200OK, Sounds.Types[0], Sounds.Types[1..])
                .Produces<Stream>(StatusCodes.Status206PartialContent, Sounds.Types[0], Sounds.Types[1..])
                .Produces(StatusCodes.Status304NotModified)
                .Describe("Play; the token in the address is the permission, and it is on record before the first byte",
                    problems: ["play-expired", "recording-lost", "recording-damaged", "recording-erased"]).MayBeGone().TakesLong();
            recordings.MapGet("/{id}/peaks", Peaks).Describe("The waveform of a recording, to be drawn");
        }
    }

    /// <param name="Purpose">What it is listened to for, as the accesses tell it.</param>
    public sealed record PlayRequest([property: FreeText] [StringLength(200), Line] string? Purpose = null);

    private static async Task<Created<PlayView>> Open(
        [Description(Sounds.Sha256)] string id, PlayRequest request, Caller caller, PlayAddresses addresses, IConfiguration configuration,
        IDocumentSession session, CancellationToken cancellation)
    {
        var recording = RecordingFolder.Require(id);
        var (filed, calls) = await session.MustHear(caller, recording, cancellation);
        filed.RequireAudio();

        var play = new RecordingPlay(
            Guid.CreateVersion7(), recording, caller.Id, Sounds.Short(request.Purpose), calls, caller.Now + addresses.Lasts);
        session.Store(play);
        await session.SaveChangesAsync(cancellation);

        var path = $"/plays/{addresses.TokenOf(play)}";
        return TypedResults.Created(path, new PlayView(PublicAddress.Of(configuration) + path, play.ExpiresAt, filed.MediaType));
    }

    private static async Task<FileStreamHttpResult> Play(
        [Description("The secret part of the address that was given.")] string token, PlayAddresses addresses, RecordingFaults recordings,
        IDocumentSession session, HttpRequest request, TimeProvider clock, CancellationToken cancellation)
    {
        var (id, until) = addresses.Read(token) ?? throw new StreamNotFoundException(Guid.Empty);
        var now = clock.GetUtcNow();
        if (now >= until || await session.LoadAsync<RecordingPlay>(id, cancellation) is not { } play)
            throw new GoneException("play-expired", "The address to play the recording under is over; ask for another.");
        var recording = await session.Histories<Recording>([Recording.IdOf(play.RecordingId)], cancellation);
        var filed = recording.Values.Select(one => one.State).SingleOrDefault() ?? throw new StreamNotFoundException(Guid.Empty);

        Actor.Current = Actor.Person(play.By);
        return await Sounds.Give(filed, play.By, play.Purpose, play.Calls, play.Id, now, recordings, session, request, cancellation);
    }

    private static async Task<Ok<PeaksView>> Peaks(
        [Description(Sounds.Sha256)] string id, Caller caller, IDocumentSession session, CancellationToken cancellation,
        [Range(1, 4000), Description("How many pairs of peaks a channel has at the most; fewer where the recording is short.")]
        int buckets = 800)
    {
        var recording = RecordingFolder.Require(id);
        await session.MustHear(caller, recording, cancellation);
        var heard = await session.LoadAsync<HeardRecording>(Recording.IdOf(recording), cancellation);

        return TypedResults.Ok(new PeaksView(recording, heard?.Seconds, [.. heard?.Channels.Select(channel => new ChannelPeaks(
            [.. Most(channel.Below, buckets).Select(below => below == 0 ? 0 : -Share(below))],
            [.. Most(channel.Above, buckets).Select(Share)])) ?? []]));
    }

    // The greatest of each bucket, in which one or more of the tenths of a second lie.
    private static IEnumerable<byte> Most(byte[] peaks, int buckets)
    {
        var count = Math.Min(buckets, peaks.Length);
        return Enumerable.Range(0, count).Select(i =>
            peaks[(int)((long)i * peaks.Length / count)..(int)((i + 1L) * peaks.Length / count)].Max());
    }

    private static double Share(byte peak) => Math.Round(peak / 127.0, 3);
}
