using CallCenter.Generate;

// generate <root of the repository>: writes what must agree with services.json; says which files changed.
foreach (var (path, content) in GeneratedFiles.Of(args[0]))
{
    var file = Path.Combine(args[0], path);
    if (File.Exists(file) && File.ReadAllText(file) == content)
        continue;
    File.WriteAllText(file, content);
    Console.WriteLine(path);
}
