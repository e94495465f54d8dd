using System.Net;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Employment;
using CallCenter.People.Projects;
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

        var renamed = await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Renamed("J-1", "李娜", team));

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
        (await api.Stored("people.mt_events", "李娜")).Should().BeFalse("names are not written into events");
    }

    [Fact]
    public async Task who_changed_an_employee_when_and_why_is_on_record()
    {
        var (project, boss) = (await api.OpenProject(), Guid.CreateVersion7());
        var team = await api.FormTeam(project);
        var id = await api.Hire("H-1", team);
        using var client = api.As(boss, "admin");
        client.DefaultRequestHeaders.Add("X-Reason", Uri.EscapeDataString("Umzug nach Köln, 100 %"));
        (await client.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Renamed("H-1", "李娜", team))).Version().Should().Be(3);
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
            admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Renamed("RACE-1", $"Name {i}"))));

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
            await admin.Send(HttpMethod.Post, "/employees", body: PeopleApi.Renamed($"LIST-{i}", i == 0 ? "100%_Ann" : $"Walker {i}", team));

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
        (await api.Stored("people.mt_events", "ops@example.com")).Should().BeFalse("addresses are not written into events");
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
}
