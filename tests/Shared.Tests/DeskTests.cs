using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.Contracts.Training;
using CallCenter.Jobs;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CallCenter.Shared.Tests;

public sealed class DeskNotesApi() : WatchedApi("desks");

/// <summary>What could not be handled is seen, looked at, tried again once or left out, and who did it is on record.</summary>
public sealed class DeskTests(DeskNotesApi api) : IClassFixture<DeskNotesApi>
{
    private const string Queue = "desks-training-record-v1";

    private readonly Guid operatorId = Guid.CreateVersion7();

    private Shelf Shelf => api.App.Services.GetRequiredService<Shelf>();

    private HttpClient Operator => api.As(operatorId, "admin");

    [Fact]
    public async Task a_message_that_fails_is_seen_and_goes_back_once_after_the_mend()
    {
        var failed = await Fail();

        await Eventually.True(async () => (await api.Deep()) is (HttpStatusCode.ServiceUnavailable, var standing)
            && standing.Any(s => s.What == $"error queue of {Queue}"), "deep health to say so");
        var listed = await Listed(failed.Id);
        listed!.Reason.Should().Contain("The shelf is broken.");
        listed.Type.Should().Contain("TrainingRecordV1");
        listed.At.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));

        Shelf.Broken = false;
        var key = Guid.CreateVersion7().ToString();
        var retry = await Post(failed.Id, "retry", key: key);
        retry.StatusCode.Should().Be(HttpStatusCode.NoContent, await retry.Content.ReadAsStringAsync());
        await Eventually.True(() => Shelf.Holds(failed.Fact), "the message to be handled");
        (await Post(failed.Id, "retry", key: key)).StatusCode.Should().Be(HttpStatusCode.NoContent, "the same request is answered as before");
        await (await Post(failed.Id, "retry", key: "another")).ShouldBeProblem(HttpStatusCode.NotFound);
        (await Listed(failed.Id)).Should().BeNull();
        (await Entries(failed.Id)).Select(e => (e.Did, e.By, e.Queue)).Should().Equal(("retry", operatorId, Queue));
    }

    [Fact]
    public async Task a_message_that_is_skipped_is_kept_with_the_reason()
    {
        var failed = await Fail();

        await (await Post(failed.Id, "skip", new { reason = "  " })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "skip-reason");
        await (await Post(failed.Id, "skip", new { })).ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
        (await Listed(failed.Id)).Should().NotBeNull("nobody has said why");
        (await Post(failed.Id, "skip", new { reason = "Sent by a test system" })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await Listed(failed.Id)).Should().BeNull();
        var desk = await Operator.Get<JsonElement>("/operations-desk");
        desk.GetProperty("skipped").EnumerateArray().Should().ContainSingle(s => s.GetProperty("id").GetGuid() == failed.Id
            && s.GetProperty("reason").GetString() == "Sent by a test system" && s.GetProperty("by").GetGuid() == operatorId);
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var kept = await session.Query<SkippedMessage>().SingleAsync(message => message.MessageId == failed.Id);
        JsonNode.Parse(kept.Body)!["message"]!["id"]!.GetValue<Guid>().Should().Be(failed.Fact);
        kept.Headers.Should().ContainKey("MT-Fault-Message");
        (await Entries(failed.Id)).Select(e => (e.Did, e.By, e.Why)).Should().Equal(("skip", operatorId, "Sent by a test system"));
    }

    [Fact]
    public async Task who_looks_is_on_record_and_sees_no_personal_data()
    {
        var failed = await Fail();
        var client = Operator;
        client.DefaultRequestHeaders.Add("X-Reason", "Asked by the trainer");

        var look = await client.Get<JsonElement>($"/operations-desk/error-queues/{Queue}/messages/{failed.Id}");

        var message = look.GetProperty("body").GetProperty("message");
        message.GetProperty("id").GetGuid().Should().Be(failed.Fact);
        message.GetProperty("result").GetString().Should().Be("(6 characters)");
        (await Entries(failed.Id)).Select(e => (e.Did, e.By, e.Why)).Should().Equal(("look", operatorId, "Asked by the trainer"));
        (await Listed(failed.Id)).Should().NotBeNull("it was only looked at");
    }

    [Fact]
    public async Task a_message_in_a_queue_that_is_not_ours_does_not_exist()
    {
        foreach (var queue in new[] { "people-call-v1", $"{Queue}_error" })
            await (await Operator.PostAsync(
                new Uri($"/operations-desk/error-queues/{queue}/messages/{Guid.CreateVersion7()}/retry", UriKind.Relative), null))
                .ShouldBeProblem(HttpStatusCode.NotFound);
        using var supervisor = api.As(operatorId, "supervisor");
        (await supervisor.GetAsync(new Uri("/operations-desk", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task what_a_job_set_aside_is_seen_and_tried_again_or_left_out()
    {
        var work = $"work-{Guid.CreateVersion7():N}";
        var taken = new List<string>();
        var fence = new Fence(api.App.Services.GetRequiredService<IDocumentStore>(), TimeProvider.System, NullLogger<Fence>.Instance);
        Task Round(bool broken) => fence.Each(work, ["a", "b"], name => name, (name, _) =>
        {
            taken.Add(name);
            return broken ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        }, default);
        await Round(broken: true);
        await Eventually.True(async () => (await api.Deep()).Standing.Any(s => s.What == $"{work}: set aside"), "deep health to say so");
        var aside = (await Operator.Get<JsonElement>("/operations-desk")).GetProperty("setAside").EnumerateArray()
            .Where(thing => thing.GetProperty("work").GetString() == work)
            .ToDictionary(thing => thing.GetProperty("thing").GetString()!, thing => thing.GetProperty("id").GetGuid());

        (await Aside(aside["a"], "retry")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Aside(aside["b"], "skip", new { reason = "Closed" })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await Round(broken: false);

        taken.Should().Equal("a", "b", "a");
        await Eventually.True(async () => (await api.Deep()).Standing.All(s => s.What != $"{work}: set aside"), "nothing of it to stand");
        (await Operator.Get<Page<DeskEntry>>("/operations-desk/entries?limit=500")).Items.Where(e => e.By == operatorId)
            .Select(e => (e.Did, e.Thing, e.Why)).Should().Equal(("retry", $"{work} of a", null), ("skip", $"{work} of b", "Closed"));
        await (await Aside(Guid.CreateVersion7(), "retry")).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    // A training record that the broken shelf does not take; it fails at once, as nothing says that it would pass.
    private async Task<(Guid Id, Guid Fact)> Fail()
    {
        Shelf.Broken = true;
        var fact = Guid.CreateVersion7();
        await api.Publish(new TrainingRecordV1(
            fact, 1, fact, fact, fact, fact, DateTimeOffset.UnixEpoch, Attended: true, 30, "passed"));
        var id = EventSourcing.NameId.Of(nameof(TrainingRecordV1), fact, 1L);
        var client = Operator;
        await Eventually.True(async () => (await client.GetAsync(new Uri("/operations-desk", UriKind.Relative))).IsSuccessStatusCode
            && await Listed(id) is not null, "the message in the error queue"); // the broker makes that queue now: it may be busy with it
        return (id, fact);
    }

    private async Task<DeskMessage?> Listed(Guid id) => (await Operator.Get<JsonElement>("/operations-desk")).GetProperty("errorQueues")
        .EnumerateArray().Where(queue => queue.GetProperty("queue").GetString() == Queue)
        .SelectMany(queue => queue.GetProperty("first").Deserialize<DeskMessage[]>(Http.Json)!).FirstOrDefault(m => m.Id == id);

    private async Task<IEnumerable<DeskEntry>> Entries(Guid id) =>
        (await Operator.Get<Page<DeskEntry>>("/operations-desk/entries?limit=500")).Items.Where(entry => entry.Thing == $"{id}");

    private Task<HttpResponseMessage> Post(Guid id, string what, object? body = null, string? key = null) =>
        Operator.Send(HttpMethod.Post, $"/operations-desk/error-queues/{Queue}/messages/{id}/{what}", body: body, key: key);

    private Task<HttpResponseMessage> Aside(Guid id, string what, object? body = null) =>
        Operator.Send(HttpMethod.Post, $"/operations-desk/set-aside/{id}/{what}", body: body);
}
