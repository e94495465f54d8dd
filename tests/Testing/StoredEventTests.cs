using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CallCenter.Testing;

/// <summary>
/// What a service has ever stored it must be able to read for ever. <c>StoredEvents/</c> beside the service's tests holds each event
/// type as it was written when the sample was made: <c>leave_requested.json</c>, with all that may be left out left out
/// <c>leave_requested.bare.json</c>, with other values and later members <c>leave_requested.2.json</c> and so on.
/// <c>leave_requested.v0.json</c> is an older form of <c>leave_requested.json</c> and reads the same.
/// With <c>CALLCENTER_WRITE_SAMPLES</c> set, missing samples are written; none is ever changed.
/// </summary>
/// <param name="service">Its folder under <c>services/</c>.</param>
public abstract class StoredEventTests(string service, Func<string[], WebApplication> build) : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly WebApplication app = build(
    [
        "--environment=Development", "--Log=Fatal", "--ConnectionStrings:Database=Host=127.0.0.1;Port=1;Database=none",
        "--ConnectionStrings:Broker=amqp://127.0.0.1:1/none",
    ]);

    private IReadOnlyStoreOptions Store => app.Services.GetRequiredService<IDocumentStore>().Options;
    private ISerializer Serializer => Store.Serializer();
    private string Folder => Path.Combine(Repository.Root, "tests", $"{service}.Tests", "StoredEvents");

    private Dictionary<string, Type> EventTypes => Store.Events.AllKnownEventTypes()
        .Where(e => e.EventType.Namespace!.StartsWith("CallCenter.", StringComparison.Ordinal))
        .ToDictionary(e => e.EventTypeName, e => e.EventType);

    private List<string> Samples => [.. Directory.CreateDirectory(Folder).EnumerateFiles("*.json").Select(file => file.Name).Order()];

    // A kind of a closed hierarchy is read by one class wherever it stands: one sample of the service has to show it.
    private HashSet<(string Path, string? Value)> SaidOfKinds => field ??=
    [
        .. EventTypes.SelectMany(e => NewestForms(e.Key).SelectMany(sample => Statements(Sample(sample), e.Value, "$"))).Where(IsOfKind),
    ];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return app.DisposeAsync();
    }

    // The name in the store is then enough to find the type, wherever its class is moved.
    [Fact]
    public void every_event_of_every_fold_is_known_to_the_store() =>
        Folds.EventsOf(build.Method.DeclaringType!.Assembly).Should().BeSubsetOf(EventTypes.Values);

    [Fact]
    public void every_event_type_has_samples_with_all_it_can_say()
    {
        var missing = EventTypes.SelectMany(e => MissingSamples(e.Key, e.Value)).ToList();
        if (Environment.GetEnvironmentVariable("CALLCENTER_WRITE_SAMPLES") is not null)
            foreach (var (name, json) in missing)
                File.WriteAllText(Path.Combine(Folder, name), json.ToJsonString(Readable) + "\n");

        missing.Select(sample => sample.Name).Should().BeEmpty("CALLCENTER_WRITE_SAMPLES=1 writes them");
    }

    [Fact]
    public void every_enum_is_stored_by_name() =>
        EventTypes.SelectMany(e => StoredExample.Full(e.Value, Serializer).Select(Written).Concat(NewestForms(e.Key).Select(Sample))
                .SelectMany(stored => Statements(stored, e.Value, e.Key)))
            .Where(s => s.Value is { } value && !value.StartsWith('"')).Distinct()
            .Should().BeEmpty("a number is another name when the enum changes");

    [Fact]
    public void every_sample_is_of_an_event_type() =>
        Samples.Where(s => !EventTypes.ContainsKey(EventOf(s))).Should().BeEmpty("no such event is stored");

    [Fact]
    public void every_sample_is_read_to_what_it_said()
    {
        var types = EventTypes;
        foreach (var sample in Samples.Where(s => types.ContainsKey(EventOf(s))))
        {
            var type = types[EventOf(sample)];
            var read = Written(Read(sample, type));
            var said = Sample(sample.Replace(".v0.", ".", StringComparison.Ordinal));

            Lost(said, read, "$").Should().BeEmpty($"{sample} is stored and will not change");
            WithoutDefault(said, read, type).Should().BeEmpty($"{sample} does not have it, so it needs a default");
        }
    }

    private static string EventOf(string sample) => sample.Split('.')[0];

    private IEnumerable<string> NewestForms(string name) =>
        Samples.Where(s => EventOf(s) == name && !s.Contains(".v0.", StringComparison.Ordinal));

    private object Read(string sample, Type type)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(Folder, sample));
            return Serializer.FromJson(type, file);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{sample} is no longer readable: {e.Message}", e);
        }
    }

    private JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name)))!;

    private JsonNode Written(object value) => JsonNode.Parse(Serializer.ToJson(value))!;

    private IEnumerable<(string Name, JsonNode Json)> MissingSamples(string name, Type type)
    {
        var held = NewestForms(name).ToList();
        var said = held.SelectMany(sample => Statements(Sample(sample), type, "$")).ToHashSet();

        var examples = StoredExample.Full(type, Serializer).Select(Written).ToList();

        foreach (var example in examples)
        {
            var says = Statements(example, type, "$").ToList();
            if (says.TrueForAll(statement => said.Contains(statement) || SaidOfKinds.Contains(statement)))
                continue;

            var free = Enumerable.Range(1, 1000).Select(n => n == 1 ? $"{name}.json" : $"{name}.{n}.json").First(n => !held.Contains(n));
            held.Add(free);
            said.UnionWith(says);
            SaidOfKinds.UnionWith(says.Where(IsOfKind));
            yield return (free, example);
        }

        var bare = Written(StoredExample.Bare(type, Serializer));
        if (!held.Contains($"{name}.bare.json") && !examples.Exists(example => JsonNode.DeepEquals(example, bare)))
            yield return ($"{name}.bare.json", bare);
    }

    private static bool IsOfKind((string Path, string? Value) statement) => statement.Path.StartsWith('<');

    // Each member that says something; of an enum, each of its values; of a closed hierarchy, each of its kinds.
    private static IEnumerable<(string Path, string? Value)> Statements(JsonNode? node, Type type, string path)
    {
        if (node is null)
            return [];
        if ((Nullable.GetUnderlyingType(type) ?? type).IsEnum)
            return [(path, node.ToJsonString())];

        return node switch
        {
            JsonObject o when StoredExample.KindOf(type, o) is { } kind => Statements(o, kind, $"<{kind.Name}>"),
            JsonObject o when StoredExample.Members(type) is { } members =>
                members.SelectMany(m => Statements(o[m.Name], m.PropertyType, $"{path}.{m.Name}")),
            JsonObject o when StoredExample.KeyOf(type) is { IsEnum: true } key =>
                o.SelectMany(m => Statements(m.Value, StoredExample.ElementOf(type)!, $"{path}.{m.Key}")
                    .Append((path, Enum.IsDefined(key, m.Key) ? $"\"{m.Key}\"" : m.Key))),
            JsonObject o => o.SelectMany(m =>
                Statements(m.Value, StoredExample.ElementOf(type) ?? typeof(object), $"{path}.{m.Key}")),
            JsonArray a => a.SelectMany(element => Statements(element, StoredExample.ElementOf(type)!, $"{path}[]")),
            _ => [(path, null)],
        };
    }

    private static IEnumerable<string> Lost(JsonNode? said, JsonNode? read, string path) => (said, read) switch
    {
        (JsonObject a, JsonObject b) => a.SelectMany(m =>
            b.ContainsKey(m.Key) ? Lost(m.Value, b[m.Key], $"{path}.{m.Key}") : [$"{path}.{m.Key}"]),
        (JsonArray a, JsonArray b) when a.Count == b.Count =>
            a.Zip(b).SelectMany((pair, i) => Lost(pair.First, pair.Second, $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(said, read) ? [] : [$"{path} is {read?.ToJsonString() ?? "null"}, was {said?.ToJsonString() ?? "null"}"],
    };

    // What the class has and the sample has not is read as its default, which must be a chosen one.
    private static IEnumerable<string> WithoutDefault(JsonNode? said, JsonNode? read, Type type) => (said, read) switch
    {
        (JsonObject a, JsonObject b) when StoredExample.KindOf(type, a) is { } kind => WithoutDefault(a, b, kind),
        (JsonObject a, JsonObject b) when StoredExample.Members(type) is { } members => members.SelectMany(m => !a.ContainsKey(m.Name)
            ? m.AssociatedParameter is { HasDefaultValue: false } ? [$"{type.Name}.{m.Name}"] : Array.Empty<string>()
            : WithoutDefault(a[m.Name], b[m.Name], m.PropertyType)),
        (JsonObject a, JsonObject b) when StoredExample.ElementOf(type) is { } element =>
            a.SelectMany(m => WithoutDefault(m.Value, b[m.Key], element)),
        (JsonArray a, JsonArray b) => a.Zip(b).SelectMany(pair => WithoutDefault(pair.First, pair.Second, StoredExample.ElementOf(type)!)),
        _ => [],
    };
}
