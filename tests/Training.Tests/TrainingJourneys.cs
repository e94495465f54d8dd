using System.Net;
using CallCenter.Contracts;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Training.Needs;
using CallCenter.Training.Records;
using CallCenter.Training.Sessions;
using CallCenter.Web;

namespace CallCenter.Training.Tests;

public sealed class TrainingJourneys(TrainingApi api)
{
    private readonly HttpClient admin = api.Admin;

    [Fact]
    public async Task a_failed_section_is_trained_and_the_need_closes_when_a_later_evaluation_passes()
    {
        var world = await api.People();
        var (agent, evaluation) = (world.Agents[0], Guid.CreateVersion7());
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var course = await api.PrepareCourse("closing", "empathy");

        await api.Publish(TrainingApi.Evaluation(world, evaluation, 3, 0, "submitted", ("greeting", true), ("closing", false)));
        var need = await api.Published<TrainingNeedV1>(n => n.AgentId == agent && n.ClosedAt is null);
        need.Should().BeEquivalentTo(new { ProjectId = world.Project, Section = "closing", EvaluationId = evaluation,
            OpenedAt = TrainingApi.Nine });
        (await trainer.Get<NeedView>($"/training-needs/{need.Id}")).Courses.Should().Contain(course);
        (await trainer.Get<Page<HistoryEntry>>($"/training-needs/{need.Id}/history")).Items.Should().ContainSingle()
            .Which.Should().BeEquivalentTo(
                new { What = "need-opened", By = new HistoryActor(ActorKind.Job, null, "training-evaluation-v1", null) });

        var session = await api.Plan(world);
        var enrolled = await trainer.Send(
            HttpMethod.Put, $"/training-sessions/{session}/enrolments/{agent}", version: 1, new { needId = need.Id });
        enrolled.StatusCode.Should().Be(HttpStatusCode.NoContent, await enrolled.Content.ReadAsStringAsync());
        (await trainer.Get<NeedView>($"/training-needs/{need.Id}")).Need.SessionIds.Should().Equal(session);
        (await api.Published<TrainingSessionV1>(s => s.Id == session && s.Version == 2)).Should().BeEquivalentTo(
            new { Status = "planned", Room = "Room 3", Enrolled = new[] { agent }, StartsAt = TrainingApi.Nine,
                EndsAt = TrainingApi.Nine.AddMinutes(90) });

        var register = new { register = new[] { new { employeeId = agent, attended = true, minutes = 85, result = "passed",
            score = 88.5m } } };
        (await trainer.Send(HttpMethod.Put, $"/training-sessions/{session}/register", version: 2, register)).Version().Should().Be(3);
        (await api.Published<TrainingRecordV1>(r => r.SessionId == session)).Should().BeEquivalentTo(
            new { Version = 3L, EmployeeId = agent, ProjectId = world.Project, Attended = true, Minutes = 85, Result = "passed",
                Score = 88.5m });
        foreach (var roles in new[] { "agent", "agent,offline_access" })
        {
            var colleague = api.As(Guid.CreateVersion7(), roles, world.Project);
            (await colleague.Get<Page<TrainingRecord>>("/training-records")).Items.Should().BeEmpty(roles);
            (await colleague.Get<Page<TrainingNeed>>("/training-needs")).Items.Should().BeEmpty(roles);
            await (await colleague.GetAsync($"/training-needs/{need.Id}")).ShouldBeProblem(HttpStatusCode.NotFound);
        }

        (await api.As(agent, "agent", world.Project).Get<Page<TrainingRecord>>("/training-records")).Items.Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Minutes = 85, Result = Result.Passed, Score = 88.5m });

        await api.Publish(TrainingApi.Evaluation(world, Guid.CreateVersion7(), 3, 7, "submitted", ("closing", true)));
        (await api.Published<TrainingNeedV1>(n => n.Id == need.Id && n.ClosedAt is not null)).ClosedAt.Should()
            .Be(TrainingApi.Nine.AddDays(7));
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task evaluations_may_come_twice_and_in_any_order()
    {
        var world = await api.People();
        var (first, second, third, disputed) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        EvaluationV1[] facts =
        [
            TrainingApi.Evaluation(world, first, 2, 0, "draft", ("closing", false)),
            TrainingApi.Evaluation(world, first, 3, 0, "submitted", ("closing", false)),
            TrainingApi.Evaluation(world, second, 3, 1, "submitted", ("closing", false)),
            TrainingApi.Evaluation(world, third, 3, 2, "submitted", ("closing", true)),
            TrainingApi.Evaluation(world, disputed, 3, 3, "submitted", ("closing", false), ("greeting", false)),
            TrainingApi.Evaluation(world, disputed, 4, 3, "disputed", ("closing", false), ("greeting", false)),
            TrainingApi.Evaluation(world, disputed, 5, 3, "resolved", ("closing", true), ("greeting", false)),
        ];

        for (var seed = 0; seed < 5; seed++)
        {
            EvaluationV1[] shuffled = [.. facts, .. facts];
            new Random(seed).Shuffle(shuffled);
            await api.Publish([.. shuffled]);
        }

        TrainingNeed[] needs = [];
        await Eventually.True(
            async () => (needs = [.. (await admin.Get<Page<TrainingNeed>>($"/training-needs?agentId={world.Agents[0]}")).Items]).Length == 2
                && needs.Any(n => n.ClosedAt is not null), "one closed and one open need");

        needs.Single(n => n.Section == "closing").Should().BeEquivalentTo(
            new { EvaluationId = first, Status = NeedStatus.Closed, ClosedById = third, ClosedAt = TrainingApi.Nine.AddDays(2) });
        needs.Single(n => n.Section == "greeting").Should().BeEquivalentTo(new { EvaluationId = disputed, Status = NeedStatus.Open });
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task a_withdrawn_need_is_told_as_such()
    {
        var world = await api.People();
        var evaluation = Guid.CreateVersion7();
        await api.Publish(TrainingApi.Evaluation(world, evaluation, 3, 0, "submitted", ("closing", false)));
        var need = await api.Published<TrainingNeedV1>(n => n.EvaluationId == evaluation);

        await api.Publish(TrainingApi.Evaluation(world, evaluation, 5, 0, "resolved", ("closing", true)));

        var withdrawn = await api.Published<TrainingNeedV1>(n => n.Id == need.Id && n.Version == 2);
        withdrawn.Should().BeEquivalentTo(new { Withdrawn = true, ClosedAt = need.OpenedAt });
        (await admin.Get<Page<TrainingNeed>>($"/training-needs?agentId={need.AgentId}")).Items.Should().BeEmpty();
        (await admin.Get<Page<TrainingNeed>>($"/training-needs?agentId={need.AgentId}&status=withdrawn")).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task a_need_whose_evaluation_a_restore_has_undone_is_withdrawn_and_opened_anew_by_what_is_told_after_it()
    {
        var world = await api.People();
        var (undone, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.Publish(TrainingApi.Evaluation(world, undone, 3, 0, "submitted", ("closing", false)));
        await api.Publish(TrainingApi.Evaluation(world, kept, 3, 1, "submitted", ("closing", false)));
        var need = await api.Published<TrainingNeedV1>(n => n.EvaluationId == undone);

        foreach (var before in new[] { 3, 1000 })
            await api.Say(new FactsGoneV1(nameof(EvaluationV1), [undone], before));

        await api.Published<TrainingNeedV1>(n => n.Id == need.Id && n.Withdrawn);
        await api.Published<TrainingNeedV1>(n => n.EvaluationId == kept && !n.Withdrawn);
        await api.Publish(TrainingApi.Evaluation(world, undone, 1001, 0, "submitted", ("closing", false)));
        await api.Published<TrainingNeedV1>(n => n.Id == need.Id && n.Version > 2 && !n.Withdrawn);
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task nobody_and_no_room_is_in_two_sessions_at_once()
    {
        var world = await api.People(agents: 1);
        var (agent, other) = (world.Agents[0], (await api.People()).Trainer);
        var (one, two) = (await api.Plan(world), await api.Plan(world, startsAfter: 30, room: "Room 4", trainer: other));
        await admin.Send(HttpMethod.Put, $"/training-sessions/{one}/enrolments/{agent}", version: 1, new { });

        var overlap = await admin.Send(HttpMethod.Put, $"/training-sessions/{two}/enrolments/{agent}", version: 1, new { });
        var busy = await admin.Send(HttpMethod.Post, "/training-sessions", body: await api.Session(world, startsAfter: 89, room: "Room 5"));
        var taken = await admin.Send(HttpMethod.Post, "/training-sessions",
            body: await api.Session(world, room: "ROOM 3", trainer: (await api.People()).Trainer));
        var alike = await admin.Send(HttpMethod.Post, "/training-sessions",
            body: await api.Session(world, room: "\uFF32oom\u00A0 3\u200B", trainer: (await api.People()).Trainer));
        var moved = await admin.Send(HttpMethod.Put, $"/training-sessions/{one}", version: 2, new
        {
            trainerId = world.Trainer, room = "Room 3", seats = 5, startsAt = TrainingApi.Nine.AddHours(-2), endsAt = TrainingApi.Nine,
        });
        var fits = await admin.Send(HttpMethod.Put, $"/training-sessions/{two}/enrolments/{agent}", version: 1, new { });

        await overlap.ShouldBeProblem(HttpStatusCode.Conflict, "overlap");
        await busy.ShouldBeProblem(HttpStatusCode.Conflict, "trainer-busy");
        await taken.ShouldBeProblem(HttpStatusCode.Conflict, "room-taken");
        await alike.ShouldBeProblem(HttpStatusCode.Conflict, "room-taken");
        moved.Version().Should().Be(3);
        fits.StatusCode.Should().Be(HttpStatusCode.NoContent, await fits.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task of_two_racing_enrolments_at_the_same_hour_one_is_refused()
    {
        var world = await api.People(agents: 1);
        var sessions = new List<Guid>();
        for (var i = 0; i < 4; i++)
            sessions.Add(await api.Plan(world, room: $"Race {i}", trainer: (await api.People()).Trainer));

        var answers = await Task.WhenAll(sessions.Select(id =>
            admin.Send(HttpMethod.Put, $"/training-sessions/{id}/enrolments/{world.Agents[0]}", version: 1, new { })));

        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).Should().Be(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.NoContent))
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "overlap");
    }

    [Fact]
    public async Task of_many_racing_for_the_last_seat_one_gets_it()
    {
        var world = await api.People(agents: 5);
        var session = await api.Plan(world, seats: 1);

        var answers = await Task.WhenAll(world.Agents.Select(agent =>
            admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{agent}", version: 1, new { })));

        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).Should().Be(1);
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.NoContent))
            await late.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        (await admin.Get<SessionView>($"/training-sessions/{session}")).Taken.Should().Be(1);
    }

    [Fact]
    public async Task a_cancelled_session_gives_its_time_back()
    {
        var world = await api.People(agents: 1);
        var evaluation = Guid.CreateVersion7();
        await api.Publish(TrainingApi.Evaluation(world, evaluation, 3, 0, "submitted", ("closing", false)));
        var need = await api.Published<TrainingNeedV1>(n => n.EvaluationId == evaluation);
        var session = await api.Plan(world);
        await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{world.Agents[0]}", version: 1,
            new { needId = need.Id });

        var cancelled = await admin.Send(HttpMethod.Post, $"/training-sessions/{session}/cancellation", version: 2);

        cancelled.Version().Should().Be(3);
        (await api.Published<TrainingSessionV1>(s => s.Id == session && s.Version == 3)).Status.Should().Be("cancelled");
        (await admin.Get<NeedView>($"/training-needs/{need.Id}")).Need.SessionIds.Should().BeEmpty();
        var again = await api.Plan(world);
        (await admin.Send(HttpMethod.Put, $"/training-sessions/{again}/enrolments/{world.Agents[0]}", version: 1, new { }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_corrected_register_is_a_newer_record()
    {
        var world = await api.People(agents: 1);
        var session = await api.Plan(world);
        object Register(int minutes, string result) =>
            new { register = new[] { new { employeeId = world.Agents[0], attended = true, minutes, result } } };
        await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{world.Agents[0]}", version: 1, new { });
        await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/register", version: 2, Register(30, "failed"));

        await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/register", version: 3, Register(90, "passed"));

        (await api.Published<TrainingRecordV1>(r => r.SessionId == session && r.Version == 4)).Result.Should().Be("passed");
        (await admin.Get<Page<TrainingRecord>>(
            $"/training-records?employeeId={world.Agents[0]}&from=2026-03-09T09:00:00Z&to=2026-03-10T00:00:00Z"))
            .Items.Should().ContainSingle().Which.Minutes.Should().Be(90);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("agent,offline_access")]
    public async Task people_see_their_projects_and_agents_themselves(string roles)
    {
        var (world, elsewhere) = (await api.People(agents: 2), await api.People());
        var session = await api.Plan(world);
        await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{world.Agents[0]}", version: 1, new { });
        await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{world.Agents[1]}", version: 2, new { });
        var (self, stranger) = (api.As(world.Agents[0], roles, world.Project), api.As(elsewhere.Trainer, "trainer", elsewhere.Project));

        var own = await self.Get<SessionView>($"/training-sessions/{session}");

        own.Taken.Should().Be(2);
        own.Enrolments.Select(e => e.EmployeeId).Should().Equal(world.Agents[0]);
        (await self.Get<Page<SessionView>>("/training-sessions?status=planned")).Items.Should().ContainSingle();
        (await self.Get<Page<SessionView>>($"/training-sessions?employeeId={world.Agents[0]}")).Items.Should().ContainSingle();
        (await self.Get<Page<SessionView>>($"/training-sessions?employeeId={world.Agents[1]}")).Items.Should()
            .BeEmpty("who else has a seat in their session is not theirs to ask");
        (await stranger.Get<Page<SessionView>>("/training-sessions")).Items.Should().BeEmpty();
        await (await stranger.GetAsync($"/training-sessions/{session}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await stranger.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{elsewhere.Agents[0]}", version: 9, new { }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{elsewhere.Agents[0]}", version: 3, new { }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await api.As(world.Trainer, "trainer", world.Project).Send(HttpMethod.Put, $"/training-sessions/{session}", version: 3, new
        {
            trainerId = elsewhere.Agents[0], room = "Room 3", seats = 8, startsAt = TrainingApi.Nine,
                endsAt = TrainingApi.Nine.AddMinutes(90),
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-trainer");
        await (await self.Send(HttpMethod.Post, "/courses", body: new { })).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task of_courses_prepared_at_once_under_one_title_there_is_one()
    {
        object Course(string title) => new { title, kind = "product", minutes = 45, sections = Array.Empty<string>() };
        var title = $"Fees {Guid.CreateVersion7()}";
        var other = await api.PrepareCourse();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => api.Admin.Send(HttpMethod.Post, "/courses", body: Course(title))));

        var first = answers.Should().ContainSingle(a => a.StatusCode == HttpStatusCode.Created).Which.Headers.Location!.ToString();
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
            (await refused.Content.ReadAsStringAsync()).Should().Contain($"\"existing\":\"{first}\"");
        }

        await (await api.Admin.Send(HttpMethod.Put, $"/courses/{other}", version: 1, Course(title))).ShouldBeProblem(
            HttpStatusCode.Conflict, "name-taken");
        await (await api.Admin.Send(HttpMethod.Post, "/courses", body: Course($"\uFF26ees\u3000 {title[5..].ToUpperInvariant()}\u200B")))
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        (await api.Admin.Send(HttpMethod.Post, $"{first}/retirement", version: 1)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await api.Admin.Send(HttpMethod.Post, "/courses", body: Course(title))).StatusCode.Should().Be(HttpStatusCode.Created);
    }
}
