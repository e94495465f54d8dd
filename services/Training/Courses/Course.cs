using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Courses;

// ---- Events

public sealed record CoursePrepared(
    Guid CourseId, string Title, CourseKind Kind, int Minutes, IReadOnlyList<string> Sections, DateTimeOffset At);

public sealed record CourseRevised(string Title, CourseKind Kind, int Minutes, IReadOnlyList<string> Sections, DateTimeOffset At);

public sealed record CourseRetired(DateTimeOffset At);

// ---- Commands

public sealed record PrepareCourse(Guid CourseId, CourseContent Content, DateTimeOffset Now);

public sealed record ReviseCourse(CourseContent Content, DateTimeOffset Now);

public sealed record RetireCourse(DateTimeOffset Now);

/// <param name="Minutes">How long it takes.</param>
/// <param name="Sections">Codes of the evaluation-form sections it trains: what makes it an answer to a need.</param>
public sealed record CourseContent(string Title, CourseKind Kind, int Minutes, IReadOnlyList<string> Sections);

/// <summary>What the course is for (requirements of the trade: onboarding modules, product briefings, quality standard, …).</summary>
public enum CourseKind { Onboarding, Product, QualityStandard, Advanced, OutboundSales, Etiquette, ComplaintHandling, Other }

// ---- State

public sealed record Course
{
    public Guid Id { get; init; }
    public long Version { get; init; }

    /// <summary>What the course is called.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it is for.</summary>
    public CourseKind Kind { get; init; }

    /// <summary>How long it takes.</summary>
    public int Minutes { get; init; }

    /// <summary>Codes of the evaluation-form sections it trains.</summary>
    public IReadOnlyList<string> Sections { get; init; } = [];

    /// <summary>No new sessions are planned of a retired course.</summary>
    public bool Retired { get; init; }

    public Course Evolve(object @event) => @event switch
    {
        CoursePrepared e => this with { Id = e.CourseId, Title = e.Title, Kind = e.Kind, Minutes = e.Minutes, Sections = e.Sections },
        CourseRevised e => this with { Title = e.Title, Kind = e.Kind, Minutes = e.Minutes, Sections = e.Sections },
        CourseRetired _ => this with { Retired = true },
        _ => this,
    };
}

// ---- Decisions

public static class CourseDecider
{
    public static object[] Decide(PrepareCourse command, Course state)
    {
        var content = command.Content;

        if (state.Id == Guid.Empty)
            return [new CoursePrepared(command.CourseId, content.Title, content.Kind, content.Minutes, content.Sections, command.Now)];

        return Same(content, state) ? [] : throw new RefusedException("course-exists", "A course with this id has other content.");
    }

    public static object[] Decide(ReviseCourse command, Course state)
    {
        if (state.Retired)
            throw new RefusedException("course-retired", $"The course '{state.Title}' has been retired.");

        var content = command.Content;

        return Same(content, state)
            ? []
            : [new CourseRevised(content.Title, content.Kind, content.Minutes, content.Sections, command.Now)];
    }

    public static object[] Decide(RetireCourse command, Course state) => state.Retired ? [] : [new CourseRetired(command.Now)];

    private static bool Same(CourseContent content, Course state) =>
        (content.Title, content.Kind, content.Minutes) == (state.Title, state.Kind, state.Minutes)
        && content.Sections.SequenceEqual(state.Sections);
}
