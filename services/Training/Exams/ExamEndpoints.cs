using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Exams.ExamDecider;
using static CallCenter.Training.Exams.ExamSittingDecider;

namespace CallCenter.Training.Exams;

/// <param name="Code">By which answers name it.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Choices">2 to 10 to choose from.</param>
/// <param name="Points">What a right answer earns.</param>
/// <param name="Right">Places of the right choices, from 0; null for those who take the exam.</param>
public sealed record ExamQuestionView(string Code, string Text, IReadOnlyList<string> Choices, int Points, IReadOnlyList<int>? Right);

/// <param name="Title">What it is called.</param>
/// <param name="PassMark">Passed from here on.</param>
/// <param name="Unit">What scores are in.</param>
/// <param name="Attempts">How often it may be failed in a row.</param>
/// <param name="Questions">Empty where a trainer measures or judges.</param>
/// <param name="Certificate">What whoever passes is certified for; null where that is nothing.</param>
/// <param name="Retired">Whether nobody takes it any more.</param>
public sealed record ExamView(
    Guid Id, long Version, Guid ProjectId, string Title, decimal PassMark, string Unit, int Attempts,
    IReadOnlyList<ExamQuestionView> Questions, CertifiedSkill? Certificate, bool Retired)
{
    internal static ExamView Of(Exam exam, Caller caller) => new(
        exam.Id, exam.Version, exam.ProjectId, exam.Content.Title, exam.Content.PassMark, exam.Content.Unit, exam.Content.Attempts,
        [
            .. exam.Content.Questions.Select(question => new ExamQuestionView(question.Code, question.Text, question.Choices,
                question.Points,
                caller.Is("trainer") || caller.Is("admin") ? question.Right : null)),
        ],
        exam.Content.Certificate, exam.Retired);
}

internal static class ExamEndpoints
{
    private static readonly Guid Id = new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20");

    private static readonly ExamContentRequest Content = new("The new travel card", PassMark: 80, Attempts: 3,
        [new("fee", "What is its yearly fee?", ["None", "20", "50"], [0])], Certificate: new("travel-card", 12));

    private static readonly string[] ContentProblems = ["name", "right-choice", "duplicate-exam-question", "pass-mark-over-100"];

    internal static readonly Visibility<Exam> Visible = new(
        (exam, projects) => exam.ProjectId.IsOneOf(projects), own: (exam, _) => exam.Retired == false);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapExams()
        {
            var exams = routes.MapGroup("/exams").WithTag("Exams",
                "What is asked or measured, from which score it is passed, how often it may be tried, and what it certifies.");

            exams.MapPost("/", Prepare).Describe(
                "Prepare an exam: with questions, or without, and then a trainer measures or judges it", new ExamRequest(Id, Content),
                [.. ContentProblems, "unknown-project"]);
            exams.MapGet("/", List).Describe("The exams of the caller's projects; the right choices are shown to trainers only");
            exams.MapGet("/{id:guid}", Get).Describe("One exam; the right choices are shown to trainers only");
            exams.MapHistory("/{id:guid}", Get);
            exams.MapPut("/{id:guid}/content", Revise).Describe(
                "Revise it; what was scored before stays", Content, [.. ContentProblems, "exam-retired"]);
            exams.MapPost("/{id:guid}/retirement", Retire).Describe("Let nobody take it any more");
            exams.MapPost("/{id:guid}/attempts", Answer).Produces(StatusCodes.Status201Created).Describe("Take it: answer its questions, all at once",
                new AttemptRequest([new("fee", [0])]),
                ["exam-retired", "exam-judged", "attempts-used", "unknown-exam-question", "unknown-choice", "question-twice", "question-open",
                    "not-employed"]);
            exams.MapPost("/{id:guid}/judgements", Judge).Produces(StatusCodes.Status201Created).Describe("Say what somebody reached, as it was measured or judged",
                new JudgementRequest(Id, 64, "Ten minutes from a printed page"),
                ["exam-retired", "exam-answered", "attempts-used", "own-exam", "not-employed"]);
        }
    }

    /// <param name="Code">By which answers name it.</param>
    /// <param name="Text">What is asked.</param>
    /// <param name="Choices">2 to 10 to choose from.</param>
    /// <param name="Right">Places of the right choices, from 0.</param>
    /// <param name="Points">What it earns when just these are chosen.</param>
    public sealed record QuestionRequest(
        [Required, VisibleText, MaxLength(64), Line] string Code, [Required, VisibleText, MaxLength(1000)] string Text,
        [MinLength(2), MaxLength(10)] IReadOnlyList<string> Choices, [MinLength(1), MaxLength(10)] IReadOnlyList<int> Right,
        [Range(1, 100)] int Points = 1);

    /// <param name="Skill">Code of the skill that rosters know it as.</param>
    /// <param name="Months">For how long.</param>
    public sealed record CertifiedRequest([Required, VisibleText, MaxLength(64), Line] string Skill, [Range(1, 120)] int Months);

    /// <param name="Title">What it is called.</param>
    /// <param name="PassMark">Passed from here on: percent where there are questions.</param>
    /// <param name="Attempts">How often it may be failed in a row.</param>
    /// <param name="Questions">None where a trainer measures or judges.</param>
    /// <param name="Unit">What scores are in, where there are no questions: characters a minute.</param>
    /// <param name="Certificate">What whoever passes is certified for.</param>
    public sealed record ExamContentRequest(
        [MaxLength(1000)] string Title, [Range(0.0, 1000000.0)] decimal PassMark, [Range(1, 20)] int Attempts,
        [MaxLength(100)] IReadOnlyList<QuestionRequest> Questions, [VisibleText, MaxLength(40), Line] string? Unit = null,
        CertifiedRequest? Certificate = null)
    {
        internal ExamContent ToContent(string at)
        {
            if (Questions.Count > 0 && PassMark > 100)
                throw new InvalidException($"{at}/passMark", "pass-mark-over-100", "Of questions the pass mark is a percentage.");
            foreach (var (i, question) in Questions.Index())
            {
                if (question.Right.Any(right => right < 0 || right >= question.Choices.Count))
                    throw new InvalidException($"{at}/questions/{i}/right", "right-choice", $"Choices are 0 to {question.Choices.Count - 1}.");
                if (Questions.Take(i).Any(other => Text.Bare(other.Code) == Text.Bare(question.Code)))
                    throw new InvalidException($"{at}/questions/{i}/code", "duplicate-exam-question", "Each question has a code of its own.");
            }

            return new(Names.Require($"{at}/title", Title), PassMark, Questions.Count > 0 ? "percent" : Text.Bare(Unit ?? "points"), Attempts,
                [
                    .. Questions.Select((question, i) => new ExamQuestion(Text.Bare(question.Code), question.Text,
                        [.. question.Choices.Select((choice, j) => Names.Require($"{at}/questions/{i}/choices/{j}", choice))],
                        [.. question.Right.Distinct().Order()], question.Points)),
                ],
                Certificate is { } of ? new(Text.Bare(of.Skill), of.Months) : null);
        }
    }

    /// <param name="Content">What is asked or measured.</param>
    public sealed record ExamRequest(Guid ProjectId, ExamContentRequest Content);

    /// <param name="Question">Code of the question.</param>
    /// <param name="Choices">Places of what is chosen, from 0; none is an answer too.</param>
    public sealed record AnswerRequest(
        [Required, VisibleText, MaxLength(64), Line] string Question, [MaxLength(10)] IReadOnlyList<int> Choices);

    /// <param name="Answers">One for each question.</param>
    public sealed record AttemptRequest([MinLength(1), MaxLength(100)] IReadOnlyList<AnswerRequest> Answers);

    /// <param name="Score">In the exam's unit.</param>
    /// <param name="Note">How it was measured or judged.</param>
    public sealed record JudgementRequest(
        Guid EmployeeId, [Range(0.0, 1000000.0)] decimal Score, [property: FreeText] [VisibleText, MaxLength(1000)] string? Note = null);

    private static async Task<WriteResult> Prepare(
        ExamRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireProject("/projectId", request.ProjectId, cancellation);
        var command = new PrepareExam(id.Value, request.ProjectId, request.Content.ToContent("/content"), caller.Id, caller.Now);

        return new(await session.Start<Exam>(id.Value, state => Decide(command, state), cancellation), $"/exams/{id.Value}");
    }

    private static async Task<WriteResult> Revise(
        Guid id, ExamContentRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new ReviseExam(request.ToContent(""), caller.Id, caller.Now);

        return new(await session.Decide<Exam>(id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> Retire(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<Exam>(id, expected.Value,
            state => Decide(new RetireExam(caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));

    private static async Task<WriteResult> Answer(
        Guid id, AttemptRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var exam = await session.ExamOf(id, caller, cancellation);
        var today = await session.Today(exam, caller.Id, caller, cancellation);
        var command = new AnswerExam(exam, caller.Id,
            [.. request.Answers.Select(answer => new ExamAnswer(Text.Bare(answer.Question), [.. answer.Choices]))], today, caller.Now);

        return await session.Take(exam, caller.Id, state => Decide(command, state), cancellation);
    }

    private static async Task<WriteResult> Judge(
        Guid id, JudgementRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var exam = await session.ExamOf(id, caller, cancellation);
        var today = await session.Today(exam, request.EmployeeId, caller, cancellation);
        var command = new JudgeExam(exam, request.EmployeeId, request.Score, request.Note, today, caller.Id, caller.Now);

        return await session.Take(exam, request.EmployeeId, state => Decide(command, state), cancellation);
    }

    // One attempt at a time: two at once would be one more than there are.
    private static async Task<WriteResult> Take(
        this IDocumentSession session, Exam exam, Guid employee, Func<ExamSitting, object[]> decide, CancellationToken cancellation)
    {
        var id = ExamSitting.IdOf(exam.Id, employee);
        await session.Lock([id], cancellation);

        return new(await session.Start(id, decide, cancellation), $"/exam-results/{id}");
    }

    private static async Task<DateOnly> Today(
        this IQuerySession session, Exam exam, Guid employee, Caller caller, CancellationToken cancellation)
    {
        await session.RequireAgent(employee, exam.ProjectId, caller.Now, cancellation);
        var project = await session.RequireProject("/projectId", exam.ProjectId, cancellation);

        return LocalCalendar.Of(project.Zone, project.WeekStartsOn).DayOf(caller.Now);
    }

    private static async Task<Page<ExamView>> List(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<Exam>().VisibleTo(caller, Visible, projectId).ToPage(page, exam => exam.Id, cancellation);

        return new([.. found.Items.Select(exam => ExamView.Of(exam, caller))], found.Next);
    }

    private static async Task<Versioned<ExamView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var exam = await session.ExamOf(id, caller, cancellation);

        return new(ExamView.Of(exam, caller), exam.Version, complete: false);
    }

    private static async Task<Exam> ExamOf(this IQuerySession session, Guid id, Caller caller, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<Exam>(id, cancellation), Visible);
}
