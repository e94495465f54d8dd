using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Testing;

/// <summary>Examples of a stored type, the same at every run, made from nothing but its members.</summary>
public static class StoredExample
{
    private static readonly JsonSerializerOptions Options = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>Every member filled; as many as it takes to show every value of every enum and every kind of a closed hierarchy.</summary>
    public static IEnumerable<object> Full(Type type, ISerializer serializer) => Enumerable.Range(0, Varieties(type, []))
        .Select(variety => Read(new Filling(serializer, variety, Bare: false).Of(type, type.Name), type, serializer));

    /// <summary>What may be left out is left out.</summary>
    public static object Bare(Type type, ISerializer serializer) =>
        Read(new Filling(serializer, 0, Bare: true).Of(type, type.Name), type, serializer);

    /// <summary>Which kind of a closed hierarchy a stored object is; null for all else.</summary>
    public static Type? KindOf(Type type, JsonObject stored) =>
        Info(type).PolymorphismOptions is not { DerivedTypes: [_, ..] kinds } options
        ? null
        : kinds.First(kind => $"{kind.TypeDiscriminator}" == $"{stored[options.TypeDiscriminatorPropertyName]}").DerivedType;

    /// <summary>The members of an object; null for all else.</summary>
    public static IEnumerable<JsonPropertyInfo>? Members(Type type) =>
        Info(type) is { Kind: JsonTypeInfoKind.Object } info ? info.Properties.Where(p => p.Get is not null) : null;

    /// <summary>What a list or dictionary holds.</summary>
    public static Type? ElementOf(Type type) => Info(type).ElementType;

    /// <summary>What a dictionary is looked up by; null for all else.</summary>
    public static Type? KeyOf(Type type) => Info(type).KeyType;

    private static JsonTypeInfo Info(Type type) => Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    private static object Read(JsonNode? node, Type type, ISerializer serializer)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(node!.ToJsonString()));
        return serializer.FromJson(type, stream);
    }

    // A list shows all that its elements can be by itself.
    private static int Varieties(Type type, HashSet<Type> within)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var info = Info(type);
        if (type.IsEnum)
            return Enum.GetValues(type).Length;
        if (info.Kind is not JsonTypeInfoKind.Object || !within.Add(type))
            return 1;

        var kinds = info.PolymorphismOptions?.DerivedTypes.ToList() ?? [];
        var most = info.Properties.Select(p => p.PropertyType).Concat(kinds.Select(k => k.DerivedType))
            .Select(part => Varieties(part, within)).Append(kinds.Count).Append(1).Max();
        within.Remove(type);
        return most;
    }

    private sealed record Filling(ISerializer Serializer, int Variety, bool Bare)
    {
        private readonly Stack<Type> within = new();

        public JsonNode? Of(Type type, string path)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.IsEnum)
                return JsonNode.Parse(Serializer.ToJson(Chosen(Enum.GetValues(type).Cast<object>().ToList())));

            var info = Info(type);
            return info.Kind switch
            {
                JsonTypeInfoKind.Object => Object(info, path),
                JsonTypeInfoKind.Enumerable =>
                    new JsonArray([.. Elements(info.ElementType!).Select(element => element.Of(info.ElementType!, path))]),
                JsonTypeInfoKind.Dictionary => new JsonObject(Elements(info.KeyType!)
                    .Select(element => KeyValuePair.Create(element.Key(info.KeyType!, path), element.Of(info.ElementType!, path)))),
                _ => Value(type, path),
            };
        }

        // A tree ends where it would begin again.
        private IEnumerable<Filling> Elements(Type type) => Bare || within.Contains(type) ? []
            : Enumerable.Range(0, Varieties(type, [])).Select(variety => this with { Variety = variety });

        private T Chosen<T>(IReadOnlyList<T> among) => among[Variety % among.Count];

        private JsonObject Object(JsonTypeInfo info, string path)
        {
            if (info.PolymorphismOptions is { DerivedTypes: [_, ..] kinds } options)
            {
                var kind = Chosen([.. kinds]);
                var chosen = (JsonObject)Of(kind.DerivedType, path)!;
                chosen.Insert(0, options.TypeDiscriminatorPropertyName, JsonValue.Create($"{kind.TypeDiscriminator}"));
                return chosen;
            }

            within.Push(info.Type);
            var members = info.Properties.Where(p => p.Get is not null && !(Bare && p.AssociatedParameter?.HasDefaultValue == true))
                .Select(p => KeyValuePair.Create(p.Name, IsNone(p) ? null : Of(p.PropertyType, $"{path}.{p.Name}"))).ToList();
            within.Pop();
            return new JsonObject(members);
        }

        private bool IsNone(JsonPropertyInfo member) => (Bare || within.Contains(member.PropertyType))
            && (member.PropertyType.IsValueType ? Nullable.GetUnderlyingType(member.PropertyType) is not null : member.IsGetNullable);

        private string Key(Type type, string path) => type.IsEnum ? Chosen(Enum.GetNames(type)) : $"{Value(type, path)}";

        private static JsonNode Value(Type type, string path) => Type.GetTypeCode(type) switch
        {
            TypeCode.String => path[(path.LastIndexOf('.') + 1)..],
            TypeCode.Boolean => true,
            TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 or TypeCode.Byte => 7,
            TypeCode.Double or TypeCode.Single => 0.25,
            TypeCode.Decimal => 12.5m,
            _ when type == typeof(Guid) => NameId.Of("sample", path),
            _ when type == typeof(DateOnly) => "2026-03-02",
            _ when type == typeof(TimeOnly) => "08:30:00",
            _ when type == typeof(DateTimeOffset) => "2026-03-02T08:30:00.1234567+00:00",
            _ when type == typeof(TimeSpan) => "00:15:00",
            _ => throw new NotSupportedException($"How is a {type} written in a sample ({path})?"),
        };
    }
}
