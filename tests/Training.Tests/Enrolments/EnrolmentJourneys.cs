using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.Testing;
using CallCenter.Training.Enrolments;
using CallCenter.Training.Exams;
using CallCenter.Training.Needs;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Training.Tests.Enrolments;

/// <summary>From a failed section to a seat, Scheduling's answers as that service would give them.</summary>
public sealed class EnrolmentJourneys(TrainingApi api)
{
    private static readonly DateTimeOffset Soon = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(7).AddHours(1), default);

    [Fact]
    public async Task who_failed_a_section_gets_the_least_harmful_seat_where_the_policy_gives_seats_once_however_often_it_is_answered()
    {
        var (world, course, section) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        await Automatic(world, trainer);
        var (late, early) = (await Plan(world, course, Soon.AddHours(4), "Room 1"), await Plan(world, course, Soon, "Room 2"));
        var need = await Fails(world, section);

        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open && q.Times.Count == 2);
        asked.Should().BeEquivalentTo(new { AgentIds = new[] { world.Agents[0] }, Minutes = 90 });
        asked.Times.Select(t => t.SessionId).Should().Equal(early, late);
        var answer = Answer(asked, (late, 0.80, 0.795, null), (early, 0.80, 0.77, null));
        await api.Publish(answer, answer);

        var seated = await api.Published<TrainingSessionV1>(s => s.Id == late && s.Enrolled.Count > 0);
        seated.Enrolled.Should().Equal(world.Agents[0]);
        (await trainer.Get<NeedView>($"/training-needs/{need}")).Need.SessionIds.Should().Equal(late);
        await api.Publish(answer with { Version = 2 });
        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).Status is EnrolmentStatus.Settled, "nobody is left");
        api.AllPublished<TrainingSessionV1>().Where(s => s.Id == early).Should().OnlyContain(s => s.Enrolled.Count == 0);

        (await Kinds(api.As(world.Agents[0], "agent", world.Project))).Should().Equal(NoticeKind.TrainingEnrolled);
        (await Kinds(api.As(Guid.CreateVersion7(), "supervisor", world.Project))).Should().Equal(NoticeKind.TrainingEnrolled);
        (await Kinds(trainer)).Should().BeEmpty("nothing is left to be decided");
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task what_loses_more_than_allowed_or_an_unknown_amount_and_what_a_rule_forbids_is_left_to_the_trainer()
    {
        var (world, course, section) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        await Automatic(world, trainer, mostLost: 0.01m);
        var sessions = new[] { await Plan(world, course, Soon, "A"), await Plan(world, course, Soon.AddHours(3), "B"),
            await Plan(world, course,
            Soon.AddHours(6), "C") };
        await Fails(world, section);
        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open && q.Times.Count == 3);

        await api.Publish(Answer(asked, (sessions[0], 0.80, 0.77, null), (sessions[1], null, null, null), (sessions[2], 0.8, 0.8, "no-shift")));

        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).Status is EnrolmentStatus.Proposed, "the proposal");
        await Eventually.True(async () => (await trainer.Get<Page<Notice>>("/training-notices")).Items.Count == 0
            && (await Proposal(trainer, asked.Id)).Slots.Count == 3, "all three are shown");
        var version = (await Proposal(trainer, asked.Id)).Version;
        var able = await trainer.Send(HttpMethod.Post, $"/enrolment-proposals/{asked.Id}/acceptance", version, new { startsAt = Soon.AddHours(6) });
        await able.ShouldBeProblem(HttpStatusCode.Conflict, "nobody-able");
        var taken = await trainer.Send(HttpMethod.Post, $"/enrolment-proposals/{asked.Id}/acceptance", version, new { startsAt = Soon.AddHours(3) });
        taken.IsSuccessStatusCode.Should().BeTrue(await taken.Content.ReadAsStringAsync());
        (await trainer.Get<SessionView>($"/training-sessions/{sessions[1]}")).Enrolments.Should().ContainSingle();
    }

    [Fact]
    public async Task without_a_policy_the_trainer_is_told_once_and_takes_a_proposed_time_as_a_new_session_with_its_seats()
    {
        var (world, _, section) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var need = await Fails(world, section);
        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open);
        asked.Times.Should().BeEmpty("no session is planned: any time will do");

        await api.Publish(Answer(asked, (null, 0.8, 0.79, null)));
        await Eventually.True(async () => (await Kinds(trainer)).SequenceEqual([NoticeKind.EnrolmentProposed]), "the trainers are told");
        var proposal = await Proposal(trainer, asked.Id);
        var url = $"/enrolment-proposals/{asked.Id}/acceptance";
        await (await trainer.Send(HttpMethod.Post, url, proposal.Version, new { startsAt = Soon.AddDays(1) }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-slot");
        await (await trainer.Send(HttpMethod.Post, url, proposal.Version, new { startsAt = Soon }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "session-details");

        var body = new { startsAt = Soon, trainerId = world.Trainer, room = "Room 9", seats = 4 };
        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => trainer.Send(HttpMethod.Post, url, proposal.Version, body)));

        answers.Count(a => a.IsSuccessStatusCode).Should().Be(1, "two at once take it once");
        var location = answers.Single(a => a.IsSuccessStatusCode).Headers.Location!.ToString();
        (await trainer.Get<SessionView>(location)).Should().BeEquivalentTo(
            new { Room = "Room 9", Seats = 4, StartsAt = Soon, EndsAt = Soon.AddMinutes(90),
                Enrolments = new[] { new Enrolment(world.Agents[0], need) } });
        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).Status is EnrolmentStatus.Settled, "nobody is left");
        (await Kinds(trainer)).Should().Equal(NoticeKind.EnrolmentProposed);
    }

    [Fact]
    public async Task a_declined_proposal_is_asked_again_only_when_somebody_else_needs_the_same()
    {
        var (world, _, section) = await World(agents: 2);
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        await Fails(world, section);
        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open);
        await api.Publish(Answer(asked, (null, 0.8, 0.79, null)));
        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).Status is EnrolmentStatus.Proposed, "the proposal");
        var version = (await Proposal(trainer, asked.Id)).Version;

        (await trainer.Send(HttpMethod.Post, $"/enrolment-proposals/{asked.Id}/refusal", version, new { reason = "The form changes." }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        await api.Published<TrainingSlotsWantedV1>(q => q.Id == asked.Id && !q.Open);
        await api.Publish(TrainingApi.Evaluation(
            world with { Agents = [world.Agents[1]] }, Guid.CreateVersion7(), 3, 0, "submitted", (section, false)));

        (await api.Published<TrainingSlotsWantedV1>(q => q.Id == asked.Id && q.Open && q.Version > asked.Version)).AgentIds.Should()
            .BeEquivalentTo(world.Agents);
    }

    [Fact]
    public async Task a_seat_given_only_for_an_evaluation_that_is_voided_is_freed_and_the_person_told_and_others_keep_theirs()
    {
        var (world, course, section) = await World(agents: 2);
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var session = await Plan(world, course, Soon, "Room 1");
        var evaluation = Guid.CreateVersion7();
        await api.Publish(TrainingApi.Evaluation(world, evaluation, 3, 0, "submitted", (section, false)));
        var need = await api.Published<TrainingNeedV1>(n => n.EvaluationId == evaluation);
        await Enrol(trainer, session, world.Agents[0], new { needId = need.Id });
        await Enrol(trainer, session, world.Agents[1], new { });

        var voided = TrainingApi.Evaluation(world, evaluation, 4, 0, "voided", (section, null));
        await api.Publish(voided, voided);

        (await api.Published<TrainingSessionV1>(s => s.Id == session && s.Version > 3)).Enrolled.Should().Equal(world.Agents[1]);
        (await Kinds(api.As(world.Agents[0], "agent", world.Project))).Should().Equal(NoticeKind.TrainingEnrolled, NoticeKind.TrainingSeatFreed);
        (await Kinds(api.As(world.Agents[1], "agent", world.Project))).Should().Equal(NoticeKind.TrainingEnrolled);
        // Their hour is their own again.
        await Enrol(trainer, await Plan(world, course, Soon, "Room 2", trainer: Guid.Empty), world.Agents[0], new { });
    }

    [Fact]
    public async Task a_seat_stays_where_an_earlier_failure_stands_for_the_voided_one()
    {
        var (world, course, section) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var session = await Plan(world, course, Soon, "Room 1");
        var later = Guid.CreateVersion7();
        await api.Publish(TrainingApi.Evaluation(world, later, 3, 5, "submitted", (section, false)));
        var need = await api.Published<TrainingNeedV1>(n => n.EvaluationId == later);
        await Enrol(trainer, session, world.Agents[0], new { needId = need.Id });
        var earlier = Guid.CreateVersion7();
        await api.Publish(TrainingApi.Evaluation(world, earlier, 3, 1, "submitted", (section, false)));
        var heir = await api.Published<TrainingNeedV1>(n => n.EvaluationId == earlier);

        await Eventually.True(async () => (await trainer.Get<NeedView>($"/training-needs/{need.Id}")).Need is { Status: NeedStatus.Withdrawn,
            SessionIds.Count: 0 }, "the withdrawn need lets go of the session");

        (await trainer.Get<NeedView>($"/training-needs/{heir.Id}")).Need.SessionIds.Should().Equal(session);
        (await trainer.Get<SessionView>($"/training-sessions/{session}")).Enrolments.Should().ContainSingle();
    }

    [Fact]
    public async Task who_has_a_seat_is_told_when_it_moves_and_when_it_is_cancelled()
    {
        var (world, course, _) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var session = await Plan(world, course, Soon, "Room 1");
        await Enrol(trainer, session, world.Agents[0], new { });

        await Done(trainer.Send(HttpMethod.Put, $"/training-sessions/{session}", 2, new
        {
            trainerId = world.Trainer, room = "Room 1", seats = 5, startsAt = Soon.AddHours(2), endsAt = Soon.AddHours(3.5),
        }));
        await Done(trainer.Send(HttpMethod.Post, $"/training-sessions/{session}/cancellation", 3));
        await Done(trainer.Send(HttpMethod.Post, $"/training-sessions/{session}/cancellation", 4));

        (await Kinds(api.As(world.Agents[0], "agent", world.Project))).Should().Equal(
            NoticeKind.TrainingEnrolled, NoticeKind.TrainingMoved, NoticeKind.TrainingCancelled);
    }

    [Fact]
    public async Task a_failed_exam_leads_to_one_seat_by_policy_and_the_seat_goes_when_the_exam_is_passed()
    {
        var (world, course, _) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var exam = await Exam(trainer, world);
        await Judged(trainer, exam, world.Agents[0], 1);
        var session = await Plan(world, course, Soon, "Room 1");
        // The failure came before the policy that asks for it.
        await Policy(world, trainer, new
        {
            automatic = true, causes = new { exams = new[] { new { examId = exam, courseId = course, failures = 1 } } },
        });

        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open);
        asked.Should().BeEquivalentTo(new { AgentIds = new[] { world.Agents[0] }, Minutes = 90 });
        asked.Times.Select(t => t.SessionId).Should().Equal(session);
        var answer = Answer(asked, (session, 0.8, 0.8, null));
        await api.Publish(answer, answer);
        (await api.Published<TrainingSessionV1>(s => s.Id == session && s.Enrolled.Count > 0)).Enrolled.Should().Equal(world.Agents[0]);
        var need = await CourseNeed(trainer, world, n => n.Status is CourseNeedStatus.Open);
        (await trainer.Get<SessionView>($"/training-sessions/{session}")).Enrolments.Should().Equal(new Enrolment(world.Agents[0], need.Id));
        (await trainer.Get<HistoryPage>($"/course-needs/{need.Id}/history")).Items.Select(e => e.What).Should().Equal("course-need-opened");

        // Failing again while a seat is to come asks for nothing more.
        await Judged(trainer, exam, world.Agents[0], 2);
        await CourseNeed(trainer, world, n => n.Version == 2);
        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).Status is EnrolmentStatus.Settled, "nobody is left");
        var another = await Plan(world, course, Soon.AddHours(3), "Room 1");
        await (await trainer.Send(HttpMethod.Put, $"/training-sessions/{another}/enrolments/{world.Agents[0]}", 1, new { needId = need.Id }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "already-enrolled");

        await Judged(trainer, exam, world.Agents[0], 5);
        (await CourseNeed(trainer, world, n => n.Status is CourseNeedStatus.Met)).Id.Should().Be(need.Id);
        (await trainer.Get<SessionView>($"/training-sessions/{session}")).Enrolments.Should().BeEmpty();
        (await Kinds(api.As(world.Agents[0], "agent", world.Project))).Should().Equal(NoticeKind.TrainingEnrolled, NoticeKind.TrainingSeatFreed);
        (await trainer.Get<Page<CourseNeed>>($"/course-needs?projectId={world.Project}")).Items.Should().ContainSingle();
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task a_certificate_that_ends_and_a_module_that_is_due_are_proposed_as_the_policy_asks_and_a_seat_outlives_the_policy()
    {
        var (world, course, _) = await World(agents: 3);
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var exam = await Exam(trainer, world, months: 1);
        await Judged(trainer, exam, world.Agents[0], 5);
        var curriculum = await trainer.Send(HttpMethod.Post, "/curricula", body: new { projectId = world.Project, content = new
            { title = "Onboarding", modules = new[] { new { code = "cards", title = "Cards", dueDays = 3, courseId = course } } } });
        var path = await trainer.Send(HttpMethod.Post, "/learning-paths", body: new
            { curriculumId = curriculum.Headers.Location!.ToString()[^36..], employeeId = world.Agents[1], startsOn = $"{Soon.AddDays(-7):yyyy-MM-dd}" });
        path.StatusCode.Should().Be(HttpStatusCode.Created, await path.Content.ReadAsStringAsync());

        await Policy(world, trainer, new
        {
            causes = new { exams = new[] { new { examId = exam, courseId = course, certificateDays = 40 } }, moduleDays = 5 },
        });

        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open && q.AgentIds.Count == 2);
        asked.AgentIds.Should().BeEquivalentTo(new[] { world.Agents[0], world.Agents[1] });
        await api.Publish(Answer(asked, (null, 0.8, 0.8, null)));
        await Eventually.True(async () => (await Kinds(trainer)).SequenceEqual([NoticeKind.EnrolmentProposed]), "the trainers are told");
        var session = await Plan(world, course, Soon, "Room 1");
        var needs = (await trainer.Get<Page<CourseNeed>>($"/course-needs?projectId={world.Project}&status=open")).Items;
        needs.Select(n => (n.EmployeeId, n.Cause!.Cause)).Should().BeEquivalentTo(new[]
            { (world.Agents[0], CourseNeedCause.CertificateEnds), (world.Agents[1], CourseNeedCause.ModuleDue) });
        (await api.As(world.Agents[2], "agent", world.Project).Get<Page<CourseNeed>>("/course-needs")).Items.Should().BeEmpty("agents see their own");
        await Enrol(trainer, session, world.Agents[0], new { needId = needs.Single(n => n.EmployeeId == world.Agents[0]).Id });

        await Policy(world, trainer, new { }, version: 1);
        await Eventually.True(async () => (await trainer.Get<Page<CourseNeed>>($"/course-needs?projectId={world.Project}&status=dropped"))
            .Items.Count == 2, "the policy asks for it no more");
        (await trainer.Get<SessionView>($"/training-sessions/{session}")).Enrolments.Should().ContainSingle("what was planned stays planned");
        var result = (await trainer.Get<Page<CertificateView>>($"/certificates?projectId={world.Project}")).Items.Single();
        await Done(trainer.Send(HttpMethod.Post, $"/certificates/{result.Id}/revocation", 1, new { reason = "Not theirs." }));
        await CourseNeed(trainer, world, n => n.Status is CourseNeedStatus.Met && n.EmployeeId == world.Agents[0]);
        (await trainer.Get<SessionView>($"/training-sessions/{session}")).Enrolments.Should().BeEmpty("what it was given for is gone");
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task where_the_policy_says_what_a_session_has_one_is_planned_with_the_trainer_who_is_free_and_has_trained_least()
    {
        var (world, course, section) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var (busy, much, free) = (await Trainer(world), await Trainer(world), await Trainer(world));
        await Plan(world, course, Soon.AddDays(-3), "A", busy);
        await Plan(world, await api.PrepareCourse("other"), Soon, "B", busy);
        await Plan(world, await api.PrepareCourse("other"), Soon.AddHours(5), "B", much);
        var beamer = await Resource(trainer, world, "equipment", "Beamer", 1);
        await Policy(world, trainer, new { automatic = true, newSessions = new { room = "Room 7", seats = 3, equipment = new[]
            { new { resourceId = beamer, count = 1 } } } });
        var need = await Fails(world, section);
        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open);

        var answer = Answer(asked, (null, 0.8, 0.8, null));
        await api.Publish(answer, answer);

        var planned = await api.Published<TrainingSessionV1>(
            s => s.ProjectId == world.Project && s.CourseId == course && s.Enrolled.Count > 0);
        var seen = await trainer.Get<SessionView>($"/training-sessions/{planned.Id}");
        seen.Should().BeEquivalentTo(new { TrainerId = free, Room = "Room 7", Seats = 3, StartsAt = Soon,
            Enrolments = new[] { new Enrolment(world.Agents[0], need) } });
        (await trainer.Get<EquipmentSeen>($"/training-sessions/{planned.Id}/preparation")).Equipment.Should().Equal(new BookedEquipment(beamer, 1));
        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).Status is EnrolmentStatus.Settled, "nobody is left");
        (await Kinds(trainer)).Should().BeEmpty("nothing is left to be decided");
        api.AllPublished<TrainingSessionV1>().Where(s => s.CourseId == course && s.Enrolled.Count > 0).Select(s => s.Id).Distinct()
            .Should().ContainSingle();
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task where_nobody_is_free_the_proposal_says_which_rule_and_the_trainers_are_asked_and_may_leave_who_to_the_policy()
    {
        var (world, course, section) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var named = await Trainer(world);
        var busy = await Plan(world, await api.PrepareCourse("other"), Soon, "B", named);
        await Policy(world, trainer, new { automatic = true, newSessions = new { room = "Room 7", seats = 3, trainerIds = new[] { named } } });
        var need = await Fails(world, section);
        var asked = await api.Published<TrainingSlotsWantedV1>(q => q.ProjectId == world.Project && q.Open);

        await api.Publish(Answer(asked, (null, 0.8, 0.8, null)));

        await Eventually.True(async () => (await Proposal(trainer, asked.Id)).NotPlanned.Count > 0, "a rule is in the way");
        var proposal = await Proposal(trainer, asked.Id);
        proposal.NotPlanned.Should().ContainSingle().Which.Should().BeEquivalentTo(new { StartsAt = Soon, Rule = "no-trainer-free", TrainersTold = true });
        (await Kinds(trainer)).Should().Equal(NoticeKind.EnrolmentProposed);
        var url = $"/enrolment-proposals/{asked.Id}/acceptance";
        await (await trainer.Send(HttpMethod.Post, url, proposal.Version, new { startsAt = Soon }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "no-trainer-free");
        await Done(trainer.Send(HttpMethod.Post, $"/training-sessions/{busy}/cancellation", 1));
        var taken = await trainer.Send(HttpMethod.Post, url, proposal.Version, new { startsAt = Soon });
        taken.IsSuccessStatusCode.Should().BeTrue(await taken.Content.ReadAsStringAsync());
        (await trainer.Get<SessionView>(taken.Headers.Location!.ToString())).Should().BeEquivalentTo(
            new { CourseId = course, TrainerId = named, Room = "Room 7", Seats = 3,
                Enrolments = new[] { new Enrolment(world.Agents[0], need) } });
    }

    [Fact]
    public async Task what_a_policy_names_is_there_and_named_once()
    {
        var (world, course, _) = await World();
        var trainer = api.As(world.Trainer, "trainer", world.Project);
        var (exam, other) = (await Exam(trainer, world), Guid.CreateVersion7());
        async Task Refused(object policy, string pointer, string rule)
        {
            var answer = await trainer.Send(HttpMethod.Put, $"/enrolment-policies/{world.Project}", 0, new { from = "2026-01-01", policy });
            await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, rule);
            (await answer.Content.ReadAsStringAsync()).Should().Contain(pointer);
        }

        object Of(params (Guid Exam, Guid Course)[] exams) => new { causes = new { exams = exams.Select(e => new { examId = e.Exam,
            courseId = e.Course, failures = 1 }) } };
        await Refused(Of((other, course)), "/policy/causes/exams/0/examId", "unknown-exam");
        await Refused(Of((exam, other)), "/policy/causes/exams/0/courseId", "unknown-course");
        await Refused(Of((exam, course), (exam, course)), "/policy/causes/exams/1/examId", "exam-twice");
        await Refused(new { newSessions = new { room = " ", seats = 3 } }, "/policy/newSessions/room", "name");
        await Refused(new { newSessions = new { room = "A", seats = 3, trainerIds = new[] { other } } }, "/policy/newSessions/trainerIds/0", "unknown-trainer");
        await Refused(new { newSessions = new { room = "A", seats = 3, equipment = new[] { new { resourceId = other, count = 1 } } } },
            "/policy/newSessions/equipment/0/resourceId", "unknown-resource");
        await Policy(world, trainer, Of((exam, course)));
        await Policy(world, trainer, Of((exam, course)), version: 1);
        (await trainer.GetAsync($"/enrolment-policies/{world.Project}")).Version().Should().Be(1, "the same again is nothing new");
    }

    private sealed record EquipmentSeen(IReadOnlyList<BookedEquipment> Equipment);

    private sealed record HistoryPage(IReadOnlyList<HistoryEntry> Items);

    private static async Task<CourseNeed> CourseNeed(HttpClient who, World world, Func<CourseNeed, bool> wanted)
    {
        CourseNeed? found = null;
        await Eventually.True(async () => (found = (await who.Get<Page<CourseNeed>>($"/course-needs?projectId={world.Project}")).Items
            .SingleOrDefault(wanted)) is not null, "the need of the course");
        return found!;
    }

    private static async Task<Guid> Exam(HttpClient trainer, World world, int months = 12)
    {
        var exam = await trainer.Send(HttpMethod.Post, "/exams", body: new { projectId = world.Project, content = new
        {
            title = "Cards", passMark = 3, attempts = 3, questions = Array.Empty<object>(), unit = "points", certificate = new { skill = "cards", months },
        } });
        exam.StatusCode.Should().Be(HttpStatusCode.Created, await exam.Content.ReadAsStringAsync());
        return Guid.Parse(exam.Headers.Location!.ToString()[^36..]);
    }

    private static async Task Judged(HttpClient trainer, Guid exam, Guid agent, int score)
    {
        var answer = await trainer.Send(HttpMethod.Post, $"/exams/{exam}/judgements", body: new { employeeId = agent, score });
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Guid> Resource(HttpClient trainer, World world, string kind, string name, int count)
    {
        var made = await trainer.Send(HttpMethod.Post, "/training-resources", body: new { projectId = world.Project, kind, name, count });
        made.StatusCode.Should().Be(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return Guid.Parse(made.Headers.Location!.ToString()[^36..]);
    }

    private async Task<Guid> Trainer(World world)
    {
        var id = Guid.CreateVersion7();
        await api.Publish(new EmployeeV1(id, 1, $"T-{id:N}", "Tea", new(2025, 1, 1), null, "senior", [], [world.Project], [], 40, "Asia/Shanghai",
            Posts: [new("coach", "trainer", new(2025, 1, 1), null)]));
        await Eventually.True(async () =>
        {
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await query.LoadAsync<EmployeeV1>(id) is not null;
        }, "the trainer");
        return id;
    }

    private static Task Policy(World world, HttpClient trainer, object policy, long version = 0) => Done(trainer.Send(
        HttpMethod.Put, $"/enrolment-policies/{world.Project}", version, new { from = "2026-01-01", policy }));

    private async Task<(World World, Guid Course, string Section)> World(int agents = 1)
    {
        var world = await api.People(agents);
        var section = $"closing-{Guid.CreateVersion7():N}"[..40];
        return (world, await api.PrepareCourse(section), section);
    }

    private async Task<Guid> Fails(World world, string section)
    {
        var evaluation = Guid.CreateVersion7();
        await api.Publish(TrainingApi.Evaluation(world, evaluation, 3, 0, "submitted", (section, false)));
        return (await api.Published<TrainingNeedV1>(n => n.EvaluationId == evaluation)).Id;
    }

    private async Task<Guid> Plan(World world, Guid course, DateTimeOffset startsAt, string room, Guid? trainer = null)
    {
        var teacher = trainer is { } named && named != Guid.Empty ? named : world.Trainer;
        if (trainer == Guid.Empty)
        {
            teacher = Guid.CreateVersion7();
            await api.Publish(new EmployeeV1(teacher, 1, $"T-{teacher:N}", "Tea", new(2025, 1, 1), null, "senior", [], [world.Project], [], 40,
                "Asia/Shanghai"));
        }

        HttpResponseMessage planned = null!;
        await Eventually.True(async () => (planned = await api.Admin.Send(HttpMethod.Post, "/training-sessions", body: new
        {
            courseId = course, projectId = world.Project, trainerId = teacher, room, seats = 5, startsAt, endsAt = startsAt.AddMinutes(90),
        })).StatusCode is HttpStatusCode.Created, "the session to be planned");
        return Guid.Parse(planned.Headers.Location!.ToString()[^36..]);
    }

    private static async Task Automatic(World world, HttpClient trainer, decimal mostLost = 0.02m) => await Done(trainer.Send(
        HttpMethod.Put, $"/enrolment-policies/{world.Project}", 0, new { from = "2026-01-01", policy = new { automatic = true, mostLost } }));

    private static TrainingSlotsV1 Answer(
        TrainingSlotsWantedV1 asked, params (Guid? Session, double? Before, double? After, string? Rule)[] slots) => new(
        asked.Id, 1, asked.ProjectId, asked.QuestionId,
        [
            .. slots.Select(s => new TrainingSlot(asked.Times.FirstOrDefault(t => t.SessionId == s.Session)?.StartsAt ?? Soon,
                asked.Times.FirstOrDefault(t => t.SessionId == s.Session)?.EndsAt ?? Soon.AddMinutes(90), s.Session, 3, s.Before, s.After,
                [.. asked.AgentIds.Select(agent => new SlotPerson(agent, s.Rule))])),
        ]);

    private static async Task Enrol(HttpClient trainer, Guid session, Guid agent, object body) => await Done(trainer.Send(
        HttpMethod.Put, $"/training-sessions/{session}/enrolments/{agent}",
        (await trainer.GetAsync($"/training-sessions/{session}")).Version(), body));

    private static Task<EnrolmentProposal> Proposal(HttpClient who, Guid id) => who.Get<EnrolmentProposal>($"/enrolment-proposals/{id}");

    private static async Task<IReadOnlyList<NoticeKind>> Kinds(HttpClient who) =>
        [.. (await who.Get<Page<Notice>>("/training-notices")).Items.Select(notice => notice.Kind)];

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }
}
