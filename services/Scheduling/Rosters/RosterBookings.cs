using CallCenter.Contracts.People;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Scheduling.Terms;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Rosters;

/// <summary>What published days book on the accounts of those who work or rest on them.</summary>
internal static class RosterBookings
{
    private const int Week = 7;

    /// <summary>Adds the entries for days that are being published to the session.</summary>
    public static async Task BookDays(
        this IDocumentSession session, IReadOnlyList<PublishedDay> days, Guid projectId, Guid by, DateTimeOffset now,
        CancellationToken cancellation)
    {
        if (days.Count == 0)
            return;

        var project = await session.Project(projectId, cancellation);
        var rules = (await session.RulesOf(project, cancellation)).Rules;
        var policy = await session.AccountPolicyOf(project.Id, cancellation);
        var agents = days.Select(day => day.AgentId).Distinct().ToArray();
        var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, agents)).ToDictionary(p => p.Id);
        var standing = (await session.LoadManyAsync<StandingTerms>(cancellation, agents.Select(StandingTerms.IdOf).ToArray()))
            .ToDictionary(t => t.AgentId);
        var (from, to) = (days.Min(d => d.Date).AddDays(-Week), days.Max(d => d.Date).AddDays(Week));
        var changed = days.Select(d => d.Id).ToHashSet();
        var stored = (await session.Query<PublishedDay>().Where(d => d.AgentId.IsOneOf(agents) && d.Date >= from && d.Date <= to)
            .ToListAsync(cancellation)).Where(d => !changed.Contains(d.Id)).Concat(days).ToLookup(d => d.AgentId);
        var calendar = LocalCalendar.Of(project.Zone, project.WeekStartsOn);

        await session.Book(
        [
            .. days.GroupBy(day => day.AgentId).Where(own => people.ContainsKey(own.Key)).Select(own => new Book(
                own.Key, EntryCause.Publication, own.First().RosterId,
                [
                    .. Rest([.. own.Select(d => d.Date).Distinct()], stored[own.Key], standing.GetValueOrDefault(own.Key)),
                    .. Overtime(
                        [.. own.Select(d => calendar.WeekOf(d.Date)).Distinct()], stored[own.Key], people[own.Key], policy.Overtime),
                ],
                rules.MostRestDaysSaved, by, now)),
        ], cancellation);
    }

    /// <summary>Days of rest earned and taken, of those whose terms say how many are due.</summary>
    /// <param name="days">All of the agent's, in whatever project.</param>
    public static IEnumerable<BookedAmount> Rest(IReadOnlyList<DateOnly> dates, IEnumerable<PublishedDay> days, StandingTerms? standing)
    {
        var byDate = days.ToLookup(day => day.Date);
        foreach (var date in dates.Where(date => standing?.On(date)?.RestDaysDueAMonth is not null))
        {
            yield return new(AccountKind.RestDays, $"rest-due:{date:yyyy-MM-dd}", date, standing!.RestDaysDueOn(date));
            yield return new(AccountKind.RestDays, $"rest-taken:{date:yyyy-MM-dd}", date, byDate[date].All(IsRest) ? -1 : 0);
        }
    }

    /// <summary>Hours of a week over the contract, paid leave included; nothing where the project does not book them.</summary>
    public static IEnumerable<BookedAmount> Overtime(
        IReadOnlyList<DateOnly> weeks, IEnumerable<PublishedDay> days, EmployeeV1 person, OvertimeRule? rule)
    {
        if (rule is null)
            yield break;

        var all = days.ToList();
        foreach (var week in weeks)
        {
            var contract = person.HoursOn(week);
            var paid = all.Where(day => week <= day.Date && day.Date < week.AddDays(Week)).Sum(day => Paid(day, contract));
            var over = Math.Max(0, Math.Round(paid - contract, 2));

            // One of the two: what was booked before the project changed its mind goes back.
            yield return new(AccountKind.Overtime, $"overtime:{week:yyyy-MM-dd}", week.AddDays(Week - 1), rule.AsTimeOff ? 0 : over);
            yield return new(AccountKind.TimeOffInLieu, $"time-off:{week:yyyy-MM-dd}", week.AddDays(Week - 1), rule.AsTimeOff ? over : 0);
        }
    }

    public static bool IsRest(PublishedDay day) => day.Shift is null && day.Activities.All(a => a.Kind != "leave");

    // A paid day of leave counts a fifth of the weekly hours, from Monday to Friday, as rosters count it.
    private static decimal Paid(PublishedDay day, decimal contract) => day.Shift?.PaidHours
        ?? (day.Date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && day.Activities.Any(a => a is { Kind: "leave", Paid: true })
            ? contract / 5 : 0);
}
