using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Accounts;

/// <summary>One account of one person in a month, as the register at its end shows it.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Unit">days or hours.</param>
/// <param name="Opening">At the end of the month before.</param>
/// <param name="Credited">Entered for days of the month.</param>
/// <param name="Taken">Taken on days of the month.</param>
/// <param name="Lapsed">Given up since it could not be carried on.</param>
/// <param name="Closing">At the end of the month.</param>
public sealed record RegisterRow(
    Guid AgentId, string StaffNumber, string Name, AccountKind Kind, string Unit, decimal Opening, decimal Credited, decimal Taken,
    decimal Lapsed, decimal Closing);

internal static class AccountRegister
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapAccountRegister() => routes.MapGet("/accounts/register", Get).WithTags("Accounts").Describe(
            "The register of a project at the end of a month: every account of everybody, as JSON or CSV (Accept: text/csv)");
    }

    private static async Task<Tabular<Page<RegisterRow>>> Get(
        Guid projectId, [Description("Calendar year."), Range(1950, 2200)] int year,
        [Description("Month of the year, from 1."), Range(1, 12)] int month, PageRequest page, Caller caller, IQuerySession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var people = await session.Query<EmployeeV1>().Where(person => person.ProjectIds.Contains(projectId))
            .ToPage(page, person => person.Id, cancellation);
        var accounts = await session.AccountsOf(people.Items.Select(p => p.Id), cancellation);
        var first = new DateOnly(year, month, 1);
        var rows = people.Items.OrderBy(p => p.StaffNumber, StringComparer.Ordinal)
            .SelectMany(p => Rows(p, accounts.GetValueOrDefault(p.Id) ?? new(), first)).ToList();

        return new(new Page<RegisterRow>(rows, people.Next), Table, people.Next);
    }

    /// <summary>What is entered for a day counts, whenever it became known.</summary>
    public static IEnumerable<RegisterRow> Rows(EmployeeV1 person, Account account, DateOnly first) =>
        Enum.GetValues<AccountKind>().Select(kind =>
        {
            var (before, last) = (first.AddDays(-1), first.AddMonths(1).AddDays(-1));
            var days = account.Entries.Where(e => e.Kind == kind && first <= e.Day && e.Day <= last)
                .GroupBy(e => e.Source).Select(source => source.Sum(e => e.Amount)).ToList();
            var (opening, closing) = (account.On(kind, before), account.On(kind, last));
            var taken = days.Where(amount => amount < 0).Sum();

            return new RegisterRow(person.Id, person.StaffNumber, person.Name, kind, BalanceView.UnitOf(kind), opening.Value,
                closing.Value - opening.Value + (closing.Lapsed - opening.Lapsed) - taken, -taken, closing.Lapsed - opening.Lapsed,
                closing.Value);
        });

    private static Table Table(Page<RegisterRow> page)
    {
        var table = new Table(
            "staff_number", "name", "agent", "account", "unit", "opening", "credited", "taken", "lapsed", "closing");
        foreach (var row in page.Items)
            table.Add(row.StaffNumber, row.Name, row.AgentId, row.Kind.Code, row.Unit, row.Opening, row.Credited, row.Taken,
                row.Lapsed, row.Closing);
        return table;
    }
}
