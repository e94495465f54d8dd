using CallCenter.Reporting.Backups;
using CallCenter.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static CallCenter.Reporting.Backups.BackupDecider;

namespace CallCenter.Reporting.Tests.Backups;

public class BackupTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Person = Guid.CreateVersion7();
    private static readonly DateTimeOffset Night = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly BackupCadence Daily = Cadence("daily");
    private static readonly BackupCadence ThreeDays = Cadence("three-days");
    private static readonly string[] Both = ["/var/backup", "/media/other"];

    [Fact]
    public void a_run_begins_once() =>
        Given(Started).When(state => Decide(new StartBackup(Id, BackupKind.Full, Daily, Night), state)).ThenNothing();

    [Fact]
    public void what_the_tool_told_is_kept() => Given(Started)
        .When(state => Decide(new RecordBackup(new("all well", null, BackupKind.Full, "F1", 10, 3, Both), Daily, Night), state))
        .Then(new BackupSucceeded(BackupKind.Full, "F1", 10, 3, Both, "all well", Night));

    [Fact]
    public void a_tool_that_says_nothing_of_itself_made_what_was_asked_for() => Given(Started)
        .When(state => Decide(new RecordBackup(new("done"), ThreeDays, Night), state))
        .Then(new BackupSucceeded(BackupKind.Incremental, null, null, null, [], "done", Night));

    [Fact]
    public void a_failure_is_kept_in_the_tools_words() => Given(Started)
        .When(state => Decide(new RecordBackup(new("", Failure: "disk full"), Daily, Night), state))
        .Then(new BackupFailed("disk full", Night));

    [Fact]
    public void a_backup_that_belongs_in_two_places_and_is_in_one_has_failed() => Given(Started)
        .When(state => Decide(new RecordBackup(new("ok", Places: ["/var/backup", "/var/backup"]), Daily, Night), state))
        .Then(new BackupFailed("It is in 2 places and belongs in 2. ok", Night));

    [Fact]
    public void a_run_that_was_cut_off_has_failed() => Given(Started)
        .When(state => Decide(new GiveUpBackup(Night), state))
        .Then(new BackupFailed("The service that ran it ended before it did.", Night));

    [Fact]
    public void what_has_ended_is_neither_recorded_again_nor_given_up()
    {
        Given(Started, Succeeded).When(state => Decide(new RecordBackup(new("", Failure: "no"), Daily, Night), state)).ThenNothing();
        Given(Started, Succeeded).When(state => Decide(new GiveUpBackup(Night), state)).ThenNothing();
    }

    [Fact]
    public void an_inspection_is_put_on_record_once()
    {
        var inspect = new InspectBackup(Guid.CreateVersion7(), Person, true, "read ten sessions", null, Night);
        var inspected = new BackupInspected(inspect.InspectionId, Person, true, "read ten sessions", null, Night);

        Given(Started, Succeeded).When(state => Decide(inspect, state)).Then(inspected);
        Given(Started, Succeeded, inspected).When(state => Decide(inspect, state)).ThenNothing();
    }

    [Fact]
    public void only_a_complete_backup_is_inspected()
    {
        var inspect = new InspectBackup(Guid.CreateVersion7(), Person, true, "read", null, Night);

        Given(Started).When(state => Decide(inspect, state)).ThenRefused("backup-not-complete");
        Given(Started, new BackupFailed("no", Night)).When(state => Decide(inspect, state)).ThenRefused("backup-not-complete");
    }

    [Theory]
    [InlineData("daily", 1, 15, 15, 2)]
    [InlineData("three-days", 3, 15, 15, 1)]
    [InlineData("half-month", 15, 30, 15, 1)]
    public void a_cadence_is_chosen_by_its_name(string name, int incremental, int full, int inspection, int places) =>
        Cadence(name).Should().Be(new BackupCadence(name, incremental * Day, full * Day, inspection * Day, places));

    [Fact]
    public void intervals_of_ones_own_take_the_place_of_the_cadences() =>
        Cadence("three-days", ("Full", "7.00:00:00"), ("Places", "2")).Should()
            .Be(ThreeDays with { Full = 7 * Day, Places = 2 });

    [Fact]
    public void a_cadence_that_does_not_exist_or_never_comes_is_refused_at_the_start()
    {
        FluentActions.Invoking(() => Cadence("weekly")).Should().Throw<InvalidOperationException>().WithMessage("*daily, three-days*");
        FluentActions.Invoking(() => Cadence("daily", ("Incremental", "00:00:00"))).Should().Throw<InvalidOperationException>();
    }

    // Days since the last full backup and since the last of any kind; -1 for none.
    [Theory]
    [InlineData("daily", -1, -1, "full")]
    [InlineData("daily", 14, 0.9, null)]
    [InlineData("daily", 14, 1, "incremental")]
    [InlineData("daily", 15, 0.9, "full")]
    [InlineData("three-days", 9, 2.9, null)]
    [InlineData("three-days", 9, 3, "incremental")]
    [InlineData("half-month", 29, 15, "incremental")]
    [InlineData("half-month", 30, 15, "full")]
    public void what_is_due_follows_from_what_was_made(string cadence, double full, double any, string? due) =>
        Cadence(cadence).Due(full < 0 ? null : Night - (full * Day), any < 0 ? null : Night - (any * Day), Night)
            .Should().Be(due is null ? null : Enum.Parse<BackupKind>(due, ignoreCase: true));

    [Fact]
    public void the_next_one_is_due_at_the_earlier_of_both_intervals()
    {
        ThreeDays.NextDue(Night, Night).Should().Be(Night + (3 * Day));
        ThreeDays.NextDue(Night, Night + (14 * Day)).Should().Be(Night + (15 * Day));
        ThreeDays.NextDue(null, null).Should().BeNull();
    }

    [Theory]
    [InlineData(0, null, HealthStatus.Healthy)]
    [InlineData(24, true, HealthStatus.Healthy)]
    [InlineData(24.1, true, HealthStatus.Degraded)]
    [InlineData(0, false, HealthStatus.Degraded)]
    public void health_says_when_a_backup_is_missing_or_damaged(double late, bool? passed, HealthStatus status)
    {
        var inspection = passed is { } found ? new Inspection(Id, null, found, "read", null, Night) : null;
        var state = new BackupState(Id, Night - Day, Night - Day, inspection, Night, Night + (15 * Day));

        BackupHealth.Describe(state, Night, Daily, Night.AddHours(late)).Status.Should().Be(status);
    }

    private static readonly BackupStarted Started = new(Id, BackupKind.Incremental, "daily", Night);
    private static readonly BackupSucceeded Succeeded = new(BackupKind.Full, "F1", 10, 3, Both, "all well", Night);

    private static BackupCadence Cadence(string name, params (string Key, string Value)[] own) => BackupCadence.Of(
        new ConfigurationBuilder().AddInMemoryCollection(
            [new("Backups:Cadence", name), .. own.Select(o => KeyValuePair.Create($"Backups:{o.Key}", (string?)o.Value))]).Build());

    private static Spec<Backup> Given(params object[] events) => new(new Backup(), (state, e) => state.Evolve(e), events);
}
