using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Accounts;

// ---- Values

public enum AccountKind { AnnualLeave, RestDays, Overtime, TimeOffInLieu }

public enum EntryCause { Opening, Adjustment, Leave, Publication }

/// <param name="Days">Days of annual leave of the year.</param>
/// <param name="MostCarriedOver">Of the year before at most; all that is left when left out.</param>
/// <param name="CarriedUntil">Last day on which what was carried over can be taken; the year's last when left out.</param>
public sealed record Entitlement(
    [Range(0.0, 366.0)] decimal Days, [Range(0.0, 366.0)] decimal? MostCarriedOver = null, DateOnly? CarriedUntil = null);

/// <summary>One line of an account.</summary>
/// <param name="Number">In the order in which lines became known, from 1.</param>
/// <param name="Day">The day that it is for.</param>
/// <param name="Amount">Days of leave and rest, hours of overtime and time off in lieu; negative where it was taken.</param>
/// <param name="Cause">What it was entered for.</param>
/// <param name="Source">What the amounts of several lines are about, together: a day of a leave, of a roster, one line by hand.</param>
/// <param name="CauseId">The leave, or the roster that was published.</param>
/// <param name="Reason">Of a line by hand.</param>
/// <param name="At">When it became known.</param>
public sealed record AccountEntry(
    int Number, AccountKind Kind, DateOnly Day, decimal Amount, EntryCause Cause, string Source, Guid? CauseId, string? Reason, Guid By,
    DateTimeOffset At);

/// <param name="From">First day of rest of the case that was consented to.</param>
/// <param name="To">Last day of it.</param>
public sealed record RestConsent(DateOnly From, DateOnly To, string? Reason, Guid By, DateTimeOffset At);

/// <summary>What an account comes to at the end of a day.</summary>
/// <param name="Value">Left to take.</param>
/// <param name="Lapsed">Given up to then since it could not be carried on.</param>
public readonly record struct Balance(decimal Value, decimal Lapsed);

/// <summary>What something that happened should come to in an account, whatever was booked of it before.</summary>
/// <param name="Source">Names it: a day of a leave, a day of a roster.</param>
public sealed record BookedAmount(AccountKind Kind, string Source, DateOnly Day, decimal Amount);

/// <summary>What a day of leave takes from the account: a day, or a part of one.</summary>
public readonly record struct TakenDay(DateOnly Day, decimal Days);

// ---- Events

/// <param name="Source">What the amounts of several lines are about, together; see <see cref="BookedAmount"/>.</param>
/// <param name="MostSaved">Of an account of days of rest: how many are taken into the next month, from this day on.</param>
public sealed record AccountEntered(
    Guid AgentId, AccountKind Kind, DateOnly Day, decimal Amount, EntryCause Cause, string Source, Guid? CauseId, string? Reason, Guid By,
    DateTimeOffset At, decimal? MostSaved = null);

public sealed record YearEntitled(Guid AgentId, int Year, Entitlement Entitlement, Guid By, DateTimeOffset At);

/// <summary>More consecutive days of rest than the project allows by itself were consented to, in one case.</summary>
public sealed record RestConsented(Guid AgentId, DateOnly From, DateOnly To, string? Reason, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="EntryId">Of the request: the same twice is one line.</param>
public sealed record EnterByHand(
    Guid AgentId, Guid EntryId, AccountKind Kind, DateOnly Day, decimal Amount, bool Opening, string Reason, decimal? MostSaved, Guid By,
    DateTimeOffset Now);

public sealed record EntitleYear(Guid AgentId, int Year, Entitlement Entitlement, Guid By, DateTimeOffset Now);

public sealed record ConsentToRest(Guid AgentId, DateOnly From, DateOnly To, string Reason, Guid By, DateTimeOffset Now);

/// <param name="CauseId">The leave, or the roster that was published.</param>
public sealed record Book(
    Guid AgentId, EntryCause Cause, Guid CauseId, IReadOnlyList<BookedAmount> Bookings, decimal? MostSaved, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>The ledger of one person: annual leave, days of rest, overtime, time off in lieu.</summary>
public sealed record Account
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid AgentId { get; init; }

    public ImmutableArray<AccountEntry> Entries { get; init; } = [];

    /// <summary>By year.</summary>
    public ImmutableSortedDictionary<int, Entitlement> Years { get; init; } = ImmutableSortedDictionary<int, Entitlement>.Empty;

    public ImmutableArray<RestConsent> Consents { get; init; } = [];

    /// <summary>How many days of rest are taken into the next month, from which day on.</summary>
    public IReadOnlyList<Dated<decimal>> MostSaved { get; init; } = [];

    public static Guid IdOf(Guid agentId) => NameId.Of("account", agentId);

    /// <summary>What is booked of a source by now.</summary>
    public decimal Booked(string source) => Entries.Where(e => e.Source == source).Sum(e => e.Amount);

    /// <summary>Whether anything was ever entered of a kind, or is due by year.</summary>
    public bool Has(AccountKind kind) =>
        Entries.Any(e => e.Kind == kind) || (kind is AccountKind.AnnualLeave && Years.Count > 0);

    /// <summary>The balance at the end of a day.</summary>
    public Balance On(AccountKind kind, DateOnly day) => Run(kind, [], day).LastOrDefault().Balance;

    /// <summary>The lowest that an account falls to from a day on, when some days are taken too.</summary>
    public decimal LowestFrom(AccountKind kind, DateOnly day, IEnumerable<(DateOnly Day, decimal Amount)> more)
    {
        var days = Run(kind, more, DateOnly.MaxValue).ToList();
        return days.Where(d => d.Day >= day).Select(d => d.Balance.Value).Append(days.LastOrDefault(d => d.Day < day).Balance.Value).Min();
    }

    public bool HasConsent(DateOnly from, DateOnly to) => Consents.Any(c => c.From <= from && to <= c.To);

    public Account Evolve(object @event) => @event switch
    {
        AccountEntered e => this with
        {
            AgentId = e.AgentId,
            Entries = Entries.Add(new(
                Entries.Length + 1, e.Kind, e.Day, e.Amount, e.Cause, e.Source, e.CauseId, e.Reason, e.By, e.At)),
            MostSaved = e.MostSaved is { } most && MostSaved.On(e.Day) != most ? MostSaved.With(new(e.Day, most, e.At)) : MostSaved,
        },
        YearEntitled e => this with { AgentId = e.AgentId, Years = Years.SetItem(e.Year, e.Entitlement) },
        RestConsented e => this with { AgentId = e.AgentId, Consents = Consents.Add(new(e.From, e.To, e.Reason, e.By, e.At)) },
        _ => this,
    };

    // Each day on which the balance changes, in order: what was entered for it, then what lapses at its end. What is given back for a day
    // stands against what was taken on it, so that a correction changes no other day.
    private IEnumerable<(DateOnly Day, Balance Balance)> Run(
        AccountKind kind, IEnumerable<(DateOnly Day, decimal Amount)> more, DateOnly until)
    {
        var amounts = Entries.Where(e => e.Kind == kind).Select(e => (e.Day, e.Amount)).Concat(more).Where(e => e.Day <= until)
            .GroupBy(e => e.Day).ToDictionary(day => day.Key, day => day.Sum(e => e.Amount));
        List<DateOnly> known =
        [
            .. amounts.Keys,
            .. kind is AccountKind.AnnualLeave ? Years.Keys.Select(year => new DateOnly(year, 1, 1)).Where(day => day <= until) : [],
        ];
        if (known.Count == 0)
            yield break;

        var (first, last) = (known.Min(), until == DateOnly.MaxValue ? known.Max() : until);
        var lots = new Lots(0, 0, 0);

        foreach (var day in Turns(kind, first, last).Concat(amounts.Keys).Where(day => first <= day && day <= last).Distinct().Order())
        {
            if (kind is AccountKind.AnnualLeave && day is { Month: 1, Day: 1 })
                lots = lots.IntoYear(Years.GetValueOrDefault(day.Year));
            if (amounts.TryGetValue(day, out var amount))
                lots = lots.With(amount);
            lots = kind switch
            {
                AccountKind.RestDays when day.AddDays(1).Day == 1 => lots.AtMost(MostSaved.EntryOn(day)?.Value ?? decimal.MaxValue),
                AccountKind.AnnualLeave when Years.GetValueOrDefault(day.Year)?.CarriedUntil == day => lots.WithoutCarried(),
                _ => lots,
            };
            yield return (day, new(lots.Carried + lots.Current, lots.Lapsed));
        }
    }

    // Days on which something lapses though nothing is entered.
    private IEnumerable<DateOnly> Turns(AccountKind kind, DateOnly first, DateOnly last)
    {
        if (kind is AccountKind.AnnualLeave)
            for (var year = first.Year; year <= last.Year; year++)
            {
                yield return new(year, 1, 1);
                if (Years.GetValueOrDefault(year)?.CarriedUntil is { } until)
                    yield return until;
            }

        if (kind is AccountKind.RestDays)
            for (var month = new DateOnly(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
                yield return month.AddMonths(1).AddDays(-1);
    }

    // What was carried over is taken first, as it lapses first.
    private readonly record struct Lots(decimal Carried, decimal Current, decimal Lapsed)
    {
        public Lots With(decimal amount)
        {
            var carried = amount < 0 ? Math.Min(Math.Max(0, Carried), -amount) : 0;
            return this with { Carried = Carried - carried, Current = Current + amount + carried };
        }

        public Lots IntoYear(Entitlement? year)
        {
            var left = Carried + Current;
            var carried = Math.Min(left, year?.MostCarriedOver ?? left);
            return new(carried, year?.Days ?? 0, Lapsed + left - carried);
        }

        public Lots WithoutCarried() => this with { Carried = Math.Min(0, Carried), Lapsed = Lapsed + Math.Max(0, Carried) };

        public Lots AtMost(decimal most) => Current <= most ? this : this with { Current = most, Lapsed = Lapsed + Current - most };
    }
}

// ---- Decisions

public static class AccountDecider
{
    public static object[] Decide(EnterByHand command, Account state)
    {
        var source = $"hand:{command.EntryId}";
        if (state.Entries.Any(e => e.Source == source))
            return [];

        if (command.Amount < 0 && !command.Opening && state.LowestFrom(command.Kind, command.Day, [(command.Day, command.Amount)]) < 0)
            throw new RefusedException("account-overdrawn", $"There is not so much on the account: {command.Kind.Code}.");

        return
        [
            new AccountEntered(command.AgentId, command.Kind, command.Day, command.Amount,
                command.Opening ? EntryCause.Opening : EntryCause.Adjustment, source, null, command.Reason, command.By, command.Now,
                command.MostSaved),
        ];
    }

    public static object[] Decide(EntitleYear command, Account state)
    {
        if (command.Entitlement.CarriedUntil is { } until && until.Year != command.Year)
            throw new InvalidException("/carriedUntil", "not-in-year", $"What is carried into {command.Year} lapses on a day of that year.");

        return state.Years.GetValueOrDefault(command.Year) == command.Entitlement
            ? []
            : [new YearEntitled(command.AgentId, command.Year, command.Entitlement, command.By, command.Now)];
    }

    public static object[] Decide(ConsentToRest command, Account state)
    {
        if (command.To < command.From)
            throw new InvalidException("/to", "days-reversed", "The last day comes before the first.");
        if (command.AgentId == command.By)
            throw new RefusedException("own-rest", "Nobody consents to their own rest.");

        return state.Consents.Any(c => (c.From, c.To) == (command.From, command.To))
            ? []
            : [new RestConsented(command.AgentId, command.From, command.To, command.Reason, command.By, command.Now)];
    }

    /// <summary>
    /// Books what is missing to the amount that each source should come to: the same twice adds nothing, and in what order things became
    /// known makes no difference.
    /// </summary>
    public static object[] Decide(Book command, Account state) =>
    [
        .. from booking in command.Bookings
           let missing = booking.Amount - state.Booked(booking.Source)
           where missing != 0
           select new AccountEntered(command.AgentId, booking.Kind, booking.Day, missing, command.Cause, booking.Source, command.CauseId,
               null, command.By, command.Now, booking.Kind is AccountKind.RestDays ? command.MostSaved : null),
    ];

    /// <summary>Whether days of annual leave are there to be taken, beside those asked for already.</summary>
    /// <param name="days">Those of the leave that count.</param>
    /// <param name="asked">Those of other leave that is not booked yet.</param>
    /// <exception cref="RefusedException"><c>leave-balance</c></exception>
    public static void MustAfford(Account state, IReadOnlyList<TakenDay> days, IReadOnlyList<TakenDay> asked)
    {
        if (days.Count == 0)
            return;

        var taken = days.Sum(day => day.Days);
        var lowest = state.LowestFrom(
            AccountKind.AnnualLeave, days.Min(day => day.Day), days.Concat(asked).Select(day => (day.Day, -day.Days)));
        if (lowest < 0)
            throw new RefusedException("leave-balance",
                $"The leave takes {taken:0.##} days; the account has {Math.Max(0, taken + lowest):0.##} for it.");
    }
}
