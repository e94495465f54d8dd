using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CallCenter.Rules;

namespace CallCenter.Web;

/// <summary>One reading of JSON for all routes: what is not in the contract is refused, never guessed.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Options = Build();

    /// <summary>
    /// Reads a value of an address as the same value in a body is read; lists and paths thus take nothing that bodies refuse.
    /// </summary>
    /// <param name="name">Of the parameter, for the answer.</param>
    /// <exception cref="UnreadableException">400: it is not written as such a value is.</exception>
    /// <exception cref="InvalidException">422: it is, but breaks a rule that all such values keep.</exception>
    public static object? Read(Type type, string name, string text)
    {
        var isText = !type.IsPrimitive && type != typeof(decimal);
        try
        {
            return JsonSerializer.Deserialize(isText ? JsonSerializer.Serialize(text) : text, type, Options);
        }
        catch (RuleException e)
        {
            throw new InvalidException(name, e.Code, e.Message);
        }
        catch (JsonException e)
        {
            throw new UnreadableException(name, e is TextException ? e.Message : "The value has the wrong form.");
        }
    }

    /// <inheritdoc cref="Read(Type, string, string)"/>
    public static T Read<T>(string name, string text) => (T)Read(typeof(T), name, text)!;

    /// <summary>
    /// Reads one of the many things of a body as all bodies are read, but by itself: one that can't be read
    /// keeps no other from being taken.
    /// </summary>
    /// <param name="at">Where it stands, a JSON pointer.</param>
    /// <returns>It, or what is wrong with it and where.</returns>
    public static (T? Value, Error? Fault) ReadOne<T>(JsonElement one, string at) where T : class
    {
        try
        {
            return one.Deserialize<T>(Options) is { } value
                ? (value, null) : (null, new(at, "unreadable", "The value may not be null."));
        }
        catch (JsonException e)
        {
            var fault = Problems.FaultOf(e);
            return (null, fault with { Pointer = at + fault.Pointer });
        }
    }

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions();
        Strict(options);
        return options;
    }

    public static void Strict(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = 32;
        options.AllowOutOfOrderMetadataProperties = true;
        options.Converters.Add(new EnumConverter());
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new DayConverter());
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new DoubleConverter());
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(Elements.RefuseNull).WithAddedModifier(NameKinds).WithAddedModifier(ReadTexts);
    }

    /// <summary>
    /// The kinds of a closed hierarchy are named as enums are: what is stored as "Kind": "YesNo" is sent as "kind": "yes-no".
    /// </summary>
    public static void NameKinds(JsonTypeInfo type)
    {
        if (type.PolymorphismOptions is not { DerivedTypes: [_, ..] } stored)
            return;

        var member = JsonNamingPolicy.CamelCase.ConvertName(stored.TypeDiscriminatorPropertyName);
        var sent = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = member };
        foreach (var kind in stored.DerivedTypes)
            sent.DerivedTypes.Add(new(kind.DerivedType, JsonNamingPolicy.KebabCaseLower.ConvertName($"{kind.TypeDiscriminator}")));

        type.PolymorphismOptions = sent;
        // Made only where none of the kinds is named.
        type.CreateObject = () => throw new TextException($"A required member is missing: {member}");
    }

    // What people write freely, and what identifies something, have a reading of their own.
    private static void ReadTexts(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
            if (Is<FreeTextAttribute>(member))
                member.CustomConverter = new FreeTextConverter();
            else if (Is<LineAttribute>(member))
                member.CustomConverter = new LineConverter();
    }

    private static bool Is<TAttribute>(JsonPropertyInfo member) where TAttribute : Attribute =>
        member.AttributeProvider?.IsDefined(typeof(TAttribute), inherit: true) == true
        || member.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(TAttribute), inherit: true) == true;
}

/// <summary>A value that is well-formed JSON but not acceptable text, with a message fit for the caller.</summary>
public sealed class TextException : JsonException
{
    public TextException(string message, string inside = "") : base(message) => Inside = inside;

    /// <summary>Where in the value that was being read: the rest of a JSON pointer.</summary>
    public string Inside { get; }
}

/// <summary>A value that can be read but breaks a rule that all values of its kind keep: 422.</summary>
public sealed class RuleException : JsonException
{
    public RuleException(Error broken) : base(broken.Message) => Code = broken.Code;

    public string Code { get; }
}

/// <summary>Text in one normal form (NFC), without what PostgreSQL cannot store or a log line must not contain.</summary>
internal class TextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String)
            throw new JsonException("The value could not be converted.");

        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new TextException("The text is not valid Unicode.");
        }

        return Checked(text);
    }

    private static string Checked(string text)
    {
        return Text.Fault(text) is { } fault ? throw new TextException(fault) : Text.Composed(text);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Checked(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}

/// <summary>Text that people write freely: card numbers are masked before anything keeps them.</summary>
internal sealed class FreeTextConverter : TextConverter
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        base.Read(ref reader, typeToConvert, options) is { } text ? FreeTexts.Masked(text) : null;
}

/// <summary>A code or an id: blanks around it are no part of it, as they are none in a file.</summary>
internal sealed class LineConverter : TextConverter
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        base.Read(ref reader, typeToConvert, options) is { } text ? Text.Bare(text) : null;
}

/// <summary>Enums by their kebab-case names, in exactly that case: the converter of the framework takes any.</summary>
internal sealed class EnumConverter : JsonConverterFactory
{
    public static IReadOnlyList<string> Names(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Exact<>).MakeGenericType(typeToConvert))!;

    private sealed class Exact<T> : JsonConverter<T> where T : struct, Enum
    {
        private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(value => value.Code);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new TextException($"The value is one of: {string.Join(", ", Values.Keys)}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
    }
}

/// <summary>An instant names its offset; without one it would silently be the server's zone.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String || !reader.TryGetDateTimeOffset(out var instant))
            throw new TextException("An instant is written as 2026-03-02T09:00:00+08:00 or with Z.");

        var text = reader.GetString()!;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        if (time < 0 || text.AsSpan(time).IndexOfAny("Z+-") < 0)
            throw new TextException("An instant needs its offset: Z, or one like +08:00.");

        return Ranges.Instants.Check("", instant) is { } broken ? throw new RuleException(broken) : instant.ToUniversalTime();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}

/// <summary>A day in the one form, within the range that all days lie in.</summary>
internal sealed class DayConverter : JsonConverter<DateOnly>
{
    private const string Form = "yyyy-MM-dd";

    public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String ? Of(reader.GetString()!) : throw Unreadable();

    public override DateOnly ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Of(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
        writer.WritePropertyName(Text(value));

    private static DateOnly Of(string text) =>
        !DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? throw Unreadable()
        : Ranges.Days.Check("", day) is { } broken ? throw new RuleException(broken)
        : day;

    private static TextException Unreadable() => new("A day is written as 2026-03-02.");

    private static string Text(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);
}

/// <summary>A number that plans are computed from: none that a computation can run away with.</summary>
internal sealed class DoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is not JsonTokenType.Number || !reader.TryGetDouble(out var number)
            ? throw new JsonException("The value could not be converted.")
            : Ranges.Numbers.Check("", number) is { } broken ? throw new RuleException(broken) : number;

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value + 0.0); // which makes 0 of -0: what differs by nothing differs in no direction
}
