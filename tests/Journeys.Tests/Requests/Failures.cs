using System.Collections.Concurrent;
using System.Diagnostics;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>What a server of this process did not handle: an answer that had begun cannot tell of it.</summary>
internal sealed class Failures : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentQueue<string> seen = [];
    private readonly ConcurrentBag<IDisposable> subscriptions = [];

    public Failures() => subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>Each kind once, with where it came from.</summary>
    public IEnumerable<string> Seen => seen.Distinct();

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
            subscriptions.Add(value.Subscribe(this, name => name.EndsWith("UnhandledException", StringComparison.Ordinal)));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value?.GetType().GetProperty("exception")?.GetValue(value.Value) is Exception e)
            seen.Enqueue($"{e.GetType().Name}: {e.Message}\n    "
                + string.Join("\n    ", (e.StackTrace ?? "").Split('\n').Where(line => line.Contains("CallCenter", StringComparison.Ordinal)).Take(4)));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in subscriptions)
            subscription.Dispose();
    }
}
