using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CallCenter.Health;

/// <summary>The meter of one service, and what it counts. Services that share a process have one each.</summary>
public sealed class ServiceMeter : IDisposable
{
    private readonly KeyValuePair<string, object?> service;
    private readonly Dictionary<Count, Counter<long>> counters;

    internal ServiceMeter(string service, IEnumerable<Count> counts)
    {
        (Service, Meter, this.service) = (service, new Meter(NameOf(service)), new("service", service));
        counters = counts.ToDictionary(count => count, count => Meter.CreateCounter<long>(count.Name, count.Unit, count.Description));
    }

    /// <summary>The service's name, in lower case.</summary>
    public string Service { get; }

    internal Meter Meter { get; }

    internal ICollection<Count> Counts => counters.Keys;

    public static string NameOf(string service) => $"CallCenter.{service}";

    /// <summary>Whether the instrument is this meter's, and not of another meter of the same name.</summary>
    public bool Made(Instrument instrument) => instrument.Meter == Meter;

    /// <exception cref="KeyNotFoundException">The service does not count this: <c>AddCount</c>.</exception>
    public void Add(Count count, long by = 1) => counters[count].Add(by, service);

    internal void Observe(Gauge gauge, Func<IEnumerable<Reading>> readings) => Meter.CreateObservableGauge(
        gauge.Name,
        () => readings().Select(reading => reading.Of is { } of
            ? new Measurement<double>(reading.Value, service, new(gauge.Label!, of)) : new Measurement<double>(reading.Value, service)),
        gauge.Unit, gauge.Description);

    public void Dispose() => Meter.Dispose();
}

/// <summary>
/// What is known of a service's health. Each subject is looked at when somebody asks, at most once in a few seconds, and nobody
/// waits longer than 2 s: whom nobody watches measures nothing, and a database that hangs hangs nobody who asks.
/// </summary>
public sealed class ServiceHealth
{
    /// <summary>How long somebody who asks waits for a subject.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static readonly Gauge Answers = new("callcenter.health.measured", "{subject}",
        "1 where the subject could be measured, 0 where it could not; its other gauges are then missing.", "subject");

    private readonly ServiceMeter meter;
    private readonly IReadOnlyList<Subject> subjects;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, DateTimeOffset> seen = new();

    internal ServiceHealth(ServiceMeter meter, IEnumerable<Subject> subjects, TimeProvider clock)
    {
        (this.meter, this.subjects, this.clock) = (meter, [.. subjects], clock);
        foreach (var subject in this.subjects)
            foreach (var gauge in subject.Gauges)
                meter.Observe(gauge, () => Latest(subject).Readings.Where(reading => reading.Gauge == gauge));
        meter.Observe(Answers, () => this.subjects.Select(subject => new Reading(Answers, Latest(subject).Answered ? 1 : 0, subject.Name)));

        // Seen from the start, so that a counter's first step is a step.
        foreach (var count in meter.Counts)
            meter.Add(count, 0);
    }

    /// <summary>Name, unit, label and description of every instrument.</summary>
    public IEnumerable<(string Name, string Unit, string? Label, string Description)> Instruments =>
        subjects.SelectMany(subject => subject.Gauges).Append(Answers)
            .Select(gauge => (gauge.Name, gauge.Unit, gauge.Label, gauge.Description))
            .Concat(meter.Counts.Select(count => (count.Name, count.Unit, (string?)null, count.Description)));

    /// <summary>Looks at everything, so that who reads the gauges in the next moment need not wait.</summary>
    public Task Measure() => Task.WhenAll(subjects.Select(subject => subject.Now()));

    /// <summary>What stands, each with since when.</summary>
    public async Task<IReadOnlyList<Standing>> Standing()
    {
        Standing[] standing = [.. (await Task.WhenAll(subjects.Select(subject => subject.Now()))).SelectMany(look => look.Standing)];
        foreach (var gone in seen.Keys.Except(standing.Select(s => s.What)))
            seen.TryRemove(gone, out _);

        return [.. standing.Select(s => s with { Since = s.Since ?? seen.GetOrAdd(s.What, _ => clock.GetUtcNow()) })];
    }

    // Meters ask without waiting. Prometheus' page has measured just before; a collector that fetches by itself waits here.
    private static Measured Latest(Subject subject) => subject.Now().GetAwaiter().GetResult();
}

/// <summary>A subject, and what it looked like last.</summary>
internal sealed class Subject(string name, IReadOnlyList<Gauge> gauges, Func<CancellationToken, Task<Measured>> measure, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private Task<Measured>? latest;
    private long begun;

    public string Name => name;
    public IReadOnlyList<Gauge> Gauges => gauges;

    /// <summary>What it looks like. One look serves all who ask meanwhile and for some seconds after it.</summary>
    public async Task<Measured> Now()
    {
        Task<Measured> look;
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && clock.GetElapsedTime(begun) > Fresh))
                (latest, begun) = (Task.Run(Look), clock.GetTimestamp());
            look = latest;
        }

        try
        {
            // Since the look began, not since it was asked for: else each of many gauges would wait for one that hangs.
            return await look.WaitAsync(Left());
        }
        catch (Exception e)
        {
            // Which kind of failure is told, not its words: they may quote data.
            var why = e is TimeoutException or OperationCanceledException
                ? $"It did not answer within {ServiceHealth.Deadline.TotalSeconds:0} s." : $"It could not be measured: {e.GetType().Name}.";
            return new Measured([], [new Standing($"{name} not measured", why)], Answered: false);
        }
    }

    private TimeSpan Left() =>
        ServiceHealth.Deadline - clock.GetElapsedTime(begun) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private async Task<Measured> Look()
    {
        using var deadline = new CancellationTokenSource(ServiceHealth.Deadline);
        return await measure(deadline.Token);
    }
}

public static class HealthSetup
{
    extension(IServiceCollection services)
    {
        /// <summary>The health of one service, for all subjects and counts that are added.</summary>
        public void AddServiceHealth(string service)
        {
            services.AddSingleton(provider => new ServiceMeter(service, provider.GetServices<Count>()));
            services.AddSingleton(provider => new ServiceHealth(
                provider.GetRequiredService<ServiceMeter>(), provider.GetServices<Subject>(), provider.GetRequiredService<TimeProvider>()));
        }

        public void AddSubject<TSubject>() where TSubject : class, ISubject
        {
            services.TryAddSingleton<TSubject>();
            services.AddSingleton(provider => new Subject(
                TSubject.Name, TSubject.Gauges, provider.GetRequiredService<TSubject>().Measure,
                provider.GetRequiredService<TimeProvider>()));
        }

        /// <summary>Watches a folder that the service writes to.</summary>
        public void AddFolder(Func<IServiceProvider, WatchedFolder> folder)
        {
            if (services.All(known => known.ServiceType != typeof(FolderHealth)))
                services.AddSubject<FolderHealth>();
            services.AddSingleton(folder);
        }

        public void AddCount(Count count) => services.AddSingleton(count);
    }
}
