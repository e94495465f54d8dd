using CallCenter.Testing;

namespace CallCenter.People.Tests;

public sealed class PeopleStoredEvents() : StoredEventTests("People", PeopleService.Build);
