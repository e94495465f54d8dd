using CallCenter.Contracts;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Shared.Tests;

/// <summary>A service that tells what is noted, and one that holds what it is told.</summary>
public sealed class NotesAndReader : IAsyncLifetime
{
    public Notes Owner { get; } = new();
    public Reader Holder { get; }

    public NotesAndReader() => Holder = new(Owner);

    public sealed class Notes() : ServiceFixture("diary", NoteService.Named("diary"));

    public sealed class Reader(ServiceFixture owner)
        : ServiceFixture("reader", NoteService.Named("reader", bus => bus.Replicate<TrainingNeedV1>()), owner)
    {
        public async Task<TrainingNeedV1?> Held(Guid id)
        {
            await using var session = App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await session.LoadAsync<TrainingNeedV1>(id);
        }
    }

    public async ValueTask InitializeAsync()
    {
        await Owner.InitializeAsync();
        await Holder.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Holder.DisposeAsync();
        await Owner.DisposeAsync();
    }
}

/// <summary>Whatever was lost by whom, those who hold facts agree with their owner again.</summary>
public sealed class ReconciliationTests(NotesAndReader both) : IClassFixture<NotesAndReader>
{
    private readonly Guid project = Guid.CreateVersion7();

    private NotesAndReader.Notes Owner => both.Owner;
    private NotesAndReader.Reader Holder => both.Holder;

    [Fact]
    public async Task who_lose_their_queues_together_ask_for_few_rounds_and_who_asks_alone_asks()
    {
        var (owner, holder) = (Of(Owner), Of(Holder));
        var before = Asked();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? owner : holder).AskTogether(CancellationToken.None)));
        await Eventually.True(() => Asked() > before, "somebody to ask");
        (Asked() - before).Should().BeLessThan(15, "who hears that somebody has asked need not");

        var asked = Asked();
        await holder.AskTogether(CancellationToken.None);
        await Eventually.True(() => Asked() > asked, "who has lost something later to ask");

        static Reconciler Of(ServiceFixture service) => service.App.Services.GetRequiredService<Reconciler>();
        int Asked() => Owner.AllPublished<RestoredV1>().Count;
    }

    [Fact]
    public async Task what_a_restore_of_the_owner_has_undone_is_forgotten_and_what_comes_after_it_is_heard()
    {
        var (kept, untouched) = (await Written("first"), await Written("untouched"));
        await Holds(kept, "first");
        (await Holder.Held(kept))!.Version.Should().Be(1, "nothing was ever restored");
        await Owner.Restart(Owner.CopyDatabase);

        await Corrected(kept, 1, "undone");
        await Corrected(kept, 2, "undone twice");
        var gone = await Written("gone");
        await Holds(kept, "undone twice");
        await Holds(gone, "gone");

        foreach (var after in new[] { "after it", "after the second" })
        {
            var second = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            await Eventually.True(
                () => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() > second + 1, "epochs to be seconds apart, as restores are");
            await Owner.Restart(Owner.RestoreDatabase);

            await Eventually.True(async () => await Holder.Held(gone) is null, "the reader to forget what is no more");
            await Holds(kept, "first");
            await Holds(untouched, "untouched");
            await Corrected(kept, 1, after);
            await Holds(kept, after);
            gone = await Written("gone too");
            await Holds(gone, "gone too");
        }
    }

    [Fact]
    public async Task who_was_restored_hears_what_it_has_lost()
    {
        var kept = await Written("kept");
        await Holds(kept, "kept");
        await Holder.Restart(Holder.CopyDatabase);
        var lost = await Written("lost");
        await Corrected(kept, 1, "newer");
        await Holds(lost, "lost");
        await Holds(kept, "newer");

        await Holder.Restart(Holder.RestoreDatabase);

        await Holds(lost, "lost");
        await Holds(kept, "newer");
    }

    [Fact]
    public async Task what_a_broker_has_lost_is_told_again()
    {
        var lost = Guid.Empty;
        await Holder.Restart(async () =>
        {
            lost = await Written("lost by the broker");
            await Owner.Published<TrainingNeedV1>(need => need.Id == lost);
            await Eventually.True(Remembered, "what was told to be remembered");
            await Owner.LoseQueue("reader-training-need-v1");
        });
        (await Holder.Held(lost)).Should().BeNull();

        await Owner.App.Services.GetRequiredService<Reconciler>().Round(default);

        await Holds(lost, "lost by the broker");

        async Task<bool> Remembered()
        {
            await using var session = Owner.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await session.AdvancedSql.QueryAsync<long>("select count(*) from told where id = ?", default, lost)).Single() == 1;
        }
    }

    [Fact]
    public async Task a_republication_tells_every_stream_beside_what_happens_now()
    {
        var (one, other) = (await Written("one"), await Written("other"));
        await Holds(other, "other");
        var before = Owner.AllPublished<TrainingNeedV1>().Count(need => need.Id == one);

        (await Owner.As(Guid.CreateVersion7(), "admin").Send(HttpMethod.Post, "/republications")).EnsureSuccessStatusCode();

        await Eventually.True(() => Owner.AllPublished<TrainingNeedV1>().Count(need => need.Id == one) > before, "one to be told again");
        await Eventually.True(async () =>
        {
            await using var session = Owner.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await session.AdvancedSql.QueryAsync<long>("select count(*) from republication", default)).Single() == 0;
        }, "the request to be met");
    }

    // Told | held | epoch now: what is done about it.
    [Theory]
    [InlineData(3L, null, 0, "again")]
    [InlineData(3L, 2L, 0, "again")]
    [InlineData(3L, 4L, 0, "nothing")]
    [InlineData(null, 4L, 0, "nothing")]
    [InlineData(3L, 4L, 1, "again")]
    [InlineData(null, 4L, 1, "gone")]
    [InlineData(null, (1L << 22) + 1, 1, "nothing")]
    [InlineData(3L, (1L << 22) + 1, 1, "nothing")]
    public void who_is_behind_or_of_an_undone_history_is_told_and_who_is_ahead_is_let_be(long? told, long? held, long epoch, string done)
    {
        var (id, stream) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var (again, gone) = Reconciler.Mend([new(id, told, held, told is null ? null : stream)], epoch);

        again.Should().Equal(done == "again" ? [stream] : []);
        gone.Should().Equal(done == "gone" ? [id] : []);
    }

    [Fact]
    public void what_is_told_in_a_later_epoch_is_newer_and_exact_in_json()
    {
        Epoch.Told(0, 7).Should().Be(7);
        Epoch.Told(1, 1).Should().BeGreaterThan(Epoch.Told(0, (1 << 22) - 1));
        Epoch.Of(Epoch.Told(29_000_000, 5)).Should().Be(29_000_000);
        Epoch.Told((1L << 31) - 1, (1 << 22) - 1).Should().BeLessThan(1L << 53);
        FluentActions.Invoking(() => Epoch.Told(0, 1 << 22)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private async Task<Guid> Written(string text)
    {
        using var client = Owner.As(Guid.CreateVersion7(), "supervisor", project);
        var answer = await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, text));
        answer.EnsureSuccessStatusCode();
        return Guid.Parse(answer.Headers.Location!.ToString().Split('/')[^1]);
    }

    private async Task Corrected(Guid id, long version, string text)
    {
        using var client = Owner.As(Guid.CreateVersion7(), "supervisor", project);
        (await client.Send(HttpMethod.Put, $"/notes/{id}", version: version, new CorrectNote(text))).EnsureSuccessStatusCode();
    }

    private Task Holds(Guid id, string text) =>
        Eventually.True(async () => (await Holder.Held(id))?.Section == text, $"the reader to hold '{text}'");
}
