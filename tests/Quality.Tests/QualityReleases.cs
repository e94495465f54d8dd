using CallCenter.Testing;

namespace CallCenter.Quality.Tests;

public sealed class QualityReleases() : ReleaseTests("Quality", QualityService.Build);
