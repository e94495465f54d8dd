using CallCenter.Sound.Speech;

namespace CallCenter.Sound.Talk;

public enum Speaker { Agent, Customer }

/// <summary>From when silence is dead air, and speech at the same time overtalk. They may change; what was heard does not.</summary>
/// <param name="AgentChannel">The agent's in recordings of two channels; 1 or 2.</param>
/// <param name="DeadAirSeconds">Nobody speaks for so long, or longer.</param>
/// <param name="OvertalkMilliseconds">Both speak for so long, or longer; less is a yes or a hm.</param>
/// <param name="PauseMilliseconds">Who pauses for no longer still has the word.</param>
/// <param name="GreetingMilliseconds">The first that the agent says is so long, or longer; less is a cough.</param>
public sealed record TalkThresholds(
    int AgentChannel = 1, decimal DeadAirSeconds = 10, int OvertalkMilliseconds = 400, int PauseMilliseconds = 800,
    int GreetingMilliseconds = 250);

/// <summary>Both speak.</summary>
/// <param name="CutIn">Who began while the other had the word; null where they began together.</param>
public sealed record Overtalk(FrameRange Frames, Speaker? CutIn);

/// <summary>Who spoke when, and when nobody did.</summary>
/// <param name="Agent">Null where nobody can say who speaks: in mono, in mono as stereo, and where a channel is dead.</param>
/// <param name="Anybody">Null where a channel is dead: whether somebody spoke there, nobody knows.</param>
/// <param name="Greeting">First frame of the first that the agent says; null where they say nothing, or nobody can say who speaks.</param>
public sealed record TalkFigures(
    Frames? Agent, Frames? Customer, Frames? Anybody, IReadOnlyList<FrameRange> DeadAir, FrameRange? LongestSilence,
    IReadOnlyList<Overtalk> Overtalks, int? Greeting)
{
    /// <summary>
    /// By the frames alone, so that it may be done again by other thresholds when the sound is gone.
    /// </summary>
    /// <param name="channels">Speech of each.</param>
    /// <param name="dead">Which of them are dead.</param>
    public static TalkFigures Of(
        IReadOnlyList<Frames> channels, IReadOnlyList<bool> dead, bool monoAsStereo, TalkThresholds thresholds)
    {
        var anybody = dead.Contains(true) ? null : channels.Aggregate((a, b) => a.Or(b));
        var silences = anybody?.Not().Ranges() ?? [];
        var deadAir = silences.Where(span => span.Length >= thresholds.DeadAirSeconds * Frames.PerSecond).ToList();
        FrameRange? longest = silences.Count > 0 ? silences.MaxBy(span => span.Length) : null;
        if (anybody is null || monoAsStereo || channels.Count != 2)
            return new(null, null, anybody, deadAir, longest, [], null);

        var agent = channels[thresholds.AgentChannel - 1];
        var customer = channels[2 - thresholds.AgentChannel];
        var greeting = agent.Ranges().Where(span => span.Length * 10 >= thresholds.GreetingMilliseconds).Select(span => (int?)span.From)
            .FirstOrDefault();
        return new(agent, customer, anybody, deadAir, longest, Both(agent, customer, thresholds), greeting);
    }

    /// <summary>Of all the time that one of the two speaks, the agent's share; null where nobody can say, or nobody speaks.</summary>
    public double? TalkRatio => Agent is { } agent && Customer is { } customer && agent.Yes + customer.Yes > 0
        ? (double)agent.Yes / (agent.Yes + customer.Yes) : null;

    private const int Together = 10; // frames: who is as close behind did not hear the other begin

    private static List<Overtalk> Both(Frames agent, Frames customer, TalkThresholds thresholds)
    {
        var pause = thresholds.PauseMilliseconds / 10;
        var (agents, customers) = (SpeechDetector.Joined(agent.Ranges(), pause), SpeechDetector.Joined(customer.Ranges(), pause));
        return [.. agent.And(customer).Ranges().Where(span => span.Length * 10 >= thresholds.OvertalkMilliseconds).Select(span =>
        {
            var (a, c) = (Turn(agents, span).From, Turn(customers, span).From);
            return new Overtalk(span, Math.Abs(a - c) <= Together ? null : a > c ? Speaker.Agent : Speaker.Customer);
        })];
    }

    // Turns are in order: the last that begins before the end of the stretch has it.
    private static FrameRange Turn(IReadOnlyList<FrameRange> turns, FrameRange within)
    {
        var (low, high) = (0, turns.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = turns[middle].From <= within.From ? (middle, high) : (low, middle - 1);
        }

        return turns[low];
    }
}
