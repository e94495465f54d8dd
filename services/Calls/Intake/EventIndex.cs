namespace CallCenter.Calls.Intake;

/// <summary>An index over the events of one type, by members of theirs, which Marten knows nothing of.</summary>
internal sealed record EventIndex(string Name, string EventType, params string[] Members)
{
    public string Sql => $"""
        create index concurrently if not exists {Name} on calls.mt_events ({Columns}) where type = '{EventType}'
        """;

    private string Columns => string.Join(", ", Members.Select(member => $"(data ->> '{member}')"));
}
