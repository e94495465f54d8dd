using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Accounts.AccountDecider;
using static CallCenter.Scheduling.Accounts.AccountRulesDecider;

namespace CallCenter.Scheduling.Accounts;

/// <summary>A line by hand: what an account begins with, a correction, hours that were paid out or taken off.</summary>
/// <param name="Kind">Whose account: annual leave, days of rest, overtime or time off in lieu.</param>
/// <param name="Day">The day that it is for.</param>
/// <param name="Amount">Days, or hours; negative where something is taken.</param>
/// <param name="Opening">It is what the account begins with.</param>
/// <param name="Reason">Why.</param>
public sealed record AccountEntryRequest(
    AccountKind Kind, DateOnly Day, [Range(-1000.0, 1000.0)] decimal Amount,
    [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason, bool Opening = false);

/// <summary>A case of more days of rest in a row than the project allows by itself.</summary>
/// <param name="From">First day of rest.</param>
/// <param name="To">Last day of rest.</param>
/// <param name="Reason">Why.</param>
public sealed record RestConsentRequest(
    DateOnly From, DateOnly To, [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

/// <summary>The balances of a person at the end of a day.</summary>
/// <param name="AsOf">The day.</param>
/// <param name="Balances">One of each kind.</param>
/// <param name="Years">Annual leave by year.</param>
/// <param name="Consents">Cases of long rest that were consented to.</param>
public sealed record AccountView(
    Guid AgentId, DateOnly AsOf, long Version, IReadOnlyList<BalanceView> Balances, IReadOnlyList<YearView> Years,
    IReadOnlyList<RestConsent> Consents)
{
    public static AccountView Of(Guid agentId, Account account, DateOnly asOf) => new(
        agentId, asOf, account.Version,
        [.. Enum.GetValues<AccountKind>().Select(kind => (kind, balance: account.On(kind, asOf)))
            .Select(b => new BalanceView(b.kind, BalanceView.UnitOf(b.kind), b.balance.Value, b.balance.Lapsed))],
        [.. account.Years.Select(year => new YearView(year.Key, year.Value.Days, year.Value.MostCarriedOver, year.Value.CarriedUntil))],
        account.Consents);
}

/// <param name="Kind">Of the account.</param>
/// <param name="Unit">days or hours.</param>
/// <param name="Balance">Left to take.</param>
/// <param name="Lapsed">Given up to then, since it could not be carried on.</param>
public sealed record BalanceView(AccountKind Kind, string Unit, decimal Balance, decimal Lapsed)
{
    public static string UnitOf(AccountKind kind) => kind is AccountKind.AnnualLeave or AccountKind.RestDays ? "days" : "hours";
}

/// <param name="Year">Calendar year.</param>
/// <param name="Days">Days of annual leave of the year.</param>
/// <param name="MostCarriedOver">Of the year before at most; all that is left where null.</param>
/// <param name="CarriedUntil">Last day on which what was carried over can be taken.</param>
public sealed record YearView(int Year, decimal Days, decimal? MostCarriedOver, DateOnly? CarriedUntil);

internal static class AccountEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapAccounts()
        {
            var rules = routes.MapGroup("/account-rules")
                .WithTag("Account rules", "What a project books on its agents' accounts.");
            rules.MapGet("/{projectId:guid}", GetRules).Describe("What a project books; version 0 is nothing", problems: ["project-unknown"]);
            rules.MapHistory("/{id:guid}", GetRules, AccountRules.IdOf)
                .Describe("Who changed it, when and why, oldest first", problems: ["project-unknown"]);
            rules.MapPut("/{projectId:guid}", SetRules).Describe("Say what a project books on its agents' accounts",
                new AccountPolicy(
                    new([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday]),
                    MostRestDaysInRow: 3, new(10), [new(2026, 1, 1), new(2026, 10, 1)]),
                ["no-day", "project-unknown"]);

            var accounts = routes.MapGroup("/accounts").WithTag("Accounts",
                "Ledgers of each agent: annual leave, days of rest, overtime, time off in lieu.");
            accounts.MapGet("/{agentId:guid}", Get).Describe("The balances of a person at the end of a day; agents read their own");
            accounts.MapGet("/{agentId:guid}/entries", GetEntries).Describe(
                "What was entered, in the order in which it became known: who, for which day, why, and what caused it");
            accounts.MapHistory("/{id:guid}", (id, caller, session, cancellation) => session.Person(id, caller, cancellation), Account.IdOf);
            accounts.MapPost("/{agentId:guid}/entries", Enter).Describe(
                "Enter a line by hand: what an account begins with, or a correction, with its reason",
                new AccountEntryRequest(AccountKind.AnnualLeave, new(2026, 1, 1), 4.5m, "Left over in the old books", Opening: true),
                ["account-overdrawn", "nothing-entered"]);
            accounts.MapPut("/{agentId:guid}/entitlements/{year:int}", Entitle).Describe(
                "Say how many days of annual leave a person has in a year, how many come along from the year before, and until when",
                new Entitlement(15, MostCarriedOver: 5, new(2026, 3, 31)), ["not-in-year", "date-out-of-range"]);
            accounts.MapPost("/{agentId:guid}/rest-consents", Consent).Describe(
                "Consent to a case of more days of rest in a row than the project allows by itself",
                new RestConsentRequest(new(2026, 3, 9), new(2026, 3, 13), "Family visit abroad"), ["days-reversed", "own-rest"]);
        }
    }

    private static async Task<Versioned<AccountRules>> GetRules(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        var rules = await session.LoadAsync<AccountRules>(AccountRules.IdOf(projectId), cancellation)
            ?? new AccountRules { Id = AccountRules.IdOf(projectId), ProjectId = projectId };

        return new(rules, rules.Version);
    }

    private static async Task<WriteResult> SetRules(
        Guid projectId, AccountPolicy request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        var command = new SetAccountRules(projectId, request, caller.Id, caller.Now);

        return new(await session.StartOrDecide<AccountRules>(
            AccountRules.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<Versioned<AccountView>> Get(
        Guid agentId, [Description("The day at whose end the balances are asked for; today where they work when left out.")] DateOnly? asOf,
        Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var person = await session.Person(agentId, caller, cancellation);
        var account = await session.Account(agentId, cancellation);

        return new(AccountView.Of(agentId, account, asOf ?? person.Today(caller.Now)), account.Version, complete: false);
    }

    private static async Task<Page<AccountEntry>> GetEntries(
        Guid agentId, [Description("Of this kind only: annual-leave, rest-days, overtime or time-off-in-lieu.")] string? kind,
        PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await session.Person(agentId, caller, cancellation);
        if (kind is not null && Enum.GetValues<AccountKind>().All(known => known.Code != kind))
            throw new UnreadableException("kind", $"kind is one of {string.Join(", ", Enum.GetValues<AccountKind>().Select(k => k.Code))}.");
        var after = NumberCursor.Read(page.After);
        var entries = (await session.Account(agentId, cancellation)).Entries
            .Where(e => e.Number > after && (kind ?? e.Kind.Code) == e.Kind.Code);

        return page.Of([.. entries.Take(page.Limit + 1)], e => NumberCursor.Of(e.Number));
    }

    private static async Task<WriteResult> Enter(
        Guid agentId, AccountEntryRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var person = await session.Person(agentId, caller, cancellation);
        if (request.Amount == 0)
            throw new InvalidException("/amount", "nothing-entered", "A line adds something or takes something.");
        MustBeHundredths("/amount", request.Amount);

        await session.Lock([agentId], cancellation);
        var command = new EnterByHand(agentId, id.Value, request.Kind, request.Day, request.Amount, request.Opening, request.Reason,
            request.Kind is AccountKind.RestDays ? await MostSaved(person, caller, session, cancellation) : null, caller.Id, caller.Now);

        return new(await session.Start<Account>(Account.IdOf(agentId), state => Decide(command, state), cancellation), $"/accounts/{agentId}");
    }

    // What people state; a part of a day of leave may come to more decimals.
    private static void MustBeHundredths(string pointer, decimal? amount)
    {
        if (amount is { } stated && decimal.Round(stated, 2) != stated)
            throw new InvalidException(pointer, "too-many-decimals", "Days and hours have two decimals at most.");
    }

    private static async Task<WriteResult> Entitle(
        Guid agentId, [Description("Calendar year.")] int year, Entitlement request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        await session.Person(agentId, caller, cancellation);
        if (year < Ranges.Days.First.Year || year > Ranges.Days.Last.Year)
            throw new InvalidException("year", Ranges.Days.Code, Ranges.Days.Says);

        await session.Lock([agentId], cancellation);
        var command = new EntitleYear(agentId, year, request, caller.Id, caller.Now);

        return new(await session.StartOrDecide<Account>(
            Account.IdOf(agentId), expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Consent(
        Guid agentId, RestConsentRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await session.Person(agentId, caller, cancellation);
        await session.Lock([agentId], cancellation);
        var command = new ConsentToRest(agentId, request.From, request.To, request.Reason, caller.Id, caller.Now);

        return new(await session.Start<Account>(Account.IdOf(agentId), state => Decide(command, state), cancellation), $"/accounts/{agentId}");
    }

    // Of several projects the one that lets the most be saved: none of them takes away what another lets a person keep.
    private static async Task<decimal> MostSaved(
        EmployeeV1 person, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var books = await session.LoadManyAsync<ShiftRuleBook>(
            cancellation, person.ProjectIds.Where(caller.Sees).Select(ShiftRuleBook.IdOf).ToArray());

        return books.Select(book => book.Rules).DefaultIfEmpty(WorkingRules.Default).Max(rules => rules.MostRestDaysSaved);
    }
}
