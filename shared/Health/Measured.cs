namespace CallCenter.Health;

/// <summary>A figure that goes up and down, measured when somebody asks for it.</summary>
/// <param name="Name">By the conventions of OpenTelemetry: <c>callcenter.</c> and words in lower case, parted by dots.</param>
/// <param name="Unit"><see cref="Seconds"/>; for what is counted its name in braces, <c>{event}</c>.</param>
/// <param name="Label">What its values are told apart by: few and known, such as queues; never projects or people.</param>
public sealed record Gauge(string Name, string Unit, string Description, string? Label = null)
{
    public const string Seconds = "s";
}

/// <summary>A figure that only grows, from 0 at the start of the process.</summary>
/// <param name="Name">As a <see cref="Gauge"/>'s.</param>
/// <param name="Unit">What is counted, in braces.</param>
public sealed record Count(string Name, string Unit, string Description);

/// <summary>A value of a gauge.</summary>
/// <param name="Of">The value of its label; null where it has none.</param>
public sealed record Reading(Gauge Gauge, double Value, string? Of = null);

/// <summary>Something that does not move by itself any more: somebody has to look.</summary>
/// <param name="What">The same words each time, and no data: health is read without a token.</param>
/// <param name="Since">Null where nothing tells: then it is since it was first seen.</param>
public sealed record Standing(string What, string Why, DateTimeOffset? Since = null);

/// <summary>What a subject looked like at one moment.</summary>
/// <param name="Answered">False where nobody knows, because it could not be looked at.</param>
public sealed record Measured(IReadOnlyList<Reading> Readings, IReadOnlyList<Standing> Standing, bool Answered = true);

/// <summary>One subject of a service's health: all that one look, mostly one statement, tells.</summary>
public interface ISubject
{
    /// <summary>In lower case.</summary>
    static abstract string Name { get; }

    static abstract IReadOnlyList<Gauge> Gauges { get; }

    /// <summary>Looks. It is given 2 s; whatever it throws says that the subject could not be measured.</summary>
    Task<Measured> Measure(CancellationToken cancellation);
}
