using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>A centre opens: people, calls, evaluations, training, rosters and digests, so that there is something to ask about.</summary>
internal sealed class Opening(Findings findings, Things things, Staff staff)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<(Guid Id, string Number)> agents = [];
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();
    private string project = "";
    private string form = "";

    public async Task Run()
    {
        await People();
        await Calls();
        await Quality();
        await Training();
        await Planning();
        await Attendance();
        await Reporting();
        things.Last();
    }

    private async Task People()
    {
        project = Id(await Do("POST /projects", staff.Admin, Example("POST /projects")));
        staff.Project = Guid.Parse(project);
        var elsewhere = Example("POST /projects");
        (elsewhere["name"], elsewhere["zone"]) = ("Elsewhere", "Europe/Berlin");
        await Do("POST /projects", staff.Admin, elsewhere);
        foreach (var (role, kind) in new[]
        {
            ("supervisor", "supervisors"), ("inspector", "inspectors"), ("trainer", "trainers"), ("operations-manager", "supervisors"),
        })
        {
            var person = Id(await Employ($"{role}-1"));
            staff.Hire(role, Guid.Parse(person));
            things.Learn(kind, person);
        }

        var team = Id(await Do("POST /teams", staff.Admin, new
        {
            projectId = project, name = "Billing 1", supervisorId = staff.As("supervisor").Person,
        }));
        for (var i = 0; i < 6; i++)
        {
            agents.Add((Guid.Parse(Id(await Employ($"A-{i}", team))), $"A-{i}"));
            things.Learn("agents", $"{agents[i].Id}");
        }

        staff.Hire("agent", agents[0].Id);
        await Do("POST /employees/{id}/terms", staff.Admin, new { grade = "intermediate", weeklyHours = 38 }, $"{agents[5].Id}");
        var left = JsonSerializer.SerializeToNode(Employee("L-1"), Http.Json)!;
        left["leftOn"] = "2024-03-31";
        var gone = Id(await Do("POST /employees", staff.Admin, left));
        await Do("DELETE /employees/{id}/personal-data", staff.Admin, null, gone);
        await Get("GET /employees/{id}/erasure", $"/employees/{gone}/erasure");
        var hold = Id(await Do("POST /projects/{id}/retention/legal-holds", staff.Admin, new { reason = "Claim 114" }, project));
        things.Learn("holds", hold);
        await Do("POST /projects/{id}/retention/legal-holds/{hold}/release", staff.As("project-manager"), new { reason = "Settled" }, project,
            hold);
        await Do("PUT /projects/{id}/digest-readers", staff.Admin, new
        {
            digestReaders = new[] { new { employeeId = staff.As("operations-manager").Person, email = "ops@example.com", language = "en" } },
        }, project);
    }

    private Task<Answer> Employ(string number, params string[] teams) => Do("POST /employees", staff.Admin, Employee(number, teams));

    private static object Employee(string number, params string[] teams) => new
    {
        staffNumber = number, name = "张伟", hiredOn = "2020-03-03", grade = "junior", weeklyHours = 40, zone = "Asia/Shanghai", teamIds = teams,
        skills = new[] { new { code = "billing", level = 3 } },
    };

    private async Task Calls()
    {
        await Until(async () => (await Get("GET /staff", "/staff?limit=500&project=" + project))["items"]!.AsArray().Count >= agents.Count, "Calls to know the agents");
        var rows = new StringBuilder(Files.Calls);
        for (var day = 1; day <= 35; day++)
            for (var call = 0; call < 8; call++)
                rows.Append(Files.Call($"{day}-{call}", now.Date.AddDays(-day).AddHours(1 + call),
                    call == 7 ? "" : agents[(day + call) % agents.Count].Number));
        var import = await Do("POST /imports", staff.As("integrator"), rows.ToString(), query: $"project={project}&mapping=callcenter");
        await Until(async () => (await Get("GET /imports/{id}", import.Headers["Location"]))["status"]!.GetValue<string>() == "succeeded", "the import to end");
        things.Learn("/imports", Id(import));

        foreach (var (i, type) in new[] { "offered", "queued", "answered", "ended" }.Index())
            await Do("POST /call-events", staff.As("integrator"), new
            {
                projectId = project, source = "switch", callId = "live", type, at = now.AddMinutes(i - 9),
                queue = type is "offered" or "queued" ? "billing" : null, agent = type == "answered" ? agents[0].Number : null,
            });
        foreach (var (i, kind) in new[] { "opened", "customer", "agent", "closed" }.Index())
            things.Learn("/chats", Id(await Do("POST /chat-turns", staff.As("integrator"), new
            {
                projectId = project, source = "web-chat", callId = "live", kind, at = now.AddMinutes(i - 9),
                agent = kind == "agent" ? agents[0].Number : null,
            })));
        foreach (var (i, state) in new[] { "login", "ready", "break", "logout" }.Index())
            await Do("POST /agent-states", staff.As("integrator"), new
            {
                projectId = project, agent = agents[0].Number, state, at = now.AddMinutes(i - 50),
            });

        JsonArray found = [];
        await Until(async () => (found = (await Get("GET /calls", $"/calls?outcome=answered&limit=500&project={project}"))["items"]!.AsArray())
            .Count > 200, "the list of calls to follow the import");
        foreach (var call in found.Take(3).Select(call => $"{call!["id"]}"))
        {
            var filed = await Do("POST /calls/{id}/recordings", staff.As("integrator"), Files.Recording(call.GetHashCode(StringComparison.Ordinal)), call);
            things.Learn("/recordings", filed.Headers["Location"].Split('/')[2]);
            await Get("GET /calls/{id}/evidence", $"/calls/{call}/evidence");
            var said = Id(await Do("POST /calls/{id}/annotations", staff.As("inspector"), new { from = 0, text = "Silence." }, call));
            await Get("GET /calls/{id}/annotations", $"/calls/{call}/annotations");
            await Do("PUT /annotations/{id}", staff.As("inspector"), new { from = 0, text = "Nobody speaks.", readers = "agent" }, said);
            await Get("GET /annotations/{id}", $"/annotations/{said}");
            await Do("DELETE /annotations/{id}", staff.As("inspector"), null,
                Id(await Do("POST /calls/{id}/annotations", staff.As("inspector"), new { from = 0, text = "Too much." }, call)));
            var play = await Do("POST /recordings/{id}/plays", staff.As("trainer"), new { purpose = "Coaching" }, filed.Headers["Location"].Split('/')[2]);
            await Get("GET /plays/{token}", play.Headers["Location"]);
            await Get("GET /recordings/{id}/peaks", $"/recordings/{filed.Headers["Location"].Split('/')[2]}/peaks");
        }

        await Do("PUT /evidence-policies/{projectId}", staff.As("project-manager"), new { deadAirSeconds = 8 }, project);

        await Do("PUT /mappings/{name}", staff.As("integrator"), Example("PUT /mappings/{name}"), "ours", query: $"project={project}");
    }

    private async Task Quality()
    {
        var content = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "how-to", "inbound-form.json")))!;
        form = Id(await Do("POST /evaluation-forms", staff.As("inspector"), new { projectId = project, content }));
        await Do("POST /evaluation-forms/{id}/activation", staff.As("inspector"), null, form);
        var passing = Id(await Do("POST /evaluation-forms", staff.As("inspector"), new { projectId = project, content }));
        await Do("PUT /evaluation-forms/{id}/draft", staff.As("inspector"), new { content }, passing);
        await Do("POST /evaluation-forms/{id}/retirement", staff.As("inspector"), null, passing);
        await Proposals(content);
        var imported = Id(await Do("POST /evaluation-forms/imports", staff.As("inspector"), Files.Form(), query: "projectId=" + project));
        await Do("PUT /evaluation-forms/{id}/draft/file", staff.As("inspector"), Files.Form(), imported);
        var plan = Id(await Do("POST /sampling-plans", staff.As("inspector"), new
        {
            projectId = project, rules = new { name = "Weekly", formId = form, callsPerAgent = 2, inspectors = Array.Empty<Guid>() },
        }));
        await Do("PUT /sampling-plans/{id}/rules", staff.As("inspector"), new
        {
            rules = new { name = "Every week", formId = form, callsPerAgent = 2, inspectors = Array.Empty<Guid>() },
        }, plan);
        await Do("POST /sampling-plans/{id}/draws", staff.As("inspector"), new { week = Values.Monday(-1) }, plan);
        var design = Id(await Do("POST /sampling-designs", staff.As("inspector"), new
        {
            projectId = project, rules = new
            {
                name = "Beside", formId = form, size = new { number = 1 },
                risks = new object[] { new { kind = "long-hold", size = new { number = 1 }, seconds = 60 } },
            },
        }));
        await Do("PUT /sampling-designs/{id}/rules", staff.As("inspector"), new
        {
            rules = new { name = "Beside the plan", formId = form, unit = "project", size = new { percent = 1 }, spread = true },
        }, design);
        await Do("POST /sampling-designs/{id}/draws", staff.As("inspector"), new { first = Values.Monday(-1) }, design);
        await Get("GET /sampling-designs/{id}/draws/{first}", $"/sampling-designs/{design}/draws/{Values.Monday(-1):yyyy-MM-dd}");
        await Get("GET /sampling-designs/{id}/candidates/{first}", $"/sampling-designs/{design}/candidates/{Values.Monday(-1):yyyy-MM-dd}");
        await Get("GET /quality-scores", $"/quality-scores?planId={plan}&from={Values.Monday(-1):yyyy-MM-dd}&to={Values.Monday(-1):yyyy-MM-dd}");

        var calls = (await Get("GET /calls", $"/calls?outcome=answered&limit=60&project={project}"))["items"]!.AsArray();
        for (var i = 0; i < 8; i++)
        {
            var call = calls[20 + i]!;
            var evaluation = Id(await Do("POST /evaluations", staff.As("inspector"), new { callId = call["id"], formId = form }));
            await Judge(evaluation, content, i, staff.As("agent", call["agentId"]!.GetValue<Guid>()));
        }

        await MachineAnswers(content, calls, plan);
        await Get("GET /inspector-severity",
            $"/inspector-severity?projectId={project}&formId={form}&from={Values.Monday(-8):yyyy-MM-dd}&to={Values.Monday(4):yyyy-MM-dd}");
        await Do("PUT /issue-catalogues/{projectId}", staff.As("inspector"), Example("PUT /issue-catalogues/{projectId}"), project);
        await Contested(content, calls[32]!);
        var calibration = Id(await Do("POST /calibrations", staff.As("supervisor"), new
        {
            projectId = project, formId = form, callIds = new[] { calls[31]!["id"] },
            terms = new
            {
                title = "March", inspectors = new[] { staff.As("inspector").Person, staff.As("supervisor").Person }, closesAt = "2099-03-20T18:00:00Z",
            },
        }));
        foreach (var judge in new[] { "inspector", "supervisor" })
            await Do("PUT /calibrations/{id}/scores/{callId}", staff.As(judge), new { formVersion = 1, answers = Answers(content) }, calibration,
                $"{calls[31]!["id"]}");
        await Do("PUT /calibrations/{id}/terms", staff.As("supervisor"), new
        {
            title = "March again", inspectors = new[] { staff.As("inspector").Person, staff.As("supervisor").Person },
            closesAt = "2099-03-21T18:00:00Z",
        }, calibration);
        await Do("POST /calibrations/{id}/closing", staff.As("supervisor"), null, calibration);

        await Coaching();
        await QualityReports();
        var waiting = Id(await Do("POST /evaluations", staff.As("inspector"), new { callId = calls[30]!["id"], formId = form }));
        await Do("POST /evaluations/{id}/release", staff.As("inspector"), new { reason = "The recording is of another call." }, waiting);
        await Do("PUT /evaluations/{id}/assignee", staff.As("supervisor"), new { inspectorId = staff.As("inspector").Person }, waiting);
    }

    private async Task MachineAnswers(JsonNode content, JsonArray calls, string plan)
    {
        await Do("POST /machine-answers", staff.As("integrator"), new
        {
            contacts = calls.Skip(30).Take(20).Select(call => new
            {
                subject = new { kind = "call", callId = call!["id"] }, formId = form, formVersion = 1, model = "judge", modelVersion = "1",
                answers = Answered(content).Take(2).Select(said => new { question = said.Question, answer = said.Answer }),
            }),
        });
        var said = (await Get("GET /machine-answers", $"/machine-answers?callId={calls[40]!["id"]}"))[0]!["id"]!.GetValue<Guid>();
        await Get("GET /machine-answers/{id}", $"/machine-answers/{said}");
        var week = $"planId={plan}&from={Values.Monday(-1):yyyy-MM-dd}&to={Values.Monday(-1):yyyy-MM-dd}";
        await Get("GET /machine-answers/agreement", $"/machine-answers/agreement?{week}");
        var evaluation = Id(await Do("POST /evaluations", staff.As("inspector"), new { callId = calls[40]!["id"], formId = form }));
        await Do("POST /evaluations/{id}/machine-proposals", staff.As("inspector"), new { machineAnswersId = said }, evaluation);
        await Do("PUT /machine-answer-policies/{projectId}", staff.As("project-manager"), new { agentsSee = "after-evaluation" }, project);
    }

    private async Task Proposals(JsonNode content)
    {
        var changed = Id(await Do("POST /evaluation-forms", staff.As("inspector"), new { projectId = project, content }));
        foreach (var decision in new[] { "refusal", "approval" })
        {
            var proposal = Id(await Do("POST /evaluation-forms/{id}/proposals", staff.As("inspector"), new { content, reason = "Clearer" }, changed));
            things.Learn("proposals", proposal);
            await Get("GET /evaluation-forms/{id}/proposals/{proposal}", $"/evaluation-forms/{changed}/proposals/{proposal}");
            await Do("POST /evaluation-forms/{id}/proposals/{proposal}/comparison", staff.As("inspector"), new { last = 10 }, changed, proposal);
            await Do($"POST /evaluation-forms/{{id}}/proposals/{{proposal}}/{decision}", staff.As("supervisor"), new { reason = "Read" }, changed,
                proposal);
        }
    }

    private async Task Contested(JsonNode content, JsonNode call)
    {
        var agent = staff.As("agent", call["agentId"]!.GetValue<Guid>());
        await Do("PUT /evaluation-policies/{projectId}", staff.As("operations-manager"), new { release = "after-review" }, project);
        var evaluation = Id(await Do("POST /evaluations", staff.As("inspector"), new { callId = call["id"], formId = form }));
        await Do("PUT /evaluations/{id}/answers", staff.As("inspector"), new { formVersion = 1, answers = Answers(content) }, evaluation);
        await Do("POST /evaluations/{id}/submission", staff.As("inspector"), null, evaluation);
        await Do("POST /evaluations/{id}/review", staff.As("supervisor"), new { decision = "submit", reason = "As heard." }, evaluation);
        await Do("POST /evaluations/{id}/dispute", agent, new { reason = "I was told to." }, evaluation);
        await Do("POST /evaluations/{id}/resolution", staff.As("supervisor"),
            new { decision = "uphold", reason = "It was said.", formVersion = 1 }, evaluation);
        await Do("POST /evaluations/{id}/appeal", agent, new { reason = "Nobody has listened." }, evaluation);
        await Get("GET /evaluations/{id}/scores", $"/evaluations/{evaluation}/scores");
        await Get("GET /evaluations/{id}/versions/{version}", $"/evaluations/{evaluation}/versions/1");
        await Get("GET /evaluations/unacknowledged", "/evaluations/unacknowledged?days=0");
        var told = Findings.JsonOf(await Do("GET /evaluation-notices", agent))!;
        await Do("POST /evaluation-notices/{id}/receipt", agent, null, $"{told["items"]![0]!["id"]}");
    }

    private async Task Coaching()
    {
        var (coach, agent) = (staff.As("inspector"), staff.As("agent", agents[1].Id));
        for (var i = 0; i < 2; i++)
        {
            var plan = new { talkAt = now.AddDays(-2), recheckBy = DateOnly.FromDateTime(now.Date).AddDays(30), subject = "The greeting" };
            var coaching = Id(await Do("POST /coachings", coach, new
            {
                projectId = project, agentId = agents[1].Id, cause = new { kind = "complaint", reference = $"C-{i}" }, plan, formId = form,
                section = "opening",
            }));
            await Do("PUT /coachings/{id}/plan", coach, plan with { subject = "The greeting in full" }, coaching);
            await Do("PUT /coachings/{id}/agreement", coach, new
            {
                agreement = "In full.", actions = new[] { new { what = "Hear three calls", by = "agent", dueOn = plan.recheckBy } },
            }, coaching);
            await Do("POST /coachings/{id}/signature", agent, null, coaching);
            await Do("POST /coachings/{id}/actions/{action}/completion", agent, new { note = "Heard." }, coaching, "0");
            if (i == 1)
                await Do("POST /coachings/{id}/withdrawal", coach, new { reason = "Taken back." }, coaching);
            await Get("GET /coachings/{id}/effect", $"/coachings/{coaching}/effect");
        }
    }

    private async Task QualityReports()
    {
        var report = Id(await Do("POST /qa-reports", staff.As("inspector"), new { projectId = project, period = "week", from = Values.Monday(-1) }));
        await Get("GET /qa-reports", $"/qa-reports?projectId={project}");
        await Get("GET /qa-reports/{id}", $"/qa-reports/{report}");
        await Get("GET /qa-reports/{id}/changes", $"/qa-reports/{report}/changes");
        await Get("GET /question-figures", $"/question-figures?projectId={project}&from={Values.Monday(-3)}&to={Values.Monday(0)}&by=agent");
        foreach (var answered in new[] { true, false })
        {
            var input = Id(await Do("POST /quality-inputs", staff.As("agent", agents[1].Id), new
            {
                projectId = project, topic = "form", text = "The greeting is long.", formId = form, question = "greeting",
            }));
            if (answered)
                await Do("POST /quality-inputs/{id}/answer", staff.As("inspector"), new { answer = "It is shorter from May on." }, input);
            await Get("GET /quality-inputs/{id}", $"/quality-inputs/{input}");
        }

        await Get("GET /quality-inputs", $"/quality-inputs?projectId={project}&open=true");
    }

    // Some stay a draft, some are answered, submitted, acknowledged, disputed, resolved.
    private async Task Judge(string evaluation, JsonNode content, int far, Sender agent)
    {
        await Do("PUT /evaluations/{id}/answers/{question}", staff.As("inspector"), new { formVersion = 1, answer = new { choice = "full" } },
            evaluation, "greeting");
        await Do("PUT /evaluations/{id}/answers", staff.As("inspector"), new { formVersion = 1, answers = Answers(content) }, evaluation);
        if (far > 1)
            await Do("POST /evaluations/{id}/submission", staff.As("inspector"), null, evaluation);
        if (far is 2)
            await Do("POST /evaluations/{id}/corrections", staff.As("inspector"), new
            {
                reason = "Mistyped.", formVersion = 1,
                answers = new[] { new { question = "greeting", answer = new { choice = "full" }, comment = "Heard again." } },
            }, evaluation);
        if (far is 4)
            await Do("POST /evaluations/{id}/voiding", staff.As("supervisor"), new { reason = "Of another call." }, evaluation);
        if (far is 3)
            await Do("POST /evaluations/{id}/acknowledgement", agent, new { comment = "Thank you." }, evaluation);
        if (far > 4)
            await Do("POST /evaluations/{id}/dispute", agent, new { reason = "I was told to." }, evaluation);
        if (far > 6)
            await Do("POST /evaluations/{id}/resolution", staff.As("supervisor"),
                new { decision = "uphold", reason = "It was said.", formVersion = 1 }, evaluation);
    }

    private static List<object> Answers(JsonNode content) =>
        [.. Answered(content).Select(said => (object)new { question = said.Question, comment = "Heard.", answer = said.Answer })];

    private static IEnumerable<(string Question, object Answer)> Answered(JsonNode content) => content["sections"]!.AsArray()
        .SelectMany(section => section!["questions"]!.AsArray()).Select(question => ($"{question!["code"]}", $"{question["kind"]}" switch
        {
            "yes-no" => (object)new { yes = false },
            "number" => new { number = 1 },
            _ => new { choice = $"{question["choices"]!.AsArray()[^1]!["code"]}" },
        }));

    private async Task Training()
    {
        var course = Id(await Do("POST /courses", staff.As("trainer"), new
        {
            title = "Empathy", kind = "quality-standard", minutes = 60, sections = new[] { "compliance" },
        }));
        foreach (var hours in new[] { -72, 72, 96 })
        {
            var (starts, ends) = (now.AddHours(hours), now.AddHours(hours + 1));
            var session = Id(await Do("POST /training-sessions", staff.As("trainer"), new
            {
                courseId = course, projectId = project, trainerId = staff.As("trainer").Person, room = "Room 3", seats = 12,
                startsAt = starts, endsAt = ends,
            }));
            await Do("PUT /training-sessions/{id}/enrolments/{employeeId}", staff.As("trainer"), new { }, session, $"{agents[1].Id}");
            if (hours > 0)
                await Do("PUT /training-sessions/{id}/lesson-plan", staff.As("trainer"), new
                {
                    purpose = "Everybody greets", steps = new[] { new { what = "Hear", minutes = 20 } }, equipment = new[] { "Projector" },
                    wholeTeam = true,
                }, session);
            if (hours < 0)
                await Do("PUT /training-sessions/{id}/register", staff.As("trainer"), new
                {
                    register = new[] { new { employeeId = agents[1].Id, attended = true, minutes = 55, result = "passed", score = 88.5 } },
                }, session);
            else
                await Do("PUT /training-sessions/{id}", staff.As("trainer"), new
                {
                    trainerId = staff.As("trainer").Person, room = "Room 4", seats = 10, startsAt = starts, endsAt = ends,
                }, session);
            if (hours < 0)
            {
                await Do("PUT /training-sessions/{id}/feedback", staff.As("agent", agents[1].Id), new { points = 4 }, session);
                await Do("PUT /training-sessions/{id}/conclusion", staff.As("trainer"), new { text = "All greet." }, session);
            }

            if (hours == 96)
                await Do("DELETE /training-sessions/{id}/enrolments/{employeeId}", staff.As("trainer"), null, session, $"{agents[1].Id}");
        }

        await Curricula();
        var held = $"{(await Get("GET /training-records", $"/training-records?projectId={project}"))["items"]![0]!["sessionId"]}";
        await Until(async () => (await findings.Ask(new(Operation("GET /training-effects"), "GET",
            $"/training-effects?sessionId={held}&formId={form}", staff.Admin))).Status == 200, "Quality to know who was trained");
        await Do("POST /learning-statements", staff.As("integrator"), new
        {
            projectId = project, source = "lms", statements = new[]
            {
                new
                {
                    id = Guid.CreateVersion7(), timestamp = now.AddDays(-1), actor = agents[1].Number,
                    verb = new { id = "http://adlnet.gov/expapi/verbs/passed" }, @object = new { id = "https://lms.example/data-protection" },
                },
            },
        });
        await Do("POST /learning-statements/imports", staff.As("trainer"), Files.Results(agents[1].Number), query: $"projectId={project}");
        await Get("GET /learning-statements", $"/learning-statements?projectId={project}");
        await Get("GET /transcripts", $"/transcripts?employeeId={agents[1].Id}");
        await Get("GET /training-cadence", $"/training-cadence?projectId={project}&from={Values.Monday(-2):yyyy-MM-dd}&to={Values.Monday(2):yyyy-MM-dd}");
        await Until(async () => (await Get("GET /training-needs", "/training-needs?projectId=" + project))["items"]!.AsArray().Count > 0, "a training need");
        await Enrolments();
    }

    private async Task Enrolments()
    {
        var projector = Id(await Do("POST /training-resources", staff.As("trainer"), new
        {
            projectId = project, kind = "equipment", name = "Projector", count = 2,
        }));
        await Do("PUT /training-resources/{id}/count", staff.As("trainer"), new { count = 3 }, projector);
        await Get("GET /training-resources", $"/training-resources?projectId={project}");
        var coming = $"{(await Get("GET /training-sessions", $"/training-sessions?projectId={project}&status=planned"))["items"]![0]!["id"]}";
        await Do("PUT /training-sessions/{id}/equipment", staff.As("trainer"), new { items = new[] { new { resourceId = projector, count = 1 } } },
            coming);
        await Get("GET /training-sessions/{id}/preparation", $"/training-sessions/{coming}/preparation");
        var exam = $"{(await Get("GET /exams", $"/exams?projectId={project}"))["items"]![0]!["id"]}";
        var course = $"{(await Get("GET /courses", "/courses"))["items"]![0]!["id"]}";
        await Do("PUT /enrolment-policies/{projectId}", staff.As("trainer"), new
        {
            from = "2026-01-01",
            policy = new
            {
                withinDays = 14,
                causes = new { exams = new[] { new { examId = exam, courseId = course, failures = 1, certificateDays = 365 } } },
            },
        }, project);
        await Until(async () => (await Get("GET /course-needs", $"/course-needs?projectId={project}"))["items"]!.AsArray().Count > 0, "a need of a course");
        await Get("GET /enrolment-policies/{projectId}", $"/enrolment-policies/{project}");
        await Until(async () => (await Get("GET /enrolment-proposals", $"/enrolment-proposals?projectId={project}"))["items"]!.AsArray().Count > 0,
            "Scheduling to be asked");
        var asked = (await Get("GET /enrolment-proposals", $"/enrolment-proposals?projectId={project}"))["items"]![0]!["id"];
        await Do("POST /enrolment-proposals/{id}/refusal", staff.As("trainer"), new { reason = "The form is being revised." }, $"{asked}");
        var told = Findings.JsonOf(await Do("GET /training-notices", staff.As("agent", agents[1].Id)))!;
        await Do("POST /training-notices/{id}/receipt", staff.As("agent", agents[1].Id), null, $"{told["items"]![0]!["id"]}");
        await Get("GET /training-notices/receipts", $"/training-notices/receipts?projectId={project}");
        await Do("PUT /reminders/settings/mine", staff.As("agent", agents[1].Id), new { email = "ann@callcenter.example", language = "en", mail = false });
        await Get("GET /reminders/settings/mine", "/reminders/settings/mine");
    }

    private async Task Curricula()
    {
        var (trainer, agent) = (staff.As("trainer"), staff.As("agent", agents[1].Id));
        for (var i = 0; i < 2; i++)
        {
            var material = Id(await Do("POST /materials", trainer, new
            {
                projectId = project, kind = "briefing", content = new { title = $"Card {i}", text = "No yearly fee." },
            }));
            await Do("PUT /materials/{id}/content", trainer, new { title = $"Card {i}", text = "No fee." }, material);
            await Do("POST /materials/{id}/receipt", agent, new { number = 2 }, material);
            await Get("GET /materials/{id}/versions/{number}", $"/materials/{material}/versions/1");
            await Get("GET /materials/{id}/readers", $"/materials/{material}/readers");
            var content = new
            {
                title = $"Exam {i}", passMark = 50, attempts = 20, certificate = new { skill = "cards", months = 12 },
                questions = new[] { new { code = "fee", text = "Its fee?", choices = new[] { "None", "20" }, right = new[] { 0 } } },
            };
            var exam = Id(await Do("POST /exams", trainer, new { projectId = project, content }));
            await Do("PUT /exams/{id}/content", trainer, content with { passMark = 60 }, exam);
            var result = Id(await Do("POST /exams/{id}/attempts", agent, new
            {
                answers = new[] { new { question = "fee", choices = new[] { 0 } } },
            }, exam));
            var typing = Id(await Do("POST /exams", trainer, new
            {
                projectId = project,
                content = new { title = $"Typing {i}", passMark = 60, unit = "characters a minute", attempts = 20, questions = Array.Empty<object>() },
            }));
            await Do("POST /exams/{id}/judgements", trainer, new { employeeId = agents[1].Id, score = 64 }, typing);
            var modules = new object[]
            {
                new { code = "company", title = "Company", dueDays = 2 }, new { code = "cards", title = "Cards", dueDays = 5, examId = exam },
            };
            var curriculum = Id(await Do("POST /curricula", trainer, new { projectId = project, content = new { title = $"Path {i}", modules } }));
            await Do("PUT /curricula/{id}/content", trainer, new { title = $"Path {i} again", modules }, curriculum);
            var path = Id(await Do("POST /learning-paths", trainer, new
            {
                curriculumId = curriculum, employeeId = agents[1].Id, startsOn = "2026-03-09",
            }));
            await Do("POST /learning-paths/{id}/modules/{module}/assessment", trainer, new { note = "Knows it." }, path, "company");
            await Get("GET /certificates", $"/certificates?projectId={project}");
            if (i == 0)
                continue;
            await Do("POST /certificates/{id}/revocation", trainer, new { reason = "Taken by another." }, result);
            await Do("POST /learning-paths/{id}/ending", trainer, new { reason = "Moves." }, path);
            await Do("POST /curricula/{id}/retirement", trainer, null, curriculum);
            await Do("POST /exams/{id}/retirement", trainer, null, exam);
            await Do("POST /materials/{id}/withdrawal", trainer, new { reason = "Not sold." }, material);
        }
    }

    private async Task Planning()
    {
        await Do("POST /roll-ups", staff.As("operations-manager"), new { projectId = project });
        await Do("PUT /shift-rules/{projectId}", staff.As("scheduler"), Example("PUT /shift-rules/{projectId}"), project);
        var forecast = Id(await Do("POST /forecasts", staff.As("scheduler"), new
        {
            projectId = project, from = Values.Monday(2), days = 7, historyWeeks = 4,
        }));
        await Do("POST /forecasts/{id}/overrides", staff.As("scheduler"), new
        {
            queue = "billing", date = Values.Monday(2), reason = "A letter", from = "09:00:00", to = "12:00:00", factor = 1.3,
        }, forecast);
        var made = $"{(await Get("GET /forecasts/{id}", $"/forecasts/{forecast}"))["overrides"]![0]!["id"]}";
        await Do("DELETE /forecasts/{id}/overrides/{overrideId}", staff.As("scheduler"), null, forecast, made);
        var requirement = Id(await Do("POST /requirements", staff.As("scheduler"), new
        {
            forecastId = forecast, goals = new[] { new { queue = "billing", serviceLevel = 0.8, withinSeconds = 20, shrinkage = 0.1 } },
        }));
        await Rotations(requirement);
        await Do("POST /forecasts/by-hand", staff.As("scheduler"), new
        {
            projectId = project, from = Values.Monday(2), days = 7, reason = "A business plan",
            queues = new[] { new { queue = "billing", calls = new[] { new { callsAnHour = 40, handleSeconds = 240 } } } },
        });
        await Do("POST /requirements/by-hand", staff.As("scheduler"), new
        {
            projectId = project, from = Values.Monday(2), days = 7, reason = "The contract",
            queues = new[] { new { queue = "billing", agents = new[] { new { agents = 2, from = "09:00:00", to = "17:00:00" } } } },
        });
        object assumptions = new { name = "Spring", agents = 12, months = new[] { new { month = "2026-03-01", agentHours = 900, hires = 2 } } };
        var plan = Id(await Do("POST /capacity-plans", staff.As("scheduler"), new { projectId = project, reason = "A budget", assumptions }));
        await Do("PUT /capacity-plans/{id}", staff.As("scheduler"), new
        {
            reason = "A smaller budget",
            assumptions = new { name = "Spring", agents = 10, months = new[] { new { month = "2026-03-01", agentHours = 900 } } },
        }, plan);
        await Do("POST /requirements/what-if", staff.As("scheduler"), new { forecastId = forecast, volumes = new[] { 1, 1.2 }, costAnHour = 24 });
        await Do("POST /requirements/multi-skill", staff.As("scheduler"), new
        {
            forecastId = forecast, date = Values.Monday(2),
            groups = new[] { new { name = "all", queues = new[] { "billing" } } },
        });
        await Do("PUT /leave-policies/{projectId}", staff.As("scheduler"), new
        {
            from = "2026-01-01", policy = new { maxDays = 30, partDays = new { hoursOfADay = 8 }, limits = new[] { new { most = 5 } } },
        }, project);
        await Do("PUT /publication-policies/{projectId}", staff.As("scheduler"), new { from = "2026-01-01", policy = new { daysBefore = 1 } },
            project);
        await Do("POST /training-slots", staff.As("scheduler"), new
        {
            projectId = project, agentIds = new[] { agents[0].Id }, minutes = 60, from = Values.Monday(2), to = Values.Monday(2),
        });
        await Calendars();
        var leaves = new List<string>();
        foreach (var (agent, i) in agents.Take(3).Select((agent, i) => (agent, i)))
            leaves.Add(Id(await Do("POST /leaves", staff.As("agent", agent.Id), new
            {
                projectId = project, agentId = agent.Id, firstDay = Values.Monday(3 + i), lastDay = Values.Monday(3 + i), kind = "annual",
                paid = true, note = "A wedding",
            })));
        await Do("POST /leaves/{id}/approval", staff.As("supervisor"), null, leaves[0]);
        await Do("POST /leaves/{id}/refusal", staff.As("supervisor"), new { reason = "Too many are away." }, leaves[1]);
        await Do("POST /leaves/{id}/withdrawal", staff.As("agent", agents[2].Id), null, leaves[2]);
        await Do("GET /leaves/{id}/slip", staff.As("supervisor"), null, leaves[0]);
        var notices = Findings.JsonOf(await Do("GET /notices", staff.As("agent", agents[0].Id)))!;
        await Do("POST /notices/{id}/receipt", staff.As("agent", agents[0].Id), null, $"{notices["items"]![0]!["id"]}");

        var period = await Do("POST /planning-periods", staff.As("scheduler"), new
        {
            projectId = project, from = Values.Monday(8), days = 7, closesAt = $"{Values.Monday(7):yyyy-MM-dd}T12:00:00Z",
        });
        things.Learn("/planning-periods", Id(period));
        await Do("PUT /planning-periods/{id}/statements/{agentId}", staff.As("agent", agents[2].Id), new
        {
            wishes = new[] { new { date = Values.Monday(8), dayOff = true, weight = 1 } },
        }, Id(period), $"{agents[2].Id}");

        for (var i = 0; i < 2; i++)
        {
            var operation = await Do("POST /rosters", staff.As("scheduler"), new
            {
                projectId = project, requirementId = requirement, seconds = 1, maxRounds = 3,
            });
            things.Learn("/scheduling-operations", Id(operation));
            await Until(async () => $"{(await Get("GET /scheduling-operations/{id}", operation.Headers["Location"]))["status"]}" == "succeeded",
                "a roster");
            things.Learn("/rosters", Id(operation));
            var day = $"{Values.Monday(2):yyyy-MM-dd}T";
            foreach (var (method, shift) in new[] { ("PUT", (object?)new { startsAt = day + "09:00", endsAt = day + "17:30" }), ("DELETE", null) })
                await Do(method + " /rosters/{id}/agents/{agentId}/days/{date}", staff.As("scheduler"), shift, Id(operation), $"{agents[4].Id}");
            var planned = (await Get("GET /rosters/{id}", $"/rosters/{Id(operation)}"))["agents"]!.AsArray()
                .SelectMany(agent => agent!["shifts"]!.AsArray()).First()!;
            await Get("GET /rosters/{id}/stand-ins",
                $"/rosters/{Id(operation)}/stand-ins?date={planned["date"]}&shift={Uri.EscapeDataString($"{planned["code"]}")}");
            await Do("POST /rosters/{id}/re-plans", staff.As("scheduler"), new
            {
                absences = new[] { new { agentId = agents[3].Id, from = Values.Monday(2), to = Values.Monday(2) } }, seconds = 1,
            }, Id(operation));
            await Do("POST /rosters/{id}/changes", staff.As("scheduler"), new
            {
                changes = new[] { new { agentId = agents[4].Id, date = Values.Monday(2) } },
            }, Id(operation));
            if (i == 0)
            {
                await Do("POST /rosters/{id}/publication", staff.As("scheduler"), null, Id(operation));
                await Exchanges(Id(operation));
            }
        }

        await OnCall();
        foreach (var agent in agents)
            await Do("POST /rosters/feeds", staff.As("agent", agent.Id));
    }

    private async Task Rotations(string requirement)
    {
        var rotation = Id(await Do("POST /rotations", staff.As("scheduler"), new
        {
            projectId = project, name = "Days", groups = 2, seconds = 2,
            shifts = new[] { new { shift = "D-0800", needed = Enumerable.Repeat(1, 7), inARow = new { atLeast = 1, atMost = 5 } } },
            rules = new { work = new { atLeast = 2, atMost = 5 }, rest = new { atLeast = 1, atMost = 3 } },
        }));
        await Do("POST /rotations/{id}/rosters", staff.As("scheduler"), new
        {
            requirementId = requirement, groups = agents.TakeLast(2).Select(agent => new { agentIds = new[] { agent.Id } }),
        }, rotation);
        await Do("POST /shift-designs", staff.As("scheduler"), new
        {
            projectId = project, requirementId = requirement, seconds = 1, maxRounds = 1,
            windows = new[] { new { earliest = "08:00:00", latest = "12:00:00", shortestMinutes = 420, longestMinutes = 540 } },
        });
    }

    private async Task Attendance()
    {
        var (agent, number) = agents[0];
        var excuses = new List<string>();
        for (var i = 0; i < 4; i++)
            excuses.Add(Id(await Do("POST /excuses", staff.As("agent", agent), new
            {
                projectId = project, agentId = agent, kind = "transport", from = now.AddHours(-9 - i), to = now.AddHours(-8 - i),
                evidence = "The line stood still.",
            })));
        await Do("POST /excuses/{id}/approval", staff.As("supervisor"), new { paid = true }, excuses[0]);
        await Do("POST /excuses/{id}/refusal", staff.As("supervisor"), new { reason = "The line ran by then." }, excuses[1]);
        await Do("POST /excuses/{id}/withdrawal", staff.As("agent", agent), null, excuses[2]);
        foreach (var kind in new[] { "in", "out" })
            await Do("POST /clockings", staff.As("agent", agent), new { projectId = project, agent = number, kind });
        var wrong = Id(await Do("POST /clockings", staff.As("integrator"), new
        {
            projectId = project, agent = number, kind = "in", at = now.AddHours(-3),
        }));
        await Do("POST /clockings/{id}/voiding", staff.As("supervisor"), new { reason = "The card of somebody else." }, wrong);
        await Do("POST /clockings/imports", staff.As("integrator"), Files.Clockings(number, now.AddHours(-2)), query: $"projectId={project}");
        var handover = Id(await Do("POST /handovers", staff.As("agent", agent), new
        {
            projectId = project, date = Values.Monday(0), matters = new[] { new { subject = "Switch", text = "Line 3 is out.", key = true } },
        }));
        await Do("POST /handovers/{id}/matters", staff.As("agent", agent), new { subject = "Promise", text = "Call back." }, handover);
        await Do("POST /handovers/{id}/acknowledgement", staff.As("supervisor"), null, handover);
        await Do("POST /floor/decisions", staff.As("supervisor"), new
        {
            projectId = project, kind = "leave-early", agentId = agent, from = now.AddHours(1), to = now.AddHours(2), reason = "It is quiet.",
        });
        await Do("POST /day-reviews", staff.As("supervisor"), new { projectId = project, date = Values.Monday(-1), findings = "All went well." });
        var (month, manager) = (DateOnly.FromDateTime(now.Date).AddMonths(-1), staff.As("operations-manager"));
        var register = Id(await Do("POST /attendance-registers", staff.As("project-manager"), new { projectId = project, month }));
        await Do("POST /attendance-registers/{id}/signature", manager, null, register);
        await Do("POST /attendance-registers/{id}/corrections", manager, new
        {
            agentId = agent, payableSeconds = 1800, charged = -20, reason = "The gate was broken.",
        }, register);
        var week = $"from={Values.Monday(2):yyyy-MM-dd}&to={Values.Monday(3):yyyy-MM-dd}";
        await Until(async () => (await Get("GET /attendance", $"/attendance?projectId={project}&{week}"))["items"]!.AsArray().Count > 0,
            "Attendance to know the roster");
    }

    private async Task Calendars()
    {
        var china = $"{(await Get("GET /calendars", "/calendars"))["items"]!.AsArray().Single(c => $"{c!["name"]}" == "China")!["id"]}";
        await Do("PUT /calendar-policies/{projectId}", staff.As("scheduler"), new { from = "2026-01-01", calendarId = china }, project);
        var calendar = Id(await Do("POST /calendars", staff.Admin, new { name = "Ours" }));
        var days = new[] { new { date = "2027-01-01", kind = "holiday", name = "New Year" } };
        await Do("PUT /calendars/{id}/years/{year}", staff.Admin, new { source = "Works council", days }, calendar, "2027");
        await Do("PUT /calendars/{id}/years/{year}/file", staff.Admin, "date,kind,name\n2028-01-01,holiday,New Year\n", calendar, "2028",
            "source=Works%20council");
        await Do("DELETE /calendars/{id}/years/{year}", staff.Admin, null, calendar, "2028");
    }

    private async Task OnCall()
    {
        await Do("PUT /substitutes/{agentId}", staff.As("supervisor"), new
        {
            from = "2026-01-01", substitutes = new[] { new { agentId = agents[1].Id } },
        }, $"{agents[0].Id}");
        for (var i = 0; i < 2; i++)
        {
            var roster = Id(await Do("POST /on-call-rosters", staff.As("scheduler"), new
            {
                projectId = project, role = "Night duty", from = Values.Monday(9 + i), days = 3, handOver = new { at = new[] { "08:00:00", "20:00:00" } },
                agentIds = agents.Select(agent => agent.Id),
            }));
            await Get("GET /on-call-rosters/{id}/turns/{number}/candidates", $"/on-call-rosters/{roster}/turns/1/candidates");
            await Do("POST /on-call-rosters/{id}/changes", staff.As("supervisor"), new
            {
                changes = new[] { new { turn = 1, agentId = agents[5].Id } },
            }, roster);
            await Do("POST /on-call-rosters/{id}/publication", staff.As("scheduler"), null, roster);
            if (i == 1)
                await Do("POST /on-call-rosters/{id}/cancellation", staff.As("scheduler"), null, roster);
        }
    }

    // On a day on which two of them work each takes the other's shift, and another has it off.
    private async Task Exchanges(string roster)
    {
        await Do("PUT /exchange-policies/{projectId}", staff.As("scheduler"), new { from = "2026-01-01", policy = new { mostAMonth = 50 } },
            project);
        var worked = (await Get("GET /rosters/{id}", $"/rosters/{roster}"))["agents"]!.AsArray()
            .SelectMany(agent => agent!["shifts"]!.AsArray().Select(shift => (Agent: $"{agent["agentId"]}", Date: $"{shift!["date"]}")))
            .Where(shift => shift.Date != $"{Values.Monday(2):yyyy-MM-dd}").ToLookup(shift => shift.Date, shift => shift.Agent);
        var (date, both) = worked.Where(day => day.Count() > 1).Select(day => (day.Key, day.ToList())).First();
        var (one, other) = (staff.As("agent", Guid.Parse(both[0])), staff.As("agent", Guid.Parse(both[1])));

        foreach (var end in new[] { "refusal", "withdrawal", "approval" })
        {
            var swap = Id(await Do("POST /shift-swaps", one, new { projectId = project, agentId = both[0], date, inReturn = true }));
            if (end == "approval")
                await Do("POST /shift-swaps/{id}/taker", other, new { date }, swap);
            await Do($"POST /shift-swaps/{{id}}/{end}", end == "withdrawal" ? one : staff.As("supervisor"), null, swap);
        }

        foreach (var order in new[] { "first-come", "fairness" })
        {
            var offer = Id(await Do("POST /shift-offers", staff.As("scheduler"), new
            {
                rosterId = roster, kind = "time-off", date, closesAt = $"{date}T00:00", order, places = 2,
            }));
            var may = (await Get("GET /shift-offers/{id}/candidates", $"/shift-offers/{offer}/candidates")).AsArray()
                .FirstOrDefault(candidate => candidate!["rule"] is null);
            if (may is null)
                continue;
            var agent = staff.As("agent", Guid.Parse($"{may["agentId"]}"));
            await Do("POST /shift-offers/{id}/bids", agent, null, offer);
            if (order == "fairness")
                await Do("DELETE /shift-offers/{id}/bids", agent, null, offer);
        }
    }

    private async Task Reporting()
    {
        foreach (var week in new[] { -2, -1 })
            await Do("POST /digests", staff.As("operations-manager"), new { projectId = project, week = Values.Monday(week) });
        await Get("GET /digests", $"/digests?project={project}");
        await Get("GET /qa-letters", $"/qa-letters?project={project}");
        await Until(async () => (await Get("GET /backups", "/backups"))["items"]!.AsArray().Any(b => $"{b!["status"]}" == "succeeded"), "a backup");
    }

    private Operation Operation(string name) => staff.Operations.Single(o => o.Name == name);

    private JsonNode Example(string name) => Operation(name).Bodies["application/json"]!["example"]!.DeepClone();

    private async Task<JsonNode> Get(string name, string address) =>
        Findings.JsonOf(await findings.Ask(new(Operation(name), "GET", address, staff.Admin)))!;

    /// <summary>Asks until it is done: what it needs may still be on its way from another service.</summary>
    private async Task<Answer> Do(string name, Sender sender, object? body = null, string id = "", string other = "", string query = "")
    {
        var operation = Operation(name);
        var address = operation.Parameters.Where(p => p.In == "path").Index().Aggregate(operation.Path, (path, p) => path.Replace(
            $"{{{p.Item.Name}}}", p.Item.Name is "date" ? $"{Values.Monday(2):yyyy-MM-dd}" : p.Index == 0 ? id : other, StringComparison.Ordinal));
        var sent = body switch
        {
            null => null,
            byte[] file => file,
            string text => Encoding.UTF8.GetBytes(text),
            _ => JsonSerializer.SerializeToUtf8Bytes(body, Http.Json),
        };
        var done = await Eventually.Some(async () =>
        {
            var request = new Request(operation, operation.Method, query.Length > 0 ? $"{address}?{query}" : address, sender)
            {
                Body = sent, Type = operation.Bodies.Count > 0 ? operation.Bodies.First().Key : null,
            };
            if (operation.Takes("If-Match"))
                request.Headers.Add(("If-Match", await findings.VersionOf(operation, address, staff.Admin)));
            var answer = await findings.Ask(request);
            return answer.Status < 300 ? answer : answer.Status is 404 or 409 or 412 ? null
                : throw new InvalidOperationException($"{request} answered {answer.Status} {answer.Text}");
        }, $"{name} {address}", Patience);
        if (sent is not null && body is not (byte[] or string))
            things.Take(operation, JsonNode.Parse(sent)!);
        return done;
    }

    private static Task Until(Func<Task<bool>> condition, string what) => Eventually.True(condition, what, Patience);

    private static string Id(Answer answer) => answer.Headers["Location"].Split('/') switch
    {
                var parts => parts.Last(part => Guid.TryParse(part, out _)),
    };
}
