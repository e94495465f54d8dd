using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

public sealed class SamplingDesignJourneys(QualityApi api)
{
    [Fact]
    public async Task whoever_has_the_lot_file_draws_every_part_again_from_nothing_else()
    {
        var world = await api.World();
        var colleague = await api.Employ(Guid.CreateVersion7(), world.Project);
        foreach (var (agent, count) in new[] { (world.AgentId, 31), (colleague, 9) })
            await Various(world, agent, count);
        var design = await Design(world, new
        {
            name = "Everything", formId = await world.ActiveForm(), unit = "agent", size = new { percent = 25, atLeast = 4 }, spread = true,
            groups = new object[]
            {
                new { channel = "voice", direction = "inbound", percent = 50 }, new { channel = "voice", direction = "outbound", percent = 30 },
                new { channel = "chat", percent = 20 },
            },
            risks = new object[]
            {
                new { kind = "long-hold", size = new { number = 2 }, seconds = 60 }, new { kind = "silence", size = new { percent = 50 }, share = 0.4 },
                new { kind = "complaint", size = new { number = 1 } },
            },
        });
        await Draw(world, design);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{design}/draws/2026-03-02");
        request.Headers.Accept.ParseAdd("text/csv");
        var file = await (await world.Supervisor.SendAsync(request)).Content.ReadAsStringAsync();

        // From here on nothing of the product is used.
        var rows = file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        var columns = rows[0].Index().ToDictionary(column => column.Item, column => column.Index);
        Func<string[], string, string> Of = (row, column) => row[columns[column]];
        Func<string[], string, int> Number = (row, column) => int.Parse(Of(row, column), CultureInfo.InvariantCulture);
        var parts = rows.Skip(1).GroupBy(row => (Unit: Of(row, "unitId"), Part: Of(row, "part"))).ToList();
        parts.Select(part => part.Key.Part).Distinct().Should().BeEquivalentTo("random", "long-hold", "silence");
        var chance = new Dictionary<(string Call, string Part), double>();
        foreach (var part in parts)
        {
            var stem = string.Join('|', new[] { "seed", "designVersion", "part", "unitId", "first" }.Select(c => Of(part.First(), c)));
            var wanted = Of(part.First(), "size") is var size && size.EndsWith("%>=4", StringComparison.Ordinal)
                ? Math.Max(4, Rounded(part.Count(), size[..^4]))
                : size.EndsWith('%') ? Rounded(part.Count(), size[..^1]) : int.Parse(size, CultureInfo.InvariantCulture);
            wanted = Math.Min(wanted, part.Count());
            var groups = part.GroupBy(row => Of(row, "group")).ToList();
            var shares = groups.Select(g => Of(g.First(), "groupPercent") is { Length: > 0 } p ? int.Parse(p, CultureInfo.InvariantCulture) : g.Count())
                .ToList();
            var given = groups.Select(_ => 1).ToList();
            while (given.Sum() < wanted)
            {
                var behind = Enumerable.Range(0, groups.Count).Where(i => given[i] < groups[i].Count())
                    .OrderByDescending(i => (decimal)wanted * shares[i] / shares.Sum() - given[i]).First();
                given[behind]++;
            }

            foreach (var (i, group) in groups.Index())
            {
                group.Select(row => (Number(row, "groupWanted"), Number(row, "groupCandidates"))).Distinct().Should().Equal((given[i], group.Count()));
                var start = (decimal)Convert.ToUInt32(Sha($"{stem}|{group.Key}|start")[..8], 16) / 4294967296m;
                var before = 0;
                var lowest = new List<string>();
                var isSpread = Of(group.First(), "spread") == "true";
                var days = group.GroupBy(row => isSpread ? Of(row, "day") : "").OrderBy(day => day.Key, StringComparer.Ordinal).ToList();
                foreach (var day in days)
                {
                    var ofDay = (int)(Math.Floor((decimal)(before + day.Count()) * given[i] / group.Count() + start)
                        - Math.Floor((decimal)before * given[i] / group.Count() + start));
                    before += day.Count();
                    lowest.AddRange(day.OrderBy(row => Sha($"{stem}|{Of(row, "callId")}"), StringComparer.Ordinal).Take(ofDay).Select(row => Of(row, "callId")));
                }

                lowest.Should().BeEquivalentTo(group.Where(row => Of(row, "drawn") == "true").Select(row => Of(row, "callId")));
                foreach (var row in group)
                {
                    chance[(Of(row, "callId"), part.Key.Part)] = (double)given[i] / group.Count();
                    Of(row, "sampleKey").Should().Be(Sha($"{stem}|{Of(row, "callId")}"));
                    double.Parse(Of(row, "probability"), CultureInfo.InvariantCulture)
                        .Should().BeApproximately((double)given[i] / group.Count(), 1e-12);
                    (Of(row, "evaluationId") != "").Should().Be(Of(row, "drawn") == "true");
                }
            }

            part.Select(row => Of(row, "frame")).Distinct().Should().Equal(
                Sha(string.Join('\n', part.Select(row => Of(row, "callId")).Order(StringComparer.Ordinal))));
        }

        foreach (var row in rows.Skip(1).Where(row => Of(row, "drawn") == "true"))
            double.Parse(Of(row, "joint"), CultureInfo.InvariantCulture).Should().BeApproximately(
                1 - chance.Where(c => c.Key.Call == Of(row, "callId")).Aggregate(1.0, (product, c) => product * (1 - c.Value)), 1e-12);

        static int Rounded(int candidates, string percent) =>
            (int)Math.Ceiling(candidates * decimal.Parse(percent, CultureInfo.InvariantCulture) / 100);

        static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task a_risk_that_no_service_tells_of_is_named_and_draws_nothing()
    {
        var world = await api.World();
        await world.Calls(5);
        var design = await Design(world, new
        {
            name = "Complaints", formId = await world.ActiveForm(), size = new { number = 1 },
            risks = new object[] { new { kind = "complaint", size = new { number = 1 } }, new { kind = "low-satisfaction", size = new { number = 1 } } },
        });

        (await world.Inspector.Get<JsonElement>(design)).GetProperty("notFed").EnumerateArray().Select(kind => kind.GetString())
            .Should().Equal("complaint", "low-satisfaction");
        await Draw(world, design);

        var parts = (await world.Inspector.Get<JsonElement>($"{design}/draws/2026-03-02")).GetProperty("parts").EnumerateArray().ToList();
        parts.Select(part => (part.GetProperty("part").GetString(), part.GetProperty("notFed").GetBoolean(), Drawn(part)))
            .Should().Equal(("random", false, 1), ("complaint", true, 0), ("low-satisfaction", true, 0));
    }

    [Fact]
    public async Task a_chat_that_was_drawn_waits_in_the_queue_and_is_judged_as_one()
    {
        var world = await api.World();
        var form = await world.ActiveForm();
        await world.Calls(3);
        var chats = await world.Calls(2, change: c => c with { Channel = "chat", RecordingId = null, TalkSeconds = 0 });
        await Known(new ChatV1(NameId.Of("chat", chats[0]), 1, world.Project, chats[0], At, At, 1, null,
            [new(At, null, At.AddMinutes(2), world.AgentId)]));
        await Known(new ChatV1(NameId.Of("chat", chats[1]), 1, world.Project, chats[1], At, At, 1, 90,
            [new(At, At.AddSeconds(90), null, world.AgentId)]));
        var design = await Design(world, new
        {
            name = "Chats", formId = form, size = new { number = 5 }, groups = new object[] { new { channel = "chat" } },
            risks = new object[] { new { kind = "slow-reply", size = new { number = 1 }, seconds = 60 } },
        });

        await Draw(world, design);

        var candidates = (await world.Supervisor.Get<JsonElement>($"{design}/candidates/2026-03-02")).GetProperty("units")[0];
        candidates.GetProperty("excluded").GetProperty("no-reply").GetInt32().Should().Be(1);
        candidates.GetProperty("excluded").GetProperty("other-group").GetInt32().Should().Be(3);
        candidates.GetProperty("atRisk").GetProperty("slow-reply").GetInt32().Should().Be(1);
        (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations/queue")).Items.Should().ContainSingle()
            .Which.SubjectKind.Should().Be(SubjectKind.Chat);
        var next = await world.Inspector.Send(HttpMethod.Post, "/evaluations/next");
        var taken = JsonSerializer.Deserialize<EvaluationDetails>(await next.Content.ReadAsStringAsync(), Http.Json)!;
        taken.Should().BeEquivalentTo(new { CallId = chats[1], Status = EvaluationStatus.Draft, PlanId = Guid.Parse(design[^36..]) });
        taken.Subject.Should().BeEquivalentTo(new { Kind = SubjectKind.Chat, Calls = new[] { chats[1] } });
        await (await world.Inspector.Send(HttpMethod.Post, "/evaluations",
                body: new { formId = form, subject = new { kind = "chat", callId = chats[1], text = "Hello" } }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "call-evaluated");
        var given = await world.Inspector.Send(
            HttpMethod.Put, $"/evaluations/{taken.Id}/text", taken.Version, new { text = "Where is my order?" });
        (await world.Inspector.Get<EvaluationDetails>($"/evaluations/{taken.Id}")).Subject!.Text.Should().Be("Where is my order?");
        var answered = await world.Answer($"/evaluations/{taken.Id}", given.Version(), Samples.Perfect);
        (await world.Inspector.Send(HttpMethod.Post, $"/evaluations/{taken.Id}/submission", answered.Version()))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);

        await api.App.Services.GetRequiredService<IDocumentStore>().EraseTexts([taken.Id], CancellationToken.None);
        (await world.Inspector.Get<EvaluationDetails>($"/evaluations/{taken.Id}")).Subject!.Text.Should().Be("", "an erasure takes it out");
        var told = await api.Published<EvaluationV1>(f => f.Id == taken.Id && f.Status == "submitted");
        (told.Subject!.Kind, told.CallId, told.Score).Should().Be(("chat", chats[1], 100m));
        var scores = await world.Supervisor.Get<JsonElement>($"/quality-scores?planId={design[^36..]}&from=2026-03-04&to=2026-03-04");
        scores.GetProperty("scores").GetProperty("plan").GetProperty("score").GetDouble().Should().Be(100);
        scores.GetProperty("risks")[0].GetProperty("estimate").GetProperty("score").GetDouble().Should().Be(100);
    }

    [Fact]
    public async Task repeat_contacts_and_silence_are_told_by_facts_and_late_ones_are_waited_for()
    {
        var world = await api.World();
        CallV1 Of(CallV1 call, string customer, int hours) => call with
        {
            Source = "pbx", CustomerId = customer, AnsweredAt = At.AddHours(hours), EndedAt = At.AddHours(hours).AddMinutes(3),
        };
        var first = (await world.Calls(1, change: c => Of(c, "c-1", -80)))[0]; // in the week before
        var again = (await world.Calls(1, change: c => Of(c, "c-1", -40)))[0];
        var part = (await world.Calls(1, change: c => Of(c, "c-2", 0) with { ConversationId = "k" }))[0];
        var rest = (await world.Calls(1, change: c => Of(c, "c-2", 1) with { ConversationId = "k" }))[0];
        var design = await Design(world, new
        {
            name = "Repeats", formId = await world.ActiveForm(), size = new { number = 1 },
            risks = new object[]
            {
                new { kind = "repeat-contact", size = new { number = 5 }, hours = 48 }, new { kind = "silence", size = new { number = 5 }, share = 0.5 },
            },
        });

        (await world.Supervisor.Get<JsonElement>($"{design}/candidates/2026-03-02")).GetProperty("unheard").GetInt32().Should().Be(3);
        await Known(Heard(part, 0.7, version: 2));
        await api.Publish(Heard(part, 0.1, version: 1), Heard(part, 0.7, version: 2)); // late and twice
        await Known(Heard(rest, 0.2, version: 1));
        await Draw(world, design);

        var parts = (await world.Supervisor.Get<JsonElement>($"{design}/draws/2026-03-02")).GetProperty("parts").EnumerateArray().ToList();
        Calls(parts[1]).Should().Equal([again], "a part of the same conversation is no repeat, and the first was not in the week");
        Calls(parts[2]).Should().Equal(part);
        parts[2].GetProperty("excluded").GetProperty("risk-unknown").GetInt32().Should().Be(1, "of one nobody has told");
        first.Should().NotBe(again);

        static IEnumerable<Guid> Calls(JsonElement part) => part.GetProperty("contacts").EnumerateArray()
            .Where(contact => contact.GetProperty("drawn").GetBoolean()).Select(contact => contact.GetProperty("callId").GetGuid());

        RecordingEvidenceV1 Heard(Guid call, double silence, int version) => new(
            NameId.Of("evidence", call), version, world.Project, call, new string('a', 64), 180, silence, 0, 0, 0, 0, 0, 0.5, 2);
    }

    [Fact]
    public async Task teams_and_the_project_are_drawn_from_as_one()
    {
        var world = await api.World();
        var (team, colleague) = (Guid.CreateVersion7(), await api.Employ(Guid.CreateVersion7(), world.Project));
        await api.Publish(new TeamV1(team, 1, world.Project, "Days", null, [world.AgentId], "", [new(world.AgentId, new(2026, 1, 1), null)]));
        await api.Known<TeamV1>(team);
        await world.Calls(20);
        await world.Calls(20, colleague);
        var form = await world.ActiveForm();
        var ofTeams = await Design(world, new { name = "Teams", formId = form, unit = "team", size = new { percent = 10 } });
        var ofProject = await Design(world, new { name = "Project", formId = form, unit = "project", size = new { percent = 10 } });

        var units = (await world.Supervisor.Get<JsonElement>($"{ofTeams}/candidates/2026-03-02")).GetProperty("units").EnumerateArray().ToList();
        units.Single(unit => unit.GetProperty("unitId").ValueKind == JsonValueKind.Null).GetProperty("excluded").GetProperty("no-team").GetInt32()
            .Should().Be(20);
        var drawn = await Draw(world, ofTeams);
        var whole = await Draw(world, ofProject);

        (drawn.Units, drawn.Drawn["random"], whole.Units, whole.Drawn["random"]).Should().Be((1, 2, 1, 4));
        var part = (await world.Supervisor.Get<JsonElement>($"{ofProject}/draws/2026-03-02")).GetProperty("parts")[0];
        (part.GetProperty("unitId").GetGuid(), part.GetProperty("candidates").GetInt32()).Should().Be((world.Project, 40));
    }

    [Fact]
    public async Task a_design_waits_for_a_form_that_was_retired_and_its_form_is_not_taken_from_it_unasked()
    {
        var world = await api.World();
        await world.Calls(2);
        var form = await world.ActiveForm();
        var design = await Design(world, new { name = "Weekly", formId = form, size = new { number = 1 } });

        await (await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{form}/retirement", 2))
            .ShouldBeProblem(HttpStatusCode.Conflict, "form-in-use");
        (await world.Inspector.Send(HttpMethod.Post, $"/evaluation-forms/{form}/retirement?force=true", 2)).StatusCode
            .Should().Be(HttpStatusCode.NoContent);

        (await world.Inspector.Get<JsonElement>(design)).GetProperty("waits").GetProperty("cause").GetString().Should().Be("form-retired");
        await (await world.Inspector.Send(HttpMethod.Post, $"{design}/draws", body: new { first = World.Week }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "form-not-active");
    }

    [Fact]
    public async Task drawing_twice_or_at_once_draws_once_and_another_project_sees_nothing()
    {
        var world = await api.World();
        await world.Calls(6, change: c => c with { HoldSeconds = 90 });
        var design = await Design(world, new
        {
            name = "Weekly", formId = await world.ActiveForm(), size = new { number = 2 },
            risks = new object[] { new { kind = "long-hold", size = new { number = 2 }, seconds = 60 } },
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.Inspector.Send(
            HttpMethod.Post, $"{design}/draws", body: new { first = World.Week })));
        var bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()));

        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.Created);
        bodies.Distinct().Should().ContainSingle();
        (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items.Count.Should().BeInRange(2, 4);
        await (await world.Stranger.GetAsync(design)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await world.Stranger.GetAsync($"{design}/draws/2026-03-02")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await world.Stranger.GetAsync($"/quality-scores?planId={design[^36..]}&from=2026-03-04&to=2026-03-04"))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await world.Inspector.Send(HttpMethod.Post, $"{design}/draws", body: new { first = World.Week.AddDays(1) }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-a-week-start");
    }

    [Fact]
    public async Task a_period_that_is_over_is_drawn_by_itself()
    {
        var world = await api.World();
        var (design, form, lastWeek) = (Guid.CreateVersion7(), await world.ActiveForm(), DateTimeOffset.UtcNow.AddDays(-7.5));
        await world.Calls(3, change: c => c with { AnsweredAt = lastWeek });
        Actor.Current = Actor.Job("test");
        await using (var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<SamplingDesign>(design, new SamplingDesignMade(
                design, world.Project, "seed", new("Weekly", form, new(1)), world.InspectorId, lastWeek.AddDays(-7)));
            await session.SaveChangesAsync();
        }

        await Eventually.True(
            async () => (await world.Inspector.Get<Page<EvaluationSummary>>("/evaluations?status=pending")).Items.Count == 1, "the drawn call");

        (await world.Inspector.Get<Page<DrawnPeriod>>($"/sampling-designs/{design}/draws")).Items.Sum(w => w.Drawn.GetValueOrDefault("random"))
            .Should().Be(1);
    }

    private static readonly DateTimeOffset At = new(2026, 3, 4, 2, 0, 0, TimeSpan.Zero);

    // Inbound, outbound and chats over five days; some on hold for long, some silent.
    private async Task Various(World world, Guid agent, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (at, chat) = (At.AddDays(i % 5 - 2).AddMinutes(i), i % 4 == 3);
            var call = (await world.Calls(1, agent, change: c => c with
            {
                AnsweredAt = at, EndedAt = at.AddMinutes(3), Channel = chat ? "chat" : "voice", RecordingId = chat ? null : c.RecordingId,
                Direction = i % 3 == 1 ? "outbound" : "inbound", HoldSeconds = i % 5 == 0 ? 90 : 0,
            }))[0];
            if (!chat)
                await Known(new RecordingEvidenceV1(NameId.Of("evidence", call), 1, world.Project, call, new string('a', 64), 180,
                    i % 6 == 0 ? 0.5 : 0.1, 0, 0, 0, 0, 0, 0.5, 2));
        }
    }

    private async Task Known(RecordingEvidenceV1 evidence)
    {
        await api.Publish(evidence);
        await api.Known<RecordingEvidenceV1>(evidence.Id);
    }

    private async Task Known(ChatV1 chat)
    {
        await api.Publish(chat);
        await api.Known<ChatV1>(chat.Id);
    }

    private static int Drawn(JsonElement part) => part.GetProperty("contacts").EnumerateArray().Count(c => c.GetProperty("drawn").GetBoolean());

    private static Task<string> Design(World world, object rules) =>
        World.Created(world.Inspector, "/sampling-designs", new { projectId = world.Project, seed = "spring", rules });

    private static async Task<DrawnPeriod> Draw(World world, string design)
    {
        var response = await world.Inspector.Send(HttpMethod.Post, $"{design}/draws", body: new { first = World.Week });
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());

        return (await world.Inspector.Get<Page<DrawnPeriod>>($"{design}/draws")).Items.Single();
    }
}
