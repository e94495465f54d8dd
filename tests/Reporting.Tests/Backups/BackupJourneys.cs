using System.Net;
using CallCenter.Reporting.Backups;
using CallCenter.Testing;
using CallCenter.Web;
using Npgsql;

namespace CallCenter.Reporting.Tests.Backups;

/// <summary>The service with a command of the test's, as an installation may have one of its own.</summary>
/// <param name="script"><c>$1</c> is full, incr or verify.</param>
internal sealed class BackupApi(string script) : ServiceFixture("reporting", ReportingService.Build)
{
    protected override IEnumerable<string> Settings =>
    [
        $"--Backups:Command=/bin/sh {Path.Combine(Folder, "command")} {{kind}}", "--Backups:Every=00:00:00.2",
        "--Backups:Deadline=00:00:03", "--Backups:Cadence=daily", "--Backups:Incremental=00:00:01", "--Backups:Inspection=00:00:01",
    ];

    public Guid Person { get; } = Guid.CreateVersion7();

    public HttpClient Manager => As(Person, "operations-manager", Guid.CreateVersion7());

    protected override Task Prepare(NpgsqlDataSource database) => File.WriteAllTextAsync(Path.Combine(Folder, "command"), script);

    /// <summary>Waits for such a run.</summary>
    public Task<BackupSummary> Run(Func<BackupSummary, bool> which, string what) => Eventually.Some(
        async () => (await Manager.Get<Page<BackupSummary>>("/backups?limit=500")).Items.FirstOrDefault(which), what);
}

public sealed class BackupJourneys
{
    private const string Well = """
        echo "made $1"
        echo "{\"kind\":\"$1\",\"label\":\"L-$1\",\"bytes\":12,\"files\":3,\"repositories\":[\"/a\",\"/b\"]}"
        """;

    [Fact]
    public async Task backups_are_made_when_they_are_due_and_inspected_by_the_product_and_by_people()
    {
        await using var api = new BackupApi(Well);
        await api.InitializeAsync();

        var full = await api.Run(b => b is { Kind: BackupKind.Full, Status: BackupStatus.Succeeded }, "a full backup");
        full.Should().BeEquivalentTo(new { Cadence = "daily", Label = "L-full", Bytes = 12, Files = 3, Places = new[] { "/a", "/b" } });
        var incremental = await api.Run(
            b => b is { Kind: BackupKind.Incremental, Status: BackupStatus.Succeeded }, "an incremental one");
        var inspected = await api.Run(b => b.Inspected is true, "an inspection by the product");
        var details = await api.Manager.Get<BackupDetails>($"/backups/{inspected.Id}");
        details.Inspections.Should().Contain(i => i.By == null && i.Passed && i.Found.StartsWith("made verify"));

        var body = new { passed = false, found = "Three sessions of yesterday are missing", remark = "told the programmer" };
        var answer = await api.Manager.Send(HttpMethod.Post, $"/backups/{incremental.Id}/inspections", body: body, key: "once");
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        (await api.Manager.Send(HttpMethod.Post, $"/backups/{incremental.Id}/inspections", body: body, key: "once"))
            .StatusCode.Should().Be(HttpStatusCode.Created);
        (await api.Manager.Get<BackupDetails>($"/backups/{incremental.Id}")).Inspections.Where(i => i.By == api.Person).Should()
            .ContainSingle().Which.Should().BeEquivalentTo(new { Passed = false, Found = body.found, Remark = body.remark });

        var history = (await api.Manager.Get<Page<HistoryEntry>>($"/backups/{incremental.Id}/history")).Items;
        history[0].Should().BeEquivalentTo(new { What = "backup-started", By = new { Name = "backups" } });
        history.Should().Contain(entry => entry.What == "backup-inspected" && entry.By.Id == api.Person);

        var plan = await api.Manager.Get<BackupPlan>("/backups/plan");
        plan.On.Should().BeTrue();
        plan.NextDue.Should().NotBeNull();
    }

    [Theory]
    [InlineData("echo 'no room on /b' >&2; exit 3", "*no room on /b*")]
    [InlineData("sleep 60 & wait", "*its deadline*")]
    [InlineData("""echo '{"kind":"full","repositories":["/a"]}'""", "It is in 1 places and belongs in 2*")]
    public async Task a_backup_that_fails_says_why_is_set_aside_and_degrades_health(string script, string words)
    {
        await using var api = new BackupApi(script);
        await api.InitializeAsync();

        var failed = await api.Run(b => b.Status is BackupStatus.Failed, words);

        (await api.Manager.Get<BackupDetails>($"/backups/{failed.Id}")).Words.Should().Match(words);
        (await api.Manager.Get<Page<BackupSummary>>("/backups?failed=false")).Items.Should().NotContain(b => b.Id == failed.Id);
        using var anonymous = api.Anonymous();
        await Eventually.True(async () => (await anonymous.GetStringAsync(new Uri("/health", UriKind.Relative)))
            .Contains("backup of databases and files set aside", StringComparison.Ordinal), "health to say so");
        var inspections = $"/backups/{failed.Id}/inspections";
        await (await api.Manager.Send(HttpMethod.Post, inspections, body: new { passed = true, found = "all of it" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "backup-not-complete");
        await (await api.Manager.Send(HttpMethod.Post, inspections, body: new { passed = true, found = " " }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "text-length");
    }
}
