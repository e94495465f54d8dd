using CallCenter.EventSourcing;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using MimeKit;

namespace CallCenter.Reporting.Digests;

/// <summary>A digest in a list.</summary>
/// <param name="Week">First local day of the week that it is about.</param>
/// <param name="Language">en or zh-CN.</param>
/// <param name="Status">
/// planned, rendered (written, not yet taken by the mail server), sent, or ended: it will not be sent, unless its reader comes back and it
/// is asked for again.
/// </param>
/// <param name="MessageId">The mail's Message-ID header.</param>
/// <param name="Restated">How many of its figures are no longer what it told.</param>
/// <param name="Hold">Why it is not sent; null where nothing is in its way.</param>
public sealed record DigestSummary(
    Guid Id, Guid ProjectId, Guid ManagerId, DateOnly Week, string Language, DigestStatus Status, string MessageId,
    DateTimeOffset? RenderedAt, DateTimeOffset? SentAt, int Restated, DigestHold? Hold);

/// <summary>What is in a digest's way.</summary>
/// <param name="Cause">
/// mail-server-away, login-refused or mail-refused by the mail server; failed, of which the log has more; reader-left, and it has ended.
/// </param>
/// <param name="Since">When it was first met.</param>
/// <param name="Tries">How often it was tried in vain by itself; 0 while the mail server is away.</param>
/// <param name="NextTry">Not tried before; null where it is tried at every run, or has ended.</param>
public sealed record DigestHold(string Cause, DateTimeOffset Since, int Tries, DateTimeOffset? NextTry);

internal static class DigestEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDigests()
        {
            var digests = routes.MapGroup("/digests")
                .WithTag("Digests", "The weekly letter to operations managers, and what it told that has changed since.");

            digests.MapPost("/", Make).Describe(
                "Make the digests of a week now, one for each of the project's readers, and send them",
                new DigestRequest(Guid.Parse("0198c0de-0000-7000-8000-000000000001"), new DateOnly(2026, 3, 2)),
                ["week-starts-on-another-day", "week-not-over", "no-digest-readers"]).TakesLong();
            digests.MapGet("/", List).Describe("The digests of a project");
            digests.MapGet("/{id:guid}", Html).Produces<string>(StatusCodes.Status200OK, "text/html")
                .Describe("A digest as it was sent: the mail's HTML with its pictures inside", problems: ["mail-erased"]).MayBeGone();
            digests.MapHistory("/{id:guid}", (id, caller, session, cancellation) => Find(id, caller, session, cancellation));
            digests.MapGet("/{id:guid}/restatements", Restatements).Describe("What a digest told and is no longer so");
        }
    }

    /// <param name="Week">First day of the week.</param>
    public sealed record DigestRequest(Guid ProjectId, DateOnly Week);

    private static async Task<IReadOnlyList<DigestSummary>> Make(
        DigestRequest request, Caller caller, IQuerySession session, DigestService digests, CancellationToken cancellation)
    {
        var scope = await ProjectScope.Load(session, caller, request.ProjectId, cancellation);
        DigestRules.Check(scope, request.Week, caller.Now);

        return await Summaries(await digests.Make(scope.Project, request.Week, cancellation), session, cancellation);
    }

    private static async Task<Page<DigestSummary>> List(
        Guid project, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await ProjectScope.Load(session, caller, project, cancellation);
        var found = await session.Query<Digest>().Where(digest => digest.ProjectId == project)
            .ToPage(page, digest => digest.Id, cancellation);

        return new(await Summaries(found.Items, session, cancellation), found.Next);
    }

    private static async Task<IResult> Html(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var digest = await Find(id, caller, session, cancellation);
        var stored = await session.LoadAsync<StoredMail>(id, cancellation) ?? throw (digest.RenderedAt is null
            ? new StreamNotFoundException(id)
            : new GoneException("mail-erased", "The mail was deleted, with its reader's personal data or since its time was over."));

        return Results.Text(await DigestMail.PageOf(stored.Bytes, cancellation), "text/html; charset=utf-8");
    }

    private static async Task<IReadOnlyList<Restatement>> Restatements(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        (await Find(id, caller, session, cancellation)).Restatements;

    private static async Task<Digest> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var digest = await session.LoadAsync<Digest>(id, cancellation) ?? throw new StreamNotFoundException(id);

        return caller.Sees(digest.ProjectId) ? digest : throw new StreamNotFoundException(id);
    }

    private static async Task<IReadOnlyList<DigestSummary>> Summaries(
        IReadOnlyList<Digest> digests, IQuerySession session, CancellationToken cancellation)
    {
        var held = digests.Where(digest => digest.Hold is not null)
            .Select(digest => SetAside.IdOf(DigestService.Work, DigestService.NameOf(digest.Id))).ToArray();
        var aside = held is [] ? [] : (await session.LoadManyAsync<SetAside>(cancellation, held)).ToDictionary(s => s.Thing);
        return [.. digests.Select(digest => new DigestSummary(
            digest.Id, digest.ProjectId, digest.ManagerId, digest.Week, digest.Language, digest.Status, digest.MessageId,
            digest.RenderedAt, digest.SentAt, digest.Restatements.Count,
            HoldOf(digest, aside.GetValueOrDefault(DigestService.NameOf(digest.Id)))))];
    }

    private static DigestHold? HoldOf(Digest digest, SetAside? aside) => digest.Hold is { } hold
        ? new DigestHold(hold.Cause, hold.Since, aside?.Failures ?? 0, digest.IsOpen ? aside?.NextTry : null) : null;
}

internal static class DigestRules
{
    public static void Check(ProjectScope scope, DateOnly week, DateTimeOffset now)
    {
        if (scope.Calendar.WeekOf(week) != week)
            throw new InvalidException("/week", "week-starts-on-another-day",
                $"The project's weeks start on {scope.Project.WeekStartsOn}; did you mean {scope.Calendar.WeekOf(week):yyyy-MM-dd}?");
        if (now < scope.Calendar.StartOf(week.AddDays(7)))
            throw new RefusedException("week-not-over", "A digest is made once; its week has to be over first.");
        if (scope.Project.DigestReaders.Count == 0)
            throw new RefusedException("no-digest-readers", "The project names nobody who reads its digest.");
    }
}
