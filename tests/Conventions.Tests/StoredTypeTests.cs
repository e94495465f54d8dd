using System.Reflection;
using System.Reflection.Emit;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Conventions.Tests;

/// <summary>
/// A document of a type that its service's store was not told of would need a table at the moment it is first used, which the service has
/// no right to make. Marten doesn't ask beforehand, and a path that no test goes shows it to the customer only.
/// </summary>
public sealed class StoredTypeTests
{
    // By table; a type that is asked for by SQL of our own is none.
    private static readonly HashSet<string> OfDocuments =
    [
        "Store", "Insert", "Update", "UpdateRevision", "TryUpdateRevision", "UpdateExpectedVersion", "Delete", "DeleteWhere", "HardDelete",
        "HardDeleteWhere", "Query", "Load", "LoadAsync", "LoadMany", "LoadManyAsync", "CheckExists", "CheckExistsAsync", "Patch",
        "BulkInsertAsync", "MetadataForAsync",
    ];

    public static TheoryData<string> Stores => [.. Repository.Services.Except(["gateway"])];

    [Theory, MemberData(nameof(Stores))]
    public async Task every_document_that_a_service_stores_or_reads_is_of_a_type_that_its_store_was_told(string service)
    {
        var assembly = Product.Services[service].Method.DeclaringType!.Assembly;
        await using var app = Product.Build(Product.Services[service]);
        var told = app.Services.GetRequiredService<IDocumentStore>().Options.AllKnownDocumentTypes().Select(known => known.DocumentType);

        var used = new Reached(assembly).Documents;

        used.Should().HaveCountGreaterThan(5);
        used.Except(told).Except(OfPartsThatAreNotThere(app.Services, assembly)).Select(type => type.Name).Should().BeEmpty();
    }

    // Shared code that runs only where a service has operations, or keeps something by its projects' rules.
    private static IEnumerable<Type> OfPartsThatAreNotThere(IServiceProvider services, Assembly assembly) =>
    [
        .. services.GetService<Operations>() is null
            ? new[] { typeof(Operation), typeof(OperationWork), typeof(OperationCancellation) } : [],
        .. !assembly.GetTypes().Any(type => type.IsAssignableTo(typeof(IRetainedByProject)))
            ? new[] { typeof(ProjectV1), typeof(RetentionV1), typeof(FactAgreement), typeof(UndoneHold) } : [],
    ];

    /// <summary>What can be called from an assembly, followed into whatever is ours, with the types that stand for generic ones.</summary>
    private sealed class Reached
    {
        private const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

        private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
            .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

        private readonly HashSet<MethodBase> seen = [];
        private readonly HashSet<Type> types = [];
        private readonly Queue<MethodBase> left = [];

        public Reached(Assembly service)
        {
            foreach (var type in service.GetTypes())
                Add(type);
            while (left.TryDequeue(out var method))
                foreach (var member in Named(method))
                    Follow(member);
        }

        public HashSet<Type> Documents { get; } = [];

        private void Follow(MemberInfo member)
        {
            if (member is Type type)
                Add(type);
            if (member is not MethodBase method)
                return;

            if (method.DeclaringType is { } declaring)
            {
                Add(declaring.IsGenericType || IsMade(declaring) ? declaring : null);
                if (declaring.Assembly == typeof(IDocumentStore).Assembly && OfDocuments.Contains(method.Name) && method.IsGenericMethod
                    && method.GetGenericArguments()[0] is { IsGenericParameter: false } document && IsOurs(document))
                    Documents.Add(document);
            }

            foreach (var argument in method.IsGenericMethod ? method.GetGenericArguments() : [])
                Add(argument);
            Add(method);
        }

        private void Add(MethodBase method)
        {
            if (method.DeclaringType is { } type && IsOurs(type) && !method.ContainsGenericParameters && !type.ContainsGenericParameters
                && seen.Add(method))
                left.Enqueue(method);
        }

        private void Add(Type? type)
        {
            if (type is null || type.ContainsGenericParameters || !types.Add(type))
                return;

            foreach (var argument in type.GetGenericArguments())
                Add(argument);
            if (IsOurs(type))
                foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
                    Add(method);
        }

        private static bool IsOurs(Type type) => type.Assembly.GetName().Name!.StartsWith("CallCenter.", StringComparison.Ordinal);

        // By the compiler: what stands in a lambda or behind an await.
        private static bool IsMade(Type type) => type.Name.StartsWith('<');

        // The members that a method's code names.
        private static IEnumerable<MemberInfo> Named(MethodBase method)
        {
            var (code, at) = (method.GetMethodBody()?.GetILAsByteArray() ?? [], 0);
            var ofType = method.DeclaringType!.GetGenericArguments();
            var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
            while (at < code.Length)
            {
                var op = Codes[code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at]];
                at += op.Size;
                if (op.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok)
                    yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
                at += op.OperandType switch
                {
                    OperandType.InlineNone => 0,
                    OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                    OperandType.InlineVar => 2,
                    OperandType.InlineI8 or OperandType.InlineR => 8,
                    OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                    _ => 4,
                };
            }
        }
    }
}
