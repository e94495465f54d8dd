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

namespace CallCenter.People.Tests;

public sealed class ErasureJourneys(PeopleApi api)
{
    private readonly HttpClient admin = api.Admin;

    [Fact]
    public async Task erasing_leaves_the_record_and_takes_the_person()
    {
        var manager = await api.Hire("GONE-1");
        var project = await api.OpenProject("Erase", [new { employeeId = manager, email = "gone@example.com", language = "en" }]);
        await admin.Send(HttpMethod.Put, $"/employees/{manager}", version: 1, PeopleApi.Renamed("GONE-1", "Vanishing Vera")
            .With("leftOn", "2025-12-31"));

        var erased = await admin.Send(HttpMethod.Delete, $"/employees/{manager}/personal-data", version: 3);

        erased.StatusCode.Should().Be(HttpStatusCode.NoContent, await erased.Content.ReadAsStringAsync());
        (await api.Published<EmployeeV1>(f => f.Id == manager && f.Version == 4)).Name.Should().BeEmpty();
        (await api.Published<ProjectV1>(f => f.Id == project && f.Version == 6)).DigestReaders.Should().BeEmpty();
        (await admin.Get<EmployeeView>($"/employees/{manager}")).Name.Should().BeEmpty();
        foreach (var table in new[] { "people.mt_events", "people.mt_doc_persondetails", "people.mt_doc_digestaddresses" })
            (await api.Stored(table, "Vanishing Vera") || await api.Stored(table, "gone@example.com")).Should().BeFalse(table);
    }

    [Fact]
    public async Task who_worked_in_a_project_under_a_legal_hold_is_not_erased_until_somebody_else_releases_it()
    {
        var project = await api.OpenProject("Claimed");
        var team = await api.FormTeam(project);
        var employee = await api.Hire("HELD-1", team);
        var left = PeopleApi.Renamed("HELD-1", "Held").With("leftOn", "2025-12-31").With("teamIds", new[] { team });
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
}
