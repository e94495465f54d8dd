using System.Text.RegularExpressions;
using CallCenter.Rules;

namespace CallCenter.Calls.Contacts;

/// <summary>
/// What a leg is about in the books of others: the order, the ticket, the campaign. A reference is a name and the id that the other
/// system gave; of what is not an id (a customer's name, a remark) nothing belongs here, as it would stay in the events for ever.
/// </summary>
public sealed partial class References() : SortedDictionary<string, string>(StringComparer.Ordinal), IEquatable<References>
{
    /// <summary>Most references of one leg.</summary>
    public const int MaxCount = 10;

    public const string NameRule = "The name of a reference is 1 to 30 of the characters a–z 0–9 -, beginning with a letter.";
    public const string ValueRule = "A reference is an id of another system: 1 to 64 of the characters A–Z a–z 0–9 . _ : / # -.";

    /// <returns>Null when there are none; of one name the last counts.</returns>
    public static References? Of(IEnumerable<(string Name, string Value)> references)
    {
        var all = new References();
        foreach (var (name, value) in references)
            all[name] = value;
        return all.Count == 0 ? null : all;
    }

    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Numbers of any length are taken: shops number their orders with 11 to 19 digits, as telephones and cards do.</summary>
    public static bool IsValue(string value) => Value().IsMatch(value);

    /// <returns>What a body says; null when it says none.</returns>
    /// <exception cref="InvalidException">422 with the pointer to what breaks a rule.</exception>
    public static References? Require(string pointer, IReadOnlyDictionary<string, string>? said)
    {
        var bare = (said ?? new References()).Select(r => (r.Key, Value: Text.Bare(r.Value))).ToList();
        var errors = bare.SelectMany(r => new[]
        {
            IsName(r.Key) ? null : new Error($"{pointer}/{r.Key}", "reference-name", NameRule),
            IsValue(r.Value) ? null : new Error($"{pointer}/{r.Key}", "reference-value", ValueRule),
        }).Append(bare.Count > MaxCount
            ? new Error(pointer, "too-many-references", $"A leg has {MaxCount} references at most.") : null).OfType<Error>().ToList();

        return errors.Count == 0 ? Of(bare) : throw new InvalidException(errors);
    }

    public bool Equals(References? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as References);

    public override int GetHashCode() => this.Aggregate(0, (hash, reference) => HashCode.Combine(hash, reference));

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,29}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9._:/#-]{1,64}\z")]
    private static partial Regex Value();
}
