using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Scheduling.Leaves;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests.Leaves;

public sealed class LeaveRetentionTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [Fact]
    public async Task why_leave_was_declined_goes_with_its_time_and_its_days_stay()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var supervisor = world.Entering;
        var leave = World.Location(await supervisor.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = Monday, lastDay = Monday.AddDays(4), kind = "annual",
            paid = true,
        }));
        await supervisor.Send(HttpMethod.Post, $"{leave}/refusal", version: 1, body: new { reason = "Too many are away." });

        (await Sweep(Monday.AddDays(34))).Should().Be(new Swept(0, 0), "its last day is 30 days ago");
        (await Sweep(Monday.AddDays(35), new LegalHold(Guid.Empty, Monday.AddDays(4), null))).Should().Be(new Swept(0, 1));
        (await Sweep(Monday.AddDays(35), new LegalHold(Guid.Empty, Monday.AddDays(5), null))).Should().Be(new Swept(1, 0));
        (await Sweep(Monday.AddDays(35))).Should().Be(new Swept(0, 0));

        var kept = await supervisor.Get<JsonElement>(leave);
        (kept.GetProperty("reason").GetString(), kept.GetProperty("firstDay").GetString()).Should().Be(("", "2026-03-02"));

        Task<Swept> Sweep(DateOnly today, params LegalHold[] holds) => Sweeping.Of<LeaveRetention>(
            api, world.Project, new DateTimeOffset(today, new(12, 0), TimeSpan.FromHours(8)), holds);
    }
}
