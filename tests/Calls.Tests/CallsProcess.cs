using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

/// <summary>The service as a process of its own, on a fixture's database, broker and folders, to be killed.</summary>
internal sealed class CallsProcess(CallsApi api) : IDisposable
{
    private readonly HttpClient anonymous = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}") };
    private Process? process;

    public Uri Address => anonymous.BaseAddress!;

    /// <summary>Who is signed in at the fixture's own instance, at this one.</summary>
    public HttpClient Client(HttpClient there)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = there.DefaultRequestHeaders.Authorization;
        return client;
    }

    public async Task Start()
    {
        // Jobs' times as well: the instance that started last tells all of them.
        var arguments = new[] { "ConnectionStrings:Database", "ConnectionStrings:Broker", "Auth:Issuer", "Auth:KeysFile",
            "Imports:Folder", "Recordings:Folder", "Recordings:MaxBytes", "Scrub:Every", "Scrub:Round", "Leftovers:Every",
            "OpenLegs:Every", "OpenLegs:CloseAfter" }
            .Where(key => api.App.Configuration[key] is not null).Select(key => $"--{key}={api.App.Configuration[key]}");
        process = Process.Start("dotnet",
            [typeof(CallsService).Assembly.Location, $"--urls={Address}", "--environment=Development", "--Log=Fatal", .. arguments]);
        await Eventually.True(IsReady, "the service to be ready");
    }

    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.Dispose();
        process = null;
    }

    private async Task<bool> IsReady()
    {
        try
        {
            return (await anonymous.GetAsync("/health/ready")).StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            process!.HasExited.Should().BeFalse("it has just been started");
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        anonymous.Dispose();
        process?.Kill();
        process?.Dispose();
    }
}
