using CallCenter.PlanningBench;

// Prints the planning engine's figures beside the published ones: the parts named, or all of them.
var parts = new (string Name, Action<Options> Print)[]
{
    ("staffing", StaffingFigures.Print),
    ("simulation", SimulationFigures.Print),
    ("forecast", ForecastFigures.Print),
    ("coverage", ForecastCoverage.Print),
    ("rosters", Rosters.Print),
    ("requests", RosterRequests.Print),
    ("rotations", Rotations.Print),
    ("shift-design", ShiftDesigns.Print),
};

var options = Options.Parse(args);
var asked = options.Names.Count == 0 ? [.. parts] : parts.Where(p => options.Names.Contains(p.Name)).ToArray();
if (asked.Length < Math.Max(1, options.Names.Count) || !(options.Settings.ContainsKey("file") || Directory.Exists(options.Data)))
{
    Console.Error.WriteLine($"PlanningBench [{string.Join(' ', parts.Select(p => p.Name))}] --data <folder with calls, rostering, staffing> | --file <one instance or series, or a folder of instances> [--<setting> <value>]");
    return 2;
}

foreach (var part in asked)
    part.Print(options);

return 0;
