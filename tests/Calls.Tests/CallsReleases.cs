using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

public sealed class CallsReleases() : ReleaseTests("Calls", CallsService.Build);
