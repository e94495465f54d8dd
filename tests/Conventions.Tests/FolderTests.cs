using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CallCenter.Conventions.Tests;

// The folders of a service are read and changed one at a time. Two that know each other, even by way of a third, are one folder
// with two names.
public sealed partial class FolderTests
{
    private sealed record Edge(string Folder, string Knows, string File)
    {
        public override string ToString() => $"{Folder}/{File} -> {Knows}";
    }

    public static TheoryData<string> Services => [.. Product.Services.Keys];

    [Theory, MemberData(nameof(Services))]
    public void no_folder_of_a_service_knows_another_in_a_circle(string service) =>
        OnCircles(Edges(service)).Should().BeEmpty("a type that both need belongs into the folder that knows less");

    // The page that puts a service together knows every folder, so whatever knows a type beside it closes a circle.
    [Theory, MemberData(nameof(Services))]
    public void no_folder_knows_what_lies_beside_the_folders(string service)
    {
        var beside = TypesOf(service).Where(type => type.Namespace == NamespaceOf(service)).ToList();
        var extensions = beside.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute)));
        var names = new Regex($@"\b({string.Join('|', beside.Select(type => type.Name))})\b"
            + string.Concat(extensions.Select(method => $@"|\.{method.Name}\b")));

        beside.Should().NotBeEmpty();
        Sources(service).Where(source => names.IsMatch(source.Text)).Select(source => $"{source.Folder}/{source.File}").Should().BeEmpty();
    }

    private static List<Edge> Edges(string service)
    {
        var folders = TypesOf(service).Select(type => (Folder: FolderOf(service, type), type.Name))
            .Where(type => type.Folder.Length > 0).ToLookup(type => type.Folder, type => type.Name);
        var uses = folders.ToDictionary(folder => folder.Key, folder => new Regex(
            $@"\b{Regex.Escape(NamespaceOf(service))}\.{folder.Key}\b|(?<![\w.]){folder.Key}\.({string.Join('|', folder.Select(Regex.Escape))})\b"));

        return
        [
            .. Sources(service).SelectMany(source => uses.Where(use => use.Key != source.Folder && use.Value.IsMatch(source.Text))
                .Select(use => new Edge(source.Folder, use.Key, source.File))),
        ];
    }

    // What leads to a folder that knows no other, or comes from one that no other knows, is on no circle.
    private static List<Edge> OnCircles(List<Edge> edges)
    {
        var left = edges.Where(edge => edges.Any(e => e.Folder == edge.Knows) && edges.Any(e => e.Knows == edge.Folder)).ToList();
        return left.Count == edges.Count ? left : OnCircles(left);
    }

    private static IEnumerable<(string Folder, string File, string Text)> Sources(string service) =>
        from folder in Directory.GetDirectories(Product.Folder(service))
        where Path.GetFileName(folder) is not ("bin" or "obj")
        from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        select (Path.GetFileName(folder), Path.GetFileName(file), NoUse().Replace(File.ReadAllText(file), ""));

    private static IEnumerable<Type> TypesOf(string service) => Product.Services[service].Method.DeclaringType!.Assembly.GetTypes()
        .Where(type => !type.IsNested && type.Namespace?.StartsWith(NamespaceOf(service), StringComparison.Ordinal) == true
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static string FolderOf(string service, Type type) =>
        type.Namespace!.Length > NamespaceOf(service).Length ? type.Namespace[(NamespaceOf(service).Length + 1)..].Split('.')[0] : "";

    private static string NamespaceOf(string service) => Product.Services[service].Method.DeclaringType!.Namespace!;

    [GeneratedRegex(@"^namespace .*|//.*", RegexOptions.Multiline)]
    private static partial Regex NoUse();
}
