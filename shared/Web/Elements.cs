using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace CallCenter.Web;

/// <summary>What the serializer does not look at: whether the elements of a list, or the values of a map, may be null.</summary>
internal static class Elements
{
    /// <summary>An object of the type is refused when one of its lists holds a null that its declaration does not allow.</summary>
    public static void RefuseNull(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object)
            return;

        var nullability = new NullabilityInfoContext();
        var lists = type.Properties
            .Where(p => p is { Get: not null, AttributeProvider: PropertyInfo } && (p.Set is not null || p.AssociatedParameter is not null))
            .Select(p => (p.Name, Get: p.Get!, Declared: nullability.Create((PropertyInfo)p.AttributeProvider!)))
            .Where(list => Element(list.Declared) is not null).ToList();
        if (lists.Count == 0)
            return;

        var before = type.OnDeserialized;
        type.OnDeserialized = value =>
        {
            foreach (var (name, get, declared) in lists)
                if (Null(get(value), declared) is { } place)
                    throw new TextException("The value may not be null.", $"/{name}{place}");
            before?.Invoke(value);
        };
    }

    /// <returns>The pointer to the first null that may not be there.</returns>
    private static string? Null(object? list, NullabilityInfo declared) => Element(declared) is not { } element ? null : list switch
    {
        IDictionary map => First(map.Keys.Cast<object>().Select(key => (key.ToString()!, map[key])), element),
        IEnumerable items => First(items.Cast<object?>().Index().Select(item => ($"{item.Index}", item.Item)), element),
        _ => null,
    };

    private static string? First(IEnumerable<(string Place, object? Value)> items, NullabilityInfo element) => items
        .Select(item => item.Value is not null ? Null(item.Value, element) is { } inside ? $"/{item.Place}{inside}" : null
            : element.ReadState is NullabilityState.NotNull ? $"/{item.Place}" : null)
        .FirstOrDefault(place => place is not null);

    // Of a list its item, of a map its value; null for all else and for what can hold no null anywhere.
    private static NullabilityInfo? Element(NullabilityInfo declared)
    {
        if (declared.Type == typeof(string) || !declared.Type.IsAssignableTo(typeof(IEnumerable)))
            return null;

        var element = declared.ElementType ?? declared.GenericTypeArguments.LastOrDefault();
        return element is null || (element.Type.IsValueType && Element(element) is null) ? null : element;
    }
}
