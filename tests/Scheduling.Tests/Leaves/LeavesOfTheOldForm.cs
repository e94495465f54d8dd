using CallCenter.Scheduling.Leaves;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.Scheduling.Tests.Leaves;

/// <summary>Enums were numbers once, in events and in documents.</summary>
public sealed class LeavesOfTheOldForm(SchedulingApi api) : IClassFixture<SchedulingApi>
{
    [Fact]
    public async Task a_leave_stored_with_numbers_is_found_and_read_after_a_start()
    {
        var (id, project, agent) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var session = Store.LightweightSession())
        {
            session.Events.StartStream<Leave>(id,
                new LeaveRequested(id, project, agent, new(2026, 3, 2), new(2026, 3, 6), LeaveKind.Unpaid, Paid: false, agent, DateTimeOffset.UnixEpoch),
                new LeaveApproved(agent, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch));
            await session.SaveChangesAsync();
        }

        await using (var database = NpgsqlDataSource.Create(api.Database))
        {
            await Execute(database, $$"""update scheduling.mt_doc_leave set data = data || '{"Status": 2, "Kind": 2}' where id = '{{id}}'""");
            await Execute(database, $$"""
                update scheduling.mt_events set data = data || '{"Kind": 2}' where stream_id = '{{id}}' and type = 'leave_requested'
                """);
        }

        await api.Restart();

        await using var query = Store.QuerySession();
        (await query.Query<Leave>().Where(l => l.Id == id && l.Status == LeaveStatus.Approved).SingleAsync()).Kind.Should().Be(LeaveKind.Unpaid);
        (await query.Events.AggregateStreamAsync<Leave>(id))!.Kind.Should().Be(LeaveKind.Unpaid);
    }

    private IDocumentStore Store => api.App.Services.GetRequiredService<IDocumentStore>();

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        (await command.ExecuteNonQueryAsync()).Should().Be(1);
    }
}
