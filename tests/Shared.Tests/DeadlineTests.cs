using System.Net;
using CallCenter.Testing;
using Npgsql;

namespace CallCenter.Shared.Tests;

/// <summary>Notes whose requests have a second.</summary>
public sealed class HurriedNotesApi() : ServiceFixture("notes", NoteService.Build)
{
    protected override IEnumerable<string> Settings => ["--Requests:Deadline=00:00:01"];
}

public sealed class DeadlineTests(HurriedNotesApi api) : IClassFixture<HurriedNotesApi>
{
    private readonly Guid project = Guid.CreateVersion7();

    private HttpClient Supervisor => api.As(Guid.CreateVersion7(), "supervisor", project);

    [Fact]
    public async Task what_waits_too_long_is_answered_and_may_be_repeated()
    {
        var (client, key) = (Supervisor, Guid.CreateVersion7().ToString());
        Task<HttpResponseMessage> Write() => client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "patience"), key: key);

        await using (await Locked())
        {
            var answer = await Write();
            await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            answer.Headers.RetryAfter.Should().NotBeNull();
        }

        await Eventually.True(async () => (await Write()).StatusCode == HttpStatusCode.Created, "the same request to be carried out");
    }

    // Counting may take minutes: were it not for the breaker, it would wait for the table as long.
    [Fact]
    public async Task when_nearly_all_fail_the_rest_are_answered_at_once_until_it_passes()
    {
        var (client, admin) = (Supervisor, api.As(Guid.CreateVersion7(), "admin"));
        Task<HttpResponseMessage> Count() => admin.Send(HttpMethod.Post, "/counts");

        await using (await Locked())
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
                client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "patience"))));
            await (await Count()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            (await api.Anonymous().GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        await Eventually.True(async () => (await Count()).StatusCode == HttpStatusCode.Accepted, "work to be taken again");
    }

    [Fact]
    public async Task requests_that_cannot_be_read_keep_nobody_else_waiting()
    {
        var client = Supervisor;
        foreach (var _ in Enumerable.Range(0, 30))
            await (await client.PostAsync(new Uri("/notes", UriKind.Relative), new StringContent("{", null, "application/json")))
                .ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");

        (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "readable"))).StatusCode.Should()
            .Be(HttpStatusCode.Created);
    }

    // Until it is disposed of, nothing is written.
    private async Task<NpgsqlConnection> Locked()
    {
        var connection = new NpgsqlConnection(api.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("begin; lock table notes.mt_streams, notes.mt_doc_operation", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
