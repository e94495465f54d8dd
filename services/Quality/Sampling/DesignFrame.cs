using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Quality.Sampling;

/// <summary>What a period is drawn from: the facts that are known of its contacts.</summary>
/// <param name="Contacts">Answered by an agent within it.</param>
/// <param name="Unheard">Candidates with a recording of which nobody has told yet what is heard in it, where that is asked.</param>
public sealed record DesignFrame(IReadOnlyList<SampledContact> Contacts, int Unheard)
{
    /// <param name="facts">Of contacts that an agent has answered.</param>
    /// <param name="teamOf">Which team an agent was in on a day.</param>
    public static DesignFrame Of(
        SamplingDesign design, LocalCalendar calendar, IReadOnlyList<RiskFacts> facts, Func<Guid, DateOnly, Guid?> teamOf)
    {
        var (rules, contacts, unheard) = (design.Rules, new List<SampledContact>(), 0);
        var hears = rules.RiskParts().Any(risk => risk.Kind is RiskKind.Silence);
        foreach (var fact in facts)
        {
            var (call, agent) = (fact.Call, fact.Call.AgentId!.Value);
            var day = calendar.DayOf(call.AnsweredAt!.Value);
            Guid? unit = rules.Unit switch
            {
                SamplingUnit.Agent => agent,
                SamplingUnit.Team => teamOf(agent, day),
                _ => design.ProjectId,
            };
            var excluded = rules.Excludes(call, fact.Chat) ?? (unit is null ? "no-team" : null);
            if (hears && excluded is null && call.RecordingId is not null && fact.Evidence is null)
                unheard++;
            contacts.Add(new(call.Id, agent, unit, day, rules.GroupOf(call)?.Code, excluded, DesignRules.IsChat(call),
                rules.RiskParts().ToDictionary(risk => risk.Kind, risk => Risks.Of(risk, fact))));
        }

        return new(contacts, unheard);
    }
}

internal static class DesignFrames
{
    private const int AtOnce = 5000;

    extension(IQuerySession session)
    {
        public async Task<DesignFrame> FrameOf(
            SamplingDesign design, LocalCalendar calendar, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
        {
            var calls = await session.Query<CallV1>()
                .Where(call => call.ProjectId == design.ProjectId && call.AgentId != null)
                .Where(call => call.AnsweredAt >= from && call.AnsweredAt < to)
                .ToListAsync(cancellation);
            var risks = design.Rules.RiskParts();
            var ids = calls.Select(call => call.Id).ToList();
            var evidence = risks.Any(risk => risk.Kind is RiskKind.Silence)
                ? await Chunked(ids, some => session.Query<RecordingEvidenceV1>().Where(e => e.CallId.IsOneOf(some)), cancellation) : [];
            var chats = await Chunked([.. calls.Where(DesignRules.IsChat).Select(call => call.Id)],
                some => session.Query<ChatV1>().Where(chat => chat.CallId.IsOneOf(some)), cancellation);
            var hours = risks.Where(risk => risk.Kind is RiskKind.RepeatContact).Max(risk => risk.Hours);
            var before = hours is { } most
                ? await session.ContactsBefore(design.ProjectId, calls, from.AddHours(-most), from, cancellation)
                : new Dictionary<Guid, DateTimeOffset>();
            var (heard, written) = (evidence.GroupBy(e => e.CallId).ToDictionary(e => e.Key, e => e.MaxBy(one => one.Version)),
                chats.GroupBy(chat => chat.CallId).ToDictionary(chat => chat.Key, chat => chat.MaxBy(one => one.Version)));

            return DesignFrame.Of(design, calendar,
                [
                    .. calls.Select(call => new RiskFacts(call, heard.GetValueOrDefault(call.Id), written.GetValueOrDefault(call.Id),
                        before.TryGetValue(call.Id, out var at) ? at : null)),
                ],
                design.Rules.Unit is SamplingUnit.Team ? await session.TeamsOf(design.ProjectId, cancellation) : (_, _) => null);
        }

        /// <summary>When the same customer's last answered contact before each was, by call: of another conversation.</summary>
        private async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> ContactsBefore(
            Guid project, IReadOnlyList<CallV1> calls, DateTimeOffset since, DateTimeOffset from, CancellationToken cancellation)
        {
            var earlier = await session.Query<CallV1>()
                .Where(call => call.ProjectId == project && call.AnsweredAt >= since && call.AnsweredAt < from && call.CustomerId != null)
                .ToListAsync(cancellation);
            var found = new Dictionary<Guid, DateTimeOffset>();
            foreach (var own in earlier.Concat(calls).Where(call => call.CustomerId is not null)
                .GroupBy(call => (call.Source, call.CustomerId)))
            {
                var inOrder = own.OrderBy(call => call.AnsweredAt).ThenBy(call => call.Id).ToList();
                foreach (var (i, call) in inOrder.Index())
                    if (inOrder.FindLastIndex(Math.Max(0, i - 1), i, other => !IsPartOf(other, call)) is >= 0 and var last)
                        found[call.Id] = inOrder[last].AnsweredAt!.Value;
            }

            return found;
        }

        private async Task<Func<Guid, DateOnly, Guid?>> TeamsOf(Guid project, CancellationToken cancellation)
        {
            var teams = (await session.Query<TeamV1>().Where(team => team.ProjectId == project).ToListAsync(cancellation))
                .OrderBy(team => team.Id).ToList();
            return (agent, day) => teams.FirstOrDefault(team => Projects.Staff.IsIn(team, agent, day))?.Id;
        }
    }

    private static bool IsPartOf(CallV1 other, CallV1 call) =>
        (call.ConversationId is { } conversation && other.ConversationId == conversation) || call.LinkedCallId == other.Id;

    private static async Task<List<T>> Chunked<T>(
        IReadOnlyList<Guid> calls, Func<Guid[], IQueryable<T>> query, CancellationToken cancellation) where T : notnull
    {
        var found = new List<T>();
        foreach (var some in calls.Chunk(AtOnce))
            found.AddRange(await query(some).ToListAsync(cancellation));
        return found;
    }
}
