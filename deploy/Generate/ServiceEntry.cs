using System.Text.Json;

namespace CallCenter.Generate;

/// <summary>A service as <c>services.json</c> names it: all that is said of it outside its own folder.</summary>
/// <param name="Name">In lower case: its database, role, broker user, schema and host name.</param>
/// <param name="Port">On one machine: so many above the gateway's.</param>
/// <param name="Connections">Most that an instance has in its pool to the database: <c>Database:MaxPoolSize</c>.</param>
/// <param name="Paths">First segments of the addresses it answers; one with a dot is a whole address that needs no sign-in.</param>
/// <param name="Files">Whole addresses where JSON is a file, which may be large, and no body of ours.</param>
/// <param name="Folders">Settings that name a folder for files (<c>Recordings</c> is <c>Recordings:Folder</c>).</param>
/// <param name="Volume">What the claim of their disk is called.</param>
/// <param name="Mail">Whether it sends letters.</param>
/// <param name="Memory">Its limit in a container, where half a gigabyte is not enough.</param>
public sealed record ServiceEntry(
    string Name, int Port, int Connections, IReadOnlyList<string> Paths, IReadOnlyList<string>? Files = null,
    IReadOnlyList<string>? Folders = null, string? Volume = null, bool Mail = false, string? Memory = null)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>The project's name.</summary>
    public string Project => char.ToUpperInvariant(Name[0]) + Name[1..];

    public static IReadOnlyList<ServiceEntry> Read(string root) =>
        JsonSerializer.Deserialize<List<ServiceEntry>>(File.ReadAllText(Path.Combine(root, "services.json")), Format)!;
}
