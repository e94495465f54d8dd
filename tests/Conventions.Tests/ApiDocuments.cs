using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.Gateway;
using CallCenter.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CallCenter.Conventions.Tests;

/// <summary>
/// The API documents as callers get them, each service's own and the gateway's of all, also written to <c>artifacts/openapi</c>
/// for the linters. Of each host only the web server starts: documents need neither database nor broker.
/// </summary>
public sealed class ApiDocuments : IAsyncLifetime
{
    public const string Merged = "gateway";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<WebApplication> hosts = [];
    private readonly Dictionary<string, JsonObject> documents = [];

    public static IEnumerable<string> Names => [.. Product.Services.Keys, Merged];

    public JsonObject this[string name] => documents[name];

    public async ValueTask InitializeAsync()
    {
        var addresses = new Dictionary<string, Uri>();
        foreach (var (service, build) in Product.Services)
            addresses[service] = await Start(Product.Build(build, "--urls=http://127.0.0.1:0"));
        addresses[Merged] = await Start(GatewayService.Build(
        [
            "--urls=http://127.0.0.1:0", "--environment=Development", "--Log=Error",
            .. Product.Services.Keys.Select(service => $"--Services:{service}={addresses[service]}"),
        ]));

        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "openapi"));
        foreach (var old in folder.EnumerateFiles("*.json"))
            old.Delete();
        using var client = new HttpClient();
        foreach (var (name, address) in addresses)
        {
            documents[name] = (await client.GetFromJsonAsync<JsonObject>(new Uri(address, "openapi.json")))!;
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{name}.json"), documents[name].ToJsonString(Indented));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
    }

    private async Task<Uri> Start(WebApplication host)
    {
        hosts.Add(host);
        await host.Services.GetServices<IHostedService>().Single(s => s.GetType().Name == "GenericWebHostService").StartAsync(default);

        return new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
