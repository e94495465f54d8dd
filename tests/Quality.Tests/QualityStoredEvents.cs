using CallCenter.Testing;

namespace CallCenter.Quality.Tests;

public sealed class QualityStoredEvents() : StoredEventTests("Quality", QualityService.Build);
