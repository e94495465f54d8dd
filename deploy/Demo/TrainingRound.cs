using System.Text.Json.Nodes;

namespace CallCenter.Demo;

/// <summary>What failed evaluations ask for: a course for each failed section, a session next week, seats for those who need it.</summary>
internal sealed class TrainingRound(Api api, Organisation organisation)
{
    private Api.Seat Trainer => api.As(organisation.Trainer, "trainer", organisation.Project);

    /// <summary>Waits until the needs that the failed evaluations open have arrived.</summary>
    public async Task<IReadOnlyList<JsonNode>> OpenNeeds(int evaluationsFailed)
    {
        for (var patience = 0; ; patience++)
        {
            var needs = (await Trainer.Get($"/training-needs?projectId={organisation.Project}&limit=500"))["items"]!.AsArray()
                .Select(n => n!).ToList();
            if (needs.Select(n => n["agentId"]!.GetValue<Guid>()).Distinct().Any() || evaluationsFailed == 0 || patience == 120)
                return needs;
            await Task.Delay(250);
        }
    }

    /// <returns>How many sessions were planned and seats taken.</returns>
    public async Task<(int Sessions, int Seats)> PlanSessions(IReadOnlyList<JsonNode> needs, DateOnly monday)
    {
        var (sessions, seats) = (0, 0);
        foreach (var (section, i) in needs.GroupBy(n => n["section"]!.GetValue<string>()).OrderByDescending(g => g.Count()).Take(4)
            .Select((g, i) => (g, i)))
        {
            var (course, _, _) = await Trainer.Post("/courses",
                new
                {
                    title = $"Refresher: {section.Key}, {organisation.ProjectName}", kind = "quality-standard", minutes = 60,
                    sections = new[] { section.Key },
                });
            var startsAt = Local(monday.AddDays(1 + i), 14);
            var (session, version, _) = await Trainer.Post("/training-sessions", new
            {
                courseId = course[^36..], projectId = organisation.Project, trainerId = organisation.Trainer, room = "Room 3", seats = 12,
                startsAt, endsAt = startsAt.AddHours(1),
            });
            sessions++;

            foreach (var need in section.Take(12))
            {
                if (await Enrol(session, need["agentId"]!.GetValue<Guid>(), new { needId = need["id"] }, version) is { } enrolled)
                    (version, seats) = (enrolled, seats + 1);
            }
        }

        return (sessions, seats);
    }

    /// <summary>Last week's session of both teams, attended and written down.</summary>
    /// <returns>Hours of training.</returns>
    public async Task<double> HoldTeamSession(DateOnly monday)
    {
        var (course, _, _) = await Trainer.Post("/courses", new
        {
            title = $"New card product, {organisation.ProjectName}", kind = "product", minutes = 45, sections = Array.Empty<string>(),
        });
        var startsAt = Local(monday.AddDays(3), 19);
        var (session, version, _) = await Trainer.Post("/training-sessions", new
        {
            courseId = course[^36..], projectId = organisation.Project, trainerId = organisation.Trainer, room = "Hall", seats = 40,
            startsAt, endsAt = startsAt.AddMinutes(45),
        });
        var seated = new List<Guid>();
        foreach (var (agent, _) in organisation.Agents)
            if (await Enrol(session, agent, new { }, version) is { } enrolled)
            {
                version = enrolled;
                seated.Add(agent);
            }

        var register = seated.Select((agent, i) =>
            new { employeeId = agent, attended = i % 9 != 8, minutes = i % 9 != 8 ? 45 : 0, result = "none" }).ToList();
        await Trainer.Send(HttpMethod.Put, $"{session}/register", new { register }, version);
        return register.Sum(r => r.minutes) / 60.0;
    }

    /// <returns>The session's new version; null where the agent, known from an earlier demo of the same file, has that hour
    /// taken.</returns>
    private async Task<long?> Enrol(string session, Guid agent, object enrolment, long version)
    {
        try
        {
            return (await Trainer.Send(HttpMethod.Put, $"{session}/enrolments/{agent}", enrolment, version)).Version;
        }
        catch (DemoException e) when (e.Message.Contains("/problems/overlap", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private DateTimeOffset Local(DateOnly day, int hour)
    {
        var local = day.ToDateTime(new TimeOnly(hour, 0));
        return new DateTimeOffset(local, organisation.Zone.GetUtcOffset(local));
    }
}
