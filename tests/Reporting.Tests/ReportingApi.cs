using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Testing;

// One service for all classes, one after the other: what is counted in it was done by the test that counts.
[assembly: Xunit.AssemblyFixture(typeof(CallCenter.Reporting.Tests.ReportingApi))]
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]

namespace CallCenter.Reporting.Tests;

public sealed class ReportingApi() : ServiceFixture("reporting", ReportingService.Build)
{
    protected override IEnumerable<string> Settings => ["--RollUps:Every=00:00:01", "--RollUps:Debounce=00:00:00.2"];
}

/// <summary>A project in Shanghai with one queue and one team, and what happened in its first week of March 2026.</summary>
internal sealed class Story
{
    public readonly Guid Project = Guid.CreateVersion7();
    public readonly Guid Manager = Guid.CreateVersion7();
    public readonly Guid Agent = Guid.CreateVersion7();
    public readonly Guid Team = Guid.CreateVersion7();

    public ProjectV1 ProjectFact => new(Project, 1, "Harbour Bank", "Harbour", "Asia/Shanghai", DayOfWeek.Monday, [],
        [new ProjectQueue("sales", "Sales", "voice", 20)],
        [new KpiTarget("service-level", 0.7m, new DateOnly(2026, 1, 1)), new KpiTarget("service-level", 0.8m, new DateOnly(2026, 3, 1))],
        [new DigestReader(Manager, "manager@harbour.example", "en")]);

    public TeamV1 TeamFact => new(Team, 1, Project, "North", null, [Agent], "under");

    public EmployeeV1 EmployeeFact =>
        new(Agent, 1, "A-1", "=Li Na", new DateOnly(2020, 1, 1), null, "senior", [Team], [Project], [], 40, "Asia/Shanghai");

    /// <param name="waited">Seconds until the answer; negative for a call abandoned after that long.</param>
    public CallV1 Call(string at, int waited, int number, long version = 1)
    {
        var offered = Moments.At(at).AddSeconds(number);
        var end = offered.AddSeconds(Math.Abs(waited));

        return new CallV1(NameId.Of("call", Project, number), version, Project, "sales", "inbound", "voice", offered, offered,
            waited >= 0 ? end : null, waited >= 0 ? end.AddSeconds(200) : end, waited >= 0 ? 180 : 0, waited >= 0 ? 20 : 0,
            waited >= 0 ? 30 : 0,
            waited >= 0 ? "answered" : "abandoned", waited >= 0 ? Agent : null, null, null, null);
    }
}
