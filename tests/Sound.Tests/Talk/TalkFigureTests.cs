using CallCenter.Sound.Speech;
using CallCenter.Sound.Talk;

namespace CallCenter.Sound.Tests.Talk;

public sealed class TalkFigureTests
{
    private static readonly TalkThresholds Usual = new();

    [Fact]
    public void who_speaks_how_much_and_how_soon()
    {
        var figures = Of(agent: [(1.0, 1.1), (2.0, 8.0)], customer: [(9.0, 11.0)], seconds: 40);

        figures.TalkRatio.Should().BeApproximately(6.1 / 8.1, 0.001);
        figures.Greeting.Should().Be(200, "the first tenth of a second is a cough");
        figures.DeadAir.Should().Equal(new FrameRange(1100, 4000));
        figures.LongestSilence.Should().Be(new FrameRange(1100, 4000));
        figures.Anybody!.Yes.Should().Be(810);
        figures.Overtalks.Should().BeEmpty();
    }

    [Fact]
    public void who_began_while_the_other_had_the_word_cut_in()
    {
        var figures = Of(
            agent: [(0, 5), (20, 24), (24.5, 26), (40, 42), (50, 52)],
            customer: [(4, 8), (25, 27), (40.05, 42), (51.8, 55)], seconds: 60);

        figures.Overtalks.Should().Equal(
            new Overtalk(new(400, 500), Speaker.Customer),
            new Overtalk(new(2500, 2600), Speaker.Customer), // the agent had paused for half a second only
            new Overtalk(new(4005, 4200), null));
    }

    [Fact]
    public void thresholds_change_what_is_told_of_the_same_frames()
    {
        var usual = Of([(0, 5)], [(4.8, 6), (12, 13)], 20);
        var strict = Of([(0, 5)], [(4.8, 6), (12, 13)], 20,
            Usual with { DeadAirSeconds = 5, OvertalkMilliseconds = 100, AgentChannel = 2 });

        usual.DeadAir.Should().BeEmpty();
        usual.Overtalks.Should().BeEmpty();
        strict.DeadAir.Should().Equal(new FrameRange(600, 1200), new FrameRange(1300, 2000));
        strict.Overtalks.Should().Equal(new Overtalk(new(480, 500), Speaker.Agent));
        strict.Greeting.Should().Be(480);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void what_nobody_can_say_is_not_said(bool dead, bool monoAsStereo)
    {
        var figures = TalkFigures.Of([Frames(20, (0, 5)), Frames(20)], [false, dead], monoAsStereo, Usual);

        (figures.Agent, figures.Customer, figures.TalkRatio, figures.Greeting).Should().Be((null, null, null, null));
        figures.Overtalks.Should().BeEmpty();
        figures.DeadAir.Should().HaveCount(dead ? 0 : 1, "of a channel that was not recorded nobody knows that it was silent");
    }

    [Fact]
    public void frames_are_kept_bit_by_bit_and_come_back()
    {
        var frames = Frames(0.3, (0.02, 0.05), (0.09, 0.1), (0.28, 0.3));

        var back = new Frames(frames.Bits, frames.Count);

        back.Ranges().Should().Equal(new FrameRange(2, 5), new FrameRange(9, 10), new FrameRange(28, 30));
        back.Bits.Should().HaveCount(4);
        back.Not().Yes.Should().Be(24);
        back.Not().Not().Bits.Should().Equal(frames.Bits);
        back.And(back.Not()).Yes.Should().Be(0);
        back.Or(back.Not()).Yes.Should().Be(30);
    }

    private static TalkFigures Of(
        (double, double)[] agent, (double, double)[] customer, double seconds, TalkThresholds? thresholds = null) =>
        TalkFigures.Of([Frames(seconds, agent), Frames(seconds, customer)], [false, false], monoAsStereo: false, thresholds ?? Usual);

    private static Frames Frames(double seconds, params (double From, double To)[] spoken) => Sound.Speech.Frames.Of(
        [.. spoken.Select(s => new FrameRange((int)Math.Round(s.From * 100), (int)Math.Round(s.To * 100)))],
        (int)Math.Round(seconds * 100));
}
