using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// Words that occur nowhere else are written into every field of the product that takes somebody's data. After an agent, a manager and a
/// customer were erased, none of them is found in any dump, queue, file or log; and no figure has moved. <c>CALLCENTER_PEOPLE</c> erases
/// them among as many other employees (10,000 at most) and customers, and says how long each erasure took.
/// </summary>
[Collection(RealProcesses.Name)]
public sealed class ErasureTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(3);
    private static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    // Monday of the last week that is over.
    private static readonly DateOnly Week = Today.AddDays(-(((int)Today.DayOfWeek + 6) % 7) - 7);

    private const string CallFile = "call_id,queue,offered_at,answered_at,ended_at,agent,customer_id\n";

    private readonly Cluster cluster = new(servers);
    private readonly Guid inspector = Guid.CreateVersion7();
    private Canaries canaries = null!;
    private Dictionary<string, ServiceProcess> services = null!;
    private HttpClient people = null!;
    private HttpClient calls = null!;
    private Guid project;

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task nothing_that_was_written_of_somebody_is_found_after_they_were_erased_and_no_figure_moves()
    {
        canaries = new Canaries(servers, cluster.Folder);
        services = await cluster.Start([.. Repository.Services.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)]);
        people = cluster.As(services["People"], "admin");
        calls = cluster.As(services["Calls"], "admin,integrator");
        var (agent, manager) = await Employed();
        await AmongOthers(int.TryParse(Environment.GetEnvironmentVariable("CALLCENTER_PEOPLE"), CultureInfo.InvariantCulture, out var many) ? many : 3);
        var (call, customer) = await Called(agent);
        await Evaluated(call, agent);
        var leave = await LeaveAsked(agent, Today.AddDays(40));
        await LeaveRefused(leave, "refusal");
        var (draft, asked) = (await Begun(call: await Reported("c-2", agent, "C-88213")), await LeaveAsked(agent, Today.AddDays(50)));
        var digest = await DigestMade();
        await Failed(agent, call);
        await Imported(customer);
        await Left(agent);
        await Left(manager);
        await Told();
        var figures = await Figures();
        canaries.Planted.Except(await canaries.Found()).Should().BeEmpty("what is looked for is there to be found");
        await Cluster.BackUp(services["People"]);

        await Erased(agent);
        await Erased(manager);
        await CustomerErased(customer);
        await AllIsGone();
        await Told();
        (await Figures()).Should().Be(figures);
        await ItIsGoneAndSaysSo(call, digest);

        // A draft is finished, what was asked for is refused, and a call of theirs is evaluated for the first time.
        await Finished(draft, "finished-later");
        await Finished(await Begun(await Reported("c-4", agent, "C-88213")), "begun-later");
        await LeaveRefused(asked, "refused-later");
        await AllIsGone();

        // A telephone system repeats itself, and People is restored to a time before it was asked to forget anybody.
        await Reported("c-1", Guid.CreateVersion7(), customer);
        await Cluster.Restore(services["People"]);
        await AllIsGone();
        await Told();
        await AllIsGone();
    }

    private Task AllIsGone() => Eventually.True(async () =>
    {
        var left = await canaries.Found();
        output.WriteLine(string.Join(", ", left));
        return left.Count == 0;
    }, "all words to be gone", Settling);

    private async Task<(Guid Agent, Guid Manager)> Employed()
    {
        project = await Created(people, "/projects", new
        {
            Name = $"Acme care {Guid.CreateVersion7()}", Client = "Acme", Zone = "UTC", OpeningHours = Enum.GetNames<DayOfWeek>()
                .Select(day => new { Day = day.ToLowerInvariant(), Opens = "08:00", Closes = "20:00" }),
            Queues = new[] { new { Code = "billing", Name = "Billing", Channel = "voice", ServiceLevelSeconds = 20 } },
        });
        var team = await Created(people, "/teams", new { ProjectId = project, Name = "First" });
        var agent = await Created(people, "/employees", Employee("E-1", Word("agent-name"), team), key: "hire");
        var manager = await Created(people, "/employees", Employee("E-2", Word("manager-name"), team));
        await Then(people, HttpMethod.Put, $"/employees/{agent}/qualifications",
            new { Education = Word("education"), Certificates = new[] { Word("certificate") } });
        await Then(people, HttpMethod.Put, $"/projects/{project}/digest-readers", new
        {
            DigestReaders = new[] { new { EmployeeId = manager, Email = $"{Word("address")}@example.org", Language = "en" } },
        });
        return (agent, manager);
    }

    // Each call is another customer's.
    private async Task AmongOthers(int many)
    {
        var rows = new StringBuilder(CallFile);
        foreach (var some in Enumerable.Range(0, many).Chunk(1000))
        {
            var hired = new StringBuilder("staff_number,name,hired_on,grade,teams,skills,weekly_hours,zone\n");
            foreach (var one in some)
            {
                var at = new DateTimeOffset(Week.AddDays(one % 5), new TimeOnly(8 + one % 11, one % 60), TimeSpan.Zero);
                hired.Append(CultureInfo.InvariantCulture, $"O-{one},Somebody {one},2026-01-05,junior,First,,40,UTC\n");
                rows.Append(CultureInfo.InvariantCulture, $"o-{one},billing,{at:O},{at.AddSeconds(7):O},{at.AddSeconds(90):O},O-{one % 20},O-{one}\n");
            }

            using var file = new StringContent($"{hired}", Encoding.UTF8, "text/csv");
            var answer = await people.PostAsync(new Uri("/employees/imports", UriKind.Relative), file);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }

        await Told();
        await CallsImported($"{rows}");
    }

    private async Task<(Guid Call, string Customer)> Called(Guid agent)
    {
        var customer = Word("customer");
        var staff = new Uri($"/staff?project={project}", UriKind.Relative);
        await Eventually.True(async () => (await calls.GetAsync(staff)).IsSuccessStatusCode, "Calls to know the project", Settling);
        var call = await Reported("c-1", agent, customer);
        await Reported("c-2", agent, "C-88213");
        await Reported("c-3", agent, customer: null, after: "c-1"); // the leg after it says nothing of whose it is
        await Reported("c-4", agent, "C-88213");
        var recording = new ByteArrayContent(Canaries.Wav(Word("spoken")));
        recording.Headers.ContentType = new("audio/wav");
        var attached = (await calls.PostAsync(new Uri($"/calls/{call}/recordings", UriKind.Relative), recording)).EnsureSuccessStatusCode();
        (await cluster.As(services["Calls"], "inspector", project).GetAsync(
            new Uri($"{attached.Headers.Location}?purpose={Word("purpose")}", UriKind.Relative))).EnsureSuccessStatusCode();
        return (call, customer);
    }

    private async Task<Guid> Reported(string id, Guid agent, string? customer, string? after = null)
    {
        var at = new DateTimeOffset(Week.AddDays(1), new TimeOnly(10, 0), TimeSpan.Zero);
        var call = Guid.Empty;
        foreach (var (type, seconds) in new[] { ("offered", 0), ("answered", 15), ("ended", 200), ("wrapped-up", 210) })
            call = await Created(calls, "/call-events", new
            {
                ProjectId = project, Source = "switch", CallId = id, Type = type, At = at.AddSeconds(seconds),
                Queue = type == "offered" ? "billing" : null, CustomerId = type == "offered" ? customer : null,
                Agent = type == "answered" ? $"{agent}" : null, WrapUpCode = type == "wrapped-up" ? "solved" : null,
                LinkedTo = type == "offered" ? after : null,
                References = type is "offered" or "wrapped-up" && id is "c-1" or "c-3"
                    ? new Dictionary<string, string> { [type == "offered" ? "order" : "ticket"] = Word($"reference-{type}") } : null,
            });
        return call;
    }

    private async Task Evaluated(Guid call, Guid agent)
    {
        var quality = cluster.As(services["Quality"], inspector, "inspector,supervisor,admin", project);
        var form = await Created(quality, "/evaluation-forms", new { ProjectId = project, Content = Form });
        (await quality.Send(HttpMethod.Post, $"/evaluation-forms/{form}/activation", 1)).EnsureSuccessStatusCode();
        var evaluation = await Begun(call);
        var path = $"/evaluations/{evaluation}";
        quality.DefaultRequestHeaders.Add("X-Reason", Word("reason-evaluation"));
        var answers = new
        {
            FormVersion = 1,
            Answers = new[] { new { Question = "greeting", Answer = new { Yes = false }, Comment = Word("comment") } },
        };
        await Then(quality, HttpMethod.Put, $"{path}/answers", answers);
        await Then(quality, HttpMethod.Put, $"{path}/remarks", new { Feedback = Word("feedback"), PrivateNote = Word("private-note") });
        await Then(quality, HttpMethod.Post, $"{path}/submission", null);
        var agents = cluster.As(services["Quality"], agent, "agent", project);
        await Then(agents, HttpMethod.Post, $"{path}/dispute", new { Reason = Word("dispute") });
        await Then(cluster.As(services["Quality"], "supervisor,project-manager", project), HttpMethod.Post, $"{path}/resolution",
            new { Decision = "uphold", Reason = Word("resolution"), FormVersion = 1 });
    }

    private async Task<Guid> Begun(Guid call)
    {
        var quality = cluster.As(services["Quality"], inspector, "inspector", project);
        var form = (await quality.Get<JsonElement>($"/evaluation-forms?projectId={project}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var evaluation = Guid.Empty;
        await Eventually.True(async () =>
        {
            var started = await quality.Send(HttpMethod.Post, "/evaluations", body: new { CallId = call, FormId = form });
            evaluation = started.StatusCode == HttpStatusCode.Created ? IdIn(started) : evaluation;
            return started.StatusCode == HttpStatusCode.Created;
        }, "Quality to know the call", Settling);
        return evaluation;
    }

    private async Task Finished(Guid evaluation, string where)
    {
        var quality = cluster.As(services["Quality"], inspector, "inspector", project);
        quality.DefaultRequestHeaders.Add("X-Reason", Word($"reason-{where}"));
        await Then(quality, HttpMethod.Put, $"/evaluations/{evaluation}/answers", new
        {
            FormVersion = 1,
            Answers = new[] { new { Question = "greeting", Answer = new { Yes = false }, Comment = Word($"comment-{where}") } },
        });
        await Then(quality, HttpMethod.Put, $"/evaluations/{evaluation}/remarks", new { Feedback = Word($"feedback-{where}") });
        await AllIsGone(); // what is written is taken out while it is a draft, and it can be submitted all the same
        await Then(quality, HttpMethod.Post, $"/evaluations/{evaluation}/submission", null);
    }

    private async Task<Guid> LeaveAsked(Guid agent, DateOnly first)
    {
        var scheduling = cluster.As(services["Scheduling"], "scheduler,supervisor", project);
        var asked = new
        {
            ProjectId = project, AgentId = agent, FirstDay = first, LastDay = first.AddDays(1), Kind = "annual", Paid = true,
        };
        var leave = Guid.Empty;
        await Eventually.True(async () =>
        {
            var answer = await scheduling.Send(HttpMethod.Post, "/leaves", body: asked);
            leave = answer.StatusCode == HttpStatusCode.Created ? IdIn(answer) : leave;
            return answer.StatusCode == HttpStatusCode.Created;
        }, "Scheduling to know the agent", Settling);
        return leave;
    }

    private async Task LeaveRefused(Guid leave, string where) =>
        await Then(cluster.As(services["Scheduling"], "scheduler,supervisor", project), HttpMethod.Post, $"/leaves/{leave}/refusal",
            new { Reason = Word(where) });

    private async Task<Guid> DigestMade()
    {
        var reporting = cluster.As(services["Reporting"], "operations-manager,admin", project);
        var digest = Guid.Empty;
        await Eventually.True(async () =>
        {
            var made = await reporting.Send(HttpMethod.Post, "/digests", body: new { ProjectId = project, Week });
            if (made.StatusCode != HttpStatusCode.OK)
                return false;
            using var digests = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
            digest = digests.RootElement[0].GetProperty("id").GetGuid();
            return true;
        }, "Reporting to make the digest", Settling);
        return digest;
    }

    // One that nobody can read names an agent, one a call; a third is skipped at the desk.
    private async Task Failed(Guid agent, Guid call)
    {
        await servers.Publish<EmployeeV1>(new { Id = agent, Version = "seven", Name = Word("failed-employee") });
        await servers.Publish<CallV1>(new { Id = call, Version = "seven", CustomerId = Word("failed-call") });
        await Eventually.True(
            async () => (await servers.Queues()).GetValueOrDefault("reporting-call-v1_error") == 1, "it to fail", Settling);
        var admin = cluster.As(services["Reporting"], "admin");
        var message = (await admin.Get<JsonElement>("/operations-desk")).GetProperty("errorQueues").EnumerateArray()
            .Single(queue => queue.GetProperty("queue").GetString() == "reporting-call-v1")
            .GetProperty("first")[0].GetProperty("id").GetGuid();
        (await admin.Send(HttpMethod.Post, $"/operations-desk/error-queues/reporting-call-v1/messages/{message}/skip",
            body: new { Reason = "A test" })).EnsureSuccessStatusCode();
    }

    private async Task Imported(string customer)
    {
        var at = new DateTimeOffset(Week.AddDays(2), new TimeOnly(9, 0), TimeSpan.Zero);
        var rows = CallFile + $"row-1,billing,{at:O},{at.AddSeconds(7):O},{at.AddSeconds(90):O},E-1,{customer}\n"
            + $"row-2,billing,{at:O},never,{at.AddSeconds(90):O},E-1,{customer}\n";
        await CallsImported(rows);
    }

    private async Task CallsImported(string rows)
    {
        using var file = new StringContent(rows, Encoding.UTF8, "text/csv");
        var accepted = await calls.PostAsync(new Uri($"/imports?project={project}&mapping=callcenter", UriKind.Relative), file);
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        JsonElement import = default;
        await Eventually.True(async () =>
        {
            import = await calls.Get<JsonElement>($"{accepted.Headers.Location}");
            return import.GetProperty("status").GetString() is not ("queued" or "running");
        }, "the import to end", Settling);
        import.GetProperty("status").GetString().Should().Be("succeeded", $"{import}");
    }

    private async Task Left(Guid employee)
    {
        var now = await people.Get<JsonElement>($"/employees/{employee}");
        using var because = cluster.As(services["People"], "admin");
        because.DefaultRequestHeaders.Add("X-Reason", Word("reason-employee"));
        await Then(because, HttpMethod.Put, $"/employees/{employee}", new
        {
            StaffNumber = now.GetProperty("staffNumber").GetString(), Name = now.GetProperty("name").GetString(), HiredOn = "2026-01-05",
            LeftOn = Today.AddDays(-2), Grade = "junior", WeeklyHours = 40, Zone = "UTC",
            TeamIds = now.GetProperty("teamIds").EnumerateArray().Select(id => id.GetGuid()), Skills = Array.Empty<object>(),
        });
    }

    private static Task Told() =>
        Eventually.True(async () => (await Agreement.Differences()).Count == 0, "all to agree", Settling);

    private async Task<string> Figures()
    {
        var reporting = cluster.As(services["Reporting"], "operations-manager,admin", project);
        var asked = new[] { "", "&by=agent", "&by=queue" }
            .Select(by => $"/kpis/values?project={project}&from={Week:O}&to={Week.AddDays(6):O}{by}")
            .Append($"/reports/calls?project={project}&from={Week:O}T00:00:00Z&to={Week.AddDays(7):O}T00:00:00Z").ToList();
        await using var books = new Books("reporting");
        await Eventually.True(async () =>
            (await books.Rows("select count(*) from rollups.mark", row => row.GetInt64(0))).Single() == 0, "all to be counted", Settling);

        var answers = new StringBuilder();
        foreach (var address in asked)
            foreach (var value in (await reporting.Get<JsonElement>(address)).EnumerateObject()
                .Where(member => member.Value.ValueKind is JsonValueKind.Array).SelectMany(member => member.Value.EnumerateArray()))
                answers.AppendLine(string.Join(' ', value.EnumerateObject().Where(IsFigure).Select(member => $"{member}")));
        return answers.ToString();

        // How it was counted, and the name of whom it is of, may change; what it comes to may not.
        static bool IsFigure(JsonProperty member) => member.Name is not ("position" or "revision" or "version" or "calls" or "name");
    }

    private async Task Erased(Guid employee)
    {
        var version = (await people.GetAsync(new Uri($"/employees/{employee}", UriKind.Relative))).Version();
        (await people.Send(HttpMethod.Delete, $"/employees/{employee}/personal-data", version)).EnsureSuccessStatusCode();
        await Answered(people, $"/employees/{employee}/erasure", erasure => erasure);
    }

    private async Task CustomerErased(string customer)
    {
        var asked = await calls.Send(HttpMethod.Post, "/customer-erasures", body: new { ProjectId = project, CustomerId = customer });
        asked.StatusCode.Should().Be(HttpStatusCode.Accepted, await asked.Content.ReadAsStringAsync());
        await Answered(calls, $"{asked.Headers.Location}", view => view.GetProperty("erasure"));
        (await calls.Get<JsonElement>($"{asked.Headers.Location}")).GetProperty("calls").GetInt32()
            .Should().Be(3, "one was reported, one comes after it, and one was imported");
    }

    private async Task Answered(HttpClient owner, string address, Func<JsonElement, JsonElement> erasureOf)
    {
        var last = default(JsonElement);
        var watch = Stopwatch.StartNew();
        await Eventually.True(async () =>
        {
            last = erasureOf(await owner.Get<JsonElement>(address));
            return last.ValueKind is JsonValueKind.Object && last.GetProperty("done").GetBoolean();
        }, "all services to answer", Settling);
        output.WriteLine($"{address} after {watch.Elapsed.TotalSeconds:0.0} s: {last}");
        last.GetProperty("services").GetArrayLength().Should().Be(Repository.Services.Count);
    }

    private async Task ItIsGoneAndSaysSo(Guid call, Guid digest)
    {
        var recording = (await calls.Get<JsonElement>($"/calls/{call}")).GetProperty("recordingId").GetString();
        await (await calls.GetAsync(new Uri($"/recordings/{recording}/audio", UriKind.Relative)))
            .ShouldBeProblem(HttpStatusCode.Gone, "recording-erased");
        var manager = cluster.As(services["Reporting"], "operations-manager", project);
        await (await manager.GetAsync(new Uri($"/digests/{digest}", UriKind.Relative))).ShouldBeProblem(HttpStatusCode.Gone, "mail-erased");
    }

    private string Word(string where) => canaries.Word(where);

    private static object Employee(string number, string name, Guid team) => new
    {
        StaffNumber = number, Name = name, HiredOn = "2026-01-05", Grade = "junior", WeeklyHours = 40, Zone = "UTC",
        TeamIds = new[] { team }, Skills = Array.Empty<object>(),
    };

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
                    new
                    {
                        Code = "greeting", Title = new { En = "Greeted" }, Kind = "yes-no", Weight = 100, Yes = new { Points = 1 },
                        No = new { Points = 0 },
                    },
                },
            },
        },
    };

    private static async Task<Guid> Created(HttpClient client, string path, object body, string? key = null)
    {
        var answer = await client.Send(HttpMethod.Post, path, body: body, key: key);
        answer.IsSuccessStatusCode.Should().BeTrue($"POST {path} answered {await answer.Content.ReadAsStringAsync()}");
        return IdIn(answer);
    }

    private static async Task Then(HttpClient client, HttpMethod method, string path, object? body)
    {
        var thing = string.Join('/', path.Split('/').Take(3));
        var version = (await client.GetAsync(new Uri(thing, UriKind.Relative))).Version();
        var answer = await client.Send(method, path, version, body);
        answer.IsSuccessStatusCode.Should().BeTrue($"{method} {path} answered {await answer.Content.ReadAsStringAsync()}");
    }

    private static Guid IdIn(HttpResponseMessage created) => Guid.Parse(created.Headers.Location!.ToString()[^36..]);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
