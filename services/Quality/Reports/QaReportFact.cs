using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using RazorSlices;

namespace CallCenter.Quality.Reports;

/// <summary>What whoever mails reports is told: letters, ready but for the names of people.</summary>
internal static class QaReportFact
{
    // A mail names so many lines of a table; all are in the file that goes with it.
    private const int LinesInMail = 40;

    private static readonly Language[] Languages = [Language.English, Language.Chinese];

    /// <param name="gateway">Address that links start with.</param>
    public static async Task<IFact[]> Of(
        IReadOnlyList<StreamAsOf<QaReport>> reports, IQuerySession query, string gateway, CancellationToken cancellation)
    {
        var projects = (await query.LoadManyAsync<ProjectV1>(cancellation, [.. reports.Select(r => r.State.ProjectId).Distinct()]))
            .ToDictionary(project => project.Id);
        var facts = new List<IFact>();
        foreach (var (id, version, report) in reports)
            if (projects.GetValueOrDefault(report.ProjectId) is { } project)
                facts.Add(new QaReportV1(
                    id, version, report.ProjectId, report.Period.Code, report.From, report.To, report.Versions[0].At,
                    await Letters(id, report, project, gateway, cancellation),
                    QaReportCsv.Of(report.Figures!, new(Language.English), PersonNames.Mark).ToString()));

        return [.. facts];
    }

    private static async Task<IReadOnlyList<QaReportLetter>> Letters(
        Guid id, QaReport report, ProjectV1 project, string gateway, CancellationToken cancellation)
    {
        var letters = new List<QaReportLetter>();
        foreach (var language in Languages)
        {
            var words = new QaReportResources(language);
            var latest = report.Versions[^1];
            var model = QaReportPageModel.Of(report, latest, report.Figures!, project.Name, project.Client, project.Zone,
                project.Calendar.Local(latest.At), words, LinesInMail, $"{gateway.TrimEnd('/')}/qa-reports/{id}/page");
            letters.Add(new(language.Tag, $"{model.Title}{words["Colon"]}{model.Project}, {model.Span}",
                await QaReportPage.Create(model).RenderAsync(Html.Encoder, cancellation), model.ToText()));
        }

        return letters;
    }
}
