using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests;

public sealed class SchedulingStoredEvents() : StoredEventTests("Scheduling", SchedulingService.Build);
