namespace CallCenter.Calls.Intake;

/// <summary>An index over the events of one type, by members of theirs, which Marten knows nothing of.</summary>
/// <param name="Members">Each with the members that it lies in before it, after a dot: <c>Leg.CustomerId</c>.</param>
internal sealed record EventIndex(string Name, string EventType, params string[] Members)
{
    /// <summary>Events that lack one of the members are left out.</summary>
    public bool OfGivenOnly { get; init; }

    public string Sql => $"""
        create index concurrently if not exists {Name} on calls.mt_events ({string.Join(", ", Columns.Select(column => $"({column})"))})
        where type = '{EventType}'{(OfGivenOnly ? string.Concat(Columns.Select(column => $" and {column} is not null")) : "")}
        """;

    private IEnumerable<string> Columns => Members.Select(member =>
        string.Concat(["data", .. member.Split('.')[..^1].Select(of => $" -> '{of}'"), $" ->> '{member.Split('.')[^1]}'"]));
}
