using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Attendance.Registers;

// ---- Events

/// <param name="PayableSeconds">So much more time to pay; less where negative.</param>
/// <param name="Charged">So much more is charged; less where negative.</param>
public sealed record RegisterCorrected(
    Guid CorrectionId, Guid RegisterId, Guid ProjectId, Guid AgentId, long PayableSeconds, decimal Charged, string Reason, Guid By,
    DateTimeOffset At);

// ---- Commands

public sealed record CorrectRegister(
    Guid CorrectionId, Guid AgentId, long PayableSeconds, decimal Charged, string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What was put right in a register that was closed. A wrong one is put right by another.</summary>
public sealed record RegisterCorrection
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid RegisterId { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>So much more time to pay; less where negative.</summary>
    public long PayableSeconds { get; init; }

    /// <summary>So much more is charged; less where negative.</summary>
    public decimal Charged { get; init; }

    public string Reason { get; init; } = "";

    public RegisterCorrection Evolve(object @event) => @event switch
    {
        RegisterCorrected e => this with
        {
            Id = e.CorrectionId, RegisterId = e.RegisterId, ProjectId = e.ProjectId, AgentId = e.AgentId,
            PayableSeconds = e.PayableSeconds, Charged = e.Charged, Reason = e.Reason,
        },
        _ => this,
    };
}

// ---- Decisions

public static class CorrectionDecider
{
    public static object[] Decide(CorrectRegister command, MonthRegister register, RegisterCorrection state)
    {
        if (state.Id != Guid.Empty)
            return (state.RegisterId, state.AgentId, state.PayableSeconds, state.Charged, state.Reason)
                == (register.Id, command.AgentId, command.PayableSeconds, command.Charged, command.Reason) ? []
                    : throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another body.");
        if (register.Rows.All(row => row.AgentId != command.AgentId))
            throw new InvalidException("/agentId", "not-in-register", "The register has no row of this agent.");
        if (command is { PayableSeconds: 0, Charged: 0 })
            throw new InvalidException("/payableSeconds", "correction-of-nothing",
                "A correction says how much more time or charge there is, or how much less.");

        return
        [
            new RegisterCorrected(command.CorrectionId, register.Id, register.ProjectId, command.AgentId, command.PayableSeconds,
                command.Charged, command.Reason, command.By, command.Now),
        ];
    }
}

/// <summary>Why a row was put right tells of whose it is. The figures stay.</summary>
internal static class CorrectionErasure
{
    public static readonly TextsAbout Texts = new("register-texts", [typeof(RegisterCorrected)], About, Find, ForgetReasons);

    private static IEnumerable<Guid> About(object @event) => @event is RegisterCorrected e ? [e.AgentId] : [];

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var agents = about.ToArray();
        return await query.Query<RegisterCorrection>().Where(c => c.AgentId.IsOneOf(agents)).Select(c => c.Id).ToListAsync(cancellation);
    }

    private static async Task ForgetReasons(IDocumentSession session, IReadOnlyList<Guid> corrections, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<RegisterCorrection>(cancellation, corrections.ToArray()))
            .Where(c => c.Reason != "").Select(c => c with { Reason = "" }).ToArray());
}
