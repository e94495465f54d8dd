using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Accounts;

/// <summary>Why something was entered by hand may tell of whose account it is. The figures stay.</summary>
internal static class AccountErasure
{
    public static readonly TextsAbout Texts = new(
        "account-texts", [typeof(AccountEntered), typeof(RestConsented), typeof(YearEntitled)], About, Find, ForgetReasons);

    private static IEnumerable<Guid> About(object @event) => @event switch
    {
        AccountEntered e => [e.AgentId],
        RestConsented e => [e.AgentId],
        YearEntitled e => [e.AgentId],
        _ => [],
    };

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation) =>
        [.. (await query.AccountsOf(about, cancellation)).Values.Select(account => account.Id)];

    private static async Task ForgetReasons(IDocumentSession session, IReadOnlyList<Guid> accounts, CancellationToken cancellation) =>
        session.Store((await session.LoadManyAsync<Account>(cancellation, accounts.ToArray())).Select(account => account with
        {
            Entries = [.. account.Entries.Select(e => e.Reason is null ? e : e with { Reason = "" })],
            Consents = [.. account.Consents.Select(c => c.Reason is null ? c : c with { Reason = "" })],
        }).ToArray());
}
