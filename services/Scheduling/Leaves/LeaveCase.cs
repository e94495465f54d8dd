using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Time;

namespace CallCenter.Scheduling.Leaves;

/// <summary>A leave that is asked for, or waits, and all that is known of whom it is for: what the rules say of it.</summary>
/// <param name="Asked">Whole.</param>
/// <param name="Own">The agent's other leave, requested and approved, in whatever project.</param>
/// <param name="Others">What touches its days in the project, requested and approved.</param>
/// <param name="Booking">What the project books on accounts.</param>
/// <param name="Today">Where the agent works.</param>
public sealed record LeaveCase(
    Leave Asked, EmployeeV1 Agent, DatedLeavePolicy Policies, IReadOnlyList<Leave> Own, IReadOnlyList<Leave> Others,
    AccountPolicy Booking, Account Account, DateOnly Today)
{
    public LeavePolicy Policy => Policies.On(Asked.FirstDay);

    public IReadOnlyList<MetLimit> Limits => LeaveRoom.Met(Asked, Others, Policies);

    /// <summary>The limit that is reached; null where there is room.</summary>
    public LimitReached? Limit => LeaveRoom.Reached(Limits);

    public IReadOnlyList<DecidingStep> Steps => Policy.StepsFor(Asked.Length);

    /// <summary>How many days afterwards agents report sickness themselves. A firm's custom, not a law.</summary>
    public const int SickDaysBack = 3;

    /// <summary>Why the policy decides it now; null where somebody does, or it waits.</summary>
    public string? DecidedBecause =>
        Limit is null && (Asked.Kind is LeaveKind.Sick || !IsOver) ? Policy.Decides(Asked.Kind, Asked.Length) : null;

    // No policy says afterwards that somebody was on leave: a person does.
    private bool IsOver => Asked.FirstDay < Today;

    /// <summary>What it takes from the account; null where it takes nothing.</summary>
    public IReadOnlyList<TakenDay>? Taken => IsBooked ? LeaveBooking.Days(Asked, Booking) : null;

    private bool IsBooked => Asked.Kind is LeaveKind.Annual && Booking.AnnualLeave is not null;

    /// <summary>The first rule in the way, in the order in which a person would put it right.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="reason">Why, where they say so.</param>
    /// <param name="addressOf">Of another leave, where the caller may see it.</param>
    /// <exception cref="InvalidException">
    /// <c>leave-too-long</c>, <c>leave-over</c>, <c>reason-missing</c>, <c>notice-too-short</c> or <c>not-employed</c>
    /// </exception>
    /// <exception cref="RefusedException"><c>leave-overlaps</c>, <c>leave-balance</c> or <c>leave-limit</c></exception>
    public void MustBeAllowed(Guid by, string? reason, Func<Leave, string?> addressOf)
    {
        if (Asked.LastDay.DayNumber - Asked.FirstDay.DayNumber >= Policy.MaxDays)
            throw new InvalidException("/lastDay", "leave-too-long", $"A leave lasts {Policy.MaxDays} days at most.");
        if (IsOver)
            MustBeEntered(by, reason);
        else if (Asked.Kind is not LeaveKind.Sick && Policy.NoticeDays > 0 && Asked.FirstDay < Today.AddDays(Policy.NoticeDays))
            throw new InvalidException("/firstDay", "notice-too-short", $"Leave is asked for {Policy.NoticeDays} days before it at the latest.");
        if (Asked.FirstDay < Agent.HiredOn || Asked.LastDay > Agent.LeftOn)
            throw new InvalidException(Asked.FirstDay < Agent.HiredOn ? "/firstDay" : "/lastDay", "not-employed",
                $"Staff number {Agent.StaffNumber} is not employed on all of these days.");

        // A day off counts once towards an agent's hours, whichever project it was asked for in.
        if (Own.Where(Asked.Touches).MinBy(other => other.Id) is { } same)
            throw new RefusedException("leave-overlaps",
                $"There is leave from {same.FirstDay:yyyy-MM-dd} to {same.LastDay:yyyy-MM-dd} already; a day off is asked for once.",
                addressOf(same));
        if (Taken is { } taken)
            AccountDecider.MustAfford(Account, taken, Claimed);
        if (!Policy.Waits && Limit is { } limit)
            throw new RefusedException("leave-limit", limit.Says);
    }

    // Days that are over were worked, or missed: that they were leave is for others to say, and why they say it so late.
    private void MustBeEntered(Guid by, string? reason)
    {
        var isSick = Asked.Kind is LeaveKind.Sick;
        if (by == Asked.AgentId)
        {
            if (!isSick || Asked.FirstDay < Today.AddDays(-SickDaysBack))
                throw new InvalidException("/firstDay", "leave-over", isSick
                    ? $"Sickness is reported {SickDaysBack} days afterwards at most; what was before a supervisor or scheduler enters."
                    : "Leave is asked for days that are not over; for those before, a supervisor or scheduler enters it.");
        }
        else if (reason is null)
            throw new InvalidException("X-Reason", "reason-missing", "The days are over: say in X-Reason why the leave is entered now.");
    }

    /// <summary>What would be left on the account at the lowest, with all that was asked for; null where nothing is booked.</summary>
    public decimal? Left => Taken is { } taken
        ? Account.LowestFrom(AccountKind.AnnualLeave, Asked.FirstDay, taken.Concat(Claimed).Select(day => (day.Day, -day.Days))) : null;

    // What was approved and is over without a booking was so before the project booked: the opening balance knows of it.
    private IReadOnlyList<TakenDay> Claimed =>
    [
        .. Own.Where(other => other.Kind is LeaveKind.Annual).SelectMany(other => LeaveBooking.Days(other, Booking).Where(day =>
            Account.Booked(LeaveBooking.SourceOf(other.Id, day.Day)) == 0 && (other.Status is LeaveStatus.Requested || day.Day >= Today))),
    ];
}

/// <summary>The half of a day.</summary>
public enum DayHalf { Morning, Afternoon }

/// <summary>From what somebody wrote to a part of a day.</summary>
public static class PartReading
{
    public static readonly string[] Codes =
        ["part-day-not-offered", "time-unclear", "part-of-one-day", "times-reversed", "not-a-quarter"];

    private static readonly TimeOnly Noon = new(12, 0);

    /// <returns>Null for whole days.</returns>
    /// <exception cref="InvalidException">
    /// <c>part-day-not-offered</c>, <c>time-unclear</c>, <c>part-of-one-day</c>, <c>times-reversed</c> or <c>not-a-quarter</c>
    /// </exception>
    public static LeavePart? Read(DateOnly first, DateOnly last, DayHalf? half, TimeOnly? from, TimeOnly? to, PartDays? offered)
    {
        if (half is null && from is null && to is null)
            return null;
        if (half is not null && (from ?? to) is not null || half is null && (from is null || to is null))
            throw new InvalidException("/from", "time-unclear", "Give a half of the day, or both times.");
        if (offered is null || half is null && !offered.Hours)
            throw new InvalidException(half is null ? "/from" : "/half", "part-day-not-offered",
                offered is null ? "The project has leave of whole days only." : "The project has leave of whole and half days only.");
        if (first != last)
            throw new InvalidException("/lastDay", "part-of-one-day", "Half days and hours are asked for one day at a time.");

        if (half is { } which)
        {
            var middle = offered.HalfDayAt ?? Noon;
            return which is DayHalf.Morning ? new(TimeOnly.MinValue, middle, 0.5m) : new(middle, TimeOnly.MinValue, 0.5m);
        }

        var hours = new HoursOfDay(from, to);
        if (hours.IsReversed)
            throw new InvalidException("/to", "times-reversed", "The hours end after they begin; 00:00 is the end of the day.");
        if (!LocalCalendar.IsOnQuarter(from!.Value) || !LocalCalendar.IsOnQuarter(to!.Value))
            throw new InvalidException("/from", "not-a-quarter", "Leave begins and ends on a quarter hour.");

        return new(from.Value, to.Value, Math.Min(1, Math.Round((decimal)hours.Length.TotalHours / offered.HoursOfADay, 4)));
    }
}
