using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Exams;

// ---- Values

/// <param name="Choices">Places of what was chosen, from 0, in order.</param>
public sealed record ExamAnswer(string Question, ImmutableArray<int> Choices);

/// <param name="Number">From 1.</param>
/// <param name="Score">In the exam's unit.</param>
/// <param name="PassMark">That held then.</param>
/// <param name="Passed">Whether the score reached it.</param>
/// <param name="Note">How it was measured or judged; null where questions were answered.</param>
public sealed record ExamAttempt(int Number, decimal Score, decimal PassMark, bool Passed, string? Note, DateTimeOffset At, Guid By);

/// <param name="Skill">Code of the skill.</param>
/// <param name="From">First local day.</param>
/// <param name="Through">Last local day: it expires by that, and nobody has to do anything.</param>
/// <param name="RevokedFor">Why it holds no more before its time; null while it does.</param>
public sealed record Certificate(string Skill, DateOnly From, DateOnly Through, string? RevokedFor = null)
{
    public bool IsValidOn(DateOnly day) => RevokedFor is null && From <= day && day <= Through;
}

// ---- Events

/// <summary>Somebody took an exam: answered its questions, or was measured or judged by a trainer.</summary>
/// <param name="Certificate">What they are certified for by it; null where they are not.</param>
public sealed record ExamTaken(
    Guid SittingId, Guid ExamId, Guid ProjectId, Guid EmployeeId, string Title, int Attempt, decimal Score, decimal PassMark, bool Passed,
    ImmutableArray<ExamAnswer> Answers, string? Note, Certificate? Certificate, Guid By, DateTimeOffset At);

public sealed record CertificateRevoked(string Reason, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="Today">Local day of the project.</param>
public sealed record AnswerExam(Exam Exam, Guid EmployeeId, ImmutableArray<ExamAnswer> Answers, DateOnly Today, DateTimeOffset Now);

/// <param name="Score">In the exam's unit.</param>
/// <param name="Today">Local day of the project.</param>
public sealed record JudgeExam(Exam Exam, Guid EmployeeId, decimal Score, string? Note, DateOnly Today, Guid By, DateTimeOffset Now);

public sealed record RevokeCertificate(string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>One employee and one exam: every attempt, and the certificate that came of it.</summary>
public sealed record ExamSitting
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ExamId { get; init; }
    public Guid ProjectId { get; init; }
    public Guid EmployeeId { get; init; }

    /// <summary>What the exam was called at the last attempt.</summary>
    public string Title { get; init; } = "";

    /// <summary>Every attempt, in order.</summary>
    public ImmutableArray<ExamAttempt> Attempts { get; init; } = [];

    /// <summary>The newest; null where they never had one.</summary>
    public Certificate? Certificate { get; init; }

    public static Guid IdOf(Guid examId, Guid employeeId) => NameId.Of("exam-sitting", examId, employeeId);

    /// <summary>How often they have failed since they passed last.</summary>
    public int FailedInARow() => Attempts.Reverse().TakeWhile(attempt => !attempt.Passed).Count();

    public ExamSitting Evolve(object @event) => @event switch
    {
        ExamTaken e => this with
        {
            Id = e.SittingId, ExamId = e.ExamId, ProjectId = e.ProjectId, EmployeeId = e.EmployeeId, Title = e.Title,
            Attempts = Attempts.Add(new(e.Attempt, e.Score, e.PassMark, e.Passed, e.Note, e.At, e.By)),
            Certificate = e.Certificate ?? Certificate,
        },
        CertificateRevoked e => this with { Certificate = Certificate! with { RevokedFor = e.Reason } },
        _ => this,
    };
}

// ---- Decisions

public static class ExamSittingDecider
{
    public static object[] Decide(AnswerExam command, ExamSitting state)
    {
        var content = command.Exam.Content;
        EnsureMayTry(command.Exam, state);
        if (content.Questions.Length == 0)
            throw new RefusedException("exam-judged", "It has no questions: a trainer measures or judges it.");

        var given = new Dictionary<string, ImmutableArray<int>>();
        foreach (var (i, answer) in command.Answers.Index())
        {
            if (content.Questions.FirstOrDefault(question => question.Code == answer.Question) is not { } question)
                throw new InvalidException($"/answers/{i}/question", "unknown-exam-question", "The exam has no such question.");
            if (answer.Choices.Any(choice => choice < 0 || choice >= question.Choices.Length))
                throw new InvalidException($"/answers/{i}/choices", "unknown-choice", $"Choices are 0 to {question.Choices.Length - 1}.");
            if (!given.TryAdd(answer.Question, [.. answer.Choices.Distinct().Order()]))
                throw new InvalidException($"/answers/{i}/question", "question-twice", "A question is answered once.");
        }

        if (content.Questions.FirstOrDefault(question => !given.ContainsKey(question.Code)) is { } open)
            throw new InvalidException("/answers", "question-open", $"'{open.Code}' is not answered; no choice is an answer too.");

        return [Taken(command.Exam, state, command.EmployeeId, content.Score(given), [.. given.Select(g => new ExamAnswer(g.Key, g.Value))],
            null, command.Today, command.EmployeeId, command.Now)];
    }

    public static object[] Decide(JudgeExam command, ExamSitting state)
    {
        EnsureMayTry(command.Exam, state);
        if (command.Exam.Content.Questions.Length > 0)
            throw new RefusedException("exam-answered", "It has questions: whoever takes it answers them.");
        if (command.By == command.EmployeeId)
            throw new RefusedException("own-exam", "Nobody judges themselves.");

        return [Taken(command.Exam, state, command.EmployeeId, command.Score, [], command.Note, command.Today, command.By, command.Now)];
    }

    public static object[] Decide(RevokeCertificate command, ExamSitting state)
    {
        if (state.Certificate is not { } certificate)
            throw new StreamNotFoundException(state.Id);

        return certificate.RevokedFor is not null ? [] : [new CertificateRevoked(command.Reason, command.By, command.Now)];
    }

    // Who passes again before it expires has it without a gap.
    private static ExamTaken Taken(
        Exam exam, ExamSitting state, Guid employee, decimal score, ImmutableArray<ExamAnswer> answers, string? note, DateOnly today,
        Guid by, DateTimeOffset now)
    {
        var passed = score >= exam.Content.PassMark;
        var certificate = passed && exam.Content.Certificate is { } of
            ? new Certificate(of.Skill, state.Certificate is { } before && before.Skill == of.Skill && before.IsValidOn(today)
                ? before.From : today, today.AddMonths(of.Months).AddDays(-1))
            : null;

        return new(ExamSitting.IdOf(exam.Id, employee), exam.Id, exam.ProjectId, employee, exam.Content.Title, state.Attempts.Length + 1,
            score, exam.Content.PassMark, passed, answers, note, certificate, by, now);
    }

    private static void EnsureMayTry(Exam exam, ExamSitting state)
    {
        ExamDecider.EnsureInUse(exam);
        if (state.FailedInARow() >= exam.Content.Attempts)
            throw new RefusedException("attempts-used", $"It was failed {state.FailedInARow()} times in a row, of {exam.Content.Attempts}.");
    }
}
