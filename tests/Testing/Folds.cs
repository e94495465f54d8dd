using System.Reflection;
using System.Runtime.CompilerServices;

namespace CallCenter.Testing;

/// <summary>What the folds of a service are made of.</summary>
public static class Folds
{
    private const byte IsInstance = 0x75;

    /// <summary>The events that any <c>Evolve(object)</c> asks for: the types its compiled body tests for.</summary>
    public static IEnumerable<Type> EventsOf(Assembly service) => service.GetTypes()
        .Select(type => type.GetMethod("Evolve", [typeof(object)])).OfType<MethodInfo>()
        .Where(fold => fold.DeclaringType!.Assembly == service && !fold.IsAbstract && fold.ReturnType == fold.DeclaringType)
        .SelectMany(TestedFor).Where(type => type.Assembly == service && !type.IsDefined(typeof(CompilerGeneratedAttribute))).Distinct();

    private static IEnumerable<Type> TestedFor(MethodInfo fold)
    {
        var code = fold.GetMethodBody()!.GetILAsByteArray()!;
        for (var at = 0; at + 4 < code.Length; at++)
            if (code[at] == IsInstance && Resolved(fold.Module, BitConverter.ToInt32(code, at + 1)) is { } type)
                yield return type;
    }

    // A byte that only looks like the instruction is followed by no type, or now and then by one that the compiler made.
    private static Type? Resolved(Module module, int token)
    {
        try
        {
            return module.ResolveType(token);
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }
}
