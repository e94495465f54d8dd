using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CallCenter.DevToken;
using CallCenter.Reporting.Backups;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Journeys.Tests;

/// <summary>The whole product is backed up, loses things and is restored, by pgBackRest, where that is installed.</summary>
[Collection(WholeProduct.Name)]
public sealed class BackupTests(LocalSet set)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset Begun = TimeProvider.System.GetUtcNow();

    private static string Now => $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffff}Z";

    private HttpClient Admin => set.Client(
        DevelopmentKeys.In(Path.Combine(LocalSet.Home, "keys")).Token(Guid.CreateVersion7(), ["admin"], []));

    [Fact]
    public async Task what_was_lost_is_restored_and_a_damaged_backup_says_so()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/pgbackrest"), "pgBackRest is not installed: apt-get install pgbackrest");
        await TheProductBacksUpByItself();

        var kept = await NewProject();
        var moment = Now;
        var late = await NewProject();
        var file = Path.Combine(LocalSet.Home, "keys", "kept");
        await File.WriteAllTextAsync(file, "kept");
        await Does("backup", "next");
        File.Delete(file);

        await Does("restore", moment, "people");
        (await Answer(kept), await Answer(late)).Should().Be((HttpStatusCode.OK, HttpStatusCode.NotFound));
        File.Exists(file).Should().BeFalse("only the database of People was asked for");
        await AllAgree();

        var after = await NewProject();
        moment = Now;
        late = await NewProject();
        await Does("restore", moment, "all");
        (await Answer(after), await Answer(late)).Should().Be((HttpStatusCode.OK, HttpStatusCode.NotFound));
        File.ReadAllText(file).Should().Be("kept", "a file that is missing is put back");
        await AllAgree();
        File.Delete(file);

        await Does("backup", "next");
        await ADamagedBackupIsFound();
    }

    [Theory]
    [InlineData("yesterday", "all", "is no moment")]
    [InlineData("2026-01-01 00:00", "all", "before the end of the first backup")]
    [InlineData("2199-01-01T00:00:00+08:00", "people", "after the last that was archived")]
    [InlineData("2026-11-28 17:05:00", "nobody", "there is no service 'nobody'")]
    public async Task what_cannot_be_restored_is_refused_and_the_product_goes_on(string moment, string service, string reason)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/pgbackrest"), "pgBackRest is not installed: apt-get install pgbackrest");
        await Does("backup", "next");

        var (well, said) = await set.Script("restore", moment, service);

        well.Should().BeFalse();
        said.Should().Contain(reason);
        await NewProject();
    }

    private static async Task AllAgree()
    {
        IReadOnlyList<string> differences = [];
        var start = Stopwatch.GetTimestamp();
        while ((differences = await Agreement.Differences(LocalSet.Home)).Count > 0 && Stopwatch.GetElapsedTime(start) < Limit)
            await Task.Delay(250);
        differences.Take(10).Should().BeEmpty($"all services should agree; they differ in {differences.Count} things");
        (await Agreement.Contents(LocalSet.Home)).Should().BeEmpty();
    }

    private async Task TheProductBacksUpByItself()
    {
        await set.StartAgain(("BACKUP", "three-days"), ("reporting__Backups__Every", "00:00:01"),
            ("reporting__Backups__Incremental", "00:00:05"));
        var made = await Eventually.Some(
            async () => (await Admin.Get<Page<BackupSummary>>("/backups?failed=false&limit=500")).Items
                .LastOrDefault(b => b.Status is BackupStatus.Succeeded && b.StartedAt > Begun),
            "a backup by the product", TimeSpan.FromMinutes(5));
        made.Bytes.Should().BePositive();
        made.Files.Should().BePositive();
        made.Places.Should().ContainSingle();
        await set.StartAgain(("BACKUP", "no"));
    }

    private async Task ADamagedBackupIsFound()
    {
        await Does("backup", "verify");
        foreach (var file in new[] { Largest("postgres/backup"), Largest("files/objects") })
        {
            var whole = await File.ReadAllBytesAsync(file);
            try
            {
                foreach (var damaged in new[] { whole[..^1], [] })
                {
                    await File.WriteAllBytesAsync(file, damaged);
                    var (well, said) = await set.Script("backup", "verify");
                    well.Should().BeFalse($"{file} has {damaged.Length} bytes");
                    said.Should().Contain("damaged");
                }
            }
            finally
            {
                await File.WriteAllBytesAsync(file, whole);
            }
        }

        await Does("backup", "verify");
    }

    private static string Largest(string folder) =>
        new DirectoryInfo(Path.Combine(LocalSet.Home, "backup", folder)).EnumerateFiles("*", SearchOption.AllDirectories)
            .MaxBy(file => file.Length)!.FullName;

    private async Task Does(string script, params string[] arguments)
    {
        var (well, said) = await set.Script(script, arguments);
        well.Should().BeTrue($"{script} {string.Join(' ', arguments)} said: {said}");
    }

    private async Task<string> NewProject()
    {
        var answer = await Admin.PostAsJsonAsync(new Uri("/projects", UriKind.Relative), new
        {
            name = $"{Guid.CreateVersion7()}", client = "Harbour Bank", zone = "Asia/Shanghai",
            openingHours = Array.Empty<object>(), queues = Array.Empty<object>(),
        });
        answer.StatusCode.Should().Be(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());

        return answer.Headers.Location!.ToString();
    }

    private async Task<HttpStatusCode> Answer(string thing) =>
        (await Admin.GetAsync(new Uri(thing, UriKind.RelativeOrAbsolute))).StatusCode;
}
