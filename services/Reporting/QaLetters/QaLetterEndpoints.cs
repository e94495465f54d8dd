using CallCenter.EventSourcing;
using CallCenter.Reporting.Digests;
using CallCenter.Reporting.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Reporting.QaLetters;

internal static class QaLetterEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapQaLetters()
        {
            var letters = routes.MapGroup("/qa-letters")
                .WithTag("QA letters", "Quality reports as they were mailed to the readers of a project's digests.");

            letters.MapGet("/", List).Describe("The letters of a project, and whether they were taken by the mail server");
            letters.MapGet("/{id:guid}", GetPage).Produces<string>(StatusCodes.Status200OK, "text/html")
                .Describe("A letter as it was sent: the mail's HTML", problems: ["mail-erased"]).MayBeGone();
            letters.MapHistory("/{id:guid}", (id, caller, session, cancellation) => Find(id, caller, session, cancellation));
        }
    }

    private static async Task<Page<QaLetter>> List(
        Guid project, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await ProjectScope.Load(session, caller, project, cancellation);
        return await session.Query<QaLetter>().Where(letter => letter.ProjectId == project).ToPage(page, letter => letter.Id, cancellation);
    }

    private static async Task<IResult> GetPage(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        await Find(id, caller, session, cancellation);
        var stored = await session.LoadAsync<StoredMail>(id, cancellation)
            ?? throw new GoneException("mail-erased", "The mail was deleted, with somebody's personal data or since its time was over.");

        return Results.Text(await DigestMail.PageOf(stored.Bytes, cancellation), "text/html; charset=utf-8");
    }

    private static async Task<QaLetter> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var letter = await session.LoadAsync<QaLetter>(id, cancellation) ?? throw new StreamNotFoundException(id);

        return caller.Sees(letter.ProjectId) ? letter : throw new StreamNotFoundException(id);
    }
}
