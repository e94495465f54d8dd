using System.Net;
using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Employment;
using CallCenter.People.Projects;
using CallCenter.People.Retention;
using CallCenter.People.Teams;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.People.Tests;

public sealed class PeopleJourneys(PeopleApi api)
{
    private readonly HttpClient admin = api.Admin;

    [Fact]
    public async Task an_employee_is_hired_renamed_and_known_to_the_others()
    {
        var project = await api.OpenProject();
        var team = await api.FormTeam(project);
        var id = await api.Hire("J-1", team);

        var renamed = await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, Renamed("J-1", "李娜", team));

        renamed.StatusCode.Should().Be(HttpStatusCode.NoContent, await renamed.Content.ReadAsStringAsync());
        renamed.Version().Should().Be(3);
        (await admin.Get<EmployeeView>($"/employees/{id}")).Should().BeEquivalentTo(new { Name = "李娜", Version = 3L });
        var fact = await api.Published<EmployeeV1>(f => f.Id == id && f.Version == 3);
        fact.Should().BeEquivalentTo(new
        {
            StaffNumber = "J-1", Name = "李娜", Grade = "junior", TeamIds = new[] { team }, ProjectIds = new[] { project },
            Skills = new[] { new SkillLevel("billing", 3) }, WeeklyHours = 40m, Zone = "Asia/Shanghai",
        });
        (await api.Published<TeamV1>(f => f.Id == team && f.Members.Contains(id))).Span.Should().Be("under");
        (await Stored("people.mt_events", "李娜")).Should().BeFalse("names are not written into events");
    }

    [Fact]
    public async Task who_changed_an_employee_when_and_why_is_on_record()
    {
        var (project, boss) = (await api.OpenProject(), Guid.CreateVersion7());
        var team = await api.FormTeam(project);
        var id = await api.Hire("H-1", team);
        using var client = api.As(boss, "admin");
        client.DefaultRequestHeaders.Add("X-Reason", Uri.EscapeDataString("Umzug nach Köln, 100 %"));
        (await client.Send(HttpMethod.Put, $"/employees/{id}", version: 2, Renamed("H-1", "李娜", team))).Version().Should().Be(3);
        var file =
            await api.Import("staff_number,name,hired_on,grade,teams,skills,weekly_hours,zone\nH-1,李娜,2025-03-03,senior,,billing:3,40,Asia/Shanghai\n");
        file.StatusCode.Should().Be(HttpStatusCode.OK, await file.Content.ReadAsStringAsync());

        var history = (await admin.Get<Page<HistoryEntry>>($"/employees/{id}/history")).Items;

        history[2].Should().BeEquivalentTo(new { Version = 3L, By = new HistoryActor(ActorKind.Person, boss, null, null),
            What = "employee-renamed", Why = "Umzug nach Köln, 100 %" });
        history[0].Should().BeEquivalentTo(new { What = "employee-hired", Why = (string?)null });
        history[^1].By.Should().BeEquivalentTo(new { Kind = ActorKind.Import, Name = "employees" });
        history[^1].By.For.Should().NotBeNull();
        history.Select(e => e.Version).Should().BeInAscendingOrder();

        var paged = new List<HistoryEntry>();
        for (string? next = ""; next is not null;)
        {
            var page = await admin.Get<Page<HistoryEntry>>($"/employees/{id}/history?limit=1{(next.Length > 0 ? "&cursor=" + next : "")}");
            paged.AddRange(page.Items);
            next = page.Next;
        }

        paged.Should().Equal(history);
    }

    [Fact]
    public async Task the_history_of_a_thing_is_for_whoever_may_see_the_thing()
    {
        var project = await api.OpenProject();
        var id = await api.Hire("H-2", await api.FormTeam(project));

        (await api.As(id, "agent", project).Get<Page<HistoryEntry>>($"/employees/{id}/history")).Items.Should().NotBeEmpty();
        foreach (var (stranger, url) in new[]
        {
            (api.As(Guid.CreateVersion7(), "agent", project), $"/employees/{id}/history"),
            (api.As(Guid.CreateVersion7(), "supervisor", Guid.CreateVersion7()), $"/employees/{id}/history"),
            (api.As(Guid.CreateVersion7(), "supervisor", Guid.CreateVersion7()), $"/projects/{project}/history"),
        })
            await (await stranger.GetAsync(new Uri(url, UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task moving_makes_both_facts_newer()
    {
        var project = await api.OpenProject();
        var (one, two) = (await api.FormTeam(project, "One"), await api.FormTeam(project, "Two"));
        var id = await api.Hire("M-1", one);

        var moved = await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee("M-1", two));

        moved.Version().Should().Be(4);
        (await api.Published<EmployeeV1>(f => f.Id == id && f.Version == 4)).TeamIds.Should().Equal(two);
        (await api.Published<TeamV1>(f => f.Id == one && f.Version == 3)).Members.Should().BeEmpty();
        (await api.Published<TeamV1>(f => f.Id == two && f.Version == 2)).Members.Should().Equal(id);
    }

    [Fact]
    public async Task employees_and_teams_agree_after_many_moves_at_once()
    {
        var project = await api.OpenProject();
        var teams = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => api.FormTeam(project, $"Many {i}")));
        var employees = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => api.Hire($"MANY-{i}", teams[i % 3])));

        var answers = await Task.WhenAll(employees.SelectMany((id, i) => Enumerable.Range(1, 3).Select(step =>
            admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee($"MANY-{i}", teams[(i + step) % 3])))));

        answers.Select(a => a.StatusCode).Should()
            .OnlyContain(s => s == HttpStatusCode.NoContent || s == HttpStatusCode.PreconditionFailed);
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var onFile = await query.Query<Employee>().Where(e => e.Id.IsOneOf(employees)).ToListAsync();
        var members = await query.Query<Team>().Where(t => t.Id.IsOneOf(teams)).ToListAsync();
        members.SelectMany(t => t.Members.Select(m => (m, t.Id))).Should()
            .BeEquivalentTo(onFile.SelectMany(e => e.TeamIds.Select(t => (e.Id, t))));
    }

    [Fact]
    public async Task of_two_racing_creations_with_one_staff_number_one_is_refused()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            admin.Send(HttpMethod.Post, "/employees", body: Renamed("RACE-1", $"Name {i}"))));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).Should().Be(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "staff-number-taken");
    }

    [Fact]
    public async Task the_same_employee_again_is_the_same_answer()
    {
        var first = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("SAME-1"));
        var again = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("same-1").With("staffNumber", "SAME-1"));
        var other = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("ｓａｍｅ-1"));

        again.StatusCode.Should().Be(HttpStatusCode.Created);
        again.Headers.Location.Should().Be(first.Headers.Location);
        await other.ShouldBeProblem(HttpStatusCode.Conflict, "staff-number-taken");
    }

    [Fact]
    public async Task a_staff_number_can_be_corrected_and_is_free_again()
    {
        var id = await api.Hire("TYPO-1");

        var corrected = await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 1, PeopleApi.Employee("TYPO-2"));
        var next = await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Employee("TYPO-1"));
        var taken = await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee("TYPO-1"));

        corrected.Version().Should().Be(2);
        next.StatusCode.Should().Be(HttpStatusCode.Created);
        await taken.ShouldBeProblem(HttpStatusCode.Conflict, "staff-number-taken");
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("agent,offline_access")]
    public async Task a_person_sees_their_projects_people_and_an_agent_themselves(string roles)
    {
        var (mine, theirs) = (await api.OpenProject($"Mine {roles}"), await api.OpenProject($"Theirs {roles}"));
        var (team, otherTeam) = (await api.FormTeam(mine), await api.FormTeam(theirs));
        var (agent, colleague, stranger) =
            (await api.Hire($"SEE-1-{roles.Length}", team), await api.Hire($"SEE-2-{roles.Length}", team),
            await api.Hire($"SEE-3-{roles.Length}", otherTeam));
        var supervisor = api.As(Guid.CreateVersion7(), "supervisor", mine);
        var self = api.As(agent, roles, mine);

        var list = await supervisor.Get<Page<EmployeeView>>("/employees");
        list.Items.Select(e => e.Id).Should().BeEquivalentTo([agent, colleague]);
        (await supervisor.Get<TeamView>($"/teams/{team}")).Members.Select(m => m.Name).Should().AllBe("张伟");
        (await supervisor.Get<Page<TeamSummary>>("/teams")).Items.Should().ContainSingle();
        (await supervisor.Get<Page<ProjectView>>("/projects")).Items.Should().ContainSingle();
        (await self.Get<EmployeeView>($"/employees/{agent}")).StaffNumber.Should().Be($"SEE-1-{roles.Length}");

        await (await supervisor.GetAsync($"/employees/{stranger}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await supervisor.GetAsync($"/teams/{otherTeam}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await supervisor.GetAsync($"/projects/{theirs}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await self.GetAsync($"/employees/{colleague}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await self.GetAsync("/employees")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");

        var manager = api.As(Guid.CreateVersion7(), "project-manager", mine);
        await (await manager.Send(HttpMethod.Put, $"/teams/{team}", version: 3, new { name = "Ours", supervisorId = stranger }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-supervisor");
        await (await manager.Send(HttpMethod.Put, $"/projects/{mine}/digest-readers", version: 1, new
        {
            digestReaders = new[] { new { employeeId = stranger, email = "a@b.example", language = "en" } },
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-reader");
    }

    [Fact]
    public async Task the_list_is_filtered_literally_and_walked_by_cursor()
    {
        var project = await api.OpenProject("Lists");
        var team = await api.FormTeam(project);
        for (var i = 0; i < 5; i++)
            await admin.Send(HttpMethod.Post, "/employees", body: Renamed($"LIST-{i}", i == 0 ? "100%_Ann" : $"Walker {i}", team));

        var first = await admin.Get<Page<EmployeeView>>($"/employees?projectId={project}&name=walker&limit=3");
        var second = await admin.Get<Page<EmployeeView>>($"/employees?projectId={project}&name=walker&limit=3&cursor={first.Next}");

        first.Items.Concat(second.Items).Select(e => e.StaffNumber).Should().Equal("LIST-1", "LIST-2", "LIST-3", "LIST-4");
        second.Next.Should().BeNull();
        await Lists($"name={Uri.EscapeDataString("0%_a")}", "LIST-0");
        await Lists($"name={Uri.EscapeDataString("%")}", "LIST-0");
        await Lists($"name={Uri.EscapeDataString("'; DROP TABLE mt_events;--")}");
        await Lists("staffNumber=list-3", "LIST-3");
        await Lists("skill=billing&employedOn=2025-03-03", "LIST-0", "LIST-1", "LIST-2", "LIST-3", "LIST-4");
        await Lists("employedOn=2025-03-02");
        await Lists($"teamId={Guid.CreateVersion7()}");

        async Task Lists(string filter, params string[] expected) =>
            (await admin.Get<Page<EmployeeView>>($"/employees?projectId={project}&{filter}")).Items.Select(e => e.StaffNumber).Should()
                .Equal(expected);
    }

    [Fact]
    public async Task a_project_tells_what_was_agreed_and_who_reads_the_digest()
    {
        var manager = await api.Hire("OPS-1");
        var id = await api.OpenProject("Digest", [new { employeeId = manager, email = "ops@example.com", language = "zh-CN" }]);

        var agreed = await admin.Send(HttpMethod.Post, $"/projects/{id}/targets", version: 5,
            new { kpi = "service-level", value = 0.9m, effectiveFrom = "2026-04-01" });

        agreed.Version().Should().Be(6);
        var fact = await api.Published<ProjectV1>(f => f.Id == id && f.Version == 6);
        fact.Zone.Should().Be("Asia/Shanghai");
        fact.OpeningHours.Should().Equal(new OpeningHours(DayOfWeek.Monday, new(8, 0), new(20, 0)));
        fact.Queues.Should().Equal(new ProjectQueue("billing", "Billing", "voice", 20));
        fact.Targets.Should().Equal(new KpiTarget("service-level", 0.8m, new(2026, 1, 1)),
            new KpiTarget("service-level", 0.9m, new(2026, 4, 1)));
        fact.DigestReaders.Should().Equal(new DigestReader(manager, "ops@example.com", "zh-CN"));
        foreach (var (scope, scopeId, through, code) in new[]
        {
            ("team", "north", null, "target-scope"), ("project", "north", null, "target-scope"), ("department", null, null, "target-scope"),
            ("department", "night", "2026-02-28", "ends-before-start"),
        })
            await (await admin.Send(HttpMethod.Post, $"/projects/{id}/targets", version: 6,
                new { kpi = "asa", value = 30, effectiveFrom = "2026-03-01", scope, scopeId, through }))
                    .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);

        (await admin.Get<Target[]>($"/projects/{id}/targets?on=2026-03-31")).Should()
            .Equal(new Target("service-level", 0.8m, new(2026, 1, 1)));
        (await Stored("people.mt_events", "ops@example.com")).Should().BeFalse("addresses are not written into events");
    }

    [Fact]
    public async Task erasing_leaves_the_record_and_takes_the_person()
    {
        var manager = await api.Hire("GONE-1");
        var project = await api.OpenProject("Erase", [new { employeeId = manager, email = "gone@example.com", language = "en" }]);
        await admin.Send(HttpMethod.Put, $"/employees/{manager}", version: 1, Renamed("GONE-1", "Vanishing Vera")
            .With("leftOn", "2025-12-31"));

        var erased = await admin.Send(HttpMethod.Delete, $"/employees/{manager}/personal-data", version: 3);

        erased.StatusCode.Should().Be(HttpStatusCode.NoContent, await erased.Content.ReadAsStringAsync());
        (await api.Published<EmployeeV1>(f => f.Id == manager && f.Version == 4)).Name.Should().BeEmpty();
        (await api.Published<ProjectV1>(f => f.Id == project && f.Version == 6)).DigestReaders.Should().BeEmpty();
        (await admin.Get<EmployeeView>($"/employees/{manager}")).Name.Should().BeEmpty();
        foreach (var table in new[] { "people.mt_events", "people.mt_doc_persondetails", "people.mt_doc_digestaddresses" })
            (await Stored(table, "Vanishing Vera") || await Stored(table, "gone@example.com")).Should().BeFalse(table);
    }

    [Fact]
    public async Task who_worked_in_a_project_under_a_legal_hold_is_not_erased_until_somebody_else_releases_it()
    {
        var project = await api.OpenProject("Claimed");
        var team = await api.FormTeam(project);
        var employee = await api.Hire("HELD-1", team);
        var left = Renamed("HELD-1", "Held").With("leftOn", "2025-12-31").With("teamIds", new[] { team });
        (await admin.Send(HttpMethod.Put, $"/employees/{employee}", await Version(), left)).StatusCode
            .Should().Be(HttpStatusCode.NoContent);

        var placed = await admin.Send(
            HttpMethod.Post, $"/projects/{project}/retention/legal-holds", version: 0, new { reason = "Claim 114" });

        placed.StatusCode.Should().Be(HttpStatusCode.Created, await placed.Content.ReadAsStringAsync());
        (await api.Published<RetentionV1>(f => f.Id == project && f.Version == 1)).LegalHolds.Should().ContainSingle();
        await (await Erase()).ShouldBeProblem(HttpStatusCode.Conflict, "legal-hold");
        await (await admin.Send(HttpMethod.Post, $"{placed.Headers.Location}/release", version: 1, new { reason = "Settled" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "hold-second-person");
        using var other = api.Admin;
        (await other.Send(HttpMethod.Post, $"{placed.Headers.Location}/release", version: 1, new { reason = "Settled" })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        var erased = await Erase();
        erased.StatusCode.Should().Be(HttpStatusCode.NoContent, await erased.Content.ReadAsStringAsync());

        async Task<long> Version() => (await admin.GetAsync(new Uri($"/employees/{employee}", UriKind.Relative))).Version();
        async Task<HttpResponseMessage> Erase() =>
            await admin.Send(HttpMethod.Delete, $"/employees/{employee}/personal-data", await Version());
    }

    [Fact]
    public async Task a_hold_that_a_restore_has_undone_is_placed_again_once_and_never_after_its_release()
    {
        var project = await api.OpenProject("Restored");
        var stands = new HoldStandsV1(project, Guid.CreateVersion7(), new(2026, 3, 1), null);
        for (var holder = 0; holder < 2; holder++)
            await api.Say(stands);

        (await api.Published<RetentionV1>(f => f.Id == project)).LegalHolds.Should().Equal(
            new LegalHold(stands.HoldId, stands.From, stands.Through));
        (await admin.Send(
            HttpMethod.Post, $"/projects/{project}/retention/legal-holds/{stands.HoldId}/release", version: 1, new { reason = "Settled" }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        var other = stands with { HoldId = Guid.CreateVersion7() };
        await api.Say(stands);
        await api.Say(other);
        (await api.Published<RetentionV1>(f => f.Id == project && f.LegalHolds.Any(hold => hold.Id == other.HoldId))).LegalHolds
            .Should().ContainSingle();
    }

    [Fact]
    public async Task a_project_says_how_long_it_keeps_what()
    {
        var project = await api.OpenProject("Kept");
        var version = (await admin.GetAsync(new Uri($"/projects/{project}/retention", UriKind.Relative))).Version();
        object[] periods = [new { kind = "recordings", days = 180 }, new { kind = "leave-texts", days = 30 }];

        var set = await admin.Send(HttpMethod.Put, $"/projects/{project}/retention", version, new { periods });

        set.StatusCode.Should().Be(HttpStatusCode.NoContent, await set.Content.ReadAsStringAsync());
        (await api.Published<RetentionV1>(f => f.Id == project && f.Version == version + 1)).Periods.Should().Equal(
            new RetainedDays("leave-texts", 30), new RetainedDays("recordings", 180));
        (await admin.Get<RetentionView>($"/projects/{project}/retention")).Periods.Should().Equal(
            new RetentionPeriod("leave-texts", 30), new RetentionPeriod("recordings", 180));
        var twice = new { periods = periods.Append(periods[0]) };
        await (await admin.Send(HttpMethod.Put, $"/projects/{project}/retention", version + 1, twice))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "duplicate-kind");
    }

    [Fact]
    public async Task leavers_leave_their_teams_the_day_after()
    {
        var team = await api.FormTeam(await api.OpenProject("Leavers"));
        var id = await api.Hire("LEAVE-1", team);
        await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee("LEAVE-1", team).With("leftOn", "2031-05-31"));
        var job = ActivatorUtilities.CreateInstance<OffboardingJob>(api.App.Services);
        Actor.Current = Actor.Job("offboarding");

        // Midnight in Shanghai is 16:00 UTC of the day before.
        await job.EndMemberships(new DateTimeOffset(2031, 5, 31, 15, 59, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
        (await admin.Get<EmployeeView>($"/employees/{id}")).TeamIds.Should().Equal(team);

        await job.EndMemberships(new DateTimeOffset(2031, 5, 31, 16, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
        (await admin.Get<EmployeeView>($"/employees/{id}")).TeamIds.Should().BeEmpty();
        (await admin.Get<TeamView>($"/teams/{team}")).Members.Should().BeEmpty();
    }

    [Fact]
    public async Task late_corrections_and_days_to_come_are_told_and_what_was_known_before_is_kept()
    {
        var project = await api.OpenProject("Dated");
        var (one, two) = (await api.FormTeam(project, "Dated 1"), await api.FormTeam(project, "Dated 2"));
        var id = await api.Hire("DATE-1", one);
        var before = (await admin.Get<Page<HistoryEntry>>($"/employees/{id}/history")).Items[^1].At;

        var late = await admin.Send(HttpMethod.Post, $"/employees/{id}/terms", version: 2,
            new { from = "2025-06-01", grade = "intermediate", teamIds = new[] { one, two } });
        late.Version().Should().Be(5, await late.Content.ReadAsStringAsync());
        var left = await admin.Send(HttpMethod.Post, $"/employees/{id}/terms", version: 5,
            new { from = "2025-09-01", teamIds = new[] { one } });
        left.Version().Should().Be(6, await left.Content.ReadAsStringAsync());
        var toCome = await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 6,
            PeopleApi.Employee("DATE-1", two).With("grade", "senior").With("from", "2031-06-01"));
        toCome.Version().Should().Be(9, await toCome.Content.ReadAsStringAsync());

        (await admin.Get<EmployeeView>($"/employees/{id}")).Should()
            .BeEquivalentTo(new { Grade = Grade.Intermediate, TeamIds = new[] { one } });
        var terms = await api.As(id, "agent", project).Get<TermsView>($"/employees/{id}/terms");
        terms.Grades.Select(g => (g.Grade, g.From)).Should().Equal(
            (Grade.Junior, new(2025, 3, 3)), (Grade.Intermediate, new(2025, 6, 1)), (Grade.Senior, new(2031, 6, 1)));
        terms.Teams.Select(t => (t.TeamId, t.From, t.To)).Should().Equal(
            (one, new(2025, 6, 1), new(2031, 5, 31)), (two, new(2025, 6, 1), new(2025, 8, 31)), (two, new(2031, 6, 1), null));
        (await admin.Get<TermsView>($"/employees/{id}/terms?asOf={Uri.EscapeDataString(before.ToString("O"))}"))
            .Grades.Select(g => g.Grade).Should().Equal(Grade.Junior);
        await (await admin.GetAsync($"/employees/{id}/terms?asOf=2020-01-01T00:00:00Z"))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        var employee = await api.Published<EmployeeV1>(f => f.Id == id && f.Version == 9);
        employee.Grade.Should().Be("intermediate");
        employee.Grades.Should().Equal(
            new DatedGrade("junior", new(2025, 3, 3)), new("intermediate", new(2025, 6, 1)), new("senior", new(2031, 6, 1)));
        employee.Teams.Should().Equal(terms.Teams.Select(t => new TeamPeriod(t.TeamId, t.ProjectId, t.From, t.To)));
        var team = await api.Published<TeamV1>(f => f.Id == two && f.Version == 4);
        team.Members.Should().BeEmpty();
        team.Memberships.Should().Equal(new(id, new(2025, 6, 1), new(2025, 8, 31)), new MemberPeriod(id, new(2031, 6, 1), null));

        // Midnight in Shanghai is 16:00 UTC of the day before.
        await BringUpToDate(new(2031, 5, 31, 15, 59, 0, TimeSpan.Zero));
        (await admin.Get<EmployeeView>($"/employees/{id}")).Version.Should().Be(9);
        await BringUpToDate(new(2031, 5, 31, 16, 0, 0, TimeSpan.Zero));
        (await admin.Get<EmployeeView>($"/employees/{id}")).Should()
            .BeEquivalentTo(new { Version = 10L, Grade = Grade.Senior, TeamIds = new[] { two } });
        (await admin.Get<TeamView>($"/teams/{one}")).Members.Should().BeEmpty();
        (await admin.Get<TeamView>($"/teams/{two}")).Members.Should().ContainSingle();
        var now = await api.Published<EmployeeV1>(f => f.Id == id && f.Version == 10);
        (now.Grade, now.TeamIds.Single()).Should().Be(("senior", two));
        now.Should().BeEquivalentTo(new { employee.Grades, employee.Teams, employee.ContractHours });
    }

    [Fact]
    public async Task a_supervisor_is_appointed_for_a_day()
    {
        var project = await api.OpenProject("Lead");
        var (first, next) = (await api.Hire("LEAD-1"), await api.Hire("LEAD-2"));
        var team = await api.FormTeam(project, "Led", first);

        await Appoint(version: 1, next, "2031-04-01");
        await Appoint(version: 2, null, "2025-01-01");

        (await admin.Get<TeamView>($"/teams/{team}")).SupervisorId.Should().Be(first);
        var fact = await api.Published<TeamV1>(f => f.Id == team && f.Version == 3);
        fact.Supervisors!.Select(s => s.SupervisorId).Should().Equal(null, first, next);
        await BringUpToDate(new(2031, 4, 1, 12, 0, 0, TimeSpan.Zero));
        (await admin.Get<TeamView>($"/teams/{team}")).SupervisorId.Should().Be(next);

        async Task Appoint(long version, Guid? supervisorId, string from) =>
            (await admin.Send(HttpMethod.Put, $"/teams/{team}", version, new { name = "Led", supervisorId, from }))
                .StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task snapshots_of_before_there_were_dates_are_made_again(bool changed)
    {
        var team = await api.FormTeam(await api.OpenProject("Undated"));
        var id = await api.Hire("UNDATED-1" + changed, team);
        await using (var source = Npgsql.NpgsqlDataSource.Create(api.Database))
            foreach (var (table, thing) in new[] { ("employee", id), ("team", team) })
            {
                await using var command = source.CreateCommand(
                    $"update people.mt_doc_{table} set data = data - "
                    + "'{HasDates,Grades,Contracts,TeamDates,DatedOn,NextChangeOn,Supervisors,MemberDates}'::text[] where id = $1");
                command.Parameters.AddWithValue(thing);
                (await command.ExecuteNonQueryAsync()).Should().Be(1);
            }

        // It may be changed before the first round.
        if (changed)
            (await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee("UNDATED-1" + changed, team)
                .With("grade", "senior")))
                .Version().Should().Be(3);
        await BringUpToDate(TimeProvider.System.GetUtcNow());

        await using var query = Store.QuerySession();
        var employee = (await query.LoadAsync<Employee>(id))!;
        employee.Grades.Select(g => g.Value).Should().Equal(changed ? [Grade.Junior, Grade.Senior] : [Grade.Junior]);
        employee.TeamDates.Should().ContainSingle();
        (await query.LoadAsync<Team>(team))!.MemberDates.Should().ContainSingle();
    }

    [Fact]
    public async Task a_dissolved_team_is_gone()
    {
        var project = await api.OpenProject("Dissolve");
        var team = await api.FormTeam(project);

        (await admin.Send(HttpMethod.Delete, $"/teams/{team}", version: 1)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        await (await admin.Send(HttpMethod.Delete, $"/teams/{team}", version: 2)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await admin.GetAsync($"/teams/{team}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await admin.Get<Supervision>($"/projects/{project}/supervision")).Teams.Should().BeEmpty();
    }

    [Fact]
    public async Task supervision_says_how_the_agents_could_be_split()
    {
        var project = await api.OpenProject("Spans");
        var team = await api.FormTeam(project);
        var csv = string.Join('\n', Enumerable.Range(0, 24).Select(i => $"SPAN-{i},Agent {i},2025-01-01,junior,{team},40,Asia/Shanghai"));
        (await api.Import("staff_number,name,hired_on,grade,teams,weekly_hours,zone\n" + csv)).StatusCode.Should().Be(HttpStatusCode.OK);

        var supervision = await admin.Get<Supervision>($"/projects/{project}/supervision");

        supervision.Agents.Should().Be(24);
        supervision.Split.Should().Equal(12, 12);
        supervision.Teams.Single().Span.Should().Be("over");
    }

    private Task BringUpToDate(DateTimeOffset now)
    {
        Actor.Current = Actor.Job("dated-changes");
        return ActivatorUtilities.CreateInstance<DatedChangesJob>(api.App.Services)
            .BringUpToDate(now, TestContext.Current.CancellationToken);
    }

    private IDocumentStore Store => api.App.Services.GetRequiredService<IDocumentStore>();

    private static Dictionary<string, object?> Renamed(string staffNumber, string name, params Guid[] teams) =>
        PeopleApi.Employee(staffNumber, teams).With("name", name);

    private async Task<bool> Stored(string table, string text)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var command = source.CreateCommand($"select count(*) from {table} where data::text like '%' || $1 || '%'");
        command.Parameters.AddWithValue(text);
        return (long)(await command.ExecuteScalarAsync())! > 0;
    }
}

internal static class Bodies
{
    public static Dictionary<string, object?> With(this Dictionary<string, object?> body, string member, object? value) =>
        new(body) { [member] = value };

    public static Dictionary<string, object?> Without(this Dictionary<string, object?> body, string member) =>
        new(body.Where(m => m.Key != member));
}
