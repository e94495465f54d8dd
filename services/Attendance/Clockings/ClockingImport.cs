using System.Globalization;
using CallCenter.Attendance.Projects;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.Attendance.Clockings.ClockingDecider;

namespace CallCenter.Attendance.Clockings;

/// <summary>What became of a file of clockings. Good rows are in, bad ones are listed to be mended and sent again.</summary>
/// <param name="Rows">Rows with something in them.</param>
/// <param name="Created">Clockings that are new.</param>
/// <param name="Unchanged">Clockings that were known, or stand in the file twice.</param>
/// <param name="Rejected">Rows that were not taken.</param>
/// <param name="Errors">What is wrong with each row that was not taken.</param>
public sealed record ClockingReport(int Rows, int Created, int Unchanged, int Rejected, IReadOnlyList<RejectedClocking> Errors);

/// <param name="Line">Line of the file; the header is 1.</param>
/// <param name="Column">English name of the column; empty when it is the row as a whole.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Message">For people.</param>
public sealed record RejectedClocking(int Line, string Column, string Code, string Message);

/// <summary>Takes what a time clock wrote: UTF-8, headers in English or Chinese, in any order.</summary>
internal static class ClockingImport
{
    private const int MaxRows = 100_000;
    private const int AtOnce = 500;
    private const int Attempts = 10;

    private static readonly UploadRule Rule = UploadRule.Text(16 << 20, "text/csv");

    private const string Example = """
        staff_number,kind,time,device
        A-1042,in,2026-03-09 08:55:12,Gate 2
        """;

    private static readonly NamedColumns Columns = new(["staff_number", "kind", "time"], ["device"], new Dictionary<string, string>
    {
        ["工号"] = "staff_number", ["类型"] = "kind", ["打卡时间"] = "time", ["时间"] = "time", ["设备"] = "device",
    });

    private static readonly Dictionary<string, ClockingKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["in"] = ClockingKind.In, ["out"] = ClockingKind.Out, ["上班"] = ClockingKind.In, ["下班"] = ClockingKind.Out,
        ["签到"] = ClockingKind.In, ["签退"] = ClockingKind.Out,
    };

    private static readonly string[] LocalForms =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm"];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapClockingImports() => routes.MapPost("/clockings/imports", Import).WithTags("Clockings")
            .Takes(Rule)
            .Produces<ClockingReport>().Produces<ClockingReport>(StatusCodes.Status207MultiStatus)
            .Describe("Take the file of a time clock (CSV): good rows are taken, bad ones reported, those that are known change nothing",
                Example, ["unknown-project", "unknown-column", "duplicate-column", "missing-column", "too-many-rows", "empty-file"]);
    }

    private static async Task<IResult> Import(
        Guid projectId, HttpRequest request, Caller caller, IDocumentStore store, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        using var upload = await Upload.Save(request, Rule, Path.GetTempPath(), cancellation);
        await using var query = store.QuerySession();
        var project = await query.RequireProject("projectId", projectId, cancellation);
        var agents = (await query.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(projectId)).ToListAsync(cancellation))
            .DistinctBy(e => e.StaffNumber).ToDictionary(e => e.StaffNumber, e => e.Id, StringComparer.Ordinal);
        await using var file = File.OpenRead(upload.Path);
        var (commands, rows, errors) = Read(file, project, agents, caller.Now);
        Actor.Current = Actor.Import("clockings", caller.Id, reason: Actor.Current?.Reason);

        var created = 0;
        foreach (var page in commands.DistinctBy(command => command.ClockingId).Chunk(AtOnce))
            created += await Conflict.Retry(Attempts, () => Take(page, store, cancellation));

        var rejected = errors.Select(error => error.Line).Distinct().Count();
        var report = new ClockingReport(rows, created, rows - rejected - created, rejected, errors);
        return TypedResults.Json(report, statusCode: rejected == 0 ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus);
    }

    private static async Task<int> Take(Clock[] page, IDocumentStore store, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var known = (await session.LoadManyAsync<Clocking>(cancellation, page.Select(c => c.ClockingId).ToArray()))
            .Select(clocking => clocking.Id).ToHashSet();
        var missing = page.Where(command => !known.Contains(command.ClockingId)).ToList();
        foreach (var command in missing)
            session.Events.StartStream<Clocking>(command.ClockingId, Decide(command, new Clocking()));

        await session.SaveChangesAsync(cancellation);
        return missing.Count;
    }

    internal static (IReadOnlyList<Clock> Commands, int Rows, IReadOnlyList<RejectedClocking> Errors) Read(
        Stream file, ProjectV1 project, IReadOnlyDictionary<string, Guid> agents, DateTimeOffset now)
    {
        var (commands, errors, rows) = (new List<Clock>(), new List<RejectedClocking>(), 0);
        foreach (var row in Columns.Read(file, MaxRows))
        {
            rows++;
            var (command, error) = row.Fault is { } fault ? (null, fault) : Command(row.Cell, project, agents, now);
            if (error is not null)
                errors.Add(new(row.Line, error.Pointer, error.Code, error.Message));
            else if (command is not null)
                commands.Add(command);
        }

        return (commands, rows, errors);
    }

    private static (Clock? Command, Error? Error) Command(
        Func<string, string> cell, ProjectV1 project, IReadOnlyDictionary<string, Guid> agents, DateTimeOffset now)
    {
        if (!agents.TryGetValue(Text.Bare(cell("staff_number")), out var agent))
            return (null, new("staff_number", "unknown-agent", $"The project has no employee {Text.Shown(cell("staff_number"))}."));
        if (!Kinds.TryGetValue(cell("kind"), out var kind))
            return (null, new("kind", "clocking-kind", "A clocking is `in` or `out` (上班, 下班)."));
        if (TimeOf(cell("time"), project.Calendar) is not { } at)
            return (null, new("time", "clocking-time",
                "A time is 2026-03-09 08:55:12 by the project's clock, or has its offset: 2026-03-09T08:55:12+08:00."));
        if (Ranges.Instants.Check("time", at) is { } outside)
            return (null, outside);
        if (at > now + ClockingEndpoints.Ahead)
            return (null, new("time", "in-the-future", "This has not happened yet."));

        var device = Text.Bare(cell("device"));
        if (device.Length > 100 || (device.Length > 0 && (Text.Fault(device) is not null || !Text.IsLine(device))))
            return (null, new("device", "clocking-device", "A device is one line of 100 characters at most, one of them visible."));

        return (new(Clocking.IdOf(project.Id, agent, kind, at), project.Id, agent, kind, at, device.Length > 0 ? device : null, now), null);
    }

    // A local time that comes twice is the first of the two; a clock that can tell them apart writes the offset. No zone has a time at
    // the ends of the calendar: it is refused as the same time by UTC is.
    private static DateTimeOffset? TimeOf(string text, LocalCalendar calendar) =>
        DateTime.TryParseExact(text, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? Ranges.Days.Contains(DateOnly.FromDateTime(local)) ? calendar.At(local) : new(local, TimeSpan.Zero)
            : DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:ssZ"],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
