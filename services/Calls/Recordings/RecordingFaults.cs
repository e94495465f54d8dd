using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Calls.Recordings;

/// <summary>
/// Recordings whose file is lost or damaged. Each is set aside by its id from when it is first met, stands in health and on the desk,
/// and is looked at again until its file is back.
/// </summary>
internal sealed class RecordingFaults(RecordingFolder folder, IDocumentStore store, TimeProvider clock, ILogger<RecordingFaults> log)
{
    /// <summary>What is done with them: <see cref="SetAside.Work"/>.</summary>
    public const string Work = "recording";

    /// <summary>The audio, the bytes asked for already verified.</summary>
    /// <exception cref="GoneException">410: it is lost or damaged.</exception>
    public async Task<VerifiedAudio> Open(string recordingId, RangeHeaderValue? range, CancellationToken cancellation)
    {
        try
        {
            var audio = await folder.Open(recordingId, cancellation);
            try
            {
                var (from, to) = Asked(range, audio.Length);
                await audio.Verify(from, to, cancellation);
                return audio;
            }
            catch
            {
                await audio.DisposeAsync();
                throw;
            }
        }
        catch (RecordingFaultException fault)
        {
            await Report(recordingId, fault, cancellation);
            throw new GoneException(fault.Code, fault.Message);
        }
    }

    /// <summary>Those that are known, whether it is their turn or not.</summary>
    public async Task<IReadOnlyList<string>> Known(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.Query<SetAside>().Where(s => s.Work == Work).Select(s => s.Thing).ToListAsync(cancellation);
    }

    /// <summary>Sets it aside, unless it is already.</summary>
    public async Task Report(string recordingId, RecordingFaultException fault, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<SetAside>(SetAside.IdOf(Work, recordingId), cancellation) is not null)
            return;

        session.Store(SetAside.After(before: null, Work, recordingId, fault, clock.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
        log.LogError("ALARM: recording {RecordingId}: {Reason}", recordingId, fault.Message);
    }

    // What is asked for otherwise is given whole, and verified as it goes.
    private static (long From, long To) Asked(RangeHeaderValue? range, long length) => range switch
    {
        { Ranges: { Count: 1 } ranges } when ranges.Single() is { From: { } from, To: var to } =>
            (from, Math.Min(to ?? long.MaxValue, length - 1)),
        { Ranges: { Count: 1 } ranges } when ranges.Single() is { To: { } last } => (Math.Max(0, length - last), length - 1),
        _ => (0, length - 1),
    };
}
