using System.Text.Json;
using CallCenter.Calls;
using CallCenter.Calls.Contacts;
using CallCenter.People;
using CallCenter.People.Employees;
using CallCenter.People.Projects;
using CallCenter.People.Teams;
using CallCenter.Testing;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Journeys.Tests;

/// <summary>Every projected document is what its events fold to when they are read again from the first one.</summary>
internal static class Projected
{
    private const int Page = 2000;

    public static async Task ShouldBeTheFoldOfTheirEvents()
    {
        await using (var people = Build("people", PeopleService.Build))
        {
            var store = people.Services.GetRequiredService<IDocumentStore>();
            await Compare<Employee>(store, e => e.Id, (e, @event) => e.Evolve(@event), (e, id, version) =>
                e with { Id = id, Version = version });
            await Compare<Team>(store, t => t.Id, (t, @event) => t.Evolve(@event), (t, id, version) =>
                t with { Id = id, Version = version });
            await Compare<Project>(store, p => p.Id, (p, @event) => p.Evolve(@event), (p, id, version) =>
                p with { Id = id, Version = version });
        }

        await using var calls = Build("calls", CallsService.Build);
        await Compare<Call>(calls.Services.GetRequiredService<IDocumentStore>(),
            c => c.Id, (c, @event) => c.Evolve(@event), (c, id, version) => c with { Id = id, Version = version });
    }

    // The service's own store, in this process; nothing of it is started.
    private static WebApplication Build(string service, Func<string[], WebApplication> build) => build(
        [.. PrivateServers.Environment(service)
            .Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}")]);

    private static async Task Compare<TState>(
        IDocumentStore store, Func<TState, Guid> idOf, Func<TState, object, TState> evolve, Func<TState, Guid, long, TState> stamp)
        where TState : class, new()
    {
        await using var query = store.QuerySession();
        await Eventually.True(async () => await Behind(store) == 0, "the projections to have seen every event");
        var documents = (await query.Query<TState>().ToListAsync()).ToDictionary(idOf);
        documents.Should().NotBeEmpty();
        var serializer = store.Options.Serializer();

        foreach (var page in documents.Keys.Chunk(Page))
        {
            var events = await query.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(page)).OrderBy(e => e.Version).ToListAsync();
            foreach (var stream in events.GroupBy(e => e.StreamId))
            {
                var fold = stamp(stream.Select(e => e.Data).Aggregate(new TState(), evolve), stream.Key, stream.Last().Version);
                serializer.ToJson(documents[stream.Key]).Should()
                    .Be(serializer.ToJson(fold), $"{typeof(TState).Name} {stream.Key} is the fold of its events");
            }
        }
    }

    private static async Task<long> Behind(IDocumentStore store)
    {
        var newest = (await store.Advanced.FetchEventStoreStatistics()).EventSequenceNumber;
        var progress = await store.Advanced.AllProjectionProgress();
        return progress.Count == 0 ? 0 : newest - progress.Min(p => p.Sequence);
    }
}
