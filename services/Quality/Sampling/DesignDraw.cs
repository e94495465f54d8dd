using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Quality.Sampling;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <param name="First">First local day of the period.</param>
/// <param name="From">Its first instant; contacts answered from here…</param>
/// <param name="To">…until before here are the period's.</param>
/// <param name="By">Null: drawn by itself when the period was over.</param>
public sealed record PeriodDrawn(
    Guid DrawId, Guid DesignId, Guid ProjectId, SamplingPeriod Period, DateOnly First, DateTimeOffset From, DateTimeOffset To, string Zone,
    Guid? By, DateTimeOffset At);

/// <summary>One part's draw of a unit, with all it takes to make it again: see <see cref="StratifiedSample"/>.</summary>
/// <param name="Part"><c>random</c>, or a kind of risk.</param>
/// <param name="Wanted">How many were to be drawn of so many.</param>
/// <param name="Groups">Every contact that could have been drawn, by group, day and agent.</param>
/// <param name="Excluded">How many contacts of the unit were no candidates, by reason.</param>
/// <param name="Drawn">By group, day and key.</param>
/// <param name="NotFed">No service tells of this risk: nothing could be drawn.</param>
public sealed record PartDrawn(
    string Part, SamplingUnit Unit, Guid UnitId, int DesignVersion, string Seed, SampleSize Size, int Wanted, bool Spread,
    IReadOnlyList<FrameGroup> Groups, IReadOnlyDictionary<string, int> Excluded, IReadOnlyList<DrawnContact> Drawn, bool NotFed, Guid? By,
    DateTimeOffset At)
{
    /// <summary>How many the rules ask for: more than were drawn where there were not as many.</summary>
    public int Asked() => Math.Max(Wanted, Size.AskedOf(Groups.Sum(group => group.Candidates())));
}

/// <summary>Nothing was drawn of a period, and it is not looked at again by itself.</summary>
/// <param name="Cause"><c>no-calls</c>: no answered contact of it became known within five weeks.</param>
public sealed record PeriodSkipped(Guid DrawId, Guid DesignId, DateOnly First, string Cause, DateTimeOffset At);

/// <summary>A group's contacts, and how many of them are drawn.</summary>
/// <param name="Percent">Its part of the draw; null: by its contacts.</param>
/// <param name="Days">In order of the calendar.</param>
public sealed record FrameGroup(string Group, int? Percent, int Wanted, IReadOnlyList<FrameDay> Days)
{
    public int Candidates() => Days.Sum(day => day.Candidates());
}

/// <param name="Wanted">How many are drawn of the day; null where the draw is not spread over days.</param>
public sealed record FrameDay(DateOnly Day, int? Wanted, IReadOnlyList<FrameAgent> Agents)
{
    public int Candidates() => Agents.Sum(agent => agent.Calls.Count);
}

public sealed record FrameAgent(Guid AgentId, IReadOnlyList<Guid> Calls);

/// <param name="InspectorId">Null: whoever takes it.</param>
/// <param name="Inclusion">The probability with which this part draws it.</param>
/// <param name="Joint">The probability with which any part draws it: 1 − Π (1 − inclusion), for each part draws by keys of its own.</param>
public sealed record DrawnContact(Guid CallId, Guid AgentId, Guid EvaluationId, Guid? InspectorId, double Inclusion, double Joint);

// ---- Command

/// <param name="Contacts">Answered by an agent within the period.</param>
/// <param name="Left">Those of the design's inspectors who have left; the others take their turns.</param>
/// <param name="Judged">Contacts that have an evaluation by the form already, and which: when drawn, that is the one.</param>
public sealed record DrawPeriod(
    SamplingDesign Design, DateOnly First, DateTimeOffset From, DateTimeOffset To, string Zone, IReadOnlyList<SampledContact> Contacts,
    Guid? By, DateTimeOffset Now, IReadOnlySet<Guid>? Left = null, IReadOnlyDictionary<Guid, Guid>? Judged = null);

public sealed record SkipPeriod(SamplingDesign Design, DateOnly First, string Cause, DateTimeOffset Now);

/// <summary>A contact as the draw sees it.</summary>
/// <param name="UnitId">The agent, the team or the project; null where the agent was in no team that day.</param>
/// <param name="Group">Null where it is no candidate.</param>
/// <param name="Excluded">Why it is no candidate; null where it is.</param>
/// <param name="AtRisk">Of each risk of the design; null where nobody knows.</param>
public sealed record SampledContact(
    Guid CallId, Guid AgentId, Guid? UnitId, DateOnly Day, string? Group, string? Excluded, bool IsChat,
    IReadOnlyDictionary<RiskKind, bool?> AtRisk);

// ---- State

public sealed record DesignDraw
{
    public Guid Id { get; init; }
    public PeriodDrawn? Period { get; init; }
    public bool Skipped { get; init; }
    public ImmutableList<PartDrawn> Parts { get; init; } = [];

    public DesignDraw Evolve(object @event) => @event switch
    {
        PeriodDrawn e => this with { Id = e.DrawId, Period = e },
        PeriodSkipped e => this with { Id = e.DrawId, Skipped = true },
        PartDrawn e => this with { Parts = Parts.Add(e) },
        _ => this,
    };
}

// ---- Decisions

public static class DesignDrawDecider
{
    /// <summary>
    /// A unit's draw is final, all its parts at once. What had no candidate so far is drawn as soon as late contacts make one.
    /// </summary>
    public static object[] Decide(DrawPeriod command, DesignDraw state)
    {
        SamplingDesignDecider.EnsureGoing(command.Design);

        if (command.Now < command.To)
            throw new RefusedException("period-not-over", $"The period ends at {command.To:O}; its contacts are drawn afterwards.");

        var (design, first) = (command.Design, command.First);
        var drawnUnits = state.Parts.Select(part => part.UnitId).ToHashSet();
        var turns = new Turns(
            [.. (design.Rules.Inspectors ?? []).Where(inspector => command.Left?.Contains(inspector) != true)], first,
            state.Parts.SelectMany(part => part.Drawn).Select(drawn => drawn.CallId).Distinct().Count());

        return
        [
            .. state.Period is not null ? Array.Empty<object>() :
            [
                new PeriodDrawn(IdOf(design.Id, first), design.Id, design.ProjectId, design.Rules.Period, first, command.From, command.To,
                    command.Zone, command.By, command.Now),
            ],
            .. command.Contacts.Where(contact => contact.UnitId is { } unit && !drawnUnits.Contains(unit))
                .GroupBy(contact => contact.UnitId!.Value).OrderBy(unit => unit.Key)
                .Where(unit => unit.Any(contact => contact.Excluded is null))
                .SelectMany(unit => DrawUnit(command, unit.Key, [.. unit], turns)),
        ];
    }

    public static object[] Decide(SkipPeriod command, DesignDraw state) => state.Period is not null || state.Skipped ? [] :
    [
        new PeriodSkipped(IdOf(command.Design.Id, command.First), command.Design.Id, command.First, command.Cause, command.Now),
    ];

    public static Guid IdOf(Guid designId, DateOnly first) => NameId.Of("design-draw", designId, first);

    private static IEnumerable<PartDrawn> DrawUnit(DrawPeriod command, Guid unit, List<SampledContact> contacts, Turns turns)
    {
        var rules = command.Design.Rules;
        var candidates = contacts.Where(contact => contact.Excluded is null).ToList();
        List<PartFrame> parts =
        [
            Frame(StratifiedSample.RandomPart, rules.Size, candidates, [.. rules.Strata().Select(group => (group.Code, group.Percent))],
                contact => contact.Group!, rules.Spread, Counted(contacts, contact => contact.Excluded)),
            .. rules.RiskParts().Select(risk => Frame(risk.Kind.Code, risk.Size,
                [.. candidates.Where(contact => contact.AtRisk.GetValueOrDefault(risk.Kind) is true)], [(risk.Kind.Code, null)],
                _ => risk.Kind.Code, spread: false,
                Counted(contacts, contact => contact.Excluded ?? Missed(contact, risk.Kind)), !RiskPart.IsFed(risk.Kind))),
        ];

        // What several parts may draw is drawn by one of them at least with this probability.
        var missed = new Dictionary<Guid, double>();
        foreach (var part in parts)
            foreach (var group in part.Groups)
                foreach (var call in group.Days.SelectMany(day => day.Agents).SelectMany(agent => agent.Calls))
                    missed[call] = missed.GetValueOrDefault(call, 1) * (1 - RandomSample.Probability(group.Wanted, group.Candidates()));

        foreach (var part in parts)
        {
            var drawn = part.Drawn.Select(d => new DrawnContact(
                d.CallId, d.AgentId,
                command.Judged?.TryGetValue(d.CallId, out var judged) is true
                    ? judged : EvaluationOf(command.Design, command.First, d.CallId),
                turns.Of(d.CallId, d.AgentId), d.Inclusion, 1 - missed[d.CallId])).ToList();
            yield return new(part.Part, rules.Unit, unit, command.Design.DesignVersion, command.Design.Seed, part.Size,
                part.Groups.Sum(group => group.Wanted), part.Spread, part.Groups, part.Excluded, drawn, part.NotFed, command.By,
                command.Now);
        }

        PartFrame Frame(
            string part, SampleSize size, List<SampledContact> of, IReadOnlyList<(string Code, int? Percent)> groups,
            Func<SampledContact, string> groupOf, bool spread, IReadOnlyDictionary<string, int> excluded, bool notFed = false)
        {
            var sample = new StratifiedSample(command.Design.Seed, command.Design.DesignVersion, part, unit, command.First);
            var byGroup = of.ToLookup(groupOf);
            var wanted = StratifiedSample.Allocate(
                size.Of(of.Count), [.. groups.Select(group => (byGroup[group.Code].Count(), group.Percent))]);
            var (frames, drawn) = (new List<FrameGroup>(), new List<(Guid, Guid, double)>());
            foreach (var (i, group) in groups.Index().Where(group => byGroup.Contains(group.Item.Code)))
            {
                var days = byGroup[group.Code].GroupBy(contact => contact.Day).OrderBy(day => day.Key).ToList();
                var share = spread
                    ? StratifiedSample.Spread(wanted[i], [.. days.Select(day => day.Count())], sample.Start(group.Code)) : null;
                frames.Add(new(group.Code, group.Percent, wanted[i],
                [
                    .. days.Index().Select(day => new FrameDay(day.Item.Key, share?[day.Index],
                    [
                        .. day.Item.GroupBy(contact => contact.AgentId).OrderBy(agent => agent.Key)
                            .Select(agent => new FrameAgent(agent.Key, [.. agent.Select(contact => contact.CallId).Order()])),
                    ])),
                ]));

                var lowest = share is null
                    ? sample.Ranked(byGroup[group.Code], contact => contact.CallId).Take(wanted[i])
                    : days.Index().SelectMany(day => sample.Ranked(day.Item, contact => contact.CallId).Take(share[day.Index]));
                var chance = RandomSample.Probability(wanted[i], byGroup[group.Code].Count());
                drawn.AddRange(lowest.Select(contact => (contact.CallId, contact.AgentId, chance)));
            }

            return new(part, size, spread, frames, excluded, drawn, notFed);
        }
    }

    // Two parts that draw the same contact mean the same evaluation.
    private static Guid EvaluationOf(SamplingDesign design, DateOnly first, Guid call) =>
        NameId.Of("sampled-evaluation", design.Id, first, call);

    private static string? Missed(SampledContact contact, RiskKind kind) => contact.AtRisk.GetValueOrDefault(kind) switch
    {
        true => null,
        false => "not-at-risk",
        null => RiskPart.IsFed(kind) ? "risk-unknown" : "not-fed",
    };

    private static Dictionary<string, int> Counted(IEnumerable<SampledContact> contacts, Func<SampledContact, string?> reason) =>
        contacts.Select(reason).OfType<string>().CountBy(why => why).ToDictionary();

    private sealed record PartFrame(
        string Part, SampleSize Size, bool Spread, IReadOnlyList<FrameGroup> Groups, IReadOnlyDictionary<string, int> Excluded,
        IReadOnlyList<(Guid CallId, Guid AgentId, double Inclusion)> Drawn, bool NotFed);

    /// <summary>Hands contacts to inspectors in turn, each contact once.</summary>
    private sealed class Turns(IReadOnlyList<Guid> inspectors, DateOnly first, int turn)
    {
        private readonly Dictionary<Guid, Guid?> given = [];

        public Guid? Of(Guid call, Guid agent)
        {
            if (!given.TryGetValue(call, out var inspector))
                given[call] = inspector = RandomSample.Inspector(inspectors, first, turn++, agent);

            return inspector;
        }
    }
}
