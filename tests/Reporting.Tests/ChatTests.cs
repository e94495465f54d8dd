using CallCenter.Contracts.Calls;
using CallCenter.Reporting.Kpis;

namespace CallCenter.Reporting.Tests;

public sealed class ChatTests(FactDatabase database) : IClassFixture<FactDatabase>
{
    // AS-19
    [Fact]
    public async Task of_two_hundred_chats_188_are_greeted_in_five_seconds_and_186_replied_to_in_a_minute()
    {
        var facts = new RandomFacts(7, "Asia/Shanghai", new DateOnly(2026, 3, 2), "chats");
        var (noon, agent) = (facts.Calendar.StartOf(new DateOnly(2026, 3, 4)).AddHours(12), Guid.CreateVersion7());
        ChatV1 Chat(decimal? greeting, decimal? reply, ChatWait? wait = null) => new(Guid.CreateVersion7(), 1, facts.Project.Id,
            Guid.CreateVersion7(), noon, noon, greeting, reply, [wait ?? new(noon, noon.AddSeconds((double)(reply ?? 0)), null, agent)]);

        await database.Keep(
        [
            .. Enumerable.Range(0, 188).Select(i => Chat(i == 0 ? 5.000m : 2m, i < 186 ? i == 0 ? 60.000m : 20m : 60.001m)),
            .. Enumerable.Range(0, 11).Select(_ => Chat(5.001m, 61m)),
            // The customer left without a reply, and was never greeted.
            Chat(null, null, new(noon, null, noon.AddSeconds(30), agent)),
        ]);
        await database.RollUp(facts.Project, facts.Teams);

        (await Share("chat-greeting")).Should().Be(0.94m);
        (await Share("chat-first-reply")).Should().Be(0.93m);
        (await Share("chats")).Should().Be(200);

        // Who waits still is neither in time nor late.
        await database.Keep([Chat(1m, null, new(noon, null, null, agent))]);
        await database.RollUp(facts.Project, facts.Teams);
        (await Share("chats"), await Share("chat-first-reply")).Should().Be((201, 0.93m));

        async Task<decimal?> Share(string kpi)
        {
            var of = KpiCatalogue.Get(kpi);
            return of.ValueOf(of.Variants[0].Of((await database.Figures(facts.Project.Id, "week", "agent"))
                .Single(week => week.Key == $"{agent}").Figures));
        }
    }
}
