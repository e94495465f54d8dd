namespace CallCenter.Sound.Speech;

/// <summary>A key that was pressed.</summary>
/// <param name="Key">0 to 9, *, #, A to D.</param>
public readonly record struct KeyTone(FrameRange Frames, char Key);

/// <summary>
/// Finds the tones of telephone keys (DTMF, ITU-T Q.23 and Q.24) by Goertzel's algorithm over 30 ms, every 10 ms: two tones, one of each
/// group, about as loud as each other, that are nearly all there is to hear.
/// </summary>
internal sealed class KeyTones
{
    private const int Frame = TelephoneBand.Rate / Frames.PerSecond;
    private const int Window = 3 * Frame;
    private const double Quietest = 1e-4; // of full scale, in power: −40 dB
    private const double LeastShare = 0.7;
    private const double MostApart = 8; // dB: what networks allow between the two groups, and a little
    private const string Keys = "123A456B789C*0#D";
    private static readonly double[] Turns = [.. new[] { 697, 770, 852, 941, 1209, 1336, 1477, 1633 }
        .Select(hertz => 2 * Math.Cos(2 * Math.PI * hertz / TelephoneBand.Rate))];

    private readonly double[] window = new double[Window];
    private readonly List<KeyTone> found = [];
    private char held;
    private int since;
    private int frames;

    public IReadOnlyList<KeyTone> Found => found;

    /// <summary>Takes the next 10 ms.</summary>
    public void Take(ReadOnlySpan<double> frame)
    {
        Array.Copy(window, Frame, window, 0, Window - Frame);
        frame.CopyTo(window.AsSpan(Window - Frame));
        frames++;

        var key = Heard();
        if (key == held)
            return;
        End();
        (held, since) = (key, frames);
    }

    /// <summary>Says that nothing follows.</summary>
    public void End()
    {
        // A key is held for 40 ms at the least, in which two windows of 30 ms lie wholly.
        if (held != '\0' && frames - since >= 1)
            found.Add(new(new(Math.Max(0, since - 3), frames - 1), held));
        held = '\0';
    }

    private char Heard()
    {
        var power = 0.0;
        foreach (var x in window)
            power += x * x;
        if (power / Window < Quietest)
            return '\0';

        Span<double> tones = stackalloc double[8];
        for (var i = 0; i < tones.Length; i++)
            tones[i] = Power(Turns[i]);

        var (low, high) = (Loudest(tones[..4]), Loudest(tones[4..]));
        var (a, b) = (tones[low], tones[4 + high]);
        return a + b >= LeastShare * power && Math.Abs(10 * Math.Log10(a / b)) <= MostApart ? Keys[(4 * low) + high] : '\0';
    }

    // As much as the whole would have if there were nothing but this tone.
    private double Power(double turn)
    {
        var (s1, s2) = (0.0, 0.0);
        foreach (var x in window)
            (s1, s2) = (x + (turn * s1) - s2, s1);
        return 2 * ((s1 * s1) + (s2 * s2) - (turn * s1 * s2)) / Window;
    }

    private static int Loudest(ReadOnlySpan<double> tones)
    {
        var loudest = 0;
        for (var i = 1; i < tones.Length; i++)
            loudest = tones[i] > tones[loudest] ? i : loudest;
        return loudest;
    }
}
