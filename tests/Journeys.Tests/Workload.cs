using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>A call centre at work: what it tells the services, and which version each stream must therefore have.</summary>
internal sealed class Workload(Cluster cluster, IReadOnlyDictionary<string, ServiceProcess> services, int seed)
{
    private static readonly string[] Kinds =
        ["offered", "queued", "answered", "held", "resumed", "ended", "after-contact-work-ended", "wrapped-up"];

    private readonly Random random = new(seed);
    private readonly DateTimeOffset start = Midnight(TimeProvider.System.GetUtcNow()).AddDays(-7);
    private readonly List<Guid> agents = [.. Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7())];
    private readonly List<Guid> teams = [];
    private readonly ConcurrentDictionary<Guid, int> evaluated = [];
    private HttpClient people = null!;
    private HttpClient calls = null!;
    private HttpClient quality = null!;
    private Guid form;
    private int released;
    private int created;
    private int probes;

    public Ledger Ledger { get; } = new();
    public Guid Project { get; private set; }

    /// <summary>Versions by stream, of everything acknowledged.</summary>
    public Versions Teams { get; } = new();
    public Versions Employees { get; } = new();
    public Versions Calls { get; } = new();
    public Versions AgentDays { get; } = new();
    public Versions Evaluations { get; } = new();

    /// <summary>Failed evaluations by agent.</summary>
    public Versions Failed { get; } = new();

    /// <summary>A project with its teams, and a form if there is somebody to score by it; while nothing breaks yet.</summary>
    public async Task Prepare()
    {
        people = cluster.As(services["People"], "admin");
        Project = await Create(people, "/projects", new
        {
            Name = $"Acme care {Guid.CreateVersion7()}", Client = "Acme", Zone = "Asia/Shanghai", OpeningHours = Enum.GetNames<DayOfWeek>()
                .Select(day => new { Day = day.ToLowerInvariant(), Opens = "08:00", Closes = "20:00" }),
            Queues = new[] { new { Code = "billing", Name = "Billing", Channel = "voice", ServiceLevelSeconds = 20 } },
        });
        calls = cluster.As(services["Calls"], "integrator", Project);

        for (var i = 0; i < 40; i++)
        {
            teams.Add(await Create(people, "/teams", new { ProjectId = Project, Name = $"Team {i}" }));
            Teams.Grow(teams[i], by: 1);
        }

        if (!services.TryGetValue("Quality", out var scoring))
            return;

        quality = cluster.As(scoring, "inspector", Project);
        form = await Create(quality, "/evaluation-forms", new { ProjectId = Project, Content = Form });
        await Ledger.Send(quality, () => Request(HttpMethod.Post, $"/evaluation-forms/{form}/activation", null, version: 1));
    }

    /// <summary>How many of the commands may be sent by now.</summary>
    public void Release(int count) => Volatile.Write(ref released, count);

    /// <summary>Sends that many commands, mixed and shuffled, by as many clients at a time as a small centre has.</summary>
    public async Task Send(int count)
    {
        var commands = new ConcurrentQueue<Func<Task>>(Commands(count));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (commands.TryDequeue(out var command))
            {
                while (Ledger.Acknowledged >= Volatile.Read(ref released))
                    await Task.Delay(20);
                await command();
            }
        }));
    }

    private List<Func<Task>> Commands(int count)
    {
        var commands = new List<Func<Task>>();
        for (var i = 0; i < count / 5; i++)
        {
            var number = i;
            commands.Add(() => Hire(number));
        }

        for (var i = 0; i < count / 100; i++)
        {
            var agent = agents[i % agents.Count];
            commands.AddRange(Enumerable.Range(0, 6)
                .Select(change => (Func<Task>)(() => Report(AgentDays, "/agent-states", AgentState(agent, change)))));
        }

        for (var i = 0; i < count / 100; i++)
        {
            var number = i;
            commands.Add(() => Evaluate(number));
        }

        for (var call = 0; commands.Count < count; call++)
        {
            var events = CallEvents(call);
            foreach (var body in events)
                commands.Add(() => Report(Calls, "/call-events", body));

            // Telephone systems repeat themselves.
            if (call % 10 == 0)
                commands.Add(() => Ledger.Send(calls, () => Request(HttpMethod.Post, "/call-events", events[0]), untilFound: true));
        }

        var shuffled = commands.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }

    public async Task Hire(int number, params IReadOnlyList<string> skills)
    {
        var team = teams[number % teams.Count];
        var body = new
        {
            StaffNumber = $"E-{seed}-{number}", Name = "Li Na", HiredOn = "2026-01-05", Grade = "junior", WeeklyHours = 40,
            Zone = "Asia/Shanghai", TeamIds = new[] { team }, Skills = skills.Select(skill => new { Code = skill, Level = 3 }),
        };

        // Every other client relies on the staff number alone.
        var key = number % 2 == 0 ? $"hire-{seed}-{number}" : null;
        var answer = await Ledger.Send(people, () => Request(HttpMethod.Post, "/employees", body, key));
        Employees.Grow(IdIn(answer), by: 2); // hired, and joined the team
        Teams.Grow(team, by: 1);
    }

    public Task<Guid> Offer(int call) => Report(Calls, "/call-events", CallEvents(call)[0]);

    /// <summary>A call that an agent has answered.</summary>
    public async Task Answer(int call)
    {
        foreach (var body in CallEvents(call).Take(3))
            await Report(Calls, "/call-events", body);
    }

    public Guid Agent(int number) => agents[number % agents.Count];

    private async Task<Guid> Report(Versions streams, string path, object body)
    {
        var id = IdIn(await Ledger.Send(calls, () => Request(HttpMethod.Post, path, body), untilFound: true));
        streams.Grow(id, by: 1);
        return id;
    }

    // Started, answered and submitted; the agent needs training afterwards.
    private async Task Evaluate(int number)
    {
        // It is another client's to answer one, while each kill in between may take a minute to get over on a loaded machine.
        var call = await Eventually.Some(
            () => Task.FromResult(cluster.Facts.All<CallV1>().FirstOrDefault(
                c => c.AgentId is not null && c.ProjectId == Project && evaluated.TryAdd(c.Id, number))),
            "an answered call",
            TimeSpan.FromMinutes(10));
        await Score(call.Id, call.AgentId!.Value, number);
    }

    /// <summary>A failed evaluation of a call that <see cref="Answer"/> told of.</summary>
    public async Task Score(int call, int number)
    {
        var id = IdIn(await Ledger.Send(calls, () => Request(HttpMethod.Post, "/call-events", CallEvents(call)[0]), untilFound: true));
        await Score(id, Agent(call), number);
    }

    private async Task Score(Guid call, Guid agent, int number)
    {
        var body = new { CallId = call, FormId = form };

        // Quality may not have heard of the call yet.
        var started = await Ledger.Send(
            quality, () => Request(HttpMethod.Post, "/evaluations", body, $"evaluate-{number}"), untilFound: true);
        var (evaluation, path) = (IdIn(started), started.Headers.Location!.ToString());

        var answers = new { FormVersion = 1, Answers = new[] { new { Question = "greeting", Answer = new { Yes = false } } } };
        await Ledger.Send(quality, () => Request(HttpMethod.Put, $"{path}/answers", answers, version: 1), becomes: 2);
        await Ledger.Send(quality, () => Request(HttpMethod.Post, $"{path}/submission", null, version: 2), untilFound: true, becomes: 3);
        Evaluations.Grow(evaluation, by: 3);
        Failed.Grow(agent, by: 1);
    }

    /// <summary>Tells the service something and waits until it has published that, if it is one that is told things.</summary>
    public Task Probe(string service, TimeSpan limit) => service switch
    {
        "People" => ProbePeople(limit),
        "Calls" => ProbeCalls(limit),
        _ => Eventually.True(services[service].Leads, $"{service} to lead again", limit),
    };

    private async Task ProbePeople(TimeSpan limit)
    {
        var team = await Create(people, "/teams", new { ProjectId = Project, Name = $"Newcomers {Guid.CreateVersion7()}" });
        Teams.Grow(team, by: 1);
        await Eventually.True(() =>
            Task.FromResult(cluster.Facts.Newest<TeamV1>(team) > 0), "a team formed after the kill to be published", limit);
    }

    private async Task ProbeCalls(TimeSpan limit)
    {
        var id = await Offer(500_000 + Interlocked.Increment(ref probes));
        await Eventually.True(() =>
            Task.FromResult(cluster.Facts.Newest<CallV1>(id) > 0), "a call offered after the kill to be published", limit);
    }

    /// <summary>Imports rows, some of them twice, and waits for the end of it.</summary>
    public async Task<JsonElement> Import(int rows)
    {
        var file = new StringBuilder("call_id,queue,offered_at,answered_at,ended_at,agent\n");
        for (var i = 0; i < rows; i++)
        {
            var number = i % 100 == 99 ? i - 1 : i;
            var offered = start.AddSeconds(number * 20);
            file.Append(CultureInfo.InvariantCulture,
                $"row-{number},billing,{offered:O},{offered.AddSeconds(7):O},{offered.AddSeconds(120):O},{agents[number % agents.Count]}\n");
        }

        var accepted = await Ledger.Send(calls, () =>
        {
            var request = Request(HttpMethod.Post, $"/imports?project={Project}&mapping=callcenter", null, $"import-{seed}");
            request.Content = new StringContent(file.ToString(), Encoding.UTF8, "text/csv");
            return request;
        });

        var ended = default(JsonElement);
        await Eventually.True(async () =>
        {
            var answer = await Ledger.Read(calls, accepted.Headers.Location!);
            return answer is { } operation && (ended = operation).GetProperty("status").GetString() is not ("queued" or "running");
        }, "the end of the import", TimeSpan.FromMinutes(6));
        return ended;
    }

    private object AgentState(Guid agent, int change) => new
    {
        ProjectId = Project, Agent = agent, State = change % 2 == 0 ? "ready" : "break", At = start.AddHours(1).AddMinutes(change * 20),
    };

    private List<object> CallEvents(int call)
    {
        var offered = start.AddSeconds(call);
        return [.. Kinds.Select((kind, i) => new
        {
            ProjectId = Project, Source = "switch", CallId = $"live-{call}", Type = kind, At = offered.AddSeconds(i * 10),
            Queue = kind is "offered" or "queued" ? "billing" : null,
            Agent = kind is "answered" ? $"{agents[call % agents.Count]}" : null,
            WrapUpCode = kind is "wrapped-up" ? "solved" : null,
        })];
    }

    private static object Form => new
    {
        Title = new { En = "Inbound" }, Weighting = "questions", PassMark = 80,
        Sections = new[]
        {
            new
            {
                Code = "opening", Title = new { En = "Opening" },
                Questions = new[]
                {
                    new { Code = "greeting", Title = new { En = "Greeted" }, Kind = "yes-no", Weight = 100, Yes = new { Points = 1 },
                        No = new { Points = 0 } },
                },
            },
        },
    };

    private async Task<Guid> Create(HttpClient client, string path, object body) =>
        IdIn(await Ledger.Send(client, () => Request(HttpMethod.Post, path, body, $"{path}-{Interlocked.Increment(ref created)}")));

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body, string? key = null, long? version = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: Http.Json) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (version is { } expected)
            request.Headers.IfMatch.Add(new($"\"{expected}\""));
        return request;
    }

    private static Guid IdIn(HttpResponseMessage created) => Guid.Parse(created.Headers.Location!.ToString()[^36..]);

    private static DateTimeOffset Midnight(DateTimeOffset instant) => new(instant.Date, TimeSpan.Zero);
}

/// <summary>Which version each stream must have.</summary>
internal sealed class Versions
{
    private readonly ConcurrentDictionary<Guid, long> versions = [];

    public int Count => versions.Count;

    public IEnumerable<Guid> Ids => versions.Keys;

    public long Sum => versions.Values.Sum();

    public void Grow(Guid id, int by) => versions.AddOrUpdate(id, by, (_, version) => version + by);

    /// <summary>What differs, in words; nothing when all is as it must be.</summary>
    /// <param name="more">Whether other streams are there too.</param>
    public IReadOnlyList<string> Differences(IReadOnlyDictionary<Guid, long> found, bool more = false) =>
        Differences(versions, found, more);

    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<Guid, long> expected, IReadOnlyDictionary<Guid, long> found, bool more = false) =>
    [
        .. expected.Where(e => found.GetValueOrDefault(e.Key) != e.Value)
            .Select(e => $"{e.Key}: version {e.Value} expected, {found.GetValueOrDefault(e.Key)} found"),
        .. more ? [] : found.Keys.Where(id => !expected.ContainsKey(id)).Select(id => $"{id}: version {found[id]}, unexpected"),
    ];
}
