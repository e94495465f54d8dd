using CallCenter.Gateway;
using CallCenter.Testing;
using CallCenter.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Conventions.Tests;

/// <summary>A route as its service maps it.</summary>
public sealed record MappedRoute(string Service, string Method, string Route, RouteEndpoint Endpoint)
{
    public override string ToString() => $"{Service}: {Method} {Route}";
}

/// <summary>The services of the product and their routes.</summary>
public static class Product
{
    public static readonly IReadOnlyDictionary<string, Func<string[], WebApplication>> Services = Repository.Services.ToDictionary(
        service => service,
        service =>
            Type.GetType($"CallCenter.{Project(service)}.{Project(service)}Service, CallCenter.{Project(service)}", throwOnError: true)!
            .GetMethod("Build")!.CreateDelegate<Func<string[], WebApplication>>());

    public static IReadOnlyCollection<string> Roles => AccessTable.KnownRoles;

    /// <summary>The folder of a service.</summary>
    public static string Folder(string service) => Path.Combine(Repository.Root, "services", Project(service));

    private static string Project(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    public static AccessTable Access(string service) => AccessTable.Of(Services[service].Method.DeclaringType!.Assembly);

    /// <summary>Every route that a caller may meet; health and documents, which are open to all, left out.</summary>
    public static IReadOnlyList<MappedRoute> Routes { get; } = [.. Services.SelectMany(s => RoutesOf(s.Key, s.Value))];

    public static ServiceMap Gateway { get; } = ServiceMap.Read(new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(Folder("gateway"), "paths.json"))
        .AddInMemoryCollection(Services.Keys.Select(s => new KeyValuePair<string, string?>($"Services:{s}", "http://127.0.0.1"))).Build());

    /// <summary>A service as its process would be built, without the servers that it needs to run.</summary>
    /// <param name="settings">Further settings as <c>--Key=value</c>.</param>
    public static WebApplication Build(Func<string[], WebApplication> service, params string[] settings) => service(
    [
        "--environment=Development", "--ConnectionStrings:Database=Host=127.0.0.1;Port=1;Database=none",
        "--ConnectionStrings:Broker=amqp://127.0.0.1:1/none", "--Log=Fatal", .. settings,
    ]);

    private static IEnumerable<MappedRoute> RoutesOf(string service, Func<string[], WebApplication> build)
    {
        var app = Build(build);

        return
        [
            .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is null)
                .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                    .Select(method => new MappedRoute(service, method, AccessTable.RouteOf(e), e))),
        ];
    }
}
