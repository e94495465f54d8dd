using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Registers;

// ---- Values

/// <summary>What one agent's month came to when it was closed.</summary>
/// <param name="Shifts">Shifts that they had.</param>
/// <param name="LeaveDays">Days of approved leave.</param>
/// <param name="LateSeconds">Of all latenesses that are known and not excused.</param>
/// <param name="PayableSeconds">Time to pay of the shifts of which it is known.</param>
/// <param name="Charged">What the policy charges.</param>
/// <param name="FullAttendance">Whether nothing has taken it away; null where something is unknown.</param>
/// <param name="UnknownShifts">Shifts of which the time to pay is not known.</param>
public sealed record AgentMonth(
    Guid AgentId, int Shifts, int LeaveDays, long LateSeconds, long PayableSeconds, decimal Charged, bool? FullAttendance,
    int UnknownShifts);

// ---- Events

/// <param name="Month">Its first day.</param>
/// <param name="PolicyVersion">The version of the project's policy by which it was told.</param>
public sealed record RegisterClosed(
    Guid RegisterId, Guid ProjectId, DateOnly Month, long PolicyVersion, IReadOnlyList<AgentMonth> Rows, Guid By, DateTimeOffset At);

public sealed record RegisterSigned(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record CloseRegister(
    Guid RegisterId, Guid ProjectId, DateOnly Month, long PolicyVersion, IReadOnlyList<AgentMonth> Rows, Guid By, DateTimeOffset Now);

public sealed record SignRegister(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>A project's month as it was closed. It is never changed: what is wrong in it is put right beside it.</summary>
public sealed record MonthRegister
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>First day of the month.</summary>
    public DateOnly Month { get; init; }

    /// <summary>The version of the project's policy by which it was told.</summary>
    public long PolicyVersion { get; init; }

    /// <summary>What each agent's month came to when it was closed.</summary>
    public IReadOnlyList<AgentMonth> Rows { get; init; } = [];

    /// <summary>Who closed it.</summary>
    public Guid ClosedBy { get; init; }

    /// <summary>Who signed it; null while nobody has.</summary>
    public Guid? SignedBy { get; init; }

    public static Guid IdOf(Guid projectId, DateOnly month) => NameId.Of("month-register", projectId, month);

    public MonthRegister Evolve(object @event) => @event switch
    {
        RegisterClosed e => this with
        {
            Id = e.RegisterId, ProjectId = e.ProjectId, Month = e.Month, PolicyVersion = e.PolicyVersion, Rows = e.Rows, ClosedBy = e.By,
        },
        RegisterSigned e => this with { SignedBy = e.By },
        _ => this,
    };

    /// <summary>The rows with what was put right since.</summary>
    public IReadOnlyList<AgentMonth> With(IReadOnlyCollection<RegisterCorrection> corrections) =>
    [
        .. Rows.Select(row => corrections.Where(c => c.AgentId == row.AgentId).Aggregate(row, (sum, c) =>
            sum with { PayableSeconds = sum.PayableSeconds + c.PayableSeconds, Charged = sum.Charged + c.Charged })),
    ];
}

// ---- Decisions

public static class RegisterDecider
{
    public static object[] Decide(CloseRegister command, MonthRegister state) => state.Id == Guid.Empty
        ?
        [
            new RegisterClosed(command.RegisterId, command.ProjectId, command.Month, command.PolicyVersion, command.Rows, command.By,
                command.Now),
        ]
        : throw new RefusedException("register-closed", "The month is closed; what is wrong in it is put right by a correction.",
            $"/attendance-registers/{state.Id}");

    public static object[] Decide(SignRegister command, MonthRegister state)
    {
        if (state.SignedBy is not null)
            throw new RefusedException("register-signed", "It was signed already.");

        return state.ClosedBy == command.By
            ? throw new RefusedException("own-register", "Who closed it does not sign it.")
            : [new RegisterSigned(command.By, command.Now)];
    }
}
