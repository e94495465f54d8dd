using CallCenter.Calls.Contacts;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

public sealed class OpenLegJourneys(ClosingCallsApi api) : IClassFixture<ClosingCallsApi>
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task a_call_whose_end_nobody_reports_is_closed_and_told_with_its_cause()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project(staff: (ada, "1042"));
        using var client = api.Integrator(project);
        var written = await client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "switch", callId = "lost", type = "answered", at = Nine.AddMilliseconds(500), agent = "1042",
        });

        var closed = await api.Published<CallV1>(f => f.ProjectId == project && f.ExternalId == "lost" && f.EndReason == "unreported");
        closed.Should().BeEquivalentTo(new { Outcome = "answered", EndedAt = (DateTimeOffset?)null });
        (await client.Get<CallView>(written.Headers.Location!.ToString())).Should().BeEquivalentTo(
            new { EndReason = EndReason.Unreported, TalkSeconds = (decimal?)null });

        await client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "switch", callId = "lost", type = "ended", at = Nine.AddMilliseconds(30_400),
        });
        (await client.Get<CallView>(written.Headers.Location!.ToString())).Should().BeEquivalentTo(
            new { EndReason = (EndReason?)null, TalkSeconds = 29.9m });
    }
}
