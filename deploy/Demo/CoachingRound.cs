using System.Globalization;
using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>
/// What follows from scores: one is mended, two inspectors compare theirs, and an agent is coached until a later call passes.
/// </summary>
/// <param name="before">What is judged again began before that: the figures of the week stay what they are.</param>
internal sealed class CoachingRound(Api api, Organisation organisation, QualityRound quality, Guid form, DateTimeOffset before)
{
    private Api.Seat Inspector(int i) => api.As(organisation.Inspectors[i], "inspector", organisation.Project);

    private string NameOf(Guid agent) => organisation.Agents.First(a => a.Id == agent).StaffNumber;

    /// <summary>Whoever mistyped answers anew, with a reason; the score of before stays to be read.</summary>
    public async Task<string> Correct()
    {
        var wrong = quality.Scored.Where(scored => scored.Result["passed"]?.GetValue<bool>() == true)
            .MinBy(scored => scored.Result["score"]!.GetValue<decimal>())
            ?? throw new DemoException("no score passed, and so none is there to be mended");
        var me = Inspector(wrong.Inspector);
        var path = $"/evaluations/{wrong.Evaluation}";
        await me.Post($"{path}/corrections", new
        {
            reason = "I ticked the line above.", formVersion = wrong.FormVersion,
            answers = QualityRound.Answers(wrong.Form, new Random(1), skill: 1),
        }, await me.VersionOf(path));
        var after = (await me.Get(path))["result"]!["score"]!.GetValue<decimal>();

        return string.Create(CultureInfo.InvariantCulture, $"an inspector mends a score that was mistyped: "
            + $"{wrong.Result["score"]!.GetValue<decimal>():0.#} becomes {after:0.#}, and both stay on record");
    }

    /// <summary>Two judge the same calls without seeing what the other says.</summary>
    public async Task<string> Calibrate()
    {
        var calls = quality.Scored.OrderBy(scored => scored.Result["score"]!.GetValue<decimal>()).Take(4).ToList();
        var (session, _, _) = await Inspector(0).Post("/calibrations", new
        {
            projectId = organisation.Project, formId = form, callIds = calls.Select(call => call.Call),
            terms = new
            {
                title = "The hardest of the week", inspectors = organisation.Inspectors.Take(2),
                closesAt = TimeProvider.System.GetUtcNow().AddDays(1),
            },
        });
        foreach (var (call, i) in calls.SelectMany(call => new[] { (call, 0), (call, 1) }))
            await Inspector(i).Send(HttpMethod.Put, $"{session}/scores/{call.Call}", new
            {
                formVersion = call.FormVersion,
                answers = QualityRound.Answers(call.Form, new Random(call.Call.GetHashCode() + i), skill: i == 0 ? 0.8 : 0.9),
            });
        await Inspector(0).Post($"{session}/closing", version: await Inspector(0).VersionOf(session));
        var agreement = await Inspector(0).Get($"{session}/agreement");
        var alpha = agreement["score"]!["alpha"]?.GetValue<double>();

        return string.Create(CultureInfo.InvariantCulture, $"two inspectors judge {calls.Count} calls blindly: ")
            + (alpha is { } agreed ? string.Create(CultureInfo.InvariantCulture, $"alpha of their scores {agreed:0.00}")
                : "too little differs to say how far they agree");
    }

    /// <summary>The agent whose call was scored lowest and who failed a section; both sign what they agree on.</summary>
    /// <returns>The coaching, and what is done.</returns>
    public async Task<(string Coaching, string Told)> Coach()
    {
        var finding = quality.Scored.Where(scored => Failed(scored) is not null)
            .MinBy(scored => scored.Result["score"]!.GetValue<decimal>())
            ?? throw new DemoException("nobody failed a section, and so nobody is coached");
        var (coach, agent) = (Inspector(finding.Inspector), api.As(finding.Agent, "agent", organisation.Project));
        var section = Failed(finding)!;
        var now = TimeProvider.System.GetUtcNow();
        var recheckBy = DateOnly.FromDateTime(now.UtcDateTime).AddDays(30);
        var (coaching, version, _) = await coach.Post("/coachings", new
        {
            projectId = organisation.Project, agentId = finding.Agent, section,
            cause = new { kind = "finding", evaluationId = finding.Evaluation },
            plan = new { talkAt = now, recheckBy, subject = $"What was missing in '{section}'" },
        });
        (_, version, _) = await coach.Send(HttpMethod.Put, $"{coaching}/agreement", new
        {
            agreement = "We have heard the call together.",
            actions = new[] { new { what = "Hear three calls of one's own", by = "agent", dueOn = recheckBy } },
        }, version);
        (_, version, _) = await agent.Post($"{coaching}/signature", version: version);
        await coach.Post($"{coaching}/signature", version: version);
        await JudgeAgain(finding, coach);

        return (coaching, $"{NameOf(finding.Agent)} is coached for the section '{section}', both sign, and another call of theirs is judged");
    }

    /// <summary>Waits until the coaching is closed by the later evaluation.</summary>
    public async Task<string> Closed(string coaching)
    {
        for (var look = 0; look < 90; look++)
        {
            var seen = await Inspector(0).Get(coaching);
            if (seen["status"]!.GetValue<string>() == "passed")
                return $"the coaching of {NameOf(seen["agentId"]!.GetValue<Guid>())} ends: a later call passes the section";
            await Task.Delay(1000);
        }

        throw new DemoException($"{coaching} is not closed by the later evaluation");
    }

    private async Task JudgeAgain(QualityRound.Judged finding, Api.Seat coach)
    {
        var (evaluation, version, _) = await coach.Post("/evaluations", new { callId = await AnotherCall(finding), formId = form });
        (_, version, _) = await coach.Send(HttpMethod.Put, $"{evaluation}/answers",
            new { formVersion = finding.FormVersion, answers = QualityRound.Answers(finding.Form, new Random(1), skill: 1) }, version);
        await coach.Post($"{evaluation}/submission", version: version);
    }

    private async Task<Guid> AnotherCall(QualityRound.Judged finding)
    {
        var known = quality.Scored.Select(scored => scored.Call).ToHashSet();
        foreach (var until in new[] { $"&to={Uri.EscapeDataString(before.ToString("O"))}", "" })
        {
            var calls = await Inspector(0).Get(
                $"/calls?project={organisation.Project}&agent={finding.Agent}&outcome=answered&limit=50{until}");
            if (calls["items"]!.AsArray().Select(call => call!["id"]!.GetValue<Guid>()).FirstOrDefault(id => !known.Contains(id))
                is var another && another != Guid.Empty)
                return another;
        }

        throw new DemoException("the agent has no other call that could be judged");
    }

    private static string? Failed(QualityRound.Judged scored) => scored.Result["sections"]!.AsArray()
        .FirstOrDefault(section => section!["passed"]?.GetValue<bool>() == false)?["section"]!.GetValue<string>();
}
