using CallCenter.Contracts.People;
using CallCenter.Contracts.Training;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Testing;
using CallCenter.Time;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests.Projects;

public sealed class CertificatesTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9), Sunday = new(2026, 3, 15);

    [Fact]
    public async Task a_certificate_is_a_skill_of_rosters_that_lie_within_its_days()
    {
        var (ann, bob, cid, dan) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        CertificateV1[] told =
        [
            Certificate(ann, Monday, Sunday), Certificate(bob, Monday.AddDays(1), Sunday), Certificate(cid, Monday, Sunday.AddDays(-1)),
            Certificate(dan, Monday, Sunday) with { Revoked = true },
        ];
        await api.Publish(told);
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        await Eventually.True(async () => await query.Query<CertificateV1>().CountAsync(c => c.EmployeeId.IsOneOf(ann, bob, cid, dan)) == 4,
            "the certificates");

        var certified = await query.CertifiedSkills([ann, bob, cid, dan], Monday, Sunday, CancellationToken.None);

        certified.Select(own => own.Key).Should().Equal([ann], "the others' begin later, expire before the end, or are revoked");
        certified[ann].Should().Equal("cards");
        (await query.CertifiedSkills([bob], Monday.AddDays(1), Sunday, CancellationToken.None))[bob].Should().Equal("cards");
    }

    [Fact]
    public void it_stands_beside_the_skills_that_people_knows()
    {
        var person = new EmployeeV1(Guid.CreateVersion7(), 1, "A1", "Ann", new(2020, 1, 1), null, "junior", [], [],
            [new SkillLevel("billing", 3)], 40, "Asia/Shanghai");
        var frame = new RosterFrame(LocalCalendar.Of("Asia/Shanghai", DayOfWeek.Monday), Monday, 7);
        var project = new ProjectV1(Guid.CreateVersion7(), 1, "Acme", "Acme", "Asia/Shanghai", DayOfWeek.Monday, [], [], [], []);

        AgentFacts.Of(person.Id, person, frame, project, [], [], [], 0, ["cards", "billing"]).Skills.Should().Equal("billing", "cards");
    }

    private static CertificateV1 Certificate(Guid employee, DateOnly from, DateOnly through) => new(
        Guid.CreateVersion7(), 1, employee, Guid.CreateVersion7(), "cards", from, through, false);
}
