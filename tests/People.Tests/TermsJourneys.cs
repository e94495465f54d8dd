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

public sealed class TermsJourneys(PeopleApi api)
{
    private readonly HttpClient admin = api.Admin;

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
        var team = await api.FormTeam(await api.OpenProject());
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

    private Task BringUpToDate(DateTimeOffset now)
    {
        Actor.Current = Actor.Job("dated-changes");
        return ActivatorUtilities.CreateInstance<DatedChangesJob>(api.App.Services)
            .BringUpToDate(now, TestContext.Current.CancellationToken);
    }

    private IDocumentStore Store => api.App.Services.GetRequiredService<IDocumentStore>();
}
