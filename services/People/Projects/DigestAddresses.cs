using CallCenter.People.Employees;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.People.Projects;

/// <summary>Where a project's digest is sent: personal data, kept apart from the events so that it can be erased.</summary>
/// <param name="Id">The project.</param>
/// <param name="Emails">By employee.</param>
public sealed record DigestAddresses(Guid Id, IReadOnlyDictionary<Guid, string> Emails);

internal static class Addressing
{
    extension(IDocumentSession session)
    {
        /// <returns>Whether an address differs from the one on file.</returns>
        public async Task<bool> StoreAddresses(
            Guid projectId, IReadOnlyList<ReaderRequest> readers, Caller caller, CancellationToken cancellation)
        {
            var onFile = (await session.LoadAsync<DigestAddresses>(projectId, cancellation))?.Emails ?? new Dictionary<Guid, string>();

            // Another project's employee is answered as one that does not exist, unless they read it already.
            var known = (await session.LoadManyAsync<Employee>(cancellation, readers.Select(r => r.EmployeeId)))
                .Where(e => !e.Erased && (onFile.ContainsKey(e.Id) || caller.MayName(e))).Select(e => e.Id).ToHashSet();
            var unknown = readers.Index().Where(r => !known.Contains(r.Item.EmployeeId))
                .Select(r =>
                    new Error($"/digestReaders/{r.Index}/employeeId", "unknown-reader", $"There is no employee {r.Item.EmployeeId}."))
                    .ToArray();

            if (unknown.Length > 0)
                throw new InvalidException(unknown);

            session.Store(new DigestAddresses(projectId, readers.ToDictionary(r => r.EmployeeId, r => r.Email)));

            return readers.Any(r => onFile.GetValueOrDefault(r.EmployeeId) != r.Email);
        }

        /// <summary>Takes somebody off every digest, address and all.</summary>
        public async Task ForgetReader(Guid employeeId, DateTimeOffset now, CancellationToken cancellation)
        {
            var projects = await session.Query<Project>().Where(p => p.Readers.Any(r => r.EmployeeId == employeeId))
                .ToListAsync(cancellation);

            foreach (var id in projects.Select(p => p.Id).Order())
            {
                var stream = await session.Events.FetchForExclusiveWriting<Project>(id, cancellation);
                var readers = stream.Aggregate!.Readers.Where(r => r.EmployeeId != employeeId).ToArray();
                var addresses = await session.LoadAsync<DigestAddresses>(id, cancellation);

                stream.AppendOne(new DigestReadersSet(readers, now));
                session.Store(new DigestAddresses(id, addresses!.Emails.Where(e => e.Key != employeeId).ToDictionary()));
            }
        }
    }
}
