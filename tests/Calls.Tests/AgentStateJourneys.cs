using System.Net;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Chats;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Calls.Tests;

public sealed class AgentStateJourneys(CallsApi api)
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task an_agents_day_is_published_whatever_the_order()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2001"));
        using var client = api.Integrator(project);
        var midnight = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (minute, state) in new[] { (540, "break"), (500, "ready"), (480, "login"), (545, "busy"), (500, "ready"),
            (1020, "logout") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2001", state, at = midnight.AddMinutes(minute) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        var day = await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Segments is [_, _, { To: not null }]);
        day.Date.Should().Be(new DateOnly(2026, 3, 2));
        day.Segments.Select(s => $"{s.State} {(s.From - midnight).TotalMinutes}-{(s.To - midnight)?.TotalMinutes}")
            .Should().Equal("ready 480-540", "break 540-545", "busy 545-1020");
        using var owner = api.As(ada, "agent", project);
        using var colleague = api.As(Guid.CreateVersion7(), "agent", project);
        (await owner.Get<AgentDayView>($"/agent-days/{day.Id}")).Segments.Should().BeEquivalentTo(day.Segments);
        await (await colleague.GetAsync($"/agent-days/{day.Id}")).ShouldBeProblem(HttpStatusCode.NotFound);
        foreach (var roles in new[] { "agent,offline_access", "agent,trainer", "agent,inspector" })
            await (await api.As(Guid.CreateVersion7(), roles, project).GetAsync($"/agent-days/{day.Id}"))
                .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.Send(HttpMethod.Post, "/agent-states",
            body: new { projectId = project, agent = "2001", state = "asleep", at = midnight }))
            .ShouldBeProblem(HttpStatusCode.BadRequest);
        await (await client.Send(HttpMethod.Post, "/agent-states",
            body: new { projectId = project, agent = "2001", state = "ready", at = midnight.AddYears(100) }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "in-the-future");
    }

    [Fact]
    public async Task a_chat_is_published_as_it_was_answered_whatever_the_order()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2003"));
        using var client = api.Integrator(project);

        foreach (var (second, kind) in new[] { (90, "closed"), (61, "agent"), (0, "opened"), (3, "automatic"), (1, "customer"), (61, "agent") })
            (await client.Send(HttpMethod.Post, "/chat-turns", body: new
            {
                projectId = project, source = "web", callId = "c-1", kind, at = Nine.AddSeconds(second), agent = kind == "agent" ? "2003" : null,
            })).StatusCode.Should().Be(HttpStatusCode.Created);

        var chat = await api.Published<ChatV1>(f => f.ProjectId == project && f.Version == 5);
        (chat.GreetingSeconds, chat.FirstReplySeconds).Should().Be((3, 60));
        chat.Waits.Should().Equal(new ChatWait(Nine.AddSeconds(1), Nine.AddSeconds(61), null, ada));
        using var owner = api.As(ada, "agent", project);
        using var colleague = api.As(Guid.CreateVersion7(), "agent", project);
        (await owner.Get<ChatEndpoints.ChatView>($"/chats/{chat.Id}")).FirstReplySeconds.Should().Be(60);
        await (await colleague.GetAsync($"/chats/{chat.Id}")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.Send(HttpMethod.Post, "/chat-turns",
            body: new { projectId = project, source = "web", callId = "c-1", kind = "agent", at = Nine.AddYears(100) }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "in-the-future");
    }

    [Fact]
    public async Task a_night_shift_is_two_days_and_no_minute_of_it_is_lost()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2002"));
        using var client = api.Integrator(project);
        var midnight = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (minute, state) in new[] { (-120, "login"), (-30, "busy"), (120, "ready"), (360, "logout") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2002", state, at = midnight.AddMinutes(minute) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        var before = await api.Published<AgentDayV1>(
            f => f.AgentId == ada && f.Date == new DateOnly(2026, 3, 2) && f.Segments is [_, { To: not null }]);
        var after = await api.Published<AgentDayV1>(
            f => f.AgentId == ada && f.Date == new DateOnly(2026, 3, 3) && f.Segments is [_, { To: not null }]);
        Text(before, midnight).Should().Equal("ready -120--30", "busy -30-0");
        Text(after, midnight).Should().Equal("busy 0-120", "ready 120-360");
        (await client.Send(HttpMethod.Get, $"/agent-days/{after.Id}")).Version().Should().Be(after.Version)
            .And.Be(AgentDayFacts.VersionOf(4));
    }

    // What a change is told with is read around it; a day farther off must not be told from half of what was reported of it.
    [Fact]
    public async Task a_state_that_was_forgotten_before_a_weekend_leaves_its_day_as_it_was()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2005"));
        using var client = api.Integrator(project);
        var saturday = new DateTimeOffset(2026, 3, 7, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (hour, state) in new[] { (-6, "busy"), (1, "logout"), (10, "ready"), (56, "ready"), (57, "busy") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2005", state, at = saturday.AddHours(hour) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Segments is [.., { State: "busy" }] && f.Date.Day == 9);
        await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Date.Day == 7 && f.Segments is [.., { State: "ready" }]);
        var told = api.AllPublished<AgentDayV1>().Where(f => f.AgentId == ada && f.Date.Day == 7).MaxBy(f => f.Version)!;
        Text(told, saturday).Should().Equal("busy 0-60", "offline 60-600", "ready 600-");
    }

    [Fact]
    public async Task a_state_that_is_said_again_for_days_leaves_the_days_before_as_they_were()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2006"));
        using var client = api.Integrator(project);
        var monday = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (hour, state) in Enumerable.Range(0, 14).Select(i => (i * 11, i == 0 ? "busy" : "ready")).Append((154, "break")))
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2006", state, at = monday.AddHours(hour) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Segments is [.., { State: "break" }]);
        foreach (var told in api.AllPublished<AgentDayV1>().Where(f => f.AgentId == ada).GroupBy(f => f.Date)
            .Select(day => day.MaxBy(f => f.Version)!).Where(f => f.Date.Day is > 2 and < 8))
            Text(told, monday).Should().Equal($"ready {(told.Date.Day - 2) * 1440}-{(told.Date.Day - 1) * 1440}");
    }

    [Fact]
    public async Task states_of_channels_are_shown_beside_each_other_and_as_one_person()
    {
        var ada = Guid.CreateVersion7();
        var (project, other) = (await api.Project("Asia/Shanghai", (ada, "2003")), await api.Project("Europe/Berlin"));
        using var client = api.Integrator(project, other);
        var day = "";

        foreach (var (owner, minute, state, channel) in new[]
        {
            (project, 0, "ready", "voice"), (project, 0, "busy", "chat"), (project, 10, "busy", "voice"), (project, 20, "ready", "chat"),
            (project, 30, "ready", "voice"), (other, 60, "ready", null),
        })
        {
            var written = await client.Send(HttpMethod.Post, "/agent-states", body: new
            {
                projectId = owner, agent = $"{ada}", state, channel, at = Nine.AddMinutes(minute),
            });
            written.StatusCode.Should().Be(HttpStatusCode.Created);
            day = owner == project ? written.Headers.Location!.ToString() : day;
        }

        var view = await client.Get<AgentDayView>(day);
        view.Segments.Select(s => $"{s.State} {(s.From - Nine).TotalMinutes}-{(s.To - Nine)?.TotalMinutes}").Should()
            .Equal("busy 0-30", "ready 30-60");
        view.ByChannel!.Select(s => $"{s.Channel} {s.State} {(s.From - Nine).TotalMinutes}-{(s.To - Nine)?.TotalMinutes}").Should().Equal(
            "chat busy 0-20", "voice ready 0-10", "voice busy 10-30", "chat ready 20-60", "voice ready 30-60");
        (await api.Published<AgentDayV1>(f => f.Id == view.Id && f.Version == AgentDayFacts.VersionOf(6))).ByChannel
            .Should().BeEquivalentTo(view.ByChannel);
        await (await client.Send(HttpMethod.Post, "/agent-states",
            body: new { projectId = project, agent = "2003", state = "ready", channel = "", at = Nine }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task days_stored_before_states_went_over_midnight_count_with_the_others()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2004"));
        using var client = api.Integrator(project);
        var midnight = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.FromHours(8));
        var (monday, tuesday) = (new DateOnly(2026, 3, 2), new DateOnly(2026, 3, 3));
        EventSourcing.Actor.Current = EventSourcing.Actor.Job("test");
        await using (var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            AgentStateChanged Old(DateOnly date, AgentState state, int minute) =>
                new(project, ada, date, state, midnight.AddMinutes(minute));
            session.Events.StartStream<AgentDay>(AgentDay.IdOf(project, ada, monday), Old(monday, AgentState.Busy, -10));
            session.Events.StartStream<AgentDay>(
                AgentDay.IdOf(project, ada, tuesday), Old(tuesday, AgentState.Ready, 20), Old(tuesday, AgentState.Logout, 60));
            await session.SaveChangesAsync();
        }
        // As they were written by the version that knew of no channels.
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var old = source.CreateCommand(
            "update calls.mt_events set data = data - 'Channel' - 'Queue' where data ->> 'AgentId' = $1");
        old.Parameters.AddWithValue(ada.ToString());
        (await old.ExecuteNonQueryAsync()).Should().Be(3);

        var view = await client.Get<AgentDayView>($"/agent-days/{AgentDay.IdOf(project, ada, monday)}");
        view.Segments.Should().Equal(new AgentSegment("busy", midnight.AddMinutes(-10).ToUniversalTime(), midnight.ToUniversalTime()));
        (await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Date == tuesday && f.Version == AgentDayFacts.VersionOf(3))).Segments
            .Select(s => s.State).Should().Equal("busy", "ready");

        // What is told again is known already; what is told late is put in its place.
        foreach (var (minute, state, version) in new[] { (20, "ready", 2), (-5, "after-contact-work", 2) })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2004", state, at = midnight.AddMinutes(minute) }))
                .Version().Should().Be(version);
        Text(await api.Published<AgentDayV1>(
            f => f.AgentId == ada && f.Date == monday && f.Version == AgentDayFacts.VersionOf(4)), midnight).Should()
            .Equal("busy -10--5", "after-contact-work -5-0");
        Text(await api.Published<AgentDayV1>(
            f => f.AgentId == ada && f.Date == tuesday && f.Version == AgentDayFacts.VersionOf(4)), midnight).Should()
            .Equal("after-contact-work 0-20", "ready 20-60");
    }

    [Fact]
    public async Task days_that_an_older_version_has_told_or_still_tells_beside_this_one_are_told_anew()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2005"));
        using var client = api.Integrator(project);
        foreach (var (minute, state) in new[] { (0, "login"), (60, "busy"), (90, "logout") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2005", state, at = Nine.AddMinutes(minute) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);
        var day = await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Version == AgentDayFacts.VersionOf(3));
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);

        // As it was told before the upgrade, which brings the schema.
        await ToldAnewAfter("update told set version = 3 where id = $1", OutdatedAgentDays.Sql);
        // As the version before tells it, that still runs: in vain, for what others hold is newer.
        await ToldAnewAfter("""
            insert into told (fact, id, version, stream) values ('AgentDayV1', $1, 4, $1)
            on conflict (fact, bucket, id) do update set version = excluded.version where excluded.version > told.version
            """);

        async Task ToldAnewAfter(params string[] statements)
        {
            var before = Told();
            foreach (var statement in statements)
                await Run(statement);
            await Eventually.True(
                async () => Told() > before && await Count("select count(*) from outdated_agent_day where stream = $1") == 0
                    && await Count("select version from told where id = $1") == day.Version, "the day to be told anew");
        }

        int Told() => api.AllPublished<AgentDayV1>().Count(f => f.Id == day.Id && f.Version == day.Version);

        async Task Run(string sql)
        {
            await using var command = source.CreateCommand(sql);
            if (sql.Contains("$1", StringComparison.Ordinal))
                command.Parameters.AddWithValue(day.Id);
            await command.ExecuteNonQueryAsync();
        }

        async Task<long> Count(string sql)
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.AddWithValue(day.Id);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private static IEnumerable<string> Text(AgentDayV1 day, DateTimeOffset from) =>
        day.Segments.Select(s => $"{s.State} {(s.From - from).TotalMinutes}-{(s.To - from)?.TotalMinutes}");
}
