using System.Collections.Immutable;
using CallCenter.Rules;

namespace CallCenter.Training.Exams;

// ---- Values

/// <param name="Code">By which answers name it.</param>
/// <param name="Right">Places of the right choices, from 0, in order.</param>
public sealed record ExamQuestion(string Code, string Text, ImmutableArray<string> Choices, ImmutableArray<int> Right, int Points)
{
    public bool IsSameAs(ExamQuestion other) => (Code, Text, Points) == (other.Code, other.Text, other.Points)
        && Choices.SequenceEqual(other.Choices) && Right.SequenceEqual(other.Right);
}

/// <summary>What whoever passes is certified for.</summary>
/// <param name="Skill">Code of a skill: rosters know it as one for as long as it is valid.</param>
/// <param name="Months">How long that is.</param>
public sealed record CertifiedSkill(string Skill, int Months);

/// <param name="PassMark">Passed from here on.</param>
/// <param name="Unit">What scores are in: percent where there are questions.</param>
/// <param name="Attempts">How often it may be failed in a row.</param>
/// <param name="Questions">Empty where the trainer measures or judges.</param>
public sealed record ExamContent(
    string Title, decimal PassMark, string Unit, int Attempts, ImmutableArray<ExamQuestion> Questions, CertifiedSkill? Certificate)
{
    public bool IsSameAs(ExamContent other) =>
        (Title, PassMark, Unit, Attempts, Certificate) == (other.Title, other.PassMark, other.Unit, other.Attempts, other.Certificate)
        && Questions.Length == other.Questions.Length && Questions.Zip(other.Questions).All(pair => pair.First.IsSameAs(pair.Second));

    /// <summary>Percent of the points, one decimal: a question earns its points when all its right choices are made and no other.</summary>
    public decimal Score(IReadOnlyDictionary<string, ImmutableArray<int>> answers) => Math.Round(
        100m * Questions.Where(question => answers[question.Code].SequenceEqual(question.Right)).Sum(question => question.Points)
            / Questions.Sum(question => question.Points), 1, MidpointRounding.AwayFromZero);
}

// ---- Events

public sealed record ExamPrepared(Guid ExamId, Guid ProjectId, ExamContent Content, Guid By, DateTimeOffset At);

public sealed record ExamRevised(ExamContent Content, Guid By, DateTimeOffset At);

public sealed record ExamRetired(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record PrepareExam(Guid ExamId, Guid ProjectId, ExamContent Content, Guid By, DateTimeOffset Now);

public sealed record ReviseExam(ExamContent Content, Guid By, DateTimeOffset Now);

public sealed record RetireExam(Guid By, DateTimeOffset Now);

// ---- State

public sealed record Exam
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public ExamContent Content { get; init; } = new("", 0, "", 0, [], null);
    public bool Retired { get; init; }

    public Exam Evolve(object @event) => @event switch
    {
        ExamPrepared e => this with { Id = e.ExamId, ProjectId = e.ProjectId, Content = e.Content },
        ExamRevised e => this with { Content = e.Content },
        ExamRetired _ => this with { Retired = true },
        _ => this,
    };
}

// ---- Decisions

public static class ExamDecider
{
    public static object[] Decide(PrepareExam command, Exam state) =>
        state.Id != Guid.Empty ? [] : [new ExamPrepared(command.ExamId, command.ProjectId, command.Content, command.By, command.Now)];

    public static object[] Decide(ReviseExam command, Exam state)
    {
        EnsureInUse(state);

        return command.Content.IsSameAs(state.Content) ? [] : [new ExamRevised(command.Content, command.By, command.Now)];
    }

    public static object[] Decide(RetireExam command, Exam state) => state.Retired ? [] : [new ExamRetired(command.By, command.Now)];

    public static void EnsureInUse(Exam state)
    {
        if (state.Retired)
            throw new RefusedException("exam-retired", $"The exam '{state.Content.Title}' has been retired.");
    }
}
