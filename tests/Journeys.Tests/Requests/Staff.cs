namespace CallCenter.Journeys.Tests.Requests;

/// <summary>Who there is in the centre: one person of each role, the agents, and those who have no business in it.</summary>
internal sealed class Staff(IReadOnlyList<Operation> operations, Things things)
{
    private static readonly string[] Roles =
        ["agent", "supervisor", "inspector", "trainer", "scheduler", "project-manager", "operations-manager", "integrator", "admin"];

    private readonly Dictionary<string, Guid> persons = Roles.ToDictionary(role => role, _ => Guid.CreateVersion7());

    public IReadOnlyList<Operation> Operations => operations;

    public Guid Project { get; set; }

    public Sender Admin => new(persons["admin"], "admin");

    public Sender As(string role, Guid? person = null) => new(person ?? persons[role], role, Project);

    /// <summary>Whoever is hired for a role speaks in it from now on.</summary>
    public void Hire(string role, Guid person) => persons[role] = person;

    /// <summary>Somebody whom the operation admits; whose own the thing is, where agents ask.</summary>
    public Sender For(Operation operation, string? thing, Random random)
    {
        var role = operation.Roles.Contains("*") ? Roles[random.Next(Roles.Length)] : operation.Roles[random.Next(operation.Roles.Count)];

        return role switch
        {
            "-" => Sender.Nobody,
            "admin" => Admin,
            "agent" => As(role, thing is not null ? things.OwnerOf(thing) ?? SomeAgent(random) : SomeAgent(random)),
            _ => As(role),
        };
    }

    /// <summary>Somebody whom it may not admit: another role, another project, no token, one that is none.</summary>
    public Sender Stranger(Operation operation, Random random) => random.Next(5) switch
    {
        0 => Sender.Nobody,
        1 => new(Guid.CreateVersion7(), "forged"),
        2 => new(Guid.CreateVersion7(), string.Join(',', operation.Roles.Where(role => role is not ("*" or "-" or "admin")).DefaultIfEmpty("agent")),
            Guid.CreateVersion7()),
        3 => new(Guid.CreateVersion7(), "agent,offline_access", Project),
        _ => As(Roles[random.Next(Roles.Length)], Guid.CreateVersion7()),
    };

    private Guid? SomeAgent(Random random) => things.Any("agents", random) is { } agent ? Guid.Parse(agent) : null;
}
