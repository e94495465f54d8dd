using CallCenter.Contracts;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Web;

/// <summary>How far an erasure has come.</summary>
/// <param name="By">Who asked for it; an empty id where nobody did.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="Done">Whether every service has answered.</param>
/// <param name="Services">All that have to.</param>
public sealed record ErasureView(Guid By, DateTimeOffset RequestedAt, bool Done, IReadOnlyList<ErasureOfService> Services);

/// <param name="Service">Its name.</param>
/// <param name="AnsweredAt">When it held nothing any more; null while that is not known.</param>
/// <param name="Places">Where it looked and how many things it erased there.</param>
public sealed record ErasureOfService(string Service, DateTimeOffset? AnsweredAt, IReadOnlyDictionary<string, long> Places);

public static class ErasureViews
{
    extension(IQuerySession session)
    {
        public async Task<ErasureView> Erasure<TErasure>(Guid id, Guid by, DateTimeOffset requestedAt, CancellationToken cancellation)
            where TErasure : IErasure
        {
            var kind = typeof(TErasure).Name;
            var answers = (await session.Query<ErasureAnswer>().Where(a => a.Erasure == id && a.Fact == kind).ToListAsync(cancellation))
                .ToDictionary(answer => answer.Service);

            return new ErasureView(by, requestedAt, FactOwners.Services.All(answers.ContainsKey),
            [
                .. FactOwners.Services.Select(service => answers.GetValueOrDefault(service)).Zip(FactOwners.Services, (answer, service) =>
                    new ErasureOfService(service, answer?.At,
                        answer?.Places.ToDictionary(place => place.Place, place => place.Count) ?? [])),
            ]);
        }
    }
}
