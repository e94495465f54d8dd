using CallCenter.Testing;

namespace CallCenter.Reporting.Tests;

public sealed class ReportingRoutes(ReportingApi api) : RouteTests(api, "Reporting");
