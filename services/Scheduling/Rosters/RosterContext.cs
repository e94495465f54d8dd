using System.Collections.Immutable;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Requirements;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Scheduling.Terms;
using CallCenter.Scheduling.Wishes;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>All that is known now about the people and days of a roster, as the planning engine asks for it.</summary>
public sealed record RosterContext(
    RosterFrame Frame, RosterProblem Problem, WorkingRules Rules, ProjectV1 Project, IReadOnlyDictionary<Guid, EmployeeV1> People,
    ILookup<Guid, Leave> Leaves, ILookup<Guid, TrainingSessionV1> Trainings, IReadOnlyDictionary<Guid, KnownOfAgent> Known,
    AccountPolicy Accounts)
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(28);

    /// <summary>With the hours over the contract that may be given by hand; what is generated stays within it.</summary>
    public RosterContext WithOvertime() => Accounts.Overtime is not { MostHoursAWeek: var most } ? this : this with
    {
        Problem = Problem with { Agents = [.. Problem.Agents.Select(a => a with { WeeklyMinutes = a.WeeklyMinutes + (int)(most * 60) })] },
    };

    public bool IsEmployed(Guid id, DateOnly day) =>
        People.GetValueOrDefault(id) is { } person && person.HiredOn <= day && !(person.LeftOn < day);

    public RosterAgent? Agent(Guid id) => Problem.Agents.FirstOrDefault(a => a.Id == id);

    public IReadOnlyDictionary<Guid, string> Names => People.ToDictionary(person => person.Key, person => person.Value.Name);

    public string NameOf(Guid id) => People.GetValueOrDefault(id)?.Name ?? "(unknown)";

    public static Task<RosterContext> For(Roster roster, IQuerySession session, CancellationToken cancellation) =>
        Load(roster, session, standing: null, cancellation);

    /// <summary>As <see cref="For"/>, to change published days: a training that a rule keeps out of somebody's day stands in the way of no
    /// other change of it.</summary>
    /// <param name="causeId">What the change is made for: a training that is brought in is there.</param>
    public static Task<RosterContext> ForChange(Roster roster, Guid causeId, IQuerySession session, CancellationToken cancellation) =>
        Load(roster, session, trainings => session.ThatStand(trainings, roster, causeId, cancellation), cancellation);

    /// <summary>As <see cref="For"/>, to publish: without the trainings that the roster's shifts leave no room for, which are told beside
    /// it. They keep nothing else from being published.</summary>
    internal static async Task<(RosterContext Context, IReadOnlyList<KeptOutTraining> KeptOut)> ForPublication(
        Roster roster, IQuerySession session, CancellationToken cancellation)
    {
        IReadOnlyList<KeptOutTraining> keptOut = [];
        var context = await Load(roster, session, trainings =>
        {
            keptOut = KeptOutTraining.Of(roster, trainings);
            var seats = keptOut.Select(kept => kept.Seat).ToHashSet();
            return Task.FromResult<IReadOnlyList<EnrolledTraining>>([.. trainings.Where(seat => !seats.Contains(seat))]);
        }, cancellation);

        return (context, keptOut);
    }

    private static Task<RosterContext> Load(
        Roster roster, IQuerySession session, Func<IReadOnlyList<EnrolledTraining>, Task<IReadOnlyList<EnrolledTraining>>>? standing,
        CancellationToken cancellation) =>
        Load(roster.ProjectId, roster.RequirementId, roster.Id, roster.From, roster.Days, [.. roster.Agents.Keys],
            roster.Terms ?? [], session, cancellation, standing);

    /// <summary>The shift of an assignment, its hours of leave paid as they are approved.</summary>
    public RosterShift Shift(Assignment assignment)
    {
        var shift = Frame.Shift(assignment);
        return shift with
        {
            Breaks = [.. shift.Breaks.Select(b => b.Kind == LeaveFreeing.Kind ? b with { Paid = IsPaid(assignment.AgentId, b) } : b)],
        };
    }

    private bool IsPaid(Guid agent, RosterBreak away) => Leaves[agent].Any(leave => leave is { Paid: true, Part: not null }
        && leave.Span(Frame.Calendar) is var (from, to) && from < away.To && away.From < to);

    public static async Task<RosterContext> Load(
        Guid projectId, Guid requirementId, Guid rosterId, DateOnly from, int days, IReadOnlyList<Guid> agentIds,
        IReadOnlyList<AgentConstraints> terms, IQuerySession session, CancellationToken cancellation,
        Func<IReadOnlyList<EnrolledTraining>, Task<IReadOnlyList<EnrolledTraining>>>? standing = null)
    {
        var project = await session.Project(projectId, cancellation);
        var rules = await session.RulesOf(project, cancellation);
        var requirement = await session.LoadAsync<StaffingRequirement>(requirementId, cancellation)
            ?? throw new StreamNotFoundException(requirementId);
        var frame = new RosterFrame(LocalCalendar.Of(requirement.Zone), from, days);

        var ids = agentIds.ToArray();
        var to = from.AddDays(days - 1);
        var people = (await session.Query<EmployeeV1>().Where(e => e.Id.IsOneOf(ids)).ToListAsync(cancellation)).ToDictionary(e => e.Id);
        var leaves = (await session.Whole(await session.Query<Leave>()
            .Where(l => l.AgentId.IsOneOf(ids) && l.Status == LeaveStatus.Approved && l.FirstDay <= to && l.LastDay >= from)
            .ToListAsync(cancellation), cancellation)).ToLookup(l => l.AgentId);
        var certified = await session.CertifiedSkills(ids, from, to, cancellation);
        var (start, end) = (frame.Start, frame.End);
        IReadOnlyList<EnrolledTraining> trainings = [.. (await session.Query<TrainingSessionV1>()
                .Where(t => t.Status != "cancelled" && t.StartsAt < end && t.EndsAt > start).ToListAsync(cancellation))
            .SelectMany(t => t.Enrolled.Select(agent => new EnrolledTraining(agent, t)))];
        if (standing is not null)
            trainings = await standing(trainings);
        var trainingsOf = trainings.ToLookup(known => known.AgentId, known => known.Training);
        var earliest = from.AddDays(-(int)Memory.TotalDays);
        var published = (await session.Query<PublishedDay>()
            .Where(d => d.AgentId.IsOneOf(ids) && d.Date >= earliest && d.Date <= to && d.RosterId != rosterId)
            .ToListAsync(cancellation)).Where(d => d.Shift is not null).ToLookup(d => d.AgentId);

        var teamOf = (await session.Query<TeamV1>().Where(t => t.ProjectId == projectId).ToListAsync(cancellation))
            .SelectMany(t => t.Members.Select(m => (m, t.Id))).ToLookup(p => p.m, p => p.Id);
        var termsOf = terms.ToDictionary(t => t.AgentId);
        var known = await KnownOf(ids, projectId, frame, session, cancellation);
        var shifts = frame.Dates.SelectMany((date, day) => TemplateRules.On(date, day, rules, frame.Calendar, frame.Minute))
            .ToImmutableArray();
        var shiftsOfDay = shifts.ToLookup(s => s.Day);

        var duties = await session.DutiesOf(ids, start, end, cancellation);
        var balance = new FairnessBalance(ids, published, from);
        var dayStarts = frame.DayStarts;
        var problem = new RosterProblem(
            dayStarts, FirstDayOfWeek(from, project.WeekStartsOn), LocalCalendar.QuarterMinutes,
            [
                .. ids.Select(id =>
                    AgentFacts.Of(id, people.GetValueOrDefault(id), frame, project, leaves[id], trainingsOf[id], published[id],
                        balance.Of(id), certified[id])
                    .Under(termsOf.GetValueOrDefault(id), known[id], frame, shiftsOfDay, rules.Rules)
                    .After(duties[id], frame) with
                    {
                        Team = teamOf[id].Cast<Guid?>().Order().FirstOrDefault(),
                    }),
            ],
            shifts,
            [.. requirement.Queues.Select(q => Demand(q, frame))],
            rules.Rules, new RosterWeights(), Saturdays(frame));

        return new(frame, problem, rules.Rules, project, people, leaves, trainingsOf, known,
            await session.AccountPolicyOf(projectId, cancellation));
    }

    private static async Task<Dictionary<Guid, KnownOfAgent>> KnownOf(
        Guid[] agents, Guid projectId, RosterFrame frame, IQuerySession session, CancellationToken cancellation)
    {
        var to = frame.From.AddDays(frame.Days - 1);
        var standing = (await session.LoadManyAsync<StandingTerms>(cancellation, agents.Select(StandingTerms.IdOf).ToArray()))
            .ToDictionary(t => t.AgentId);
        var periods = (await session.Query<PlanningPeriod>().Where(p => p.ProjectId == projectId && !p.Cancelled && p.From <= to)
            .ToListAsync(cancellation)).Where(p => p.To >= frame.From).Select(p => p.Id).ToArray();
        var statements = (await session.Query<AgentStatement>().Where(s => s.PeriodId.IsOneOf(periods) && s.AgentId.IsOneOf(agents))
            .ToListAsync(cancellation)).ToLookup(s => s.AgentId);

        var accounts = await session.AccountsOf(agents, cancellation);
        var before = frame.From.AddDays(-1);

        return agents.ToDictionary(id => id, id => KnownOfAgent.Of(id, standing.GetValueOrDefault(id), statements[id],
            (int)(accounts.GetValueOrDefault(id)?.On(AccountKind.RestDays, before).Value ?? 0), frame));
    }

    private static int FirstDayOfWeek(DateOnly from, DayOfWeek weekStartsOn) => ((int)weekStartsOn - (int)from.DayOfWeek + 7) % 7;

    private static ImmutableArray<int> Saturdays(RosterFrame frame) =>
        [.. Enumerable.Range(-1, frame.Days + 1).Where(day => frame.From.AddDays(day).DayOfWeek is DayOfWeek.Saturday)];

    private static SkillDemand Demand(StaffedQueue queue, RosterFrame frame)
    {
        var byDate = queue.Days.ToDictionary(d => d.Date, d => d.Required);
        return new(queue.Queue, [.. frame.Dates.SelectMany(date => byDate.TryGetValue(date, out var required)
            ? required.Select(r => (double)r)
            : Enumerable.Repeat(0.0, frame.Calendar.QuartersOf(date).Count))]);
    }

    /// <summary>
    /// Early, late and night shifts of the weeks before, as far as they lie above the mean: the next roster evens them out.
    /// </summary>
    private sealed class FairnessBalance(IReadOnlyList<Guid> agents, ILookup<Guid, PublishedDay> published, DateOnly before)
    {
        private readonly double mean = agents.Count == 0 ? 0 : agents.Average(id => Count(published[id], before));

        public double Of(Guid agent) => Count(published[agent], before) - mean;

        private static int Count(IEnumerable<PublishedDay> days, DateOnly before) =>
            days.Count(d => d.Date < before && d.Shift!.Kind is not ShiftKind.Day);
    }
}
