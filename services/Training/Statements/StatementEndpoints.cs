using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Training.Statements.LearningStatementDecider;

namespace CallCenter.Training.Statements;

/// <param name="Stored">Statements that were new.</param>
/// <param name="Known">Statements that had been received before.</param>
public sealed record StatementsStored(int Stored, int Known);

internal static class StatementEndpoints
{
    private const string Voided = "http://adlnet.gov/expapi/verbs/voided";

    private static readonly StatementsRequest Example = new(
        new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20"), "lms",
        [
            new(new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b30"), new(2026, 3, 9, 8, 0, 0, TimeSpan.Zero),
                new("http://adlnet.gov/expapi/verbs/passed"), "S-1001", new("https://lms.example/data-protection", "Data protection"),
                new(Scaled: 0.9m, Success: true, Completion: true)),
        ]);

    private static readonly Visibility<Statement> Visible = new(
        (statement, projects) => statement.ProjectId.IsOneOf(projects), own: (statement, employee) => statement.EmployeeId == employee,
        ownIsTheirs: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapStatements()
        {
            var statements = routes.MapGroup("/learning-statements").WithTag("Learning statements",
                "What other systems say that people learnt, as xAPI has it: never changed, only voided and said anew.");

            statements.MapPost("/", Receive).Describe("Take over statements of another system, all or none", Example,
                ["unknown-project", "unknown-learner", "statement-activity", "in-the-future", "statement-exists", "unknown-statement",
                    "voiding-voided", "statement-twice"]);
            statements.MapGet("/", List).Describe("Statements that stand, and those that were voided; agents see their own");
            statements.MapGet("/{id:guid}", Get).Describe("One statement");
            statements.MapHistory("/{id:guid}", Get);
        }
    }

    /// <param name="Id">IRI of the verb: …/completed, …/passed, …/failed, or …/voided.</param>
    public sealed record VerbRequest([Required, VisibleText, Url, MaxLength(500), Line] string Id);

    /// <param name="Id">IRI of what was learnt; of a statement that voids another its id.</param>
    /// <param name="Name">What it is called.</param>
    public sealed record ObjectRequest(
        [Required, VisibleText, MaxLength(500), Line] string Id, [VisibleText, MaxLength(200), Line] string? Name = null);

    /// <param name="Scaled">-1 to 1.</param>
    /// <param name="Raw">In the system's own points.</param>
    /// <param name="Success">Whether it was passed.</param>
    /// <param name="Completion">Whether it was completed.</param>
    public sealed record ResultRequest(
        [Range(-1.0, 1.0)] decimal? Scaled = null, [Range(-1000000.0, 1000000.0)] decimal? Raw = null, bool? Success = null,
        bool? Completion = null);

    /// <param name="Id">Given by the system that says it.</param>
    /// <param name="Timestamp">When it was so.</param>
    /// <param name="Verb">What was done.</param>
    /// <param name="Actor">Staff number of who did it; of a statement that voids another of nobody.</param>
    /// <param name="Object">What it was done with.</param>
    /// <param name="Result">What came of it.</param>
    public sealed record StatementRequest(
        Guid Id, DateTimeOffset Timestamp, VerbRequest Verb, [VisibleText, MaxLength(64), Line] string? Actor, ObjectRequest Object,
        ResultRequest? Result = null);

    /// <param name="Source">The system that says it.</param>
    /// <param name="Statements">1 to 200, in the order in which they were said.</param>
    public sealed record StatementsRequest(
        Guid ProjectId, [Required, VisibleText, MaxLength(64), Line] string Source,
        [MinLength(1), MaxLength(200)] IReadOnlyList<StatementRequest> Statements);

    private static async Task<Ok<StatementsStored>> Receive(
        StatementsRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.Lock([NameId.Of("learning-statements", request.ProjectId)], cancellation);
        var people = await session.PeopleByNumber(request.ProjectId, cancellation);
        var stored = 0;
        foreach (var (i, statement) in request.Statements.Index())
        {
            var at = $"/statements/{i}";
            if (request.Statements.Take(i).Any(other => other.Id == statement.Id))
                throw new InvalidException($"{at}/id", "statement-twice", "It stands twice in what was sent.");
            stored += statement.Verb.Id == Voided
                ? await session.Void(request, statement, at, caller, cancellation)
                : await session.Take(request, statement, at, people, caller, cancellation);
        }

        await session.SaveChangesAsync(cancellation);
        return TypedResults.Ok(new StatementsStored(stored, request.Statements.Count - stored));
    }

    private static async Task<int> Take(
        this IDocumentSession session, StatementsRequest request, StatementRequest statement, string at,
        IReadOnlyDictionary<string, EmployeeV1> people, Caller caller, CancellationToken cancellation)
    {
        if (statement.Actor is not { } number || !people.TryGetValue(StaffNumbers.Loose(number), out var employee))
            throw new InvalidException($"{at}/actor", "unknown-learner", "The project has nobody with this staff number.");
        if (!Uri.TryCreate(statement.Object.Id, UriKind.Absolute, out _))
            throw new InvalidException($"{at}/object/id", "statement-activity", "What was learnt is named by an IRI.");
        if (NotYet($"{at}/timestamp", statement.Timestamp, caller.Now) is { } future)
            throw new InvalidException([future]);
        var result = statement.Result;
        var said = new StatedResult(
            statement.Verb.Id, statement.Object.Id, statement.Object.Name, result?.Scaled, result?.Raw, result?.Success,
                result?.Completion);
        var command = new ReceiveStatement(
            statement.Id, request.ProjectId, employee.Id, said, statement.Timestamp.ToUniversalTime(), request.Source, caller.Id,
            caller.Now);

        return await session.Write(request.ProjectId, statement.Id, state => Decide(command, state, $"{at}/id"), cancellation);
    }

    private static async Task<int> Void(
        this IDocumentSession session, StatementsRequest request, StatementRequest statement, string at, Caller caller,
        CancellationToken cancellation)
    {
        var pointer = $"{at}/object/id";
        var voided = Guid.TryParse(statement.Object.Id,
            out var id) ? await session.LoadAsync<Statement>(Statement.IdOf(request.ProjectId, id), cancellation) : null;
        if (voided?.ProjectId != request.ProjectId)
            throw new InvalidException(pointer, "unknown-statement", "The project has no statement with this id that could be voided; what is sent together with it is none yet.");
        var over = new VoidStatement(statement.Id, caller.Id, caller.Now);
        await session.Write(request.ProjectId, id, state => Decide(over, state, pointer), cancellation);
        var command = new ReceiveVoiding(statement.Id, request.ProjectId, id, caller.Id, caller.Now);

        return await session.Write(request.ProjectId, statement.Id, state => Decide(command, state, $"{at}/id"), cancellation);
    }

    // All of them are saved together, so that of a file that is wrong in one place nothing is taken.
    private static async Task<int> Write(
        this IDocumentSession session, Guid projectId, Guid saidId, Func<Statement, object[]> decide, CancellationToken cancellation)
    {
        var stream = await session.Events.FetchForWriting<Statement>(Statement.IdOf(projectId, saidId), cancellation);
        var events = decide(stream.Aggregate ?? new Statement());
        stream.AppendMany(events);

        return events.Length;
    }

    private static async Task<Page<Statement>> List(
        Guid? projectId, Guid? employeeId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = session.Query<Statement>().VisibleTo(caller, Visible, projectId);
        return await (employeeId is { } employee ? found.Where(statement => statement.EmployeeId == employee) : found)
            .ToPage(page, statement => statement.Id, cancellation);
    }

    private static async Task<Versioned<Statement>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var statement = caller.MustSee(await session.LoadAsync<Statement>(id, cancellation), Visible);

        return new(statement, statement.Version);
    }
}
