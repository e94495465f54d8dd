using System.Net;
using CallCenter.Attendance.Handovers;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;
using CallCenter.Web;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests.Handovers;

public sealed class HandoverJourneys(AttendanceApi api)
{
    [Fact]
    public async Task a_shift_hands_over_and_the_next_takes_note()
    {
        var world = await api.People();
        var (early, next) = (api.Agent(world), api.Agent(world, 1));
        var written = await early.Send(HttpMethod.Post, "/handovers", body: new
        {
            projectId = world.Project, teamId = world.Team, date = Monday,
            matters = new[] { new { subject = "Switch", text = "Line 3 is out.", key = true } },
        });
        var handover = written.Headers.Location!.ToString();
        var open = $"/handovers?projectId={world.Project}&open=true";

        (await next.Get<Page<Handover>>(open)).Items.Should().ContainSingle()
            .Which.Matters.Should().Equal(new Matter("Switch", "Line 3 is out.", Key: true));
        await (await early.Send(HttpMethod.Post, $"{handover}/acknowledgement", version: 1))
            .ShouldBeProblem(HttpStatusCode.Conflict, "own-handover");
        (await next.Send(HttpMethod.Post, $"{handover}/acknowledgement", version: 1)).Version().Should().Be(2);
        (await next.Get<Page<Handover>>(open)).Items.Should().BeEmpty();

        await early.Send(HttpMethod.Post, $"{handover}/matters", version: 2, new { subject = "Promise", text = "Call back by six." });
        (await next.Get<Page<Handover>>(open)).Items.Should().ContainSingle("there is something new in it");
        (await early.Get<Page<HistoryEntry>>($"{handover}/history")).Items.Select(e => (e.What, e.By.Id)).Should().Equal(
            ("handover-written", world.Agents[0]), ("handover-acknowledged", world.Agents[1]), ("matter-added", world.Agents[0]));
        var stranger = api.Agent(await api.People());
        await (await stranger.GetAsync(handover)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await stranger.GetAsync(open)).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task what_two_clicks_hand_over_is_handed_over_once()
    {
        var world = await api.People();
        var agent = api.Agent(world);
        var body = new
        {
            projectId = world.Project, teamId = world.Team, date = Monday,
            matters = new[] { new { subject = "Switch", text = "Line 3 is out.", key = true } },
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.Send(HttpMethod.Post, "/handovers", body: body)));

        var first = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Should().ContainSingle().Subject.Headers.Location;
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "handover-written");
            refused.Headers.Location.Should().Be(first);
        }

        (await api.Agent(world, 1).Send(HttpMethod.Post, "/handovers", body: body)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task yesterday_is_reviewed_with_what_is_known_of_it_before_the_day_is_assigned()
    {
        var world = await api.People();
        var supervisor = api.Supervisor(world);
        await api.Told(Rostered(world, 0, Monday), Rostered(world, 1, Monday), States(world, 0, Monday, 1,
            [new("busy", At(9, 20), At(10, 0)), .. Enumerable.Range(10, 7).Select(hour =>
                new AgentSegment(hour % 2 == 0 ? "busy" : "ready", At(hour, 0), At(hour + 1, 0)))]));
        await api.Agent(world, 1).Send(HttpMethod.Post, "/excuses", body: new
        {
            projectId = world.Project, agentId = world.Agents[1], kind = "illness", from = At(9, 0), to = At(17, 0), evidence = "A note.",
        });

        var figures = new DayFigures(Shifts: 2, Absent: 1, Late: 1, Offline: 1, Idle: 0, Unknown: 0, OpenExcuses: 1, OpenHandovers: 0);
        (await supervisor.Get<DayFigures>($"/day-reviews/figures?projectId={world.Project}&date=2026-03-09")).Should().Be(figures);
        object body = new { projectId = world.Project, date = Monday, findings = "Begin with line 2." };
        var review = (await supervisor.Send(HttpMethod.Post, "/day-reviews", body: body)).Headers.Location!.ToString();
        var told = await supervisor.Get<DayReview>(review);
        (told.Figures, told.ReviewedBy, told.InTime).Should().Be((figures, world.Supervisor, false), "the day after it is long over");
        await (await api.As(Guid.CreateVersion7(), "supervisor", world.Project).Send(HttpMethod.Post, "/day-reviews", body: body))
            .ShouldBeProblem(HttpStatusCode.Conflict, "day-reviewed");

        // What arrives afterwards changes nothing of what was known.
        await api.Told(States(world, 1, Monday, 1, new AgentSegment("busy", At(9, 0), At(17, 0))));
        (await supervisor.Get<Page<DayReview>>($"/day-reviews?projectId={world.Project}")).Items.Should().ContainSingle()
            .Which.Figures.Should().Be(figures);
        await (await supervisor.Send(
            HttpMethod.Post, "/day-reviews", body: new { projectId = world.Project, date = "2199-01-01", findings = "?" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "day-not-over");
    }

    [Fact]
    public async Task a_review_before_the_first_shift_of_the_day_is_in_time()
    {
        var world = await api.People();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date);

        var review = await api.Supervisor(world).Send(HttpMethod.Post, "/day-reviews", body: new
        {
            projectId = world.Project, date = today.AddDays(-1), findings = "All went well.",
        });

        (await api.Supervisor(world).Get<DayReview>(review.Headers.Location!.ToString())).InTime.Should().BeTrue("nobody works today");
    }
}
