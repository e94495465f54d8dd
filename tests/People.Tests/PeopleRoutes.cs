using CallCenter.Testing;

namespace CallCenter.People.Tests;

public sealed class PeopleRoutes(PeopleApi api) : RouteTests(api, "People");
