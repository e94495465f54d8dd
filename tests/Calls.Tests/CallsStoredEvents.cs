using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

public sealed class CallsStoredEvents() : StoredEventTests("Calls", CallsService.Build);
