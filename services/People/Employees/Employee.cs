using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.People.Employees;

// ---- Events: stored for ever, so they carry no name. A rename is known by its time; the name itself is in PersonDetails.

public sealed record EmployeeHired(
    Guid EmployeeId, string StaffNumber, DateOnly HiredOn, DateOnly? LeftOn, Grade Grade,
    IReadOnlyList<Skill> Skills, decimal WeeklyHours, string Zone, DateTimeOffset At);

public sealed record EmployeeRenamed(DateTimeOffset At);

public sealed record StaffNumberCorrected(string StaffNumber, DateTimeOffset At);

public sealed record EmploymentDated(DateOnly HiredOn, DateOnly? LeftOn, DateTimeOffset At);

public sealed record GradeChanged(Grade Grade, DateTimeOffset At);

public sealed record SkillsChanged(IReadOnlyList<Skill> Skills, DateTimeOffset At);

public sealed record ContractChanged(decimal WeeklyHours, string Zone, DateTimeOffset At);

public sealed record TeamJoined(Guid TeamId, Guid ProjectId, DateTimeOffset At);

public sealed record TeamLeft(Guid TeamId, DateTimeOffset At);

public sealed record PersonalDataErased(DateTimeOffset At);

// ---- Commands

/// <param name="Renamed">Whether the name differs from the one on file: the name itself never gets here.</param>
public sealed record HireEmployee(Guid EmployeeId, EmployeeRecord Record, bool Renamed, DateTimeOffset Now);

public sealed record ChangeEmployee(EmployeeRecord Record, bool Renamed, DateTimeOffset Now);

public sealed record LeaveTeams(DateOnly Today, DateTimeOffset Now);

public sealed record ErasePersonalData(DateOnly Today, DateTimeOffset Now);

// ---- State

public sealed record Employee
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string StaffNumber { get; init; } = "";
    public DateOnly HiredOn { get; init; }

    /// <summary>Last day of work; null while employed.</summary>
    public DateOnly? LeftOn { get; init; }
    public Grade Grade { get; init; }
    public IReadOnlyList<Skill> Skills { get; init; } = [];
    public decimal WeeklyHours { get; init; }
    public string Zone { get; init; } = "";
    public IReadOnlyList<Guid> TeamIds { get; init; } = [];

    /// <summary>The project of each team, in the order of <see cref="TeamIds"/>.</summary>
    public IReadOnlyList<Guid> TeamProjectIds { get; init; } = [];
    public bool Erased { get; init; }

    public bool IsHired() => Id != Guid.Empty;

    public bool WorksOn(DateOnly day) => HiredOn <= day && (LeftOn is not { } last || day <= last);

    public IEnumerable<Membership> Memberships() => TeamIds.Zip(TeamProjectIds, (team, project) => new Membership(team, project));

    public EmployeeRecord ToRecord() =>
        new(StaffNumber, HiredOn, LeftOn, Grade, Skills, WeeklyHours, Zone, [.. Memberships()]);

    public Employee Evolve(object @event) => @event switch
    {
        EmployeeRenamed _ => this,
        EmployeeHired e => this with
        {
            Id = e.EmployeeId,
            StaffNumber = e.StaffNumber,
            HiredOn = e.HiredOn,
            LeftOn = e.LeftOn,
            Grade = e.Grade,
            Skills = e.Skills,
            WeeklyHours = e.WeeklyHours,
            Zone = e.Zone,
        },
        StaffNumberCorrected e => this with { StaffNumber = e.StaffNumber },
        EmploymentDated e => this with { HiredOn = e.HiredOn, LeftOn = e.LeftOn },
        GradeChanged e => this with { Grade = e.Grade },
        SkillsChanged e => this with { Skills = e.Skills },
        ContractChanged e => this with { WeeklyHours = e.WeeklyHours, Zone = e.Zone },
        TeamJoined e => With([.. Memberships(), new(e.TeamId, e.ProjectId)]),
        TeamLeft e => With([.. Memberships().Where(m => m.TeamId != e.TeamId)]),
        PersonalDataErased _ => this with { Erased = true },
        _ => this,
    };

    private Employee With(Membership[] memberships) => this with
    {
        TeamIds = [.. memberships.Select(m => m.TeamId)],
        TeamProjectIds = [.. memberships.Select(m => m.ProjectId)],
    };
}

// ---- Decisions

public static class EmployeeDecider
{
    public static object[] Decide(HireEmployee command, Employee state)
    {
        var record = command.Record;

        if (state.IsHired())
            return command.Renamed || Changes(record, state, command.Now).Length > 0
                ? throw new RefusedException("staff-number-taken", $"Staff number '{record.StaffNumber}' belongs to somebody else.")
                : [];

        return
        [
            new EmployeeHired(command.EmployeeId, record.StaffNumber, record.HiredOn, record.LeftOn, record.Grade,
                record.Skills, record.WeeklyHours, record.Zone, command.Now),
            .. record.Teams.Select(m => new TeamJoined(m.TeamId, m.ProjectId, command.Now)),
        ];
    }

    public static object[] Decide(ChangeEmployee command, Employee state)
    {
        if (state.Erased)
            throw new RefusedException("erased", "The employee's personal data has been erased; the record is closed.");

        return
        [
            .. command.Renamed ? [new EmployeeRenamed(command.Now)] : Array.Empty<object>(),
            .. Changes(command.Record, state, command.Now),
        ];
    }

    /// <summary>Whoever has left is in no team from the next day on.</summary>
    public static object[] Decide(LeaveTeams command, Employee state) =>
        state.LeftOn < command.Today ? [.. state.TeamIds.Select(team => new TeamLeft(team, command.Now))] : [];

    public static object[] Decide(ErasePersonalData command, Employee state)
    {
        if (state.Erased)
            return [];

        if (state.LeftOn is not { } last || command.Today <= last)
            throw new RefusedException("still-employed", "Personal data is erased after the last day of work, not before.");

        return [.. state.TeamIds.Select(team => new TeamLeft(team, command.Now)), new PersonalDataErased(command.Now)];
    }

    private static object[] Changes(EmployeeRecord record, Employee state, DateTimeOffset now)
    {
        List<object> events = [];

        if (record.StaffNumber != state.StaffNumber)
            events.Add(new StaffNumberCorrected(record.StaffNumber, now));

        if ((record.HiredOn, record.LeftOn) != (state.HiredOn, state.LeftOn))
            events.Add(new EmploymentDated(record.HiredOn, record.LeftOn, now));

        if (record.Grade != state.Grade)
            events.Add(new GradeChanged(record.Grade, now));

        if (!record.Skills.SequenceEqual(state.Skills))
            events.Add(new SkillsChanged(record.Skills, now));

        if ((record.WeeklyHours, record.Zone) != (state.WeeklyHours, state.Zone))
            events.Add(new ContractChanged(record.WeeklyHours, record.Zone, now));

        var before = state.Memberships().ToArray();
        events.AddRange(before.Except(record.Teams).Select(m => new TeamLeft(m.TeamId, now)));
        events.AddRange(record.Teams.Except(before).Select(m => new TeamJoined(m.TeamId, m.ProjectId, now)));

        return [.. events];
    }
}
