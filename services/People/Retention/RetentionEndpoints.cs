using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.People.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.People.Retention.RetentionDecider;

namespace CallCenter.People.Retention;

/// <param name="Kind">
/// What is kept: recordings, evaluation-texts, leave-texts, digest-mails, machine-answers, coaching-texts or input-texts.
/// </param>
/// <param name="Days">For how many days; then it is deleted.</param>
public sealed record RetentionPeriod(
    [AllowedValues(RetainedKinds.Recordings, RetainedKinds.EvaluationTexts, RetainedKinds.LeaveTexts, RetainedKinds.DigestMails,
        RetainedKinds.MachineAnswers, RetainedKinds.CoachingTexts, RetainedKinds.InputTexts)]
    string Kind,
    [Range(1, 36_500)] int Days);

/// <param name="Periods">All of them; what is not named is kept for as long as the services are set up to.</param>
public sealed record RetentionRequest([MaxLength(50)] IReadOnlyList<RetentionPeriod> Periods);

/// <param name="Reason">Who wants it kept, and why.</param>
/// <param name="From">First local day that it covers; all before the last where it is not said.</param>
/// <param name="Through">Last local day that it covers; all to come where it is not said.</param>
public sealed record LegalHoldRequest(
    [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason, DateOnly? From = null, DateOnly? Through = null);

/// <param name="Reason">Why it need not be kept any more.</param>
public sealed record HoldReleaseRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

/// <param name="Periods">For how many days each kind of thing is kept; what is not named is kept as the services are set up.</param>
/// <param name="LegalHolds">All that were ever placed; those that are not released are in force.</param>
public sealed record RetentionView(IReadOnlyList<RetentionPeriod> Periods, IReadOnlyList<PlacedHold> LegalHolds);

/// <summary>How long a project keeps what, and what must not be deleted at all. Its version is 0 until something is said of it.</summary>
internal static class RetentionEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRetention()
        {
            var projects = routes.MapGroup("/projects").WithTags("Projects");
            projects.MapGet("/{id:guid}/retention", Get).Describe("For how long a project keeps what, and its legal holds");
            projects.MapHistory("/{id:guid}/retention", Find, ProjectRetention.IdOf);
            projects.MapPut("/{id:guid}/retention", Set).Describe("Say for how long a project keeps what",
                new RetentionRequest([new(RetainedKinds.Recordings, 180), new(RetainedKinds.EvaluationTexts, 730)]), ["duplicate-kind"]);
            projects.MapPost("/{id:guid}/retention/legal-holds", Place).Describe(
                "Keep what is there of some days, or of all, until the hold is released",
                new LegalHoldRequest("Claim 2026-114", new(2026, 3, 1), new(2026, 3, 31)), ["ends-before-start", "hold-exists"]);
            projects.MapGet("/{id:guid}/retention/legal-holds/{hold:guid}", GetHold).Describe("One legal hold");
            projects.MapPost("/{id:guid}/retention/legal-holds/{hold:guid}/release", Release).Describe(
                "Release a legal hold that somebody else placed", new HoldReleaseRequest("Claim 2026-114 was settled"),
                ["hold-unknown", "hold-second-person"]);
        }
    }

    private static async Task<ProjectRetention> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<Project>(id, cancellation), ProjectViewEndpoints.Visible);
        return await session.LoadAsync<ProjectRetention>(ProjectRetention.IdOf(id), cancellation) ?? new();
    }

    private static async Task<Versioned<RetentionView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var retention = await Find(id, caller, session, cancellation);
        return new(
            new([.. retention.Periods().Select(kept => new RetentionPeriod(kept.Kind, kept.Days))], retention.LegalHolds),
            retention.Version);
    }

    private static async Task<Versioned<PlacedHold>> GetHold(
        Guid id, Guid hold, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var retention = await Find(id, caller, session, cancellation);
        return new(
            retention.LegalHolds.FirstOrDefault(placed => placed.Id == hold) ?? throw new StreamNotFoundException(hold), retention.Version);
    }

    private static async Task<WriteResult> Set(
        Guid id, RetentionRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        await Find(id, caller, session, cancellation);
        foreach (var (i, period) in request.Periods.Index())
            if (request.Periods.Take(i).Any(other => other.Kind == period.Kind))
                throw new InvalidException($"/periods/{i}/kind", "duplicate-kind", $"'{period.Kind}' is there twice.");

        var days = request.Periods.ToDictionary(period => period.Kind, period => period.Days);
        var command = new SetRetention(id, days, caller.Id, caller.Now);
        return new(await Change(id, expected, state => Decide(command, state), session, cancellation));
    }

    private static async Task<WriteResult> Place(
        Guid id, LegalHoldRequest request, NewId hold, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        await Find(id, caller, session, cancellation);
        if (request.Through < request.From)
            throw new InvalidException("/through", "ends-before-start", "The last day that it covers is not before the first.");

        var command = new PlaceLegalHold(id, hold.Value, request.Reason, request.From, request.Through, caller.Id, caller.Now);
        return new(await Change(id, expected, state => Decide(command, state), session, cancellation),
            $"/projects/{id}/retention/legal-holds/{hold.Value}");
    }

    private static async Task<WriteResult> Release(
        Guid id, Guid hold, HoldReleaseRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        await Find(id, caller, session, cancellation);
        var command = new ReleaseLegalHold(hold, request.Reason, caller.Id, caller.Now);
        return new(await Change(id, expected, state => Decide(command, state), session, cancellation));
    }

    /// <summary>A restore has undone a hold; who was told of it says so.</summary>
    public static async Task PlaceAgain(IServiceProvider services, HoldStandsV1 stands, CancellationToken cancellation)
    {
        Actor.Current = Actor.Job("legal-holds");
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var command = new PlaceLegalHoldAgain(
            stands.ProjectId, stands.HoldId, stands.From, stands.Through, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await session.Start<ProjectRetention>(
            ProjectRetention.IdOf(stands.ProjectId), state => Decide(command, state), cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    private static Task<long> Change(
        Guid project, ExpectedVersion expected, Func<ProjectRetention, object[]> decide, IDocumentSession session,
        CancellationToken cancellation) =>
        session.Start(ProjectRetention.IdOf(project), expected.Value, decide, cancellation);
}
