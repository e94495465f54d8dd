using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Employment;
using CallCenter.People.Teams;
using CallCenter.Rules;
using Marten;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Imports;

/// <summary>What became of a file of employees. Good rows are in, bad ones are listed to be mended and sent again.</summary>
/// <param name="DryRun">True when nothing was stored.</param>
/// <param name="Rows">Rows with something in them.</param>
/// <param name="Created">Employees who are new.</param>
/// <param name="Changed">Employees on file of whom something differs.</param>
/// <param name="Unchanged">Employees on file of whom nothing does.</param>
/// <param name="Rejected">Rows that were not taken.</param>
/// <param name="Employees">Every row that was taken, with its employee's id.</param>
/// <param name="Errors">What is wrong with each row that was not taken.</param>
public sealed record ImportReport(
    bool DryRun, int Rows, int Created, int Changed, int Unchanged, int Rejected,
    IReadOnlyList<ImportedEmployee> Employees, IReadOnlyList<RowError> Errors);

/// <param name="Line">Line of the file on which the row begins; the header is 1.</param>
/// <param name="EmployeeId">In a dry run, of employees on file only.</param>
/// <param name="Outcome">What became of the row.</param>
public sealed record ImportedEmployee(int Line, string StaffNumber, Guid? EmployeeId, ImportOutcome Outcome);

public enum ImportOutcome { Created, Changed, Unchanged }

/// <summary>Brings the record of employees in line with a file, a page of rows per transaction.</summary>
internal sealed class EmployeeImport(IDocumentStore store, EmployeeSheet sheet, IReadOnlyList<Team> teams, bool dryRun, DateTimeOffset now)
{
    private const int PageSize = 250;
    private const int Attempts = 10;

    private readonly Dictionary<Guid, Membership> memberships = teams.ToDictionary(t => t.Id, t => new Membership(t.Id, t.ProjectId));
    private readonly List<ImportedEmployee> employees = [];
    private readonly List<RowError> errors = [.. sheet.Rows.SelectMany(r => r.Errors)];

    public async Task<ImportReport> Run(CancellationToken cancellation)
    {
        foreach (var page in sheet.Rows.Where(r => r.Request is not null).Chunk(PageSize))
            await Take(page, cancellation);

        return new ImportReport(
            dryRun, sheet.Rows.Count, Count(ImportOutcome.Created), Count(ImportOutcome.Changed), Count(ImportOutcome.Unchanged),
            sheet.Rows.Count - employees.Count,
            employees, [.. errors.OrderBy(e => e.Line)]);

        int Count(ImportOutcome outcome) => employees.Count(e => e.Outcome == outcome);
    }

    private async Task Take(EmployeeRow[] page, CancellationToken cancellation)
    {
        try
        {
            // Somebody may change one of these employees meanwhile.
            var (taken, refused) = await Conflict.Retry(Attempts, () => Try(page, cancellation));
            employees.AddRange(taken);
            errors.AddRange(refused);
        }
        catch (RefusedException e)
        {
            errors.AddRange(page.Select(row => new RowError(row.Line, "teams", e.Code, e.Message)));
        }
    }

    private async Task<(List<ImportedEmployee>, List<RowError>)> Try(EmployeeRow[] page, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var holders = await session.HoldStaffNumbers(page.Select(r => r.StaffNumber), cancellation);
        var onFile = (await session.LoadManyAsync<Employee>(cancellation, holders.Values)).ToDictionary(e => e.Id);
        var details = (await session.LoadManyAsync<PersonDetails>(cancellation, holders.Values)).ToDictionary(d => d.Id);

        List<ImportedEmployee> taken = [];
        List<RowError> refused = [];
        List<MembershipChange> moves = [];

        foreach (var row in page)
        {
            var number = StaffNumber.IdOf(row.StaffNumber);
            var known = holders.TryGetValue(number, out var id);
            id = known ? id : Guid.CreateVersion7(now);

            try
            {
                var renamed = details.GetValueOrDefault(id)?.Name != row.Request!.Name;
                var events = known
                    ? Decide(new ChangeEmployee(Record(row.Request, onFile[id]), renamed, now), onFile[id])
                    : Decide(new HireEmployee(id, Record(row.Request, new Employee()), renamed, now), new Employee());

                taken.Add(new(row.Line, row.StaffNumber, known || !dryRun ? id : null,
                    events.Length == 0 ? ImportOutcome.Unchanged : known ? ImportOutcome.Changed : ImportOutcome.Created));

                if (events.Length == 0)
                    continue;

                moves.AddRange(TeamAssignment.Changes(known ? onFile[id] : new Employee(), events));
                session.Store((details.GetValueOrDefault(id) ?? new(id, "")) with { Name = row.Request.Name });

                if (known)
                    session.Events.Append(id, onFile[id].Version + events.Length, events);
                else
                {
                    session.Events.StartStream<Employee>(id, events);
                    session.Insert(new StaffNumber(number, id));
                }
            }
            catch (RefusedException e)
            {
                refused.Add(new(row.Line, "staff_number", e.Code, e.Message));
            }
        }

        if (!dryRun)
        {
            await session.Assign(moves, now, cancellation);
            await session.SaveChangesAsync(cancellation);
        }

        return (taken, refused);
    }

    // What the file has no column for stays as it is on file.
    private EmployeeRecord Record(EmployeeRequest request, Employee onFile)
    {
        var record = request.ToRecord([.. request.TeamIds.Select(id => memberships[id])]);

        return record with
        {
            Teams = sheet.Columns.Contains("teams") ? record.Teams : [.. onFile.Memberships()],
            Skills = sheet.Columns.Contains("skills") ? record.Skills : onFile.Skills,
            LeftOn = sheet.Columns.Contains("left_on") ? record.LeftOn : onFile.LeftOn,
        };
    }
}
