using System.Net;
using CallCenter.Testing;
using CallCenter.Training.Resources;
using CallCenter.Training.Reviews;
using CallCenter.Training.Sessions;

namespace CallCenter.Training.Tests.Resources;

public sealed class ResourceJourneys(TrainingApi api)
{
    [Fact]
    public async Task one_projector_is_booked_by_one_of_two_at_once_and_is_free_again_when_the_session_moves_or_is_cancelled()
    {
        var world = await api.People();
        var projector = await Add(world, ResourceKind.Equipment, "Projector", 1);
        var other = await api.People();
        var sessions = new[] { await api.Plan(world), await api.Plan(world, startsAfter: 30, room: "Room 4", trainer: world.Agents[0]) };
        var one = new { items = new[] { new { resourceId = projector, count = 1 } } };

        var answers = await Task.WhenAll(sessions.Select(s => api.Admin.Send(HttpMethod.Put, $"/training-sessions/{s}/equipment", body: one)));

        answers.Select(a => a.StatusCode).Should().BeEquivalentTo([HttpStatusCode.NoContent, HttpStatusCode.Conflict]);
        var refused = await answers.Single(a => !a.IsSuccessStatusCode).Content.ReadAsStringAsync();
        refused.Should().Contain("equipment-taken").And.Contain("Projector: 0 of 1 are free then, 1 are wanted.");
        var (winner, loser) = answers[0].IsSuccessStatusCode ? (sessions[0], sessions[1]) : (sessions[1], sessions[0]);
        await (await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{winner}/equipment",
            body: new { items = new[] { new { resourceId = Guid.CreateVersion7(), count = 1 } } })).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity, "unknown-resource");

        (await api.Admin.Send(HttpMethod.Post, $"/training-sessions/{winner}/cancellation", 1)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{loser}/equipment", body: one)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var third = await api.Plan(world, startsAfter: 300, room: "Room 5");
        (await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{third}/equipment", body: one)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var trainer = (await api.Admin.Get<SessionView>($"/training-sessions/{loser}")).TrainerId;
        var moved = await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{loser}", 1, new
        {
            trainerId = trainer, room = "Room 7", seats = 5, startsAt = TrainingApi.Nine.AddMinutes(320),
                endsAt = TrainingApi.Nine.AddMinutes(400),
        });
        await moved.ShouldBeProblem(HttpStatusCode.Conflict, trainer == world.Trainer ? "trainer-busy" : "equipment-taken");
        _ = other;
    }

    [Fact]
    public async Task a_session_says_what_it_lacks_until_it_is_ready()
    {
        var world = await api.People();
        var (room, projector) = (await Add(world, ResourceKind.Room, "Room 3", 8), await Add(world, ResourceKind.Equipment, "Projector", 1));
        var session = await api.Plan(world);

        (await Lacks(session)).Should().Equal("no-lesson-plan", "nobody-enrolled");
        (await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{session}/lesson-plan", body: new
        {
            purpose = "All greet", steps = Array.Empty<object>(), equipment = new[] { "projector", "Flip chart" }, wholeTeam = false,
        })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Lacks(session)).Should().Equal("equipment-not-booked", "equipment-not-booked", "nobody-enrolled");
        var chart = await Add(world, ResourceKind.Equipment, "flip CHART", 2);
        (await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{session}/equipment", body: new
        {
            items = new[] { new { resourceId = projector, count = 1 }, new { resourceId = chart, count = 2 } },
        })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await api.Admin.Send(HttpMethod.Put, $"/training-sessions/{session}/enrolments/{world.Agents[0]}", 1, new { }))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Lacks(session)).Should().BeEmpty();

        (await api.Admin.Send(HttpMethod.Put, $"/training-resources/{chart}/count", 1, new { count = 1 })).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (await api.Admin.Send(HttpMethod.Put, $"/training-resources/{room}/count", 1, new { count = 3 })).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (await Preparation(session)).Lacks.Should().Equal(new Lack("room-too-small", "Room 3: 3"), new Lack("equipment-taken", "flip CHART: 1"));
        var small = await api.Admin.Send(HttpMethod.Post, "/training-sessions", body: await api.Session(world, seats: 4, startsAfter: 200));
        await small.ShouldBeProblem(HttpStatusCode.Conflict, "room-too-small");
        await (await api.Admin.Send(HttpMethod.Post, "/training-resources", body: new
        {
            projectId = world.Project, kind = "room", name = "room 3", count = 9,
        })).ShouldBeProblem(HttpStatusCode.Conflict, "resource-exists");
    }

    [Theory]
    [InlineData(new[] { 0, 60, 60, 120 }, 30, 90, 1)] // one after the other
    [InlineData(new[] { 0, 60, 30, 120 }, 40, 50, 2)]
    [InlineData(new[] { 0, 60, 90, 120 }, 60, 90, 0)] // touching is not overlapping
    public void pieces_in_use_are_the_most_at_one_moment(int[] uses, int from, int to, int most) =>
        Equipment.MostUsed(At(from, to), uses.Chunk(2).Select(use => (At(use[0], use[1]), 1))).Should().Be(most);

    private static Plan At(int from, int to) =>
        new(Guid.Empty, "Room", 5, TrainingApi.Nine.AddMinutes(from), TrainingApi.Nine.AddMinutes(to));

    private async Task<Guid> Add(World world, ResourceKind kind, string name, int count)
    {
        var added = await api.Admin.Send(HttpMethod.Post, "/training-resources",
            body: new { projectId = world.Project, kind = kind.ToString().ToLowerInvariant(), name, count });
        added.StatusCode.Should().Be(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        return Guid.Parse(added.Headers.Location!.ToString()[^36..]);
    }

    private Task<Preparation> Preparation(Guid session) => api.Admin.Get<Preparation>($"/training-sessions/{session}/preparation");

    private async Task<IEnumerable<string>> Lacks(Guid session) => (await Preparation(session)).Lacks.Select(lack => lack.Code);
}
