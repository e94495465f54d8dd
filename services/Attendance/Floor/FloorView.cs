using CallCenter.Attendance.Shifts;

namespace CallCenter.Attendance.Floor;

/// <summary>How a project stands now.</summary>
/// <param name="AsOf">When this was read.</param>
/// <param name="HeardAt">When its source of states was heard last, to the minute; null where it was not heard for two days.</param>
/// <param name="Agents">Who is rostered today, or in a shift that began yesterday, and who is signed in without being rostered.</param>
/// <param name="Queues">Of the project, in its order.</param>
public sealed record FloorView(
    Guid ProjectId, DateTimeOffset AsOf, DateTimeOffset? HeardAt, IReadOnlyList<FloorAgent> Agents, IReadOnlyList<FloorQueue> Queues);

/// <summary>An agent now. What a shift came to so far is by the same formulas as the day's and the month's.</summary>
/// <param name="ShiftId">The roster day's, as in <c>/attendance/{id}</c>; null for who is not rostered.</param>
/// <param name="ShiftCode">As the shift rules name it; null for who is not rostered.</param>
/// <param name="StartsAt">Begin of the shift.</param>
/// <param name="EndsAt">End of the shift.</param>
/// <param name="Scheduled">What is rostered now: work, break, meal, training or leave; off where nothing is.</param>
/// <param name="Until">When what is rostered changes next; null where it does not any more.</param>
/// <param name="State">ready, busy, after-contact-work, break, training, meeting or offline; unknown where the source is silent.</param>
/// <param name="Since">Since when; null where nobody knows.</param>
/// <param name="Fits">Whether the state fits what is rostered; null where nothing is, or nobody knows the state.</param>
/// <param name="Presence">As of the shift.</param>
/// <param name="LateSeconds">As of the shift.</param>
/// <param name="UnknownSeconds">As of the shift.</param>
/// <param name="Adherence">So far; null where there is none.</param>
/// <param name="Deviation">
/// late, offline, other-activity or idle where that has lasted longer than the project's policy lets pass; null otherwise.
/// </param>
public sealed record FloorAgent(
    Guid AgentId, string StaffNumber, string Name, Guid? ShiftId, string? ShiftCode, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    string Scheduled, DateTimeOffset? Until, string State, DateTimeOffset? Since, bool? Fits, ShiftPresence Presence, int? LateSeconds,
    int UnknownSeconds, decimal? Adherence, FloorDeviation? Deviation = null)
{
    /// <summary>When the clock alone brings something new; null where it does not.</summary>
    internal DateTimeOffset? NextAt { get; init; }

    /// <summary>Without what grows by the second: whether there is news of the agent.</summary>
    internal FloorAgent Standing => this with { LateSeconds = null, UnknownSeconds = 0, Adherence = null, NextAt = null };

    internal bool IsServing => State is "ready" or "busy" or "after-contact-work";
}

public enum FloorDeviation
{
    /// <summary>The shift has begun, and the agent has not come.</summary>
    Late,

    /// <summary>Signed out in time of work.</summary>
    Offline,

    /// <summary>In a state that does not fit what is rostered.</summary>
    OtherActivity,

    /// <summary>Ready and without a contact for long.</summary>
    Idle,
}

/// <summary>A queue now, and its local day so far.</summary>
/// <param name="Waiting">Contacts that wait.</param>
/// <param name="WaitingSince">Since when the first of them waits.</param>
/// <param name="InProgress">Contacts that are being served.</param>
/// <param name="Offered">Contacts of the day so far.</param>
/// <param name="Answered">Of them, answered.</param>
/// <param name="Abandoned">Of them, hung up before an answer.</param>
/// <param name="Expected">Contacts until now by the forecast that the roster was published with; null where there is none.</param>
/// <param name="ServiceLevel">Of the day so far, whom it is too early to tell of left out; null where there is none.</param>
/// <param name="WithinSeconds">The T of "x % within T seconds".</param>
/// <param name="Definition">How the service level is counted.</param>
/// <param name="Goal">Of the service level; null where there is none.</param>
/// <param name="Required">Agents needed now, as published; null where no roster covers it.</param>
/// <param name="Scheduled">Agents rostered to work on it now, as published.</param>
/// <param name="There">Agents ready, busy or at after-contact work who can take it; who can take several is counted in each.</param>
/// <param name="Busyness">By how much the day is busier than the forecast, drawn towards 1 while few contacts have come; null while none
/// has, or without a forecast.</param>
public sealed record FloorQueue(
    string Queue, int Waiting, DateTimeOffset? WaitingSince, int InProgress, int Offered, int Answered, int Abandoned, double? Expected,
    decimal? ServiceLevel, double WithinSeconds, string Definition, double? Goal, decimal? Required, decimal? Scheduled, int There,
    double? Busyness = null);
