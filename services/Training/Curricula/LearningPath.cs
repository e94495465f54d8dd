using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Curricula;

// ---- Values

/// <summary>How the trainer judged what is not seen by itself.</summary>
/// <param name="Note">What was seen.</param>
public sealed record Assessed(string Module, string Note, Guid By, DateTimeOffset At);

// ---- Events

/// <summary>Somebody began. The modules are copied: who has begun goes on by what was told them.</summary>
public sealed record PathBegun(
    Guid PathId, Guid CurriculumId, Guid ProjectId, Guid EmployeeId, string Title, ImmutableArray<Module> Modules, DateOnly StartsOn,
        Guid By,
    DateTimeOffset At);

/// <summary>The trainer says that a module is done.</summary>
public sealed record ModuleAssessed(string Module, string Note, Guid By, DateTimeOffset At);

public sealed record PathEnded(string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record BeginPath(Guid PathId, Curriculum Curriculum, Guid EmployeeId, DateOnly StartsOn, Guid By, DateTimeOffset Now);

public sealed record AssessModule(string Module, string Note, Guid By, DateTimeOffset Now);

public sealed record EndPath(string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>One employee on the way through one curriculum. What they attended, read and passed is read, not counted here.</summary>
public sealed record LearningPath
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid CurriculumId { get; init; }
    public Guid ProjectId { get; init; }
    public Guid EmployeeId { get; init; }
    public string Title { get; init; } = "";
    public ImmutableArray<Module> Modules { get; init; } = [];
    public DateOnly StartsOn { get; init; }
    public ImmutableArray<Assessed> Assessments { get; init; } = [];

    /// <summary>Why it ended before its end; null while it goes on.</summary>
    public string? EndedFor { get; init; }

    public static Guid IdOf(Guid curriculumId, Guid employeeId) => NameId.Of("learning-path", curriculumId, employeeId);

    public LearningPath Evolve(object @event) => @event switch
    {
        PathBegun e => this with
        {
            Id = e.PathId, CurriculumId = e.CurriculumId, ProjectId = e.ProjectId, EmployeeId = e.EmployeeId, Title = e.Title,
            Modules = e.Modules, StartsOn = e.StartsOn, EndedFor = null,
        },
        ModuleAssessed e => this with { Assessments = Assessments.Add(new(e.Module, e.Note, e.By, e.At)) },
        PathEnded e => this with { EndedFor = e.Reason },
        _ => this,
    };
}

// ---- Decisions

public static class LearningPathDecider
{
    public static object[] Decide(BeginPath command, LearningPath state)
    {
        if (state.Id != Guid.Empty && state.EndedFor is null && state.StartsOn == command.StartsOn)
            return [];
        if (state.Id != Guid.Empty && state.EndedFor is null)
            throw new RefusedException("path-begun", $"They began it on {state.StartsOn:yyyy-MM-dd}.");
        CurriculumDecider.EnsureInUse(command.Curriculum);
        var content = command.Curriculum.Content;

        return
        [
            new PathBegun(command.PathId, command.Curriculum.Id, command.Curriculum.ProjectId, command.EmployeeId, content.Title,
                content.Modules, command.StartsOn, command.By, command.Now),
        ];
    }

    public static object[] Decide(AssessModule command, LearningPath state)
    {
        EnsureGoesOn(state);
        if (command.By == state.EmployeeId)
            throw new RefusedException("own-path", "Nobody says of themselves that they have learnt it.");
        if (state.Modules.FirstOrDefault(module => module.Code == command.Module) is not { } module)
            throw new StreamNotFoundException(state.Id);
        if ((module.CourseId, module.MaterialId, module.ExamId) is not (null, null, null))
            throw new RefusedException("module-seen", "Whether it is done is seen in the register or the receipts, and not said.");

        return state.Assessments.Any(assessed => assessed.Module == command.Module)
            ? []
            : [new ModuleAssessed(command.Module, command.Note, command.By, command.Now)];
    }

    public static object[] Decide(EndPath command, LearningPath state) =>
        state.EndedFor is not null ? [] : [new PathEnded(command.Reason, command.By, command.Now)];

    private static void EnsureGoesOn(LearningPath state)
    {
        if (state.EndedFor is not null)
            throw new RefusedException("path-ended", "It ended before its end.");
    }
}
