using CallCenter.Planning.Staffing;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class OfferedLoadTests
{
    [Fact]
    public void a_steady_load_stays_what_it_is()
    {
        var day = Enumerable.Repeat(new QueueLoad(60, 1800, 2400), 10).ToList();

        OfferedLoad.Modified(day).Should().OnlyContain(load => Math.Abs(load.Erlangs - 80) < 1e-9);
    }

    [Fact]
    public void long_calls_reach_into_the_next_interval()
    {
        // One half hour of calls of an hour each: e^(-1/2) of them last it out, the rest of the day only ends them.
        var day = new[] { new QueueLoad(60, 1800, 3600), new QueueLoad(0, 1800, 3600), new QueueLoad(0, 1800, 3600) };

        var load = OfferedLoad.Modified(day, inProgress: 0);

        load[0].Erlangs.Should().BeApproximately(120 - 120 * (1 - Math.Exp(-0.5)) / 0.5, 1e-9);
        load[1].Erlangs.Should().BeApproximately(120 * (1 - Math.Exp(-0.5)) * (1 - Math.Exp(-0.5)) / 0.5, 1e-9);
        (load[2].Erlangs / load[1].Erlangs).Should().BeApproximately(Math.Exp(-0.5), 1e-9);
    }

    [Fact]
    public void short_calls_do_not_lag()
    {
        var day = new[] { new QueueLoad(60, 1800, 1), new QueueLoad(6, 1800, 1) };

        OfferedLoad.Modified(day)[1].Erlangs.Should().BeApproximately(day[1].Erlangs, 1e-3 * day[0].Erlangs);
    }

    [Property]
    public bool no_call_is_lost_on_the_way(byte[] calls, ushort handle)
    {
        // What is worked off and what is still in progress when the last calls have long ended is what was offered.
        var day = calls.Take(20).Select(c => new QueueLoad(c, 900, 1 + handle % 3600)).ToList();
        day.AddRange(Enumerable.Repeat(new QueueLoad(0, 900, 1 + handle % 3600), 120));

        var offered = day.Sum(l => l.Erlangs);
        return Math.Abs(OfferedLoad.Modified(day, inProgress: 0).Sum(l => l.Erlangs) - offered) <= 1e-6 * Math.Max(1, offered);
    }
}
