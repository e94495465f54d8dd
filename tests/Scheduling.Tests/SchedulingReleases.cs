using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests;

public sealed class SchedulingReleases() : ReleaseTests("Scheduling", SchedulingService.Build);
