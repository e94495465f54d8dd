using System.Globalization;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Statements.LearningStatementDecider;

namespace CallCenter.Training.Statements;

/// <summary>What became of a file of results. Good rows are in, bad ones are listed to be mended and sent again.</summary>
/// <param name="Rows">Rows with something in them.</param>
/// <param name="Created">Statements that are new.</param>
/// <param name="Unchanged">Statements that were known, or stand in the file twice.</param>
/// <param name="Rejected">Rows that were not taken.</param>
/// <param name="Errors">What is wrong with each row that was not taken.</param>
public sealed record ResultReport(int Rows, int Created, int Unchanged, int Rejected, IReadOnlyList<RejectedResult> Errors);

/// <param name="Line">Line of the file; the header is 1.</param>
/// <param name="Column">English name of the column; empty when it is the row as a whole.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Message">For people.</param>
public sealed record RejectedResult(int Line, string Column, string Code, string Message);

/// <summary>Takes the results that another system exports as CSV: each row becomes a statement that it passed, or did not.</summary>
internal static class ResultFile
{
    private const int MaxRows = 5000;

    private static readonly UploadRule Rule = UploadRule.Text(2 << 20, "text/csv");

    private const string Example = """
        staff_number,at,activity,title,score,passed
        A-1042,2026-03-09T16:00:00+08:00,https://lms.example/data-protection,Data protection,90,yes
        """;

    private static readonly NamedColumns Columns = new(
        ["staff_number", "at", "activity"], ["title", "score", "passed", "id"], new Dictionary<string, string>
        {
            ["工号"] = "staff_number", ["时间"] = "at", ["课程"] = "activity", ["名称"] = "title", ["成绩"] = "score", ["通过"] = "passed",
        });

    private static readonly Dictionary<string, bool?> Answers = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = null, ["yes"] = true, ["no"] = false, ["true"] = true, ["false"] = false, ["是"] = true, ["否"] = false,
    };

    extension(IEndpointRouteBuilder routes)
    {
        public void MapResultFiles() => routes.MapPost("/learning-statements/imports", Import).WithTags("Learning statements")
            .Takes(Rule)
            .Produces<ResultReport>().Produces<ResultReport>(StatusCodes.Status207MultiStatus)
            .Describe("Take a file of results (CSV): good rows are taken, bad ones reported, those that are known change nothing",
                Example, ["unknown-project", "unknown-column", "duplicate-column", "missing-column", "too-many-rows", "empty-file"]);
    }

    private static async Task<IResult> Import(
        Guid projectId, HttpRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        using var upload = await Upload.Save(request, Rule, Path.GetTempPath(), cancellation);
        await session.RequireProject("projectId", projectId, cancellation);
        var people = await session.PeopleByNumber(projectId, cancellation);
        await using var file = File.OpenRead(upload.Path);
        var (commands, rows, errors) = Read(file, projectId, people, caller);

        await session.Lock([NameId.Of("learning-statements", projectId)], cancellation);
        var created = 0;
        foreach (var (line, command) in commands.DistinctBy(row => row.Command.SaidId))
            try
            {
                var stream = await session.Events.FetchForWriting<Statement>(Statement.IdOf(projectId, command.SaidId), cancellation);
                var events = Decide(command, stream.Aggregate ?? new Statement(), "id");
                stream.AppendMany(events);
                created += events.Length;
            }
            catch (InvalidException e)
            {
                errors.Add(new(line, e.Errors[0].Pointer, e.Errors[0].Code, e.Errors[0].Message));
            }

        await session.SaveChangesAsync(cancellation);
        var rejected = errors.Select(error => error.Line).Distinct().Count();
        return TypedResults.Json(new ResultReport(rows, created, rows - rejected - created, rejected, errors),
            statusCode: rejected == 0 ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus);
    }

    private static (List<(int Line, ReceiveStatement Command)> Commands, int Rows, List<RejectedResult> Errors) Read(
        Stream file, Guid projectId, IReadOnlyDictionary<string, EmployeeV1> people, Caller caller)
    {
        var (commands, errors, rows) = (new List<(int, ReceiveStatement)>(), new List<RejectedResult>(), 0);
        foreach (var row in Columns.Read(file, MaxRows))
        {
            rows++;
            var (command, error) = row.Fault is { } fault ? (null, fault)
                : Command(column => Text.Bare(row.Cell(column)), projectId, people, caller);
            if (error is not null)
                errors.Add(new(row.Line, error.Pointer, error.Code, error.Message));
            else if (command is not null)
                commands.Add((row.Line, command));
        }

        return (commands, rows, errors);
    }

    private static (ReceiveStatement? Command, Error? Error) Command(
        Func<string, string> cell, Guid projectId, IReadOnlyDictionary<string, EmployeeV1> people, Caller caller)
    {
        var (activity, title) = (cell("activity"), cell("title"));
        if (!people.TryGetValue(StaffNumbers.Loose(cell("staff_number")), out var employee))
            return (null, new("staff_number", "unknown-learner", "The project has nobody with this staff number."));
        if (!DateTimeOffset.TryParseExact(cell("at"), ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ssZ"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var at))
            return (null, new("at", "statement-cell", "A time has its offset: 2026-03-09T16:00:00+08:00."));
        if (Ranges.Instants.Check("at", at) is { } outside)
            return (null, outside);
        if (NotYet("at", at, caller.Now) is { } future)
            return (null, future);
        if (activity.Length > 500 || !Uri.TryCreate(activity, UriKind.Absolute, out _))
            return (null, new("activity", "statement-activity", "What was learnt is named by an IRI."));
        if (title.Length > 200 || (title.Length > 0 && (Text.Fault(title) is not null || !Text.IsLine(title))))
            return (null, new("title", "statement-cell", "A title is one line of 200 characters at most, one of them visible."));
        decimal? score = null;
        if (cell("score") is { Length: > 0 } points)
            score = decimal.TryParse(points, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var raw) && raw <= 100
                ? raw : null;
        if (score is null && cell("score").Length > 0)
            return (null, new("score", "statement-cell", "A score is a number from 0 to 100, such as 87.5."));
        if (!Answers.TryGetValue(cell("passed"), out var passed))
            return (null, new("passed", "statement-cell", "Passed is yes or no, or left out."));
        if (cell("id") is { Length: > 0 } text && !Guid.TryParse(text, out _))
            return (null, new("id", "statement-cell", "An id is a UUID, or left out."));

        // Without an id of its own a result is told by who, what and when.
        var id = Guid.TryParse(cell("id"), out var own) ? own : NameId.Of("learning-result", employee.StaffNumber, activity, at);
        var verb = passed switch { true => "passed", false => "failed", null => "completed" };
        var said = new StatedResult(
            $"http://adlnet.gov/expapi/verbs/{verb}", activity, title.Length > 0 ? title : null, null, score, passed, null);
        return (new(id, projectId, employee.Id, said, at.ToUniversalTime(), "csv", caller.Id, caller.Now), null);
    }
}
