using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CallCenter.Contracts;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

public sealed partial class StructureTests
{
    [Fact]
    public void a_service_references_what_is_shared_and_no_other_service()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(Repository.Root, "services"), "*.csproj", SearchOption.AllDirectories))
            References(project).Should().NotContain(
                r => !r.Contains("/shared/", StringComparison.Ordinal)
                    && !r.StartsWith(Path.GetDirectoryName(project)! + "/", StringComparison.Ordinal),
                $"of {Path.GetFileName(project)}");
    }

    [Fact]
    public void the_planning_engine_knows_neither_web_nor_database_and_carries_no_solver()
    {
        Packages("Planning").Should().BeEmpty();
        References(Shared("Planning")).Should().BeEmpty();
    }

    [Fact]
    public void what_listens_to_sound_knows_neither_web_nor_database()
    {
        Packages("Sound").Should().Equal("Concentus", "NLayer");
        References(Shared("Sound")).Should().BeEmpty();
    }

    private static IEnumerable<string> Packages(string project) =>
        XDocument.Load(Shared(project)).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);

    private static string Shared(string project) => Path.Combine(Repository.Root, "shared", project, $"{project}.csproj");

    [Fact]
    public void rules_know_neither_web_nor_event_store() =>
        Assemblies(typeof(Rules.RefusedException).Assembly).Should().NotContain(name =>
            name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Marten", StringComparison.Ordinal)
            || name.StartsWith("JasperFx", StringComparison.Ordinal) || name.StartsWith("CallCenter", StringComparison.Ordinal));

    // A decision is a function of data; what a request is and who asks reach it as values.
    [Fact]
    public void a_file_that_decides_or_folds_knows_nothing_of_the_web()
    {
        var deciding = Directory.EnumerateFiles(Path.Combine(Repository.Root, "services"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
            .Where(file =>
                Decides().IsMatch(file.Text) || (Folds().IsMatch(file.Text) && !file.Text.Contains("routes.Map", StringComparison.Ordinal)))
            .ToList();

        deciding.Should().HaveCountGreaterThan(20);
        deciding.Where(file => OfTheWeb().IsMatch(file.Text)).Select(file => file.Name).Should().BeEmpty();
    }

    [GeneratedRegex(@"static (?:object\[\]|IEnumerable<object>) Decide\(|static class \w+(?:Decider|Check)\b")]
    private static partial Regex Decides();

    // Where a read model's routes stand beside its fold, the file is of the web by right.
    [GeneratedRegex(@"\bEvolve\(object ")]
    private static partial Regex Folds();

    [GeneratedRegex(@"CallCenter\.Web\b|Microsoft\.AspNetCore|\bHttpContext\b|\bBadHttpRequestException\b|\bIEndpointRouteBuilder\b|\bCaller caller\b")]
    private static partial Regex OfTheWeb();

    // Who reads a name takes it for the thing of that name that they know.
    [Fact]
    public void no_two_public_types_have_one_name()
    {
        var services = Product.Services.Values.Select(build => build.Method.DeclaringType!.Assembly).ToList();
        var all = services.SelectMany(Assemblies).Where(name => name.StartsWith("CallCenter.", StringComparison.Ordinal)).Distinct()
            .Select(Assembly.Load).Concat(services).SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsNested: false, Namespace: not null }).ToList();

        all.Should().HaveCountGreaterThan(300);
        all.GroupBy(type => type.Name).Where(named => named.Count() > 1)
            .Select(named => string.Join(", ", named.Select(type => type.FullName))).Should().BeEmpty();
    }

    [Fact]
    public void no_two_types_of_a_service_are_one_schema_of_its_api_document()
    {
        // Schemas are known by the name of the type alone, also of one that stands in another.
        var twice = Product.Services.Values.SelectMany(build => build.Method.DeclaringType!.Assembly.GetTypes()
            .Where(type => (type.IsNestedPublic || type.IsPublic) && !type.Name.StartsWith('<'))
            .GroupBy(type => type.Name).Where(named => named.Count() > 1))
            .Select(named => string.Join(", ", named.Select(type => type.FullName)));

        twice.Should().BeEmpty();
    }

    private static IEnumerable<string> Assemblies(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    [Fact]
    public void a_message_is_a_flat_versioned_record_of_plain_values()
    {
        var facts = typeof(IFact).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IFact)) && t.IsClass).ToList();

        facts.Should().NotBeEmpty().And.OnlyContain(t => t.IsSealed && t.BaseType == typeof(object));
        facts.Should().OnlyContain(t => t.Name.Contains("V1", StringComparison.Ordinal) || t.Name.Contains("V2", StringComparison.Ordinal));
        foreach (var property in facts.SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
            IsPlain(property.PropertyType).Should().BeTrue($"{property.DeclaringType!.Name}.{property.Name} travels");
    }

    [Fact]
    public void nothing_is_a_drawer_for_whatever_is_left_over()
    {
        string[] drawers = ["Common", "Helpers", "Utils", "Utilities", "Managers", "Dtos", "Handlers", "Commands", "Repositories"];

        foreach (var top in new[] { "services", "shared", "tests", "deploy" })
            Directory.GetDirectories(Path.Combine(Repository.Root, top), "*", SearchOption.AllDirectories)
                .Select(Path.GetFileName).Should().NotIntersectWith(drawers);
    }

    private static IEnumerable<string> References(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(r => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, r.Attribute("Include")!.Value)));

    private static bool IsPlain(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? IsPlain(inner)
        : type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid)
            || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(DateTimeOffset)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && IsPlain(type.GetGenericArguments()[0]))
            || (type.Namespace?.StartsWith("CallCenter.Contracts", StringComparison.Ordinal) == true
                && type.GetProperties().All(p => IsPlain(p.PropertyType)));
}
