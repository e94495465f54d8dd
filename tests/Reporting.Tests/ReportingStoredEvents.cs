using CallCenter.Testing;

namespace CallCenter.Reporting.Tests;

public sealed class ReportingStoredEvents() : StoredEventTests("Reporting", ReportingService.Build);
