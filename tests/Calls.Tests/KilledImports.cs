using CallCenter.Contracts.Calls;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Calls.Tests;

/// <summary>The service as a process of its own, killed while it imports.</summary>
public sealed class KilledImports(CallsApi api) : IClassFixture<CallsApi> // one of its own, since it is ended
{
    [Fact]
    public async Task an_import_that_is_killed_goes_on_and_ends_as_if_it_had_not_been()
    {
        var project = await api.Project();
        using var uninterrupted = api.Integrator(project);
        var expected = await uninterrupted.Imported(project, "callcenter", Rows().Replace("c-", "x-", StringComparison.Ordinal));
        await api.App.StopAsync(TestContext.Current.CancellationToken);
        var before = await api.EventCount();

        using var service = new CallsProcess(api);
        using var client = service.Client(uninterrupted);
        await service.Start();
        var url = (await client.Import(project, "callcenter", Rows())).Headers.Location!.ToString();

        var kills = 0;
        for (var milestone = 1; milestone < 10_500; milestone += 3_500)
        {
            var next = milestone;
            await Eventually.True(async () =>
                await client.Get<Operation>(url) is var o && (o.Ended || o.Counts.GetValueOrDefault("rows") >= next), $"{next} rows");
            if ((await client.Get<Operation>(url)).Ended)
                break;

            await service.Kill();
            kills++;
            await service.Start();
        }

        var operation = await client.Ended(url);
        var report = await client.GetStringAsync(new Uri(operation.Result!, UriKind.Relative));
        await Eventually.True(() =>
            Task.FromResult(Published(project) == 2 * expected.Counts["created"]), "all calls to be published", TimeSpan.FromMinutes(3));

        kills.Should().BeGreaterThan(0);
        operation.Status.Should().Be(OperationStatus.Succeeded, operation.Error);
        operation.Counts.Should().BeEquivalentTo(expected.Counts);
        (await api.EventCount() - before).Should().Be(expected.Counts["created"] + expected.Counts["changed"]);
        report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should()
            .HaveCount(1 + (int)expected.Counts["rejected"]).And.OnlyHaveUniqueItems();
    }

    private int Published(Guid project) =>
        api.AllPublished<CallV1>().Where(f => f.ProjectId == project && f.EndedAt is not null).Select(f => f.Id).Distinct().Count();

    // 10,500 rows of which every 600th is bad.
    private static string Rows() => ImportedRows.Csv(Enumerable.Range(0, 10_500)
        .Select(i => i % 600 == 599 ? $"c-{i},billing,never,,," : ImportedRows.Row(i)));
}
