using CallCenter.Testing;

namespace CallCenter.Training.Tests;

public sealed class TrainingRoutes(TrainingApi api) : RouteTests(api, "Training");
