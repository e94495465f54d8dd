using System.Text;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>The people of the demo's project, as the API knows them.</summary>
internal sealed record Organisation(
    Guid Project, string ProjectName, TimeZoneInfo Zone, IReadOnlyList<(Guid Id, string StaffNumber)> Agents, IReadOnlyList<Guid> Teams,
    Guid Supervisor, IReadOnlyList<Guid> Inspectors, Guid Trainer, Guid Scheduler, Guid Manager)
{
    private static readonly string[] Given = ["Wei", "Fang", "Na", "Min", "Jing", "Lei", "Yan", "Tao", "Xia", "Jun", "Ping", "Hui", "Bo"];
    private static readonly string[] Family =
        ["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun", "Ma"];

    /// <summary>A client project with two teams, their supervisors and everybody else the demo needs.</summary>
    /// <param name="staffNumbers">The agents', in two halves.</param>
    public static async Task<Organisation> Create(
        Api api, string name, TimeZoneInfo zone, IReadOnlyList<string> queues, (int Opens, int Closes) hours, DateOnly since,
        IReadOnlyList<string> staffNumbers, string run)
    {
        var admin = api.As(Api.Administrator, "admin");
        async Task<Guid> Create(string path, object body) => Guid.Parse((await admin.Post(path, body)).Location[^36..]);
        Task<Guid> Employ(string title, string person) => Create("/employees", new
        {
            staffNumber = $"{title}-{run}", name = person, hiredOn = since.AddYears(-2), grade = "senior", weeklyHours = 40, zone = zone.Id,
            teamIds = Array.Empty<Guid>(), skills = Array.Empty<object>(),
        });

        var manager = await Employ("OM", "Ouyang Lin");
        var project = await Create("/projects", new
        {
            name = $"{name} {run}", client = name, zone = zone.Id, weekStartsOn = "monday",
            openingHours = Enum.GetValues<DayOfWeek>().Select(day => new
            {
                day = day.ToString().ToLowerInvariant(), opens = new TimeOnly(hours.Opens, 0), closes = new TimeOnly(hours.Closes % 24, 0),
            }),
            queues = queues.Select(q => new { code = q, name = q, channel = "voice", serviceLevelSeconds = 20 }),
            targets = new (string Kpi, decimal Value)[]
            {
                ("service-level", 0.8m), ("abandonment-rate", 0.05m), ("asa", 25m), ("aht", 320m),
                ("occupancy", 0.7m), ("qa-score", 85m), ("coverage", 0.95m),
            }.Select(t => new { kpi = t.Kpi, value = t.Value, effectiveFrom = since.AddMonths(-6) }),
            digestReaders = new[] { new { employeeId = manager, email = "ops@callcenter.local", language = "en" } },
        });

        var supervisors = new[] { await Employ("SV1", "Qian Mei"), await Employ("SV2", "Feng Bin") };
        var teams = new List<Guid>();
        foreach (var (supervisor, i) in supervisors.Select((s, i) => (s, i)))
            teams.Add(await Create("/teams", new { projectId = project, name = $"Team {i + 1} {run}", supervisorId = supervisor }));

        await admin.Upload("/employees/imports", () => Roster(staffNumbers, teams, queues, zone, since), "text/csv");
        var agents = await AgentsOf(admin, teams);
        await KnownToCalls(admin, project, agents.Count);

        return new Organisation(project, $"{name} {run}", zone, agents, teams, supervisors[0],
            [await Employ("QA1", "Tang Rui"), await Employ("QA2", "Shen Yu")], await Employ("TR", "Gao Jie"), await Employ("WF", "Luo Dan"),
            manager);
    }

    // The way an HR system would hand them over: one CSV.
    private static MemoryStream Roster(
        IReadOnlyList<string> staffNumbers, List<Guid> teams, IReadOnlyList<string> queues, TimeZoneInfo zone, DateOnly since)
    {
        var csv = new StringBuilder("staff_number,name,hired_on,grade,teams,skills,weekly_hours,zone\n");
        foreach (var (number, i) in staffNumbers.Select((n, i) => (n, i)))
            csv.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"{number},{Family[i * 7 % 13]} {Given[(i * 5 + i / 13) % 13]},{since.AddDays(-200 - 13 * i):yyyy-MM-dd},{(i % 3 == 0 ? "intermediate" : "junior")},")
                .Append(teams[i * 2 / staffNumbers.Count]).Append(',')
                .AppendJoin(';', queues.Select(q => $"{q}:3")).Append(",40,").Append(zone.Id).Append('\n');
        return new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));
    }

    // A call names its agent by staff number; Calls must have heard of all of them before the calls come.
    private static async Task KnownToCalls(Api.Seat admin, Guid project, int agents)
    {
        while ((await admin.Get($"/staff?project={project}&limit=500"))["items"]!.AsArray().Count < Math.Min(agents, 500))
            await Task.Delay(100);
    }

    private static async Task<List<(Guid, string)>> AgentsOf(Api.Seat admin, List<Guid> teams)
    {
        var agents = new List<(Guid, string)>();
        foreach (var team in teams)
            for (var cursor = ""; cursor is not null;)
            {
                var page = await admin.Get($"/employees?teamId={team}&limit=500{(cursor == "" ? "" : $"&cursor={cursor}")}");
                agents.AddRange(page["items"]!.AsArray().Select(e => (e!["id"]!.GetValue<Guid>(), e["staffNumber"]!.GetValue<string>())));
                cursor = page["next"]?.GetValue<string>();
            }

        return [.. agents.OrderBy(a => a.Item2, StringComparer.Ordinal)];
    }
}
