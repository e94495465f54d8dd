using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using CallCenter.Testing;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace CallCenter.Shared.Tests;

// The smallest service that uses everything shared: a note that is written and corrected.

public sealed record NoteWritten(Guid ProjectId, string Text, DateTimeOffset At);

public sealed record NoteCorrected(string Text);

public sealed record Note
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string? Text { get; init; }
    public DateTimeOffset At { get; init; }

    public Note Evolve(object @event) => @event switch
    {
        NoteWritten e => this with { ProjectId = e.ProjectId, Text = e.Text, At = e.At },
        NoteCorrected e => this with { Text = e.Text },
        _ => this,
    };
}

public sealed record WriteNote(
    Guid ProjectId, [Required, VisibleText, MaxLength(200)] string Text, DateTimeOffset? At = null, NoteKind? Kind = null,
    DateOnly? Due = null, IReadOnlyList<NoteTag>? Tags = null);

public sealed record NoteTag(string Name, IReadOnlyList<string?>? Remarks = null, IReadOnlyDictionary<string, string[]>? Words = null);

public enum NoteKind { Plain, ToDo }

public sealed record CorrectNote([MaxLength(200)] string Text);

public static class NoteService
{
    public static WebApplication Build(string[] args) => Named("notes")(args);

    /// <summary>The same service under another name: what a process measures is told apart by it.</summary>
    /// <param name="consume">What it listens to besides.</param>
    public static Func<string[], WebApplication> Named(string name, Action<Consumers>? consume = null) =>
        args => Build(name, args, consume);

    private static WebApplication Build(string name, string[] args, Action<Consumers>? consume)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (builder.Configuration.GetValue<TimeSpan?>("Clock:Ahead") is { } ahead)
            builder.Services.AddSingleton<TimeProvider>(new ClockAhead(ahead));
        builder.Services.AddSingleton<Shelf>();
        builder.AddService(name,
            marten => marten.Projections.Snapshot<Note>(SnapshotLifecycle.Inline),
            publish => publish.Stream<Note>((id, version, note) => note.Text switch
            {
                "secret" => null,
                "unspeakable" => throw new InvalidOperationException("This can't be told."),
                var text => new TrainingNeedV1(id, version, Guid.Empty, note.ProjectId, text!, Guid.Empty, note.At, null),
            }),
            bus =>
            {
                consume?.Invoke(bus);
                bus.Replicate<EvaluationV1>();
                bus.Consume<TrainingRecordV1, Shelf>(
                    (shelf, facts) => shelf.Put(facts), _ => "select null::uuid as id, 0::bigint as version where false",
                    (_, _) => Task.CompletedTask);
            },
            work =>
            {
                work.Handle<Count>("count");
                work.Handle<Stumble>("stumble");
                work.Every<Failing>("failing", "Failing:Every", TimeSpan.FromDays(1));
            });
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapPost("/notes", Write).Describe("Write a note", new WriteNote(Guid.Empty, "Hello"), ["note-exists"]);
        app.MapPut("/notes/{id:guid}", Correct).Describe("Correct a note");
        app.MapGet("/notes/{id:guid}", Read).Describe("Read a note");
        app.MapGet("/notes", List).Describe("List notes");
        app.MapGet("/unlisted", () => "never").Describe("Not in the table");
        app.MapGet("/notes/by-name/{name}", Ask).Describe("Say what was asked for");
        app.MapPost("/counts", StartCount).Describe("Count slowly").TakesLong();
        app.MapOperations("/operations", "count", "stumble");
        return app;
    }

    private static async Task<WriteResult> Write(
        WriteNote request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        return new(await session.Start<Note>(id.Value, note => note.Text is null
                ? [new NoteWritten(request.ProjectId, request.Text, request.At ?? caller.Now)]
                : note.Text == request.Text ? [] : throw new RefusedException("note-exists", "There is another note under this id."),
            cancellation), $"/notes/{id.Value}");
    }

    private static async Task<WriteResult> Correct(
        Guid id, CorrectNote request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<Note>(id, expected.Value, note =>
        {
            caller.MustSee(note.ProjectId);
            return note.Text == request.Text ? [] : [new NoteCorrected(request.Text)];
        }, cancellation));

    private static readonly Visibility<Note> Visible = new((note, projects) => note.ProjectId.IsOneOf(projects));

    private static async Task<Versioned<Note>> Read(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var note = caller.MustSee(await session.LoadAsync<Note>(id, cancellation), Visible);
        return new(note, note.Version);
    }

    private static async Task<Page<Note>> List(
        Guid project, PageRequest page, IQuerySession session, CancellationToken cancellation, [StringLength(20)] string? text = null) =>
        await session.Query<Note>().Where(n => n.ProjectId == project && (text == null || n.Text == text))
            .ToPage(page, n => n.Id, cancellation);

    /// <param name="Due">Only these days.</param>
    public sealed record NoteQuestion(Guid Project, int? Most, string[]? Due);

    private static Ok<IReadOnlyList<string>> Ask(string name, [AsParameters] NoteQuestion asked) =>
        TypedResults.Ok<IReadOnlyList<string>>([name, .. asked.Due ?? []]);

    private static async Task<Accepted> StartCount(
        NewId id, Caller caller, Operations operations, IDocumentSession session, CancellationToken cancellation)
    {
        await operations.Queue(session, id.Value, "count", Guid.Empty, caller.Id, new CountTo(3), cancellation);
        await session.SaveChangesAsync(cancellation);
        return TypedResults.Accepted($"/operations/{id.Value}");
    }

    public sealed record CountTo(int N);

    public sealed class Failing : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("It always fails.");
    }

    /// <param name="File">Gone for good; else it is only out of reach at the first attempt.</param>
    public sealed record Over(bool File);

    public sealed class Stumble : IOperationHandler
    {
        private static readonly HashSet<Guid> Tried = [];

        public Task<string?> Run(OperationRun run, CancellationToken cancellation) =>
            run.Input<Over>().File ? throw new FileNotFoundException("It was here.")
                : Tried.Add(run.Id) ? throw new IOException("A share that is away.")
                : Task.FromResult<string?>("/arrived");
    }

    public sealed class Count : IOperationHandler
    {
        public async Task<string?> Run(OperationRun run, CancellationToken cancellation)
        {
            for (var i = 1; i <= run.Input<CountTo>().N; i++)
                await run.Report(i * 30, new Dictionary<string, long> { ["counted"] = i }, cancellation);
            return "/counted";
        }
    }
}

/// <summary>A node whose clock is wrong.</summary>
public sealed class ClockAhead(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}

/// <summary>Where facts are put that a broken service cannot keep, until somebody mends it.</summary>
public sealed class Shelf
{
    private readonly ConcurrentDictionary<Guid, TrainingRecordV1> kept = new();

    public bool Broken { get; set; }

    public bool Holds(Guid id) => kept.ContainsKey(id);

    public Task Put(IReadOnlyList<TrainingRecordV1> facts)
    {
        foreach (var fact in facts)
            kept[fact.Id] = Broken ? throw new InvalidOperationException("The shelf is broken.") : fact;
        return Task.CompletedTask;
    }
}

public sealed class NotesApi() : ServiceFixture("notes", NoteService.Build);
