using CallCenter.Planning.Rostering;
using CallCenter.Time;

namespace CallCenter.Scheduling.OnCall;

/// <summary>A time in which somebody cannot be on call, and why.</summary>
public sealed record OnCallBlock(DateTimeOffset From, DateTimeOffset To, string Rule);

/// <summary>What is known of somebody who may be on call.</summary>
/// <param name="Blocks">When they cannot be.</param>
/// <param name="Shifts">Their published shifts.</param>
/// <param name="Before">What they have borne in the same role.</param>
public sealed record OnCallPerson(
    Guid Id, string Name, IReadOnlyList<OnCallBlock> Blocks,
    IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Shifts, OnCallBurden Before)
{
    /// <summary>Code of the rule that keeps them from a turn; null where none does.</summary>
    public string? InTheWay(OnCallTurn turn, HandOver rule, LocalCalendar calendar) =>
        Blocks.FirstOrDefault(block => block.From < turn.To && turn.From < block.To)?.Rule
        ?? (turn.Rest(rule, calendar) is { } rest && Shifts.Any(shift => rest.From < shift.To && shift.From < rest.To)
            ? Unavailability.OnCallRest : null);
}

/// <param name="Turns">All turns.</param>
/// <param name="Special">Those of them that begin at a weekend or on a holiday.</param>
/// <param name="Last">When the last one ended; null where there was none.</param>
public sealed record OnCallBurden(int Turns, int Special, DateTimeOffset? Last)
{
    public static readonly OnCallBurden None = new(0, 0, null);

    public OnCallBurden With(OnCallTurn turn, bool isSpecial) => new(Turns + 1, Special + (isSpecial ? 1 : 0), turn.To);
}

/// <summary>Being on call by turns.</summary>
public static class OnCallRotation
{
    /// <summary>The turns of some days, open: from the first hand-over of the first day to that of the day after the last.</summary>
    public static IReadOnlyList<OnCallTurn> Turns(DateOnly from, int days, HandOver rule, LocalCalendar calendar)
    {
        List<DateTimeOffset> changes =
        [
            .. from day in Enumerable.Range(0, days).Where(day => day % rule.EveryDays == 0)
               from time in rule.At
               select calendar.At(@from.AddDays(day), time),
            calendar.At(from.AddDays(days), rule.At[0]),
        ];

        return [.. changes.Zip(changes.Skip(1)).Where(turn => turn.First < turn.Second).Select((turn, i) =>
            new OnCallTurn(i + 1, turn.First, turn.Second, null))];
    }

    /// <summary>
    /// Each turn to whoever may take it and has borne least: at weekends and on holidays fewest of these, then fewest turns in all, then
    /// whose last is longest ago. Nobody has two in a row while somebody else may. A turn that nobody may take stays open.
    /// </summary>
    public static IReadOnlyList<OnCallTurn> Fill(
        IReadOnlyList<OnCallTurn> turns, HandOver rule, IReadOnlyList<OnCallPerson> people, LocalCalendar calendar,
        Func<DateOnly, bool> isHoliday)
    {
        // Who comes new has not everything to make up for.
        var least = people.Where(person => person.Before.Turns > 0).Select(person => person.Before).ToList();
        var (fewest, fewestSpecial) = least.Count == 0 ? (0, 0) : (least.Min(b => b.Turns), least.Min(b => b.Special));
        var borne = people.ToDictionary(person => person.Id, person => person.Before with
        {
            Turns = Math.Max(person.Before.Turns, fewest), Special = Math.Max(person.Before.Special, fewestSpecial),
        });
        var (filled, previous) = (new List<OnCallTurn>(turns.Count), (Guid?)null);
        foreach (var turn in turns)
        {
            var special = IsSpecial(turn, calendar, isHoliday);
            var next = people.Where(person => person.InTheWay(turn, rule, calendar) is null)
                .OrderBy(person => person.Id == previous).ThenBy(person => special ? borne[person.Id].Special : 0)
                .ThenBy(person => borne[person.Id].Turns).ThenBy(person => borne[person.Id].Last ?? DateTimeOffset.MinValue)
                .Select(person => (Guid?)person.Id).FirstOrDefault();
            if (next is { } agent)
                borne[agent] = borne[agent].With(turn, special);
            filled.Add(turn with { AgentId = next });
            previous = next;
        }

        return filled;
    }

    public static bool IsSpecial(OnCallTurn turn, LocalCalendar calendar, Func<DateOnly, bool> isHoliday) =>
        calendar.DayOf(turn.From) is var day && (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || isHoliday(day));
}
