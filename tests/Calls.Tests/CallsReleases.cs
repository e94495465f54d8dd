using CallCenter.Testing;

namespace CallCenter.Calls.Tests;

// A dump has no files, which health would say of its recordings.
public sealed class CallsReleases() : ReleaseTests("Calls", CallsService.Build, "--Scrub:BytesPerRun=0", "--Evidence:AtOnce=0");
