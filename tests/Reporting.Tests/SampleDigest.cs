using CallCenter.Contracts.People;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.RollUps;
using CallCenter.Time;

namespace CallCenter.Reporting.Tests;

/// <summary>A week as a busy project has it, without a database.</summary>
internal static class SampleDigest
{
    public static readonly DateOnly Week = new(2026, 3, 2);

    private static readonly LocalCalendar Calendar = LocalCalendar.Of("Asia/Shanghai", DayOfWeek.Monday);

    private static readonly ProjectV1 Project = new(
        Guid.Parse("0198c0de-0000-7000-8000-000000000001"), 3, "Harbour Bank <Retail & Cards>", "Harbour", "Asia/Shanghai",
        DayOfWeek.Monday, [],
        [new ProjectQueue("cards", "Cards & payments", "voice", 20), new ProjectQueue("loans", "Loans", "voice", 30),
            new ProjectQueue("general", "General", "voice", 20)],
        [
            new KpiTarget("service-level", .8m, new DateOnly(2025, 1, 1)),
                new KpiTarget("abandonment-rate", .05m, new DateOnly(2025, 1, 1)),
            new KpiTarget("asa", 20, new DateOnly(2025, 1, 1)), new KpiTarget("qa-score", 85, new DateOnly(2025, 1, 1)),
            new KpiTarget("coverage", .95m, new DateOnly(2025, 1, 1)),
        ], []);

    public static DigestModel Model(bool restated = true, bool empty = false)
    {
        var quarters = empty ? [] : Enumerable.Range(0, 7)
            .SelectMany(day => Enumerable.Range(0, 96).Select(quarter => Quarter(Week.AddDays(day), quarter, 1)))
            .Where(row => row is not null).Select(row => row!).ToArray();
        var before = quarters.Select(row =>
            row.Figures with { Offered = row.Figures.Offered + 1, Answered = row.Figures.Answered + 1,
            AnsweredInTime = row.Figures.AnsweredInTime + 1 });
        var days = quarters.GroupBy(row => row.Day)
            .Select(day => new FigureRow(day.Key, 0, "", 90_000, 1, Sum(day.Select(row => row.Figures)))).ToArray();
        var week = Sum(quarters.Select(row => row.Figures)) with { Evaluations = 48, ScoreSum = 4181.5m, EvaluationsPassed = 41,
            CallEvaluations = 31, CallScoreSum = 2679m, CallEvaluationsPassed = 27,
            TrainingMinutes = 570, RosteredMs = 3_320_400_000 };
        var beforeSum = Sum(before) with { Evaluations = 52, ScoreSum = 4400, EvaluationsPassed = 45, RosteredMs = 3_200_000_000 };
        FigureRow[] queues = [.. new[] { ("cards", 5), ("loans", 3), ("general", 2) }.Select(
            queue => new FigureRow(Week, 0, queue.Item1, 90_000, 1, Share(week, queue.Item2)))];

        return DigestModelBuilder.Write(
            Guid.Parse("0198c0de-0000-7000-8000-0000000000d1"), Project, Calendar, Week,
            new WeekFigures(empty ? null : new FigureRow(Week, 0, "", 91_427, 3, week),
                empty ? null : new FigureRow(Week.AddDays(-7), 0, "", 1, 1, beforeSum), days, empty ? [] : queues, quarters,
                17),
            restated ? Restated : [], "http://localhost:8080/");
    }

    private static RestatedLine[] Restated =>
    [
        new(Week.AddDays(-7), KpiCatalogue.Get("service-level"), "week", .8123m, .8098m, [new Cause("call", 3, 1)]),
        new(Week.AddDays(-7), KpiCatalogue.Get("offered"), "2026-02-26", 961, 964, [new Cause("call", 3, 1)]),
        new(Week.AddDays(-7), KpiCatalogue.Get("qa-score"), "week", 86.2m, 85.9m, [new Cause("evaluation", 0, 1)]),
    ];

    // A morning peak, a weaker afternoon one, a bad Friday morning, quiet weekends.
    private static FigureRow? Quarter(DateOnly day, int quarter, int scale)
    {
        if (quarter is < 32 or >= 80)
            return null;

        var weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var shape = Math.Exp(-Math.Pow((quarter - 41) / 7d, 2)) + .7 * Math.Exp(-Math.Pow((quarter - 60) / 9d, 2)) + .12;
        var offered = (int)Math.Round(shape * (weekend ? 9 : 26) * scale * (day.DayOfWeek is DayOfWeek.Monday ? 1.25 : 1));
        var load = day.DayOfWeek is DayOfWeek.Friday && quarter is > 38 and < 45 ? .45 : day.DayOfWeek is DayOfWeek.Monday
            && quarter is > 39 and < 43 ? .3 : .1 + (quarter * 7 + day.Day * 3) % 9 / 60d;
        var late = (int)Math.Round(offered * load);
        var abandoned = (int)Math.Round(late * .4);
        var required = Math.Ceiling(offered / 2.6m) + 1;
        var scheduled = load > .25 ? Math.Max(1, required - 4) : required + quarter % 3 - 1;

        return new FigureRow(day, quarter, "", 1, 1, Known(new Figures
        {
            Offered = offered, Answered = offered - abandoned, Abandoned = abandoned, AnsweredInTime = offered - late, AbandonedInTime = 0,
            WaitMs = (offered - abandoned) * 14_300L, TalkS = (offered - abandoned) * 182L, HoldS = (offered - abandoned) * 14L,
            AcwS = (offered - abandoned) * 41L,
            ContactMs = offered * 237_000L, ReadyMs = offered * 71_000L, RequiredS = required * 900, ScheduledS = scheduled * 900,
            CoveredS = Math.Min(required, scheduled) * 900,
        }));
    }

    private static Figures Sum(IEnumerable<Figures> figures) => figures.Aggregate(new Figures(), (a, b) => Known(new Figures
    {
        Offered = a.Offered + b.Offered, Answered = a.Answered + b.Answered, Abandoned = a.Abandoned + b.Abandoned,
        AnsweredInTime = a.AnsweredInTime + b.AnsweredInTime, WaitMs = a.WaitMs + b.WaitMs, TalkS = a.TalkS + b.TalkS, HoldS = a.HoldS
            + b.HoldS, AcwS = a.AcwS + b.AcwS,
        ContactMs = a.ContactMs + b.ContactMs, ReadyMs = a.ReadyMs + b.ReadyMs,
        RequiredS = a.RequiredS + b.RequiredS, ScheduledS = a.ScheduledS + b.ScheduledS, CoveredS = a.CoveredS + b.CoveredS,
    }));

    private static Figures Share(Figures f, int tenths) => Known(f with
    {
        Offered = f.Offered * tenths / 10,
        Answered = f.Offered * tenths / 10 - f.Abandoned * tenths / 10,
        Abandoned = f.Abandoned * tenths / 10,
        AnsweredInTime = f.AnsweredInTime * tenths / 10 - tenths % 3 * 40,
        WaitMs = f.WaitMs * tenths / 10,
    });

    // Everything is known of each contact.
    private static Figures Known(Figures f) => f with
    {
        AnsweredTimed = f.Answered, AbandonedTimed = f.Abandoned, Handled = f.Answered,
        TalkMs = f.TalkS * 1000, HoldMs = f.HoldS * 1000, AcwMs = f.AcwS * 1000,
    };
}
