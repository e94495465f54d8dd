using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Quality.Calibration.CalibrationDecider;

namespace CallCenter.Quality.Calibration;

/// <param name="Title">What the session is called.</param>
/// <param name="Inspectors">2 to 50 who judge.</param>
/// <param name="ClosesAt">The first instant at which nobody judges any more.</param>
/// <param name="MasterId">One of them, whose answers are taken for right; left out: all are measured against each other.</param>
public sealed record CalibrationTermsRequest(
    [Required, VisibleText, MaxLength(100), Line] string Title, [MinLength(2), MaxLength(50)] IReadOnlyList<Guid> Inspectors,
    DateTimeOffset ClosesAt, Guid? MasterId = null)
{
    internal CalibrationTerms ToTerms() => new(Text.Bare(Title), [.. Inspectors], MasterId, ClosesAt);
}

/// <param name="CallIds">1 to 20 calls that all judge.</param>
/// <param name="Terms">Who judges until when.</param>
public sealed record CalibrationRequest(
    Guid ProjectId, Guid FormId, [MinLength(1), MaxLength(20)] IReadOnlyList<Guid> CallIds, CalibrationTermsRequest Terms);

/// <param name="FormVersion">The version of the form the answers are to.</param>
/// <param name="Answers">To every question of the form.</param>
public sealed record CalibrationScoreRequest(int FormVersion, [MinLength(1), MaxLength(100)] IReadOnlyList<GivenAnswer> Answers);

/// <param name="Title">What the session is called.</param>
/// <param name="Calls">That all judge.</param>
/// <param name="FormVersion">By which all judge.</param>
/// <param name="Form">As it was when the session was called.</param>
/// <param name="Inspectors">Who judge.</param>
/// <param name="MasterId">Whose answers are taken for right; null: all are measured against each other.</param>
/// <param name="ClosesAt">The first instant at which nobody judges any more.</param>
/// <param name="Over">Whether nobody judges any more.</param>
/// <param name="Waits">Who has calls left to judge, and how many.</param>
/// <param name="Scores">The caller's own; of all inspectors once it is over, and the caller is judging none of the calls again.</param>
public sealed record CalibrationView(
    Guid Id, long Version, Guid ProjectId, string Title, IReadOnlyList<Guid> Calls, Guid FormId, int FormVersion, FormContent Form,
    IReadOnlyList<Guid> Inspectors, Guid? MasterId, DateTimeOffset ClosesAt, bool Over, IReadOnlyList<CallsLeft> Waits,
    IReadOnlyList<CalibrationScore> Scores)
{
    /// <param name="again">What the caller is judging again.</param>
    internal static CalibrationView Of(CalibrationSession session, Caller caller, IReadOnlySet<(Guid FormId, Guid CallId)> again) => new(
        session.Id, session.Version, session.ProjectId, session.Terms.Title, [.. session.Calls.Select(call => call.CallId)], session.FormId,
        session.FormVersion, session.Form!, session.Terms.Inspectors, session.Terms.MasterId, session.Terms.ClosesAt,
        session.IsOver(caller.Now),
        [
            .. session.Terms.Inspectors.Select(inspector => new CallsLeft(inspector,
                session.Calls.Length - session.Scores.Count(score => score.InspectorId == inspector))).Where(left => left.Calls > 0),
        ],
        [.. session.Scores.Where(score => session.IsShown(caller.Now, again) || score.InspectorId == caller.Id)]);
}

/// <param name="Calls">Not judged yet.</param>
public sealed record CallsLeft(Guid InspectorId, int Calls);

internal static class CalibrationEndpoints
{
    private static readonly CalibrationTermsRequest Example = new(
        "March, complaints", [FormExample.InspectorId, Guid.Parse("0199aaaa-0000-7000-8000-000000000006")],
        new DateTimeOffset(2026, 3, 20, 18, 0, 0, TimeSpan.FromHours(8)), FormExample.InspectorId);

    private static readonly string[] TermsProblems =
        ["duplicate-inspector", "master-not-inspector", "own-master", "closing-out-of-range", "self-evaluation", Staff.UnknownInspector, Staff.InspectorLeft];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCalibrations()
        {
            var sessions = routes.MapGroup("/calibrations").WithTag("Calibration",
                "Inspectors judge the same calls without seeing what the others say, and see how far they agree. No agent's score comes of it.");

            sessions.MapPost("/", Call).Describe("Call a session: which calls, by which form, judged by whom until when",
                new CalibrationRequest(FormExample.ProjectId, FormExample.FormId, [FormExample.CallId], Example),
                [.. TermsProblems, "call-without-agent", "duplicate-call", "form-of-other-project", "form-not-active"]);
            sessions.MapGet("/", List).Describe("The sessions of a project");
            sessions.MapGet("/{id:guid}", Get).Describe("A session; what others said is shown once it is over");
            sessions.MapHistory("/{id:guid}", Get);
            sessions.MapPut("/{id:guid}/terms", Change).Describe(
                "Change who judges until when; whoever has judged stays", Example, [.. TermsProblems, "calibration-over", "inspector-scored"]);
            sessions.MapPut("/{id:guid}/scores/{callId:guid}", Score).Describe(
                "Judge a call, or judge it anew until the session is over",
                new CalibrationScoreRequest(1, [new("greeting", new Answer(Choice: "full"))]),
                ["not-in-calibration", "calibration-over", "other-form-version", "unknown-question", "answer-does-not-fit", "not-one-answer",
                    "duplicate-question", "answers-missing", "question-not-asked", "word-not-in-list", "unknown-issue"]);
            sessions.MapPost("/{id:guid}/closing", Close).Describe("Close a session before its time");
            sessions.MapGet("/{id:guid}/agreement", GetAgreement).Describe(
                "How far the inspectors of a session agree, by question and inspector, once it is over",
                problems: ["calibration-open", BlindSeconds.Code]);
            routes.MapGet("/calibration-agreement", GetOverTime).WithTags("Calibration").Describe(
                "The same over all sessions of a form that ended in each month: how agreement and severity drift",
                problems: ["range-out-of-order", "range-too-long", "project-unknown"]);
        }
    }

    public static readonly Visibility<CalibrationSession> Visible = new((session, projects) => session.ProjectId.IsOneOf(projects));

    private static async Task<WriteResult> Call(
        CalibrationRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var form = caller.MustSee(await session.FormOf(request.FormId, cancellation));
        if (form.ProjectId != request.ProjectId)
            throw new RefusedException("form-of-other-project", "The session and the form belong to different projects.");
        MayName(request.Terms.MasterId, before: null, caller);
        var calls = await Calls(request, session, cancellation);
        await session.RequireInspectors(
            i => $"/terms/inspectors/{i}", request.Terms.Inspectors, already: [], request.ProjectId, caller, cancellation);
        var command = new CallCalibration(id.Value, request.ProjectId, calls, form, request.Terms.ToTerms(), caller.Id, caller.Now);

        return new(await session.Start<CalibrationSession>(id.Value, state => Decide(command, state), cancellation), $"/calibrations/{id.Value}");
    }

    private static async Task<ImmutableArray<CalibratedCall>> Calls(
        CalibrationRequest request, IQuerySession session, CancellationToken cancellation)
    {
        var known = (await session.LoadManyAsync<CallV1>(cancellation, [.. request.CallIds.Distinct()])).ToDictionary(call => call.Id);
        var calls = ImmutableArray.CreateBuilder<CalibratedCall>();
        foreach (var (i, id) in request.CallIds.Index())
        {
            if (known.GetValueOrDefault(id) is not { } call || call.ProjectId != request.ProjectId)
                throw new StreamNotFoundException(id);
            if (calls.Any(other => other.CallId == id))
                throw new InvalidException($"/callIds/{i}", "duplicate-call", "A call is judged once by each.");
            calls.Add(new(id, call.AgentId ?? throw new RefusedException("call-without-agent", "No agent is known for this call.")));
        }

        return calls.DrainToImmutable();
    }

    private static async Task<Page<CalibrationView>> List(
        Guid projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var found = await session.Query<CalibrationSession>().Where(s => s.ProjectId == projectId)
            .ToPage(page, s => s.Id, cancellation);

        var again = await session.JudgedAgain(caller, cancellation);
        return new([.. found.Items.Select(s => CalibrationView.Of(s, caller, again))], found.Next);
    }

    private static async Task<Versioned<CalibrationView>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await Find(id, caller, session, cancellation);
        return new(CalibrationView.Of(found, caller, await session.JudgedAgain(caller, cancellation)), found.Version, complete: false);
    }

    private static async Task<WriteResult> Change(
        Guid id, CalibrationTermsRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var found = await Find(id, caller, session, cancellation);
        MayName(request.MasterId, found.Terms.MasterId, caller);
        await session.RequireInspectors(
            i => $"/inspectors/{i}", request.Inspectors, found.Terms.Inspectors, found.ProjectId, caller, cancellation);
        var command = new ChangeCalibration(request.ToTerms(), caller.Id, caller.Now);

        return new(await session.Decide<CalibrationSession>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    // Whose answers are taken for right is said by somebody else, or by who answers for the inspectors.
    private static void MayName(Guid? master, Guid? before, Caller caller)
    {
        if (master == caller.Id && master != before && !caller.Is("supervisor") && !caller.Is("admin"))
            throw new RefusedException("own-master", "Nobody makes themselves the one whom the others are measured against.");
    }

    // Two who judge at once do not wait for each other's version: each says only what is theirs.
    private static async Task<WriteResult> Score(
        Guid id, Guid callId, CalibrationScoreRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        request.Answers.Check();
        var found = await Find(id, caller, session, cancellation);
        (await session.IssuesOf(found.ProjectId, cancellation)).EnsureKnown(request.Answers);
        await session.Lock([id], cancellation);
        var command = new ScoreCalibration(callId, request.FormVersion, request.Answers, caller.Id, caller.Now);

        return new(await session.Decide<CalibrationSession>(
            id, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> Close(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new CloseCalibration(caller.Id, caller.Now);

        return new(await session.Decide<CalibrationSession>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<Ok<CalibrationResult>> GetAgreement(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await Find(id, caller, session, cancellation);
        if (!found.IsOver(caller.Now))
            throw new RefusedException("calibration-open", "The session is open: whoever saw what others say would judge by it.");

        return found.IsShown(caller.Now, await session.JudgedAgain(caller, cancellation)) ? TypedResults.Ok(CalibrationResult.Of([found]))
            : throw BlindSeconds.Blind();
    }

    /// <param name="Month">Its first day.</param>
    /// <param name="Sessions">That ended in it.</param>
    /// <param name="Agreement">Of all of them together.</param>
    public sealed record MonthlyAgreement(DateOnly Month, int Sessions, CalibrationResult Agreement);

    private static async Task<Ok<IReadOnlyList<MonthlyAgreement>>> GetOverTime(
        Guid projectId, Guid formId, DateOnly from, DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        DayRanges.Check(from, to);
        var calendar = await session.CalendarOf(projectId, cancellation);
        var again = await session.JudgedAgain(caller, cancellation);
        var over = (await session.Query<CalibrationSession>().Where(s => s.ProjectId == projectId && s.FormId == formId)
                .ToListAsync(cancellation)).Where(s => s.IsShown(caller.Now, again))
            .Select(s => (Session: s, Day: calendar.DayOf(s.ClosedAt ?? s.Terms.ClosesAt))).Where(s => s.Day >= from && s.Day <= to);

        return TypedResults.Ok<IReadOnlyList<MonthlyAgreement>>(
        [
            .. over.GroupBy(s => new DateOnly(s.Day.Year, s.Day.Month, 1)).OrderBy(month => month.Key).Select(month =>
                new MonthlyAgreement(month.Key, month.Count(), CalibrationResult.Of([.. month.Select(s => s.Session)]))),
        ]);
    }

    private static async Task<CalibrationSession> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<CalibrationSession>(id, cancellation), Visible);
}
