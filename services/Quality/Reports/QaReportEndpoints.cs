using System.ComponentModel;
using CallCenter.Contracts.People;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using RazorSlices;

namespace CallCenter.Quality.Reports;

/// <param name="Period">week or month.</param>
/// <param name="From">First local day of the period.</param>
/// <param name="To">Its last day.</param>
/// <param name="Latest">How many versions there are; more than one where it was restated.</param>
/// <param name="ToldAt">When it was told first.</param>
/// <param name="RestatedAt">When it was told last; null where nothing has changed since it was told first.</param>
public sealed record QaReportListed(
    Guid Id, Guid ProjectId, QaPeriod Period, DateOnly From, DateOnly To, long Latest, DateTimeOffset ToldAt, DateTimeOffset? RestatedAt)
{
    internal static QaReportListed Of(QaReportSummary report) => new(
        report.Id, report.ProjectId, report.Period, report.From, report.To, report.Versions.Length, report.Versions[0].At,
        report.Versions.Length > 1 ? report.Versions[^1].At : null);
}

/// <param name="Period">week or month.</param>
/// <param name="From">First local day of the period.</param>
/// <param name="To">Its last day.</param>
/// <param name="Version">Which of the versions this is.</param>
/// <param name="Latest">The newest there is.</param>
/// <param name="AsOf">When this version was told.</param>
/// <param name="Figures">Of people those that the caller may see.</param>
public sealed record QaReportView(
    Guid Id, Guid ProjectId, QaPeriod Period, DateOnly From, DateOnly To, long Version, long Latest, DateTimeOffset AsOf,
        QaFigures Figures);

/// <param name="Versions">What it has said, oldest first, and what made it change.</param>
public sealed record QaReportChanges(Guid Id, IReadOnlyList<QaReportVersion> Versions);

internal static class QaReportEndpoints
{
    private static readonly Visibility<QaReportSummary> Visible = new((report, projects) => report.ProjectId.IsOneOf(projects));

    extension(IEndpointRouteBuilder routes)
    {
        public void MapQaReports()
        {
            var reports = routes.MapGroup("/qa-reports").WithTag("QA reports",
                "The quality of a project's week or month: who and what came out how, causes, coverage, coaching; restated where scores change.");

            reports.MapPost("/", Make).Describe("Make the report of a week or month now; the one that there is where it was made",
                new QaReportRequest(FormExample.ProjectId, QaPeriod.Week, new DateOnly(2026, 3, 2)), ["not-a-period-start", "period-not-over", "project-unknown"]);
            reports.MapGet("/", List).Describe("The reports of a project");
            reports.MapGet("/{id:guid}", Get).Describe("A report, as it is known now or as it was told; as a table it has every figure",
                problems: [BlindSeconds.Code]);
            reports.MapHistory("/{id:guid}", (id, caller, session, cancellation) => Find(id, caller, session, cancellation));
            reports.MapGet("/{id:guid}/page", GetPage).Produces<string>(StatusCodes.Status200OK, "text/html")
                .Describe("The same as a page to read", problems: [BlindSeconds.Code]);
            reports.MapGet("/{id:guid}/changes", GetChanges).Describe(
                "What a report told and is no longer so, and which evaluations made it so", problems: [BlindSeconds.Code]);
        }
    }

    /// <param name="Period">week or month.</param>
    /// <param name="From">First local day of the period.</param>
    public sealed record QaReportRequest(Guid ProjectId, QaPeriod Period, DateOnly From);

    private static async Task<PlacedResult> Make(
        QaReportRequest request, Caller caller, IDocumentSession session, QaReportService reports, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var calendar = await session.CalendarOf(request.ProjectId, cancellation);
        var span = Ranges.Days.Contains(request.From) ? QaSpan.Of(request.ProjectId, request.Period, request.From, calendar) : null;
        if (span?.From != request.From)
            throw new InvalidException("/from", "not-a-period-start",
                $"A week is named by its first day, a {calendar.WeekStartsOn} in this project, and a month by its first.");
        if (caller.Now < span.End)
            throw new RefusedException("period-not-over", $"The period ends at {span.End:O}; its report is made afterwards.");

        await reports.Make(span, caller.Id, cancellation);
        var made = await session.LoadAsync<QaReportSummary>(span.ReportId, cancellation);
        return new(made!.Versions.Length, $"/qa-reports/{span.ReportId}");
    }

    private static async Task<Page<QaReportListed>> List(
        Guid projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<QaReportSummary>().VisibleTo(caller, Visible, projectId).ToPage(page, r => r.Id, cancellation);

        return new([.. found.Items.Select(QaReportListed.Of)], found.Next);
    }

    /// <param name="AsOf">As it was told at this time.</param>
    /// <param name="Version">This version; the newest when both are left out.</param>
    public sealed record Then(DateTimeOffset? AsOf, int? Version);

    private static async Task<Tabular<QaReportView>> Get(
        Guid id, [AsParameters] Then then, Caller caller, Language language, IDocumentSession session, CancellationToken cancellation)
    {
        var view = await View(id, then, caller, session, cancellation);
        var names = await Names(view.Figures.People, session, cancellation);

        return new(view, told => QaReportCsv.Of(
            told.Figures, new(language), person => names.GetValueOrDefault(person) is { Length: > 0 } name ? name : $"{person}"[..8]),
                marked: true);
    }

    private static async Task<IResult> GetPage(
        Guid id, [AsParameters] Then then, Caller caller, Language language, IDocumentSession session, HttpResponse response,
        CancellationToken cancellation)
    {
        var view = await View(id, then, caller, session, cancellation);
        var report = await Find(id, caller, session, cancellation);
        var project = await session.LoadAsync<ProjectV1>(view.ProjectId, cancellation);
        var model = QaReportPageModel.Of(
            new QaReport { Id = id, Period = view.Period, From = view.From, To = view.To }, report.Versions[(int)view.Version - 1],
                view.Figures,
            project!.Name, project.Client, project.Zone, project.Calendar.Local(view.AsOf), new(language));

        response.Headers.ContentSecurityPolicy = QaReportPageStyle.Policy + "; frame-ancestors 'none'";
        var html = await QaReportPage.Create(model).RenderAsync(Html.Encoder, cancellation);
        return Results.Content(PersonNames.FillHtml(html, await Names(PersonNames.In(html), session, cancellation)), "text/html; charset=utf-8");
    }

    private static async Task<Ok<QaReportChanges>> GetChanges(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var report = await Find(id, caller, session, cancellation);
        if ((await BlindReports(report.ProjectId, caller, session, cancellation)).Contains(id))
            throw BlindSeconds.Blind();
        var seen = await Seen(report, caller, session, cancellation);

        return TypedResults.Ok(new QaReportChanges(id,
        [
            .. report.Versions.Select(version => version with
            {
                Changes = [.. version.Changes.Where(change => change.IsSeen(seen))],
                Evaluations = [.. version.Evaluations.Where(evaluation => seen.Agent(evaluation.AgentId))],
            }),
        ]));
    }

    private static async Task<QaReportView> View(
        Guid id, Then then, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var summary = await Find(id, caller, session, cancellation);
        var blind = await BlindReports(summary.ProjectId, caller, session, cancellation);
        if (blind.Contains(id))
            throw BlindSeconds.Blind();
        var version = then switch
        {
            { Version: { } number } => summary.Versions.FirstOrDefault(told => told.Version == number),
            { AsOf: { } at } => summary.Versions.LastOrDefault(told => told.At <= at),
            _ => summary.Versions[^1],
        } ?? throw new StreamNotFoundException(id);
        var report = await session.Events.AggregateStreamAsync<QaReport>(id, version.Version, token: cancellation)
            ?? throw new StreamNotFoundException(id);

        var figures = report.Figures!.SeenBy(await Seen(summary, caller, session, cancellation));
        return new(id, report.ProjectId, report.Period, report.From, report.To, version.Version, summary.Versions.Length, version.At,
            figures with { Restated = [.. figures.Restated.Where(earlier => !blind.Contains(earlier.ReportId))] });
    }

    // Those that count what the caller is judging again: of few evaluations their rows say how each came out, and their changes name it.
    private static async Task<HashSet<Guid>> BlindReports(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var hidden = await session.HiddenFrom(caller, cancellation);
        if (hidden.Count == 0)
            return [];

        var calendar = await session.CalendarOf(projectId, cancellation);
        return
        [
            .. from evaluation in await session.LoadManyAsync<EvaluationSummary>(cancellation, [.. hidden])
               where evaluation.ProjectId == projectId && evaluation is { SubmittedAt: not null, Counts: true }
               from period in Enum.GetValues<QaPeriod>()
               select QaSpan.Of(projectId, period, calendar.DayOf(evaluation.SubmittedAt!.Value), calendar).ReportId,
        ];
    }

    private static async Task<PeopleSeen> Seen(
        QaReportSummary report, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var calendar = await session.CalendarOf(report.ProjectId, cancellation);
        return PeopleSeen.By(caller, await ProjectTeams.Of(session, report.ProjectId, cancellation), report.From, report.To,
            calendar.DayOf(caller.Now));
    }

    private static async Task<QaReportSummary> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<QaReportSummary>(id, cancellation), Visible);

    private static async Task<IReadOnlyDictionary<Guid, string>> Names(
        IReadOnlySet<Guid> people, IQuerySession session, CancellationToken cancellation) =>
        (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. people])).ToDictionary(person => person.Id, person => person.Name);
}
