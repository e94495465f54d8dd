using CallCenter.Testing;

namespace CallCenter.People.Tests;

public sealed class PeopleReleases() : ReleaseTests("People", PeopleService.Build);
