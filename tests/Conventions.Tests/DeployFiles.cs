using CallCenter.Testing;
using YamlDotNet.RepresentationModel;

namespace CallCenter.Conventions.Tests;

/// <summary>The files of <c>deploy/</c>, as whoever deploys with them reads them.</summary>
internal static class DeployFiles
{
    /// <summary>What runs: every service and the gateway, in lower case.</summary>
    public static readonly string[] Services =
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "services"))
            .Select(folder => Path.GetFileName(folder).ToLowerInvariant()).Order()];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, "deploy", file));

    /// <summary>The documents of a YAML file.</summary>
    public static IReadOnlyList<YamlNode> Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Text(file)));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    extension(YamlNode node)
    {
        /// <summary>What a path of names and positions such as <c>spec/containers/0/image</c> leads to; null when it ends early.</summary>
        public YamlNode? At(string path) => path.Split('/').Aggregate((YamlNode?)node, (at, step) => at switch
        {
            YamlMappingNode map => Child(map, step),
            YamlSequenceNode list when int.TryParse(step, out var position) && position < list.Children.Count => list[position],
            _ => null,
        });

        public string? Value(string path) => (node.At(path) as YamlScalarNode)?.Value;

        public IEnumerable<string> Names(string path) =>
            (node.At(path) as YamlMappingNode)?.Children.Keys.Select(key => key.ToString()) ?? [];

        public IEnumerable<string> Values(string path) =>
            (node.At(path) as YamlSequenceNode)?.Children.Select(item => item.ToString()) ?? [];
    }

    // What a mapping does not say itself it may take over from another (<<).
    private static YamlNode? Child(YamlMappingNode map, string name) =>
        map.Children.TryGetValue(new YamlScalarNode(name), out var own) ? own
        : map.Children.TryGetValue(new YamlScalarNode("<<"), out var other) ? Child((YamlMappingNode)other, name)
        : null;
}
