namespace CallCenter.Planning.Staffing;

/// <summary>Four definitions of service level are in use; they differ as soon as callers hang up.</summary>
public enum ServiceLevelDefinition
{
    /// <summary>Answered within T, of all offered. The default.</summary>
    AnsweredOfOffered,

    /// <summary>Answered within T, of all answered.</summary>
    AnsweredOfAnswered,

    /// <summary>Answered within T, of all offered but those who hung up within T.</summary>
    AnsweredOfPatient,

    /// <summary>No longer waiting after T, answered or gone, of all offered.</summary>
    NotWaitingOfOffered,
}
