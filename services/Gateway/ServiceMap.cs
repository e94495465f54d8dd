using Yarp.ReverseProxy.Configuration;

namespace CallCenter.Gateway;

/// <summary>
/// Which service answers which paths (<c>Paths:{service}</c>), on which it takes files of any type (<c>Files:{service}</c>) and where it
/// lives (<c>Services:{service}</c>).
/// </summary>
public sealed class ServiceMap(IReadOnlyDictionary<string, (Uri Address, string[] Paths, string[] Files)> services)
{
    private const string File = "file";

    public IReadOnlyDictionary<string, (Uri Address, string[] Paths, string[] Files)> Services { get; } = services;

    public static ServiceMap Read(IConfiguration configuration) => new(configuration.GetSection("Paths").GetChildren().ToDictionary(
        service => service.Key,
        service => (
            new Uri(configuration[$"Services:{service.Key}"]
                ?? throw new InvalidOperationException($"Services:{service.Key} is not configured.")),
            service.Get<string[]>()!,
            configuration.GetSection($"Files:{service.Key}").Get<string[]>() ?? [])));

    /// <summary>Whether a path is a service's to answer, and not the gateway's own.</summary>
    public bool Answers(PathString path) => path.StartsWithSegments("/services", StringComparison.OrdinalIgnoreCase)
        || Services.Values.SelectMany(service => service.Paths)
            .Any(own => path.StartsWithSegments($"/{own}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether what is sent there is a file, also where it is JSON: its service says how large it may be.</summary>
    public static bool TakesFile(HttpContext context) =>
        context.GetReverseProxyFeature().Route.Config.Metadata?.ContainsKey(File) == true;

    // Anonymous paths are few and named, by the secret in them; everything else needs a valid token before it leaves the gateway.
    public IReadOnlyList<RouteConfig> Routes() =>
    [
        .. Services.SelectMany(service => service.Value.Paths.Select(path => new RouteConfig
        {
            RouteId = $"{service.Key}:{path}",
            ClusterId = service.Key,
            AuthorizationPolicy = path.Contains('{', StringComparison.Ordinal) ? "anonymous" : "default",
            Order = path.Contains('{', StringComparison.Ordinal) ? 0 : 1,
            Match = new RouteMatch { Path = path.Contains('{', StringComparison.Ordinal) ? $"/{path}" : $"/{path}/{{**rest}}" },
        })),
        .. Services.SelectMany(service => service.Value.Files.Select(path => new RouteConfig
        {
            RouteId = $"{service.Key}:{path}:file",
            ClusterId = service.Key,
            AuthorizationPolicy = "default",
            Order = 0,
            Match = new RouteMatch { Path = $"/{path}", Methods = ["POST"] },
            Metadata = new Dictionary<string, string> { [File] = path },
        })),
        .. Services.Keys.Select(service => new RouteConfig
        {
            RouteId = $"{service}:republications",
            ClusterId = service,
            AuthorizationPolicy = "default",
            Match = new RouteMatch { Path = $"/services/{service}/republications", Methods = ["POST"] },
            Transforms = [new Dictionary<string, string> { ["PathSet"] = "/republications" }],
        }),
        .. Services.Keys.Select(service => new RouteConfig
        {
            RouteId = $"{service}:operations-desk",
            ClusterId = service,
            AuthorizationPolicy = "default",
            Match = new RouteMatch { Path = $"/services/{service}/operations-desk/{{**rest}}" },
            Transforms = [new Dictionary<string, string> { ["PathPattern"] = "/operations-desk/{**rest}" }],
        }),
    ];

    public IReadOnlyList<ClusterConfig> Clusters() =>
    [
        .. Services.Select(service => new ClusterConfig
        {
            ClusterId = service.Key,
            Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = service.Value.Address.ToString() } },
            HttpClient = new() { RequestHeaderEncoding = "utf-8", ResponseHeaderEncoding = "utf-8" }, // as they are read
            HttpRequest = new() { ActivityTimeout = TimeSpan.FromMinutes(5) },
        }),
    ];
}
