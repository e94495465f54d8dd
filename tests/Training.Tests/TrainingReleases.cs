using CallCenter.Testing;

namespace CallCenter.Training.Tests;

public sealed class TrainingReleases() : ReleaseTests("Training", TrainingService.Build);
