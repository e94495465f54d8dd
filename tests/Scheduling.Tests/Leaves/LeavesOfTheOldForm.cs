using System.Net;
using CallCenter.EventSourcing;
using CallCenter.Scheduling.Leaves;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Scheduling.Tests.Leaves;

/// <summary>Enums were numbers once, in events and in documents.</summary>
public sealed class LeavesOfTheOldForm(SchedulingApi api)
{
    [Fact]
    public async Task a_leave_stored_with_numbers_is_found_and_read_after_a_start()
    {
        var (id, project, agent) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Actor.Current = Actor.Person(agent);
        await using (var session = Store.LightweightSession())
        {
            session.Events.StartStream<Leave>(id,
                new LeaveRequested(id, project, agent, new(2026, 3, 2), new(2026, 3, 6), LeaveKind.Unpaid, Paid: false, agent,
                    DateTimeOffset.UnixEpoch),
                new LeaveApproved(agent, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch));
            await session.SaveChangesAsync();
        }

        await using (var database = NpgsqlDataSource.Create(api.Database))
        {
            await Execute(database,
                $$"""update scheduling.mt_doc_leave set data = data || '{"Status": 2, "Kind": 2}' where id = '{{id}}'""");
            await Execute(database, $$"""
                update scheduling.mt_events set data = data || '{"Kind": 2}' where stream_id = '{{id}}' and type = 'leave_requested'
                """);
        }

        await api.Restart();

        await using var query = Store.QuerySession();
        (await query.Query<Leave>().Where(l => l.Id == id && l.Status == LeaveStatus.Approved).SingleAsync()).Kind.Should()
            .Be(LeaveKind.Unpaid);
        (await query.Events.AggregateStreamAsync<Leave>(id))!.Kind.Should().Be(LeaveKind.Unpaid);
    }

    // Nobody is invented: an event of that time is the person's it names itself, or unknown.
    [Fact]
    public async Task events_that_name_nobody_are_told_as_they_are()
    {
        var (id, project, agent, approver) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Actor.Current = Actor.Job("test");
        await using (var session = Store.LightweightSession())
        {
            session.Events.StartStream<Leave>(id,
                new LeaveRequested(id, project, agent, new(2026, 3, 2), new(2026, 3, 6), LeaveKind.Unpaid, Paid: false, agent,
                    DateTimeOffset.UnixEpoch),
                new LeaveDeclined(agent, "Too late", approver, DateTimeOffset.UnixEpoch));
            await session.SaveChangesAsync();
        }

        await using (var database = NpgsqlDataSource.Create(api.Database))
            await Execute(database, $"update scheduling.mt_events set headers = null where stream_id = '{id}' and version = 2");
        await using (var database = NpgsqlDataSource.Create(api.Database))
            await Execute(database,
                $$"""update scheduling.mt_events set headers = '{}', data = data - 'By' where stream_id = '{{id}}' and version = 1""");

        using var scheduler = api.As(Guid.CreateVersion7(), "scheduler", project);
        (await scheduler.Get<Page<HistoryEntry>>($"/leaves/{id}/history")).Items.Select(e => (e.What, e.By.Kind, e.By.Id, e.Why)).Should()
            .Equal(
            ("leave-requested", ActorKind.Unknown, null, null), ("leave-declined", ActorKind.Person, approver, "Too late"));
        using var other = api.As(Guid.CreateVersion7(), "agent", project);
        await (await other.GetAsync(new Uri($"/leaves/{id}/history", UriKind.Relative))).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    private IDocumentStore Store => api.App.Services.GetRequiredService<IDocumentStore>();

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        (await command.ExecuteNonQueryAsync()).Should().Be(1);
    }
}
