using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Curricula;

// ---- Values

/// <summary>A step of a path. What it names has all to be done; where it names nothing, the trainer says that it is.</summary>
/// <param name="Code">By which it is known over revisions.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueDays">Until how many days after the beginning it is to be done.</param>
/// <param name="CourseId">A session of this course is attended, and not failed.</param>
/// <param name="MaterialId">This material is read.</param>
/// <param name="ExamId">This exam is passed.</param>
public sealed record Module(string Code, string Title, int DueDays, Guid? CourseId, Guid? MaterialId, Guid? ExamId = null);

/// <param name="Title">What the curriculum is called.</param>
/// <param name="Modules">In the order in which they are learnt.</param>
public sealed record CurriculumContent(string Title, ImmutableArray<Module> Modules)
{
    public bool IsSameAs(CurriculumContent other) => Title == other.Title && Modules.SequenceEqual(other.Modules);
}

// ---- Events

public sealed record CurriculumPrepared(Guid CurriculumId, Guid ProjectId, CurriculumContent Content, Guid By, DateTimeOffset At);

public sealed record CurriculumRevised(CurriculumContent Content, Guid By, DateTimeOffset At);

public sealed record CurriculumRetired(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record PrepareCurriculum(Guid CurriculumId, Guid ProjectId, CurriculumContent Content, Guid By, DateTimeOffset Now);

public sealed record ReviseCurriculum(CurriculumContent Content, Guid By, DateTimeOffset Now);

public sealed record RetireCurriculum(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What somebody learns one after the other, such as in their first weeks.</summary>
public sealed record Curriculum
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Its title and modules, in order.</summary>
    public CurriculumContent Content { get; init; } = new("", []);

    /// <summary>Nobody begins it any more.</summary>
    public bool Retired { get; init; }

    public Curriculum Evolve(object @event) => @event switch
    {
        CurriculumPrepared e => this with { Id = e.CurriculumId, ProjectId = e.ProjectId, Content = e.Content },
        CurriculumRevised e => this with { Content = e.Content },
        CurriculumRetired _ => this with { Retired = true },
        _ => this,
    };
}

// ---- Decisions

public static class CurriculumDecider
{
    public static object[] Decide(PrepareCurriculum command, Curriculum state) => state.Id != Guid.Empty
        ? []
        : [new CurriculumPrepared(command.CurriculumId, command.ProjectId, command.Content, command.By, command.Now)];

    public static object[] Decide(ReviseCurriculum command, Curriculum state)
    {
        EnsureInUse(state);

        return command.Content.IsSameAs(state.Content) ? [] : [new CurriculumRevised(command.Content, command.By, command.Now)];
    }

    public static object[] Decide(RetireCurriculum command, Curriculum state) =>
        state.Retired ? [] : [new CurriculumRetired(command.By, command.Now)];

    public static void EnsureInUse(Curriculum state)
    {
        if (state.Retired)
            throw new RefusedException("curriculum-retired", $"The curriculum '{state.Content.Title}' has been retired.");
    }
}
