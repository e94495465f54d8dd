using Marten;

namespace CallCenter.Scheduling.Accounts;

/// <summary>Books beside what caused it, in the same transaction. Whoever books holds the agents' lock.</summary>
internal static class AccountBooking
{
    extension(IQuerySession session)
    {
        /// <summary>An empty one where nothing was entered yet.</summary>
        public async Task<Account> Account(Guid agentId, CancellationToken cancellation) =>
            await session.LoadAsync<Account>(Accounts.Account.IdOf(agentId), cancellation) ?? new();

        public async Task<IReadOnlyDictionary<Guid, Account>> AccountsOf(
            IEnumerable<Guid> agents, CancellationToken cancellation) =>
            (await session.LoadManyAsync<Account>(cancellation, agents.Select(Accounts.Account.IdOf).ToArray()))
                .ToDictionary(account => account.AgentId);
    }

    extension(IDocumentSession session)
    {
        /// <summary>Adds the entries to the session that bring the accounts to what the bookings say.</summary>
        public async Task Book(IReadOnlyList<Book> books, CancellationToken cancellation)
        {
            var accounts = await session.AccountsOf(books.Select(book => book.AgentId), cancellation);
            foreach (var book in books)
            {
                var account = accounts.GetValueOrDefault(book.AgentId);
                var events = AccountDecider.Decide(book, account ?? new());
                if (events.Length == 0)
                    continue;

                if (account is null)
                    session.Events.StartStream<Account>(Accounts.Account.IdOf(book.AgentId), events);
                else
                    session.Events.Append(account.Id, account.Version + events.Length, events);
            }
        }
    }
}
