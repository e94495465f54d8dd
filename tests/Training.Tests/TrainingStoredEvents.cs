using CallCenter.Testing;

namespace CallCenter.Training.Tests;

public sealed class TrainingStoredEvents() : StoredEventTests("Training", TrainingService.Build);
