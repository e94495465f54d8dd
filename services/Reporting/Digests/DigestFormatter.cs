using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using static CallCenter.Reporting.Digests.DigestResources;

namespace CallCenter.Reporting.Digests;

/// <summary>The sentences both parts of the mail say.</summary>
internal static class DigestFormatter
{
    public const int RestatedShown = 8;

    private static readonly string[] TileKpis = ["service-level", "abandonment-rate", "asa", "aht", "occupancy", "coverage"];
    private static readonly string[] PeopleKpis =
    [
        "qa-score-of-calls", "qa-pass-rate-of-calls", "evaluations-of-calls", "qa-score", "qa-pass-rate", "evaluations", "training-hours",
        "scheduled-hours",
    ];

    /// <summary>The KPIs that a digest shows, in its order.</summary>
    public static readonly IReadOnlyList<string> Kpis = [.. TileKpis, .. PeopleKpis];

    extension(DigestModel model)
    {
        public string Subject(DigestResources words) =>
            $"{words.Title}{words.Colon}{model.Project}, {words.OfDate(model.From)} – {words.OfDate(model.To)}";

        /// <summary>What a manager should know before reading on, the most important first.</summary>
        public IReadOnlyList<string> Insights(DigestResources words)
        {
            var level = model.Kpi("service-level");
            if (level.Value is not { } value)
                return [words.Quiet, .. model.Coached(words)];

            var said = new List<string>
            {
                level.Target is not { } target ? Fill(words.Level, Percent(value))
                    : Fill(value > target ? words.Above : value < target ? words.Below : words.OnTarget,
                        Percent(value), Number(Math.Round(Math.Abs(value - target) * 100, 1, MidpointRounding.AwayFromZero)),
                        Percent(target)),
            };
            if (model.Worst is [var worst, ..])
                said.Add(Fill(words.WorstInsight, words.OfTime(worst.Start), Count(worst.Missed), Count(worst.Offered)));
            if (model.Staff is { ShortQuarters: > 0 } staff)
                said.Add(Fill(words.ShortInsight, Count(staff.ShortQuarters), Number(staff.ShortHours)));

            return [.. said, .. model.Coached(words)];
        }

        private IEnumerable<string> Coached(DigestResources words) => model.Coaching is { Open: > 0 } coaching
            ? [Fill(words.CoachingInsight, Count(coaching.Open), Count(coaching.Overdue))] : [];

        public IReadOnlyList<KpiLine> Tiles =>
            [.. TileKpis.Select(model.Kpi).Where(line => line.Value is not null || line.Target is not null)];

        // That nobody passed is a finding; that there was no training is none.
        public IReadOnlyList<KpiLine> People => [.. PeopleKpis.Select(model.Kpi).Where(line =>
            line.Target is not null || line.Value is not null and not 0 || line is { Value: 0, Kpi.Unit: "share" or "points" })];

        /// <summary>The finding of the picture of the days, for those who do not see it.</summary>
        public string DaysAlt(DigestResources words)
        {
            var days = model.Days.Where(day => day.ServiceLevel is not null).OrderByDescending(day => day.ServiceLevel).ToArray();

            return days is [] ? words.Quiet : Fill(words.DaysAlt,
                words.OfDay(days[0].Day), Percent(days[0].ServiceLevel), words.OfDay(days[^1].Day), Percent(days[^1].ServiceLevel));
        }

        public string HoursAlt(DigestResources words) =>
            model.Worst is [var worst, ..] ? Fill(words.HoursAlt, words.OfTime(worst.Start)) : words.Hours;

        public string Footer(DigestResources words) =>
            Fill(words.Footer, model.Zone, string.Join(" / ", model.Thresholds), Count(model.Position));

        public string ValuesLink =>
            $"{model.Gateway}/kpis/values?project={model.ProjectId}&from={model.From:yyyy-MM-dd}&to={model.To:yyyy-MM-dd}&by=queue&interval=day";

        public string DigestLink => $"{model.Gateway}/digests/{model.DigestId}";
    }

    extension(DigestResources words)
    {
        public string Causes(IReadOnlyList<Cause> causes) => string.Join(words.Semicolon, causes.Select(cause =>
        {
            var kind = words.CauseOf(cause.Kind);
            var parts = new[] { (cause.Added, words.Late), (cause.Changed, words.Corrected) }.Where(part => part.Item1 > 0)
                .Select(part => Fill(part.Item2, Count(part.Item1), kind)).ToArray();

            return parts is [] ? kind : string.Join(words.Plus, parts);
        }));

        /// <summary>What a corrected figure was about: the week, one of its days or a queue.</summary>
        public string About(RestatedLine line) => line.Scope switch
        {
            "week" => $"{words.OfDay(line.Week)} – {words.OfDay(line.Week.AddDays(6))}",
            _ when line.Scope.StartsWith("queue:", StringComparison.Ordinal) =>
                $"{line.Scope[6..]}, {words.OfDay(line.Week)} – {words.OfDay(line.Week.AddDays(6))}",
            _ => words.OfDay(DateOnly.ParseExact(line.Scope, "yyyy-MM-dd")),
        };

        public string TargetOf(KpiLine line) =>
            line.Target is { } target ? $"{words.Target} {words.Show(line.Kpi, target)}" : words.NoTarget;

        public string? ChangeOf(KpiLine line) => line.Change switch
        {
            null => null,
            { } change when Math.Round(change, line.Kpi.Unit == "share" ? 3 : 1, MidpointRounding.AwayFromZero) == 0 =>
                words.SameAsLastWeek,
            { } change => Fill(words.ThanLastWeek, words.Difference(line.Kpi, change)),
        };

        public string? ChangeOf(Volume volume) => (volume.Offered - volume.OfferedBefore) switch
        {
            null => null,
            _ when volume.OfferedBefore == 0 => null,
            0 => words.SameAsLastWeek,
            { } change => Fill(words.ThanLastWeek, $"{(change < 0 ? "−" : "+")}{Count(Math.Abs(change))}"),
        };

        public static string StaffOf(IntervalLine line) =>
            line is { Required: { } required, Scheduled: { } scheduled } ? $"{Number(scheduled)} / {Number(required)}" : "–";
    }
}
