using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CallCenter.PlanningBench;

namespace CallCenter.Bench;

/// <summary>
/// Rosters of four weeks asked for over HTTP, the need given by half hours of each weekday: how far above its bound the roster is when
/// the time that the request allows is over. A fifth works half a week; thirteen shifts as in the synthetic centres of the
/// planning benchmark, which have no breaks.
/// </summary>
internal sealed class Rosters(Site site, Report report)
{
    private const int Days = 28;

    private static readonly (int Agents, int Seconds)[] Sizes = [(100, 60), (500, 60), (1000, 120)];

    private static readonly string[] Week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public async Task Measure()
    {
        var from = Requests.Monday();
        foreach (var (agents, seconds) in Sizes)
        {
            var project = await site.Project("Scheduling");
            await Hire(project, agents);
            var scheduling = await site.Start("Scheduling");
            using var scheduler = site.As(scheduling, "scheduler", project);
            await Requests.Done(scheduler.PutAsync($"/shift-rules/{project}", 0, new
            {
                templates = Enumerable.Range(7, 7).Select(hour => Template("F", hour, 8))
                    .Concat(Enumerable.Range(0, 6).Select(i => Template("P", 7 + 2 * i, 4))),
            }));
            var requirement = await Requests.Place(scheduler.PostAsJsonAsync("/requirements/by-hand", new
            {
                projectId = project, from, days = Days, reason = "Measured",
                queues = new[] { new { queue = "billing", agents = Need(agents) } },
            }));

            var start = Stopwatch.GetTimestamp();
            var operation = await Requests.Place(scheduler.PostAsJsonAsync("/rosters", new
            {
                projectId = project, requirementId = requirement[^36..], seconds,
            }));
            var state = default(JsonElement);
            await Site.Until(async () => (state = await scheduler.GetFromJsonAsync<JsonElement>(operation))
                .GetProperty("status").GetString() is not ("queued" or "running"), 200);
            var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var roster = await scheduler.GetFromJsonAsync<JsonElement>(
                state.GetProperty("result").GetString() ?? throw new InvalidOperationException($"No roster: {state}"));

            var what = $"Roster of {agents:N0} agents × {Days} days in {seconds} s";
            report.Below($"{what}: above its bound of {roster.GetProperty("bound").GetDouble():N0}",
                100 * roster.GetProperty("gap").GetDouble(), 1, "%", "N3");
            report.Below($"{what}: from the request until it stands", took, seconds + 15, "s", "N1");
            report.Below($"{what}: memory of Scheduling at its highest", scheduling.Memory("VmHWM"), 4000, "MB");
            await site.Stop("Scheduling");
        }
    }

    private async Task Hire(Guid project, int agents)
    {
        using var people = site.As(await site.Start("People"), "admin");
        (await people.PostAsJsonAsync("/teams", new { projectId = project, name = $"All {agents}" })).EnsureSuccessStatusCode();
        var file = new StringBuilder("staff_number,name,hired_on,left_on,grade,teams,skills,weekly_hours,zone\n");
        for (var agent = 0; agent < agents; agent++)
            file.Append(null, $"R{agents}-{agent},Agent {agent},2025-03-03,,junior,All {agents},billing:3,{(agent % 5 == 4 ? 20 : 40)},UTC\n");
        var employees = new StringContent(file.ToString(), Encoding.UTF8, "text/csv");
        (await people.PostAsync("/employees/imports", employees)).EnsureSuccessStatusCode();

        await site.Start("Scheduling");
        await using var database = Site.Database("scheduling");
        await Site.Until(async () => await Site.Count(database, $"""
            select count(*) from scheduling.mt_doc_teamv1 t, jsonb_array_elements(t.data -> 'Members') m
            join scheduling.mt_doc_employeev1 e on e.id = (m #>> '{"{}"}')::uuid where t.data ->> 'ProjectId' = '{project}'
            """) == agents, 200);
        await site.Stop("People");
    }

    private static object Template(string kind, int from, int hours) => new
    {
        code = $"{kind}{from:00}", start = new TimeOnly(from, 0), end = new TimeOnly(from + hours, 0),
        breaks = Array.Empty<object>(),
    };

    // Nearly all hours of the contracts, as in the synthetic centres.
    private static List<object> Need(int agents)
    {
        var peak = CentreNeed.Peak(agents, share: 0.97);
        return
        [
            .. Week.Zip(CentreNeed.OfWeek).SelectMany(of =>
                CentreNeed.OfDay.Select((share, half) => Needed(of.First, of.Second * share, half))),
        ];

        object Needed(string day, double share, int half)
        {
            var begin = new TimeOnly(7, 0).AddMinutes(30 * half);
            return new
            {
                agents = (int)Math.Round(peak * share), on = new[] { day }, from = begin,
                to = begin.AddMinutes(30),
            };
        }
    }
}
