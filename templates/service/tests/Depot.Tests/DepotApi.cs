using CallCenter.Testing;

namespace CallCenter.Depot.Tests;

public sealed class DepotApi() : ServiceFixture("depot", DepotService.Build);

public sealed class DepotRoutes(DepotApi api) : RouteTests(api, "Depot"), IClassFixture<DepotApi>;

public sealed class DepotStoredEvents() : StoredEventTests("Depot", DepotService.Build);
