using CallCenter.Testing;

namespace CallCenter.Reporting.Tests;

public sealed class ReportingReleases() : ReleaseTests("Reporting", ReportingService.Build);
