using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Time;

namespace CallCenter.Reporting.Tests;

/// <summary>A project and its facts, every one in several versions, drawn from a seed.</summary>
internal sealed class RandomFacts
{
    private static readonly string[] Queues = ["sales", "service", "retention"];
    private static readonly string[] Outcomes = ["answered", "answered", "answered", "abandoned", "open", "other", "transferred"];
    private static readonly string[] States = ["ready", "busy", "after-contact-work", "break", "offline"];

    private readonly Random random;
    private readonly Func<int, Guid> callId;
    private readonly DateTimeOffset start;
    private readonly Guid[] agents;

    /// <param name="salt">Other ids for the same story.</param>
    public RandomFacts(int seed, string zone, DateOnly around, string salt)
    {
        random = new Random(seed);
        callId = nth => NameId.Of("call", seed, salt, nth);
        Calendar = LocalCalendar.Of(zone, DayOfWeek.Monday);
        start = Calendar.StartOf(around.AddDays(-1));

        var id = NameId.Of("project", seed, salt);
        agents = [.. Enumerable.Range(0, 6).Select(nth => NameId.Of("agent", seed, nth))];
        Project = new ProjectV1(id, 1, "Random", "Client", zone, DayOfWeek.Monday, [],
            [.. Queues[..2].Select((queue, nth) => new ProjectQueue(queue, queue, "voice", 10 + 20 * nth))], [], []);
        Teams =
        [
            new TeamV1(NameId.Of("team", seed, 0), 1, id, "A", null, agents[..3], "under"),
            new TeamV1(NameId.Of("team", seed, 1), 1, id, "B", null, agents[3..5], "under"),
        ];
        History = [.. Enumerable.Range(0, 60).SelectMany(nth => Versions(callId(nth), Call))
            .Concat(Enumerable.Range(0, 8).SelectMany(nth => Versions(NameId.Of("evaluation", seed, salt, nth), Evaluation)))
            .Concat(Enumerable.Range(0, 6).SelectMany(nth => Versions(NameId.Of("record", seed, salt, nth), Record)))
            .Concat(Enumerable.Range(0, 6).SelectMany(nth => Versions(NameId.Of("day", seed, salt, nth), AgentDay)))
            .Concat(Enumerable.Range(0, 6).SelectMany(nth => Versions(NameId.Of("roster", seed, salt, nth), RosterDay)))
            .Concat(Enumerable.Range(0, 4).SelectMany(nth => Versions(NameId.Of("coverage", seed, salt, nth), CoverageDay)))];
    }

    public LocalCalendar Calendar { get; }
    public ProjectV1 Project { get; }
    public TeamV1[] Teams { get; }
    public IReadOnlyList<IFact> History { get; }

    public IReadOnlyList<IFact> Newest => [.. History.GroupBy(fact => fact.Id).Select(versions => versions.MaxBy(fact => fact.Version)!)];

    private IFact[] Versions(Guid id, Func<Guid, long, IFact> draw) =>
        [.. Enumerable.Range(1, random.Next(1, 5)).Select(version => draw(id, version))];

    private CallV1 Call(Guid id, long version)
    {
        var (offered, queue, outcome) = (Instant(), Pick(Queues), Pick(Outcomes));
        var queued = offered.AddSeconds(random.Next(0, 5));
        var waited = queued.AddMilliseconds(random.Next(0, 60_000));
        DateTimeOffset? answered = outcome is "answered" ? waited : null;

        DateTimeOffset? ended = outcome is "open" || (answered is not null && random.Next(8) == 0) ? null
            : answered is null ? waited : waited.AddMilliseconds(random.Next(60_000, 4_000_000));
        var (neverHold, neverWork) = (random.Next(5) == 0, random.Next(5) == 0);
        var (hold, work) = (neverHold ? 0 : random.Next(0, 60_000), neverWork ? 0 : random.Next(0, 90_000));

        return new CallV1(id, version, Project.Id, queue, random.Next(10) == 0 ? "outbound" : "inbound", "voice",
            random.Next(8) == 0 ? null : offered, random.Next(5) == 0 ? null : queued, answered, ended,
            ended is null || answered is null ? 0 : (int)(ended.Value - answered.Value).TotalSeconds, hold / 1000, work / 1000, outcome,
            answered is null || random.Next(8) == 0 ? null : Pick(agents), null, null,
            random.Next(4) == 0 ? callId(random.Next(60)) : null, random.Next(2) == 0 ? $"c-{random.Next(9)}" : null, "switch", null,
            random.Next(3) == 0 ? $"v-{random.Next(9)}" : null,
            HoldMs: random.Next(4) == 0 ? null : hold, AfterContactMs: random.Next(4) == 0 ? null : work,
            HoldUnknown: neverHold, AfterContactUnknown: neverWork);
    }

    private EvaluationV1 Evaluation(Guid id, long version)
    {
        var submitted = random.Next(4) > 0;
        return new EvaluationV1(id, version, Project.Id, callId(random.Next(60)), Pick(agents), id, id, 1,
            submitted ? "submitted" : "draft",
            submitted && random.Next(5) > 0 ? random.Next(0, 1001) / 10m : null, submitted ? random.Next(2) == 0 : null, false, [],
            Instant(), submitted ? Instant() : null);
    }

    private TrainingRecordV1 Record(Guid id, long version) =>
        new(id, version, Pick(agents), Project.Id, id, id, Instant(), random.Next(3) > 0, random.Next(0, 240), "none");

    private AgentDayV1 AgentDay(Guid id, long version)
    {
        var from = Instant();
        var date = Calendar.DayOf(from);
        return new AgentDayV1(id, version, Pick(agents), Project.Id, date, [.. Spans(from).Select((span, nth) =>
            new AgentSegment(Pick(States), span.From, nth == 7 && random.Next(2) == 0 ? null : span.To))]);
    }

    private RosterDayV1 RosterDay(Guid id, long version)
    {
        var from = Instant();
        var activities = random.Next(4) == 0 ? [] : Spans(from).Select(span =>
            new RosterActivity(Pick("work", "break", "training"), span.From, span.To, true));
        return new RosterDayV1(id, version, id, Project.Id, Pick(agents), Calendar.DayOf(from), [.. activities]);
    }

    private CoverageDayV1 CoverageDay(Guid id, long version)
    {
        var day = Calendar.DayOf(Instant());
        return new CoverageDayV1(id, version, id, Project.Id, Pick(Queues), day, [.. Calendar.QuartersOf(day).Chunk(2).Select(half =>
            new CoverageInterval(half[0], 30, random.Next(0, 80) / 10m, random.Next(0, 8)))]);
    }

    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(DateTimeOffset from)
    {
        for (var nth = 0; nth < 8; nth++)
        {
            var to = from.AddSeconds(random.Next(1, 5400));
            yield return (from, to);
            from = to;
        }
    }

    private DateTimeOffset Instant() => start.AddMilliseconds(random.Next(0, 3 * 24 * 3600) * 1000L + random.Next(0, 1000));

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
}
