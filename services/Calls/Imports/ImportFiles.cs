using CallCenter.Jobs;
using Marten;

namespace CallCenter.Calls.Imports;

/// <summary>
/// The uploads and reports of imports that ended, and uploads that broke off with their process. One of an import that goes
/// on is kept however old it is.
/// </summary>
internal sealed class ImportFiles(ImportFolder folder, IDocumentStore store) : IRetained
{
    public static string Name => "Imports";

    public static TimeSpan Period => TimeSpan.FromDays(30);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        var deleted = 0L;
        await using var session = store.QuerySession();
        foreach (var file in folder.FilesBefore(before))
        {
            var import = Guid.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var id)
                ? await session.LoadAsync<Operation>(id, cancellation)
                : null;
            if (import is { Ended: false })
                continue;

            file.Delete();
            deleted++;
        }

        return deleted;
    }
}
