using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.People.Employees;

// ---- Events: stored for ever, so they carry no name. A rename is known by its time; the name itself is in PersonDetails.
// From is the first day it holds, in the employee's zone; null is the day of At there.

public sealed record EmployeeHired(
    Guid EmployeeId, string StaffNumber, DateOnly HiredOn, DateOnly? LeftOn, Grade Grade,
    IReadOnlyList<Skill> Skills, decimal WeeklyHours, string Zone, DateTimeOffset At);

public sealed record EmployeeRenamed(DateTimeOffset At);

public sealed record StaffNumberCorrected(string StaffNumber, DateTimeOffset At);

public sealed record EmploymentDated(DateOnly HiredOn, DateOnly? LeftOn, DateTimeOffset At);

public sealed record GradeChanged(Grade Grade, DateTimeOffset At, DateOnly? From = null);

public sealed record SkillsChanged(IReadOnlyList<Skill> Skills, DateTimeOffset At);

public sealed record ContractChanged(decimal WeeklyHours, string Zone, DateTimeOffset At, DateOnly? From = null);

public sealed record TeamJoined(Guid TeamId, Guid ProjectId, DateTimeOffset At, DateOnly? From = null);

public sealed record TeamLeft(Guid TeamId, DateTimeOffset At, DateOnly? From = null);

public sealed record PostTaken(string Post, DateTimeOffset At, DateOnly? From = null);

public sealed record PostGivenUp(string Post, DateTimeOffset At, DateOnly? From = null);

public sealed record DepartmentAssigned(string? Department, DateTimeOffset At, DateOnly? From = null);

public sealed record ManagerAssigned(Guid? ManagerId, DateTimeOffset At, DateOnly? From = null);

public sealed record MentorAssigned(Guid? MentorId, DateTimeOffset At, DateOnly? From = null);

/// <summary>What they are is in PersonDetails.</summary>
public sealed record QualificationsRecorded(DateTimeOffset At);

/// <summary>A day came from which something holds that was entered before: it is what holds now.</summary>
public sealed record ChangesTookEffect(DateOnly On, DateTimeOffset At);

/// <param name="By">Who asked for it; empty in events of before it was kept.</param>
public sealed record PersonalDataErased(DateTimeOffset At, Guid By = default);

// ---- Commands

/// <param name="Renamed">Whether the name differs from the one on file: the name itself never gets here.</param>
/// <param name="From">First day in the teams; null for today. The rest holds from the first day of work.</param>
public sealed record HireEmployee(Guid EmployeeId, EmployeeRecord Record, bool Renamed, DateTimeOffset Now, DateOnly? From = null);

/// <param name="From">First day of what differs from what is on file; null for today.</param>
public sealed record ChangeEmployee(EmployeeRecord Record, bool Renamed, DateTimeOffset Now, DateOnly? From = null);

/// <param name="Terms">What is null stays.</param>
public sealed record SetTerms(Terms Terms, DateOnly From, DateTimeOffset Now);

/// <param name="Position">All of it, on that day.</param>
public sealed record SetPosition(Position Position, DateOnly From, DateTimeOffset Now);

/// <param name="Changed">Whether they differ from those on file.</param>
public sealed record RecordQualifications(bool Changed, DateTimeOffset Now);

public sealed record BringUpToDate(DateOnly Today, DateTimeOffset Now);

public sealed record LeaveTeams(DateOnly Today, DateTimeOffset Now);

public sealed record ErasePersonalData(DateOnly Today, Guid By, DateTimeOffset Now);

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
    public DateTimeOffset? ErasedAt { get; init; }
    public Guid ErasedBy { get; init; }

    /// <summary>Codes of the posts held.</summary>
    public IReadOnlyList<string> Posts { get; init; } = [];
    public string? Department { get; init; }
    public Guid? ManagerId { get; init; }
    public Guid? MentorId { get; init; }

    /// <summary>Whether the lists below are of all events: a snapshot of before they were kept says no, and is made again.</summary>
    public bool HasDates { get; init; }
    public IReadOnlyList<Dated<Grade>> Grades { get; init; } = [];
    public IReadOnlyList<Dated<Contract>> Contracts { get; init; } = [];
    public IReadOnlyList<Holding<Membership>> TeamDates { get; init; } = [];
    public IReadOnlyList<Holding<string>> PostDates { get; init; } = [];
    public IReadOnlyList<Dated<string?>> Departments { get; init; } = [];
    public IReadOnlyList<Dated<Guid?>> Managers { get; init; } = [];
    public IReadOnlyList<Dated<Guid?>> Mentors { get; init; } = [];

    /// <summary>When something was last dated, in the employee's zone. Days do not go back when somebody moves west.</summary>
    public DateOnly DatedOn { get; init; }

    /// <summary>The next day from which something else holds; null when none is entered.</summary>
    public DateOnly? NextChangeOn { get; init; }

    /// <summary>The day whose terms are shown as the present ones: before the first day of work those of that day.</summary>
    public DateOnly PresentDay() => Later(DatedOn, HiredOn);

    /// <summary>The day that it is for the employee, or their first one where that is to come.</summary>
    public DateOnly DayOf(DateTimeOffset now) => Later(DayIn(Zone, now), PresentDay());

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
            HasDates = true,
            Grades = [new(e.HiredOn, e.Grade, e.At)],
            Contracts = [new(e.HiredOn, new(e.WeeklyHours, e.Zone), e.At)],
            DatedOn = DayIn(e.Zone, e.At),
        },
        StaffNumberCorrected e => this with { StaffNumber = e.StaffNumber },
        EmploymentDated e => (this with
        {
            HiredOn = e.HiredOn,
            LeftOn = e.LeftOn,
            Grades = Grades.BegunEarlier(HiredOn, e.HiredOn),
            Contracts = Contracts.BegunEarlier(HiredOn, e.HiredOn),
            TeamDates = TeamDates.BegunEarlier(HiredOn, e.HiredOn),
        }).Present(),
        GradeChanged e => Dating(e.At, e.From, (s, from) => s with { Grades = s.Grades.With(new(from, e.Grade, e.At)) }),
        SkillsChanged e => this with { Skills = e.Skills },
        ContractChanged e => Dating(e.At, e.From,
            (s, from) => s with { Contracts = s.Contracts.With(new(from, new(e.WeeklyHours, e.Zone), e.At)) }),
        TeamJoined e => Dating(e.At, e.From, (s, from) => s.Placed(new(new(e.TeamId, e.ProjectId), from, Holds: true, e.At))),
        TeamLeft e => Dating(e.At, e.From, (s, from) => s.Known(e.TeamId) is { } team ? s.Placed(new(team, from, Holds: false, e.At)) : s),
        PostTaken e => Dating(e.At, e.From, (s, from) => s with { PostDates = s.PostDates.With(new(e.Post, from, Holds: true, e.At)) }),
        PostGivenUp e => Dating(e.At, e.From, (s, from) => s with { PostDates = s.PostDates.With(new(e.Post, from, Holds: false, e.At)) }),
        DepartmentAssigned e => Dating(e.At, e.From,
            (s, from) => s with { Departments = s.Departments.With(new(from, e.Department, e.At)) }),
        ManagerAssigned e => Dating(e.At, e.From, (s, from) => s with { Managers = s.Managers.With(new(from, e.ManagerId, e.At)) }),
        MentorAssigned e => Dating(e.At, e.From, (s, from) => s with { Mentors = s.Mentors.With(new(from, e.MentorId, e.At)) }),
        QualificationsRecorded _ => this,
        ChangesTookEffect e => (With([.. TeamDates.On(e.On)]) with { DatedOn = Later(DatedOn, e.On), NextChangeOn = null }).Present(),
        PersonalDataErased e => this with { Erased = true, ErasedAt = e.At, ErasedBy = e.By },
        _ => this,
    };

    private Employee Dating(DateTimeOffset at, DateOnly? from, Func<Employee, DateOnly, Employee> change)
    {
        var today = this with { DatedOn = Later(DayIn(Zone, at), DatedOn) };

        return change(today, from ?? today.PresentDay()).Present();
    }

    private Membership? Known(Guid team) => Memberships().Concat(TeamDates.Select(h => h.Of)).FirstOrDefault(m => m.TeamId == team);

    // The teams are told when somebody comes or goes, so only the team in question changes; the others wait for the day's own event.
    private Employee Placed(Holding<Membership> entry)
    {
        var dated = this with { TeamDates = TeamDates.With(entry) };
        var others = Memberships().Where(m => m != entry.Of);

        return dated.TeamDates.On(PresentDay()).Contains(entry.Of)
            ? Memberships().Contains(entry.Of) ? dated : dated.With([.. others, entry.Of])
            : dated.With([.. others]);
    }

    private Employee Present()
    {
        var day = PresentDay();
        var contract = Contracts.On(day) ?? new(WeeklyHours, Zone);
        IEnumerable<DateOnly>[] days =
        [
            Grades.Select(e => e.From), Contracts.Select(e => e.From), TeamDates.Select(e => e.From), PostDates.Select(e => e.From),
            Departments.Select(e => e.From), Managers.Select(e => e.From), Mentors.Select(e => e.From),
        ];

        return this with
        {
            Grade = Grades.EntryOn(day)?.Value ?? Grade,
            WeeklyHours = contract.WeeklyHours,
            Zone = contract.Zone,
            Posts = PostDates.On(day),
            Department = Departments.On(day),
            ManagerId = Managers.On(day),
            MentorId = Mentors.On(day),
            NextChangeOn = NextChangeOn <= day
                ? NextChangeOn : days.SelectMany(from => from).Where(from => from > day).Cast<DateOnly?>().Min(),
        };
    }

    // What is stored can be read where the zone is not known.
    private static DateOnly DayIn(string zone, DateTimeOffset at) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)
        ? new LocalCalendar(known).DayOf(at) : DateOnly.FromDateTime(at.UtcDateTime);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

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
            .. record.Teams.Select(m => new TeamJoined(m.TeamId, m.ProjectId, command.Now, command.From)),
        ];
    }

    public static object[] Decide(ChangeEmployee command, Employee state)
    {
        EnsureOpen(state);

        return
        [
            .. command.Renamed ? [new EmployeeRenamed(command.Now)] : Array.Empty<object>(),
            .. Changes(command.Record, state, command.Now, command.From),
        ];
    }

    /// <summary>What already holds on the day is not entered again; what begins later stays as it is.</summary>
    public static object[] Decide(SetTerms command, Employee state)
    {
        EnsureOpen(state);
        var (terms, from, now) = command;
        EnsureHired(from, state);

        List<object> events = [];
        if (terms.Grade is { } grade && grade != state.Grades.On(from))
            events.Add(new GradeChanged(grade, now, from));

        if (state.Contracts.On(from) is { } contract && terms.WeeklyHours is { } hours && hours != contract.WeeklyHours)
            events.Add(new ContractChanged(hours, contract.Zone, now, from));

        if (terms.Teams is { } teams)
            events.AddRange(Moves(state, state.TeamDates.On(from), from, teams, from, now));

        return [.. events];
    }

    public static object[] Decide(SetPosition command, Employee state)
    {
        EnsureOpen(state);
        var (position, from, now) = command;
        EnsureHired(from, state);
        var posts = state.PostDates.On(from);

        return
        [
            .. posts.Except(position.Posts).Select(post => new PostGivenUp(post, now, from)),
            .. position.Posts.Except(posts).Select(post => new PostTaken(post, now, from)),
            .. state.Departments.On(from) == position.Department
                ? Array.Empty<object>() : [new DepartmentAssigned(position.Department, now, from)],
            .. state.Managers.On(from) == position.ManagerId ? Array.Empty<object>() : [new ManagerAssigned(position.ManagerId, now, from)],
            .. state.Mentors.On(from) == position.MentorId ? Array.Empty<object>() : [new MentorAssigned(position.MentorId, now, from)],
        ];
    }

    public static object[] Decide(RecordQualifications command, Employee state)
    {
        EnsureOpen(state);

        return command.Changed ? [new QualificationsRecorded(command.Now)] : [];
    }

    public static object[] Decide(BringUpToDate command, Employee state) =>
        state.NextChangeOn <= command.Today ? [new ChangesTookEffect(command.Today, command.Now)] : [];

    /// <summary>Whoever has left is in no team from the next day on.</summary>
    public static object[] Decide(LeaveTeams command, Employee state) =>
        state.LeftOn < command.Today ? LeaveAll(state, command.Now) : [];

    public static object[] Decide(ErasePersonalData command, Employee state)
    {
        if (state.Erased)
            return [];

        if (state.LeftOn is not { } last || command.Today <= last)
            throw new RefusedException("still-employed", "Personal data is erased after the last day of work, not before.");

        return [.. LeaveAll(state, command.Now), new PersonalDataErased(command.Now, command.By)];
    }

    private static void EnsureOpen(Employee state)
    {
        if (state.Erased)
            throw new RefusedException("erased", "The employee's personal data has been erased; the record is closed.");
    }

    private static void EnsureHired(DateOnly from, Employee state)
    {
        if (from < state.HiredOn)
            throw new InvalidException("/from", "from-before-hire", $"The first day of work is {state.HiredOn:yyyy-MM-dd}.");
    }

    private static object[] LeaveAll(Employee state, DateTimeOffset now) =>
        Moves(state, [.. state.Memberships()], state.PresentDay(), [], state.LeftOn?.AddDays(1), now);

    /// <param name="before">The teams on <paramref name="day"/>, from which <paramref name="after"/> differs.</param>
    private static object[] Moves(
        Employee state, IReadOnlyList<Membership> before, DateOnly day, IReadOnlyList<Membership> after, DateOnly? from, DateTimeOffset now)
    {
        return
        [
            .. before.Except(after).Select(m => (Team: m, From: Leaving(m)))
                .Where(l => l.From is not { } last || state.TeamDates.On(last).Contains(l.Team))
                .Select(l => new TeamLeft(l.Team.TeamId, now, l.From)),
            .. after.Except(before).Where(m => from is not { } first || !state.TeamDates.On(first).Contains(m))
                .Select(m => new TeamJoined(m.TeamId, m.ProjectId, now, from)),
        ];

        // Who leaves before they came was never there: they leave on the day they came.
        DateOnly? Leaving(Membership team) =>
            state.TeamDates.LastOrDefault(h => h.Of == team && h.Holds && h.From <= day)?.From is { } came && came > from ? came : from;
    }

    private static object[] Changes(EmployeeRecord record, Employee state, DateTimeOffset now, DateOnly? from = null)
    {
        List<object> events = [];

        if (record.StaffNumber != state.StaffNumber)
            events.Add(new StaffNumberCorrected(record.StaffNumber, now));

        if ((record.HiredOn, record.LeftOn) != (state.HiredOn, state.LeftOn))
            events.Add(new EmploymentDated(record.HiredOn, record.LeftOn, now));

        if (record.Grade != state.Grade && !(from is { } graded && state.Grades.On(graded) == record.Grade))
            events.Add(new GradeChanged(record.Grade, now, from));

        if (!record.Skills.SequenceEqual(state.Skills))
            events.Add(new SkillsChanged(record.Skills, now));

        var contract = new Contract(record.WeeklyHours, record.Zone);
        if (contract != new Contract(state.WeeklyHours, state.Zone) && !(from is { } agreed && state.Contracts.On(agreed) == contract))
            events.Add(new ContractChanged(record.WeeklyHours, record.Zone, now, from));

        events.AddRange(Moves(state, [.. state.Memberships()], state.PresentDay(), record.Teams, from, now));

        return [.. events];
    }
}
