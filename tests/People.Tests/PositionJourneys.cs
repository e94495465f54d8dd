using System.Net;
using CallCenter.Contracts.People;
using CallCenter.People.Employees;
using CallCenter.People.Employment;
using CallCenter.People.Posts;
using CallCenter.People.Teams;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.People.Tests;

public sealed class PositionJourneys(PeopleApi api)
{
    private readonly HttpClient admin = api.Admin;

    [Fact]
    public async Task a_post_is_held_by_a_person_from_a_day_on()
    {
        var (old, young) = (await api.Hire("POS-1"), await api.Hire("POS-2"));

        await Place(old, version: 1, new { posts = new[] { "operations-director" }, from = "2025-04-01" });
        await Place(old, version: 2, new { posts = Array.Empty<string>(), from = "2026-02-01" });
        await Place(young, version: 1, new
        {
            posts = new[] { "operations-director", "store-manager" }, department = "运营部", managerId = old, mentorId = old,
                from = "2026-02-01",
        });

        (await Directors("2025-03-31")).Should().BeEmpty();
        (await Directors("2026-01-31")).Should().Equal(new PostHolder(old, "POS-1", "张伟", new(2025, 4, 1), new(2026, 1, 31)));
        (await Directors("2026-02-01")).Should().Equal(new PostHolder(young, "POS-2", "张伟", new(2026, 2, 1), null));
        (await api.As(Guid.CreateVersion7(), "supervisor").Get<PostHolder[]>("/posts/operations-director/holders"))
            .Should().ContainSingle(h => h.EmployeeId == young);
        (await admin.Get<EmployeeView>($"/employees/{young}")).Should().BeEquivalentTo(new
        {
            Posts = new[] { "operations-director", "store-manager" }, Department = "运营部", ManagerId = old, MentorId = old,
        });
        (await admin.Get<TermsView>($"/employees/{young}/terms")).Posts.Should().Equal(
            new("operations-director", "operations-manager", new(2026, 2, 1), null),
            new PostTerm("store-manager", "project-manager", new(2026, 2, 1), null));
        (await api.Published<EmployeeV1>(f => f.Id == old && f.Version == 3)).Posts.Should().Equal(
            new PostPeriod("operations-director", "operations-manager", new(2025, 4, 1), new(2026, 1, 31)));
        (await api.As(young, "agent").Get<Post[]>("/posts")).Should().HaveCount(11);
        await (await admin.GetAsync("/posts/king/holders")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        Task<PostHolder[]> Directors(string on) => admin.Get<PostHolder[]>($"/posts/operations-director/holders?on={on}");
    }

    [Fact]
    public async Task whoever_has_left_holds_no_post()
    {
        var id = await api.Hire("POS-LEFT");
        await Place(id, version: 1, new { posts = new[] { "copywriter" }, from = "2025-04-01" });
        await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee("POS-LEFT").With("leftOn", "2026-01-31"));

        (await admin.Get<PostHolder[]>("/posts/copywriter/holders?on=2026-01-31")).Should().ContainSingle();
        (await admin.Get<PostHolder[]>("/posts/copywriter/holders?on=2026-02-01")).Should().BeEmpty();
    }

    [Fact]
    public async Task nobody_reports_to_themselves_in_the_end()
    {
        var (top, middle, low) = (await api.Hire("LINE-1"), await api.Hire("LINE-2"), await api.Hire("LINE-3"));
        await Place(middle, version: 1, new { posts = Array.Empty<string>(), managerId = top });
        await Place(low, version: 1, new { posts = Array.Empty<string>(), managerId = middle });

        foreach (var (body, code) in new (object, string)[]
        {
            (new { posts = Array.Empty<string>(), managerId = low }, "reports-to-themselves"),
            (new { posts = Array.Empty<string>(), managerId = top }, "reports-to-themselves"),
            (new { posts = Array.Empty<string>(), managerId = Guid.CreateVersion7() }, "unknown-manager"),
            (new { posts = Array.Empty<string>(), mentorId = top }, "unknown-mentor"),
            (new { posts = new[] { "king" } }, "unknown-post"),
            (new { posts = new[] { "designer", "designer" } }, "duplicate-post"),
            (new { posts = Array.Empty<string>(), from = "2025-03-02" }, "from-before-hire"),
            (new { posts = Array.Empty<string>(), department = " " }, "name"),
        })
            await (await admin.Send(HttpMethod.Put, $"/employees/{top}/position", version: 1, body))
                .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task qualifications_are_read_by_people_and_erased_with_the_name()
    {
        var id = await api.Hire("QUAL-1");
        var said = new { education = "大专", experience = 3, management = (int?)null, certificates = new[] { "普通话一级乙等" } };

        (await admin.Send(HttpMethod.Put, $"/employees/{id}/qualifications", version: 1, said)).Version().Should().Be(2);
        (await admin.Send(HttpMethod.Put, $"/employees/{id}/qualifications", version: 2, said)).Version().Should().Be(2);
        await admin.Send(HttpMethod.Put, $"/employees/{id}", version: 2, PeopleApi.Employee("QUAL-1").With("name", "李娜")
            .With("leftOn", "2026-01-31"));

        (await api.As(id, "agent").Get<Qualifications>($"/employees/{id}/qualifications")).Should()
            .BeEquivalentTo(new Qualifications("大专", 3, null, ["普通话一级乙等"]));
        await (await api.As(Guid.CreateVersion7(), "agent").GetAsync($"/employees/{id}/qualifications"))
            .ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await admin.Send(HttpMethod.Delete, $"/employees/{id}/personal-data", version: 4)).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (await admin.Get<Qualifications>($"/employees/{id}/qualifications")).Should().BeEquivalentTo(Qualifications.None);
        await (await admin.Send(HttpMethod.Put, $"/employees/{id}/qualifications", version: 5, said))
            .ShouldBeProblem(HttpStatusCode.Conflict, "erased");
        (await admin.Get<Qualifications>($"/employees/{id}/qualifications")).Should().BeEquivalentTo(Qualifications.None);
    }

    [Fact]
    public async Task whoever_holds_a_supervisors_post_sees_the_teams_that_they_lead()
    {
        var project = await api.OpenProject("Own teams");
        var lead = await api.Hire("OWN-1");
        var (own, other) = (await api.FormTeam(project, "Own", lead), await api.FormTeam(project, "Other"));
        var (mine, theirs) = (await api.Hire("OWN-2", own), await api.Hire("OWN-3", other));
        var supervisor = api.As(lead, "supervisor,agent", project);
        (await supervisor.Get<Page<TeamSummary>>("/teams")).Items.Should().HaveCount(2, "without a post the token says which projects");

        await Place(lead, version: 1, new { posts = new[] { "customer-service-supervisor" } });

        (await supervisor.Get<Page<TeamSummary>>("/teams")).Items.Select(t => t.Id).Should().Equal(own);
        (await supervisor.Get<Page<EmployeeView>>("/employees")).Items.Select(e => e.Id).Should().Equal(mine);
        (await supervisor.Get<Supervision>($"/projects/{project}/supervision")).Teams.Select(t => t.Id).Should().Equal(own);
        (await supervisor.Get<TeamView>($"/teams/{own}")).Members.Should().ContainSingle();
        (await supervisor.Get<EmployeeView>($"/employees/{mine}")).Id.Should().Be(mine);
        (await supervisor.Get<EmployeeView>($"/employees/{lead}")).Id.Should().Be(lead);
        foreach (var hidden in new[]
        {
            $"/teams/{other}", $"/teams/{other}/history", $"/employees/{theirs}", $"/employees/{theirs}/history",
            $"/employees/{theirs}/terms", $"/employees/{theirs}/qualifications",
        })
            await (await supervisor.GetAsync(new Uri(hidden, UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await api.As(lead, "supervisor,project-manager", project).Get<Page<TeamSummary>>("/teams"))
            .Items.Should().HaveCount(2, "a wider role sees its projects");
    }

    private async Task Place(Guid id, long version, object position)
    {
        var placed = await admin.Send(HttpMethod.Put, $"/employees/{id}/position", version, position);
        placed.StatusCode.Should().Be(HttpStatusCode.NoContent, await placed.Content.ReadAsStringAsync());
    }
}
