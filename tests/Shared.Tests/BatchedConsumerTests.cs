using System.Collections.Concurrent;
using CallCenter.Contracts;
using CallCenter.EventSourcing;

namespace CallCenter.Shared.Tests;

public sealed class BatchedConsumerTests
{
    private sealed record Thing(Guid Id, long Version) : IFact;

    private readonly ConcurrentQueue<IReadOnlyList<Thing>> stored = [];

    private static Thing New() => new(Guid.CreateVersion7(), 1);

    private BatchedConsumer<Thing> On(Task disk) => new(facts =>
    {
        stored.Enqueue(facts);
        return disk;
    });

    [Fact]
    public async Task what_arrives_while_the_first_is_being_stored_is_stored_together_after_it()
    {
        var disk = new TaskCompletionSource();
        var group = On(disk.Task);

        var first = group.Keep(New());
        var others = Enumerable.Range(0, 300).Select(_ => group.Keep(New())).ToList();
        first.IsCompleted.Should().BeFalse("it is not on disk");
        disk.SetResult();
        await Task.WhenAll(others);

        first.IsCompletedSuccessfully.Should().BeTrue();
        stored.Sum(facts => facts.Count).Should().Be(301);
        stored.Count.Should().BeLessThanOrEqualTo(4);
        stored.Should().OnlyContain(facts => facts.Count <= 250);
    }

    [Fact]
    public async Task of_one_thing_the_newest_version_in_the_group_is_stored()
    {
        var disk = new TaskCompletionSource();
        var group = On(disk.Task);
        var (first, thing) = (New(), New());

        var kept = new[] { first, thing with { Version = 2 }, thing with { Version = 3 }, thing }.Select(group.Keep).ToList();
        disk.SetResult();
        await Task.WhenAll(kept);

        stored.Last().Should().ContainSingle(fact => fact.Id == thing.Id).Which.Version.Should().Be(3);
    }

    [Fact]
    public async Task one_fact_that_cannot_be_stored_fails_alone()
    {
        var bad = New();
        var group = new BatchedConsumer<Thing>(facts =>
        {
            if (facts.Contains(bad))
                throw new InvalidOperationException("a rule of the database");
            stored.Enqueue(facts);
            return Task.CompletedTask;
        });

        var good = Enumerable.Range(0, 5).Select(_ => New()).ToList();
        var keeping = good.Select(group.Keep).ToList();
        var failing = group.Keep(bad);
        keeping.Add(group.Keep(New()));

        await failing.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>();
        await Task.WhenAll(keeping);
        stored.SelectMany(facts => facts).Should().Contain(good).And.HaveCount(6);
    }

    [Fact]
    public async Task in_an_outage_all_fail_and_are_stored_when_they_come_again()
    {
        var away = true;
        var group = new BatchedConsumer<Thing>(facts =>
        {
            if (away)
                throw new TimeoutException();
            stored.Enqueue(facts);
            return Task.CompletedTask;
        });
        var facts = Enumerable.Range(0, 5).Select(_ => New()).ToList();

        foreach (var failing in facts.Select(group.Keep).ToList())
            await failing.Awaiting(task => task).Should().ThrowAsync<TimeoutException>();
        stored.Should().BeEmpty();

        away = false;
        await Task.WhenAll(facts.Select(group.Keep));
        stored.SelectMany(kept => kept).Should().BeEquivalentTo(facts);
    }
}
