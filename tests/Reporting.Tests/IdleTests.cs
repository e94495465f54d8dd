using System.Diagnostics;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.RollUps;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace CallCenter.Reporting.Tests;

/// <summary>The service whose jobs run when they are told to.</summary>
public sealed class IdleApi() : ServiceFixture("reporting", ReportingService.Build)
{
    protected override IEnumerable<string> Settings => ["--RollUps:Every=1.00:00:00", "--Digests:Every=1.00:00:00"];
}

public sealed class IdleTests(IdleApi api) : IClassFixture<IdleApi>
{
    [Fact]
    public async Task jobs_that_have_nothing_to_do_ask_no_more_where_there_are_more_projects_and_readers()
    {
        await Tell(5);
        var few = (await Asked<RollUpJob>(), await Asked<DigestJob>());
        await Tell(40);
        var many = (await Asked<RollUpJob>(), await Asked<DigestJob>());

        many.Should().Be(few);
        (few.Item1, few.Item2).Should().Match<(int RollUps, int Digests)>(asked => asked.RollUps > 0 && asked.Digests > 0);
        TestContext.Current.SendDiagnosticMessage($"roll-ups: {few.Item1} commands a run, digests: {few.Item2}");
    }

    private async Task Tell(int count)
    {
        var projects = Enumerable.Range(0, count).Select(_ => new Story()).Select(story => story.ProjectFact).ToArray();
        await api.Publish([.. projects]);
        await Eventually.True(async () =>
        {
            await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await session.LoadManyAsync<ProjectV1>(projects.Select(project => project.Id))).Count == count;
        }, "the projects to arrive");

        // What is new is taken up.
        await Run<RollUpJob>();
        await Run<DigestJob>();
    }

    private async Task Run<TJob>() where TJob : class, IJob
    {
        Actor.Current = Actor.Job("test");
        await api.App.Services.GetRequiredService<TJob>().Execute(null!, TestContext.Current.CancellationToken);
    }

    /// <summary>How many commands a run sends to the database.</summary>
    private async Task<int> Asked<TJob>() where TJob : class, IJob
    {
        using var run = new Activity(typeof(TJob).Name).Start();
        var (trace, commands) = (run.TraceId, 0);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = command => Interlocked.Add(ref commands, command.TraceId == trace ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);

        await Run<TJob>();
        return commands;
    }
}
