using CallCenter.Testing;

namespace CallCenter.Quality.Tests;

public sealed class QualityReleases() : ReleaseTests("Quality", QualityService.Build)
{
    protected override IReadOnlyList<string> FilledByTheReleaseBefore => ["mt_doc_evaluationsummary.call_id"];
}
