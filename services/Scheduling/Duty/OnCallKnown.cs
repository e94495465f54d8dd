using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.Terms;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Duty;

/// <summary>What is known now of people who may be on call.</summary>
internal static class OnCallKnown
{
    // How far back is looked for who has borne what.
    private const int Memory = 182;

    private static readonly (TimeOnly From, TimeOnly To) Night = (new(0, 0), new(5, 0));

    extension(IQuerySession session)
    {
        /// <param name="roster">Whose turns they may take; its own turns are in nobody's way.</param>
        public async Task<IReadOnlyList<OnCallPerson>> Known(
            OnCallRoster roster, IReadOnlyCollection<Guid> agents, CancellationToken cancellation)
        {
            var (calendar, ids) = (roster.Calendar(), agents.Distinct().ToArray());
            var (first, last) = (roster.From, roster.From.AddDays(roster.Days + 2));
            var (start, end) = (calendar.StartOf(first), calendar.StartOf(last.AddDays(1)));
            var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, ids)).ToDictionary(person => person.Id);
            var leaves = (await session.Whole(await session.Query<Leave>()
                .Where(leave => leave.AgentId.IsOneOf(ids) && leave.Status == LeaveStatus.Approved && leave.FirstDay <= last
                    && leave.LastDay >= first)
                .ToListAsync(cancellation), cancellation)).ToLookup(leave => leave.AgentId);
            var shifts = (await session.Query<PublishedDay>()
                .Where(day => day.AgentId.IsOneOf(ids) && day.Date >= first && day.Date <= last)
                .ToListAsync(cancellation)).Where(day => day.Shift is not null)
                .ToLookup(day => day.AgentId, day => (day.Shift!.StartsAt, day.Shift.EndsAt));
            var terms = (await session.LoadManyAsync<StandingTerms>(cancellation, ids.Select(StandingTerms.IdOf).ToArray()))
                .ToDictionary(standing => standing.AgentId);
            var duties = await session.DutiesOf(ids, start, end, cancellation);
            var before = (await session.Query<OnCallDuty>()
                .Where(duty => duty.ProjectId == roster.ProjectId && duty.StartsAt < start
                    && duty.EndsAt > start.AddDays(-Memory) && duty.AgentId.IsOneOf(ids)).ToListAsync(cancellation))
                .Where(duty => Names.Key(duty.Role) == Names.Key(roster.Role)).ToLookup(duty => duty.AgentId);

            return
            [
                .. ids.Where(id => people.TryGetValue(id, out var person) && person.ProjectIds.Contains(roster.ProjectId)).Select(id =>
                    new OnCallPerson(id, people[id].Name,
                    [
                        .. Employment(people[id], calendar),
                        .. leaves[id].Select(leave => (Leave: leave, Span: leave.Span(calendar)))
                            .Select(leave => new OnCallBlock(leave.Span.From, leave.Span.To, "leave")),
                        .. duties[id].Where(duty => duty.RosterId != roster.Id)
                            .Select(duty => new OnCallBlock(duty.StartsAt, duty.EndsAt, "on-call-twice")),
                        .. Standing(terms.GetValueOrDefault(id), roster, calendar),
                    ], [.. shifts[id]],
                    new(before[id].Count(), before[id].Count(duty => duty.IsSpecial),
                        before[id].Select(duty => (DateTimeOffset?)duty.EndsAt).Max()))),
            ];
        }
    }

    private static IEnumerable<OnCallBlock> Employment(EmployeeV1 person, LocalCalendar calendar)
    {
        yield return new(DateTimeOffset.MinValue, calendar.StartOf(person.HiredOn), "not-yet-hired");
        if (person.LeftOn is { } left)
            yield return new(calendar.EndOf(left), DateTimeOffset.MaxValue, "left");
    }

    // Days of rest are asked of turns of a day, not of weeks, which have one in them always.
    private static IEnumerable<OnCallBlock> Standing(StandingTerms? terms, OnCallRoster roster, LocalCalendar calendar)
    {
        if (terms is null)
            yield break;

        for (var day = roster.From; day <= roster.From.AddDays(roster.Days); day = day.AddDays(1))
        {
            var on = terms.On(day);
            if (on?.NightExempt == true)
                yield return new(calendar.At(day, Night.From), calendar.At(day, Night.To), "night-exempt");
            if (on?.RestOn?.Contains(day.DayOfWeek) == true && roster.HandOver.EveryDays == 1)
                yield return new(calendar.StartOf(day), calendar.EndOf(day), "fixed-rest-day");
        }
    }
}
