using System.ComponentModel;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CallCenter.Web;

/// <summary>A notice as it is shown.</summary>
/// <param name="PersonId">Whom it is for; null where it is for a role.</param>
/// <param name="Role">Of the project, where it is for no person.</param>
/// <param name="About">Address of what it is about.</param>
/// <param name="Date">The local day that it is about.</param>
/// <param name="ReadAt">When it was read first; null while it was not.</param>
/// <param name="ReadBy">Who read it first; null while nobody has.</param>
public sealed record NoticeView(
    Guid Id, Guid ProjectId, Guid? PersonId, string? Role, NoticeKind Kind, string About, DateOnly? Date, DateTimeOffset At,
    DateTimeOffset? ReadAt, Guid? ReadBy)
{
    internal static Page<NoticeView> Of(Page<Notice> page) => new(
        [.. page.Items.Select(n => new NoticeView(
            n.Id, n.ProjectId, n.PersonId, n.Role, n.Told, n.About, n.Date, n.At, n.ReadAt, n.ReadBy))], page.Next);
}

public static class NoticeEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>A person's notices, receipts of them, and who has given one.</summary>
        /// <param name="path">Where they are found.</param>
        /// <param name="tag">What they are called in the API document.</param>
        /// <param name="roles">Of whom they tell, beside persons.</param>
        public void MapNotices(string path = "/notices", string tag = "Notices", string roles = "the schedulers or managers")
        {
            var notices = routes.MapGroup(path).WithTag(tag,
                $"What happened that a person, or {roles} of a project, should know of, and whether it was read.");

            notices.MapGet("/", List).Describe("The caller's own notices, oldest first, and those for their role in their projects");
            notices.MapPost("/{id:guid}/receipt", Read).Describe("Say that a notice was read; the first time counts");
            notices.MapGet("/receipts", ListReceipts).Describe("Who of a project was told of something, and who has read it");
        }
    }

    private static async Task<Page<NoticeView>> List(
        [Description("Only those that nobody has read.")] bool? unread, PageRequest page, Caller caller, IQuerySession session,
        [FromServices] HiddenNotices? hidden, CancellationToken cancellation)
    {
        var notices = await session.Query<Notice>().VisibleTo(caller).Except(hidden, session, caller, cancellation);
        return NoticeView.Of(await (unread == true ? notices.Where(notice => notice.ReadAt == null) : notices)
            .ToPage(page, notice => notice.Id, cancellation));
    }

    private static async Task<NoContent> Read(Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var notice = await session.Query<Notice>().VisibleTo(caller).Where(n => n.Id == id).FirstOrDefaultAsync(cancellation)
            ?? throw new StreamNotFoundException(id);
        if (notice.ReadAt is null)
        {
            session.Store(notice with { ReadAt = caller.Now, ReadBy = caller.Id });
            await session.SaveChangesAsync(cancellation);
        }

        return TypedResults.NoContent();
    }

    private static async Task<Page<NoticeView>> ListReceipts(
        Guid projectId, [Description("Address of what they were told of, as a notice names it; anything when left out.")] string? about,
        PageRequest page, Caller caller, IQuerySession session, [FromServices] HiddenNotices? hidden, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var notices = await session.Query<Notice>().Where(notice => notice.ProjectId == projectId)
            .Except(hidden, session, caller, cancellation);
        return NoticeView.Of(await (about is null ? notices : notices.Where(notice => notice.About == about))
            .ToPage(page, notice => notice.Id, cancellation));
    }

    private static async Task<IQueryable<Notice>> Except(
        this IQueryable<Notice> notices, HiddenNotices? hidden, IQuerySession session, Caller caller, CancellationToken cancellation)
    {
        string[] about = hidden is null ? [] : [.. await hidden.About(session, caller, cancellation)];
        return about.Length == 0 ? notices : notices.Where(notice => !notice.About.IsOneOf(about));
    }

    // What is told to a person stays theirs to read when they change projects.
    private static IQueryable<Notice> VisibleTo(this IQueryable<Notice> notices, Caller caller)
    {
        var (person, roles) = (caller.Id, NoticeRoles.All.Where(caller.Is).ToArray());
        if (roles.Length == 0)
            return notices.Where(notice => notice.PersonId == person);
        if (caller.Projects is null)
            return notices.Where(notice => notice.PersonId == person || notice.Role!.IsOneOf(roles));

        var projects = caller.Projects.ToArray();
        return notices.Where(notice => notice.PersonId == person || (notice.Role!.IsOneOf(roles) && notice.ProjectId.IsOneOf(projects)));
    }
}

/// <summary>What a service does not tell somebody for now.</summary>
/// <param name="About">Addresses of what must not be told.</param>
public sealed record HiddenNotices(Func<IQuerySession, Caller, CancellationToken, Task<IReadOnlyList<string>>> About);

/// <summary>Notices are kept for a time, read or not.</summary>
public sealed class OldNotices(IDocumentStore store) : IRetained
{
    private const int AtOnce = 1000;

    public static string Name => "Notices";

    public static TimeSpan Period => TimeSpan.FromDays(90);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        for (var deleted = 0L; ;)
        {
            await using var session = store.LightweightSession();
            var old = await session.Query<Notice>().Where(notice => notice.At < before).OrderBy(notice => notice.Id).Take(AtOnce)
                .Select(notice => notice.Id).ToListAsync(cancellation);
            session.DeleteWhere<Notice>(notice => notice.Id.IsOneOf(old.ToArray()));
            await session.SaveChangesAsync(cancellation);
            deleted += old.Count;
            if (old.Count < AtOnce)
                return deleted;
        }
    }
}
