using CallCenter.Bench;

// make bench ARGS="--rows 1000000 --only import"
var options = Options.Read(args);
var report = new Report();
await using var site = await Site.Open();

(string Name, Func<Task> Measure)[] parts =
[
    ("startup", () => new Startup(site, report).Measure()),
    ("events", () => new SingleEvents(site, report, options).Measure()),
    ("import", () => new Imports(site, report, options).Measure()),
    ("latency", () => new Latency(site, report, options).Measure()),
    ("floor", () => new Floors(site, report, options).Measure()),
    ("working-life", () => new WorkingLife(site, report, options).Measure()),
    ("rosters", () => new Rosters(site, report).Measure()),
    ("rollup", () => new RollUps(site, report).Measure()),
    ("questions", () => new Questions(site, report).Measure()),
    ("machine-answers", () => new MachineAnswers(site, report).Measure()),
    ("next-call", () => new NextCalls(site, report).Measure()),
    ("sound", () => new Sounds(report).Measure()),
];

foreach (var (name, measure) in parts.Where(p => options.Only.Count == 0 || options.Only.Contains(p.Name)))
{
    Console.WriteLine($"measuring {name} …");
    await measure();
    await site.StopServices();
}

report.Print(Console.Out, options);
