using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>Recordings, the draw, and inspectors who work through their queue.</summary>
internal sealed class QualityRound(Api api, Organisation organisation, int seed)
{
    private Api.Seat Inspector(int i) => api.As(organisation.Inspectors[i], "inspector", organisation.Project);

    /// <summary>A form made from the one the how-to shows, active.</summary>
    public async Task<Guid> MakeForm(JsonNode content)
    {
        var (form, version, _) = await Inspector(0).Post("/evaluation-forms", new { projectId = organisation.Project, content });
        await Inspector(0).Post($"{form}/activation", version: version);
        return Guid.Parse(form[^36..]);
    }

    /// <summary>Uploads short recordings of some answered calls of each agent in the week.</summary>
    public async Task<int> Record(DateTimeOffset from, DateTimeOffset to, int perAgent)
    {
        var integrator = api.As(organisation.Manager, "integrator", organisation.Project);
        var uploads = new List<Task>();
        foreach (var call in await Answered(integrator, from, to, perAgent))
        {
            var wav = Recording.Of(call.GetHashCode());
            uploads.Add(integrator.Upload($"/calls/{call}/recordings", () => new MemoryStream(wav), "audio/wav"));
            if (uploads.Count % 8 == 0)
                await Task.WhenAll(uploads);
        }

        await Task.WhenAll(uploads);
        return uploads.Count;
    }

    // The list follows an import at a distance: it has caught up when every agent has enough calls, or none gets more.
    private async Task<List<Guid>> Answered(Api.Seat integrator, DateTimeOffset from, DateTimeOffset to, int perAgent)
    {
        var found = new List<Guid>();
        for (var (look, before) = (0, -1);
            look < 60 && found.Count < organisation.Agents.Count * perAgent && (found.Count == 0 || found.Count > before);
            look++)
        {
            if (look > 0)
                await Task.Delay(1000);
            (before, found) = (found.Count, []);
            foreach (var (agent, _) in organisation.Agents)
            {
                var calls = await integrator.Get(
                    $"/calls?project={organisation.Project}&agent={agent}&outcome=answered&from={Uri.EscapeDataString(from.ToString("O"))}&to={Uri.EscapeDataString(to.ToString("O"))}&limit={perAgent}");
                found.AddRange(calls["items"]!.AsArray().Select(c => c!["id"]!.GetValue<Guid>()));
            }
        }

        return found;
    }

    /// <summary>A plan of so many calls per agent and week, and its draw for one week.</summary>
    /// <returns>How many calls were drawn.</returns>
    public async Task<int> Draw(Guid form, DateOnly week, int recorded)
    {
        var (plan, _, _) = await Inspector(0).Post("/sampling-plans", new
        {
            projectId = organisation.Project,
            seed = $"demo-{seed}",
            rules = new { name = "Two calls a week", formId = form, callsPerAgent = 2, direction = "inbound", minTalkSeconds = 0,
                recordingRequired = true, inspectors = organisation.Inspectors },
        });

        // The draw is only as good as what has arrived; wait until Quality knows every recording.
        for (int patience = 0, known = 0; known < recorded && patience < 240; patience++)
        {
            var candidates = await Inspector(0).Get($"{plan}/candidates/{week:yyyy-MM-dd}");
            known = candidates["candidates"]!.GetValue<int>();
            await Task.Delay(100);
        }

        return (await Inspector(0).Post($"{plan}/draws", new { week })).Body!["drawn"]!.GetValue<int>();
    }

    /// <summary>Each inspector takes the next call until none waits, listens, answers and submits.</summary>
    public async Task<(int Scored, int Failed)> ScoreAll()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, organisation.Inspectors.Count).Select(ScoreMine));
        return (results.Sum(r => r.Scored), results.Sum(r => r.Failed));
    }

    /// <summary>What somebody scored: in order of time for each inspector.</summary>
    public IReadOnlyList<Judged> Scored => [.. judged];

    internal sealed record Judged(int Inspector, Guid Evaluation, Guid Call, Guid Agent, JsonNode Form, int FormVersion, JsonNode Result);

    private readonly ConcurrentQueue<Judged> judged = [];

    private async Task<(int Scored, int Failed)> ScoreMine(int inspector)
    {
        var me = Inspector(inspector);
        var (scored, failed) = (0, 0);
        while ((await me.Post("/evaluations/next")).Body is { } evaluation)
        {
            var id = evaluation["id"]!.GetValue<Guid>();
            var version = evaluation["version"]!.GetValue<long>();
            var agent = evaluation["agentId"]!.GetValue<Guid>();
            var answers = Answers(evaluation["form"]!, new Random(seed ^ id.GetHashCode()), Skill(agent));

            (_, version, _) = await me.Send(HttpMethod.Put, $"/evaluations/{id}/answers",
                new { formVersion = evaluation["formVersion"]!.GetValue<int>(), answers }, version);
            await me.Post($"/evaluations/{id}/submission", version: version);
            scored++;
            var result = (await me.Get($"/evaluations/{id}"))["result"]!;
            if (result["passed"]?.GetValue<bool>() == false)
                failed++;
            judged.Enqueue(new(inspector, id, evaluation["callId"]!.GetValue<Guid>(), agent, evaluation["form"]!,
                evaluation["formVersion"]!.GetValue<int>(), result));
        }

        return (scored, failed);
    }

    // Most agents do well; every sixth is learning.
    private double Skill(Guid agent) => organisation.Agents.ToList().FindIndex(a => a.Id == agent) % 6 == 5 ? 0.75 : 0.97;

    /// <param name="skill">How often an answer is as it should be.</param>
    public static List<object> Answers(JsonNode form, Random random, double skill) =>
    [
        .. form["sections"]!.AsArray().SelectMany(section => section!["questions"]!.AsArray()).Select(question =>
        {
            var good = random.NextDouble() < skill;
            object answer = question!["kind"]!.GetValue<string>() switch
            {
                "yes-no" => new { yes = good },
                "number" => new { number = good ? 0 : 3 },
                _ => new
                {
                    choice = question["choices"]!.AsArray().OrderByDescending(c => c!["points"]!.GetValue<decimal>())
                        .ElementAt(good ? 0 : 1)!["code"]!.GetValue<string>(),
                },
            };
            return (object)new { question = question["code"]!.GetValue<string>(), answer,
                comment = good ? null : "Heard in the recording." };
        }),
    ];
}
