using System.Reflection;
using CallCenter.Web;

// All services and the gateway in one process, for a small centre; with Migrate it only brings their schemas. Each keeps its own port,
// database, broker user and container of dependencies: its settings are those below its name
// (people__ConnectionStrings__Database), the others are shared.
var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
var names = (settings["AllInOne"]
    ?? throw new InvalidOperationException("AllInOne is not configured: the services to run, separated by blanks."))
    .Split(' ', StringSplitOptions.RemoveEmptyEntries);

var apps = names.Select(name => (Name: name, App: Build(name))).ToArray();
if (settings.GetValue<bool>("Migrate"))
{
    await Task.WhenAll(apps.Select(service => service.App.RunServiceAsync()));
    return;
}

await Task.WhenAll(apps.Select(service => service.App.StartServiceAsync()));

// One that ends takes the process along: whoever supervises it starts all of them again.
await Task.WhenAny(apps.Select(service => service.App.WaitForShutdownAsync()));
await Task.WhenAll(apps.Select(service => service.App.StopAsync()));

WebApplication Build(string name)
{
    var project = char.ToUpperInvariant(name[0]) + name[1..];
    var build = Assembly.Load($"CallCenter.{project}").GetType($"CallCenter.{project}.{project}Service", throwOnError: true)!
        .GetMethod("Build")!.CreateDelegate<Func<string[], WebApplication>>();
    var own = settings.GetSection(name);
    return build(
    [
        $"--Migrate={settings["Migrate"] ?? "false"}",
        .. own.AsEnumerable(makePathsRelative: true).Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}"),
    ]);
}
