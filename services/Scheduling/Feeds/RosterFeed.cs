using System.Buffers.Text;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Rosters;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Scheduling.Feeds;

/// <summary>
/// An agent's calendar feed for one device. The token itself is kept nowhere: who reads the database cannot read the feed.
/// </summary>
/// <param name="Id">Derived from agent and device, so that a new one ends the old; the agent's where no device is named.</param>
/// <param name="AgentId">Null where no device is named.</param>
/// <param name="Device">What the agent calls it; null where it is not named.</param>
public sealed record RosterFeed(Guid Id, string TokenHash, DateTimeOffset CreatedAt, Guid? AgentId = null, string? Device = null)
{
    public static Guid IdOf(Guid agentId, string? device) => device is null ? agentId : NameId.Of("roster-feed", agentId, device);

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <param name="Url">Secret: whoever has it reads the roster.</param>
public sealed record FeedView(string Url);

/// <param name="Device">What the agent calls it; null where it is not named.</param>
/// <param name="CreatedAt">Since when its address holds.</param>
public sealed record DeviceFeed(string? Device, DateTimeOffset CreatedAt);

internal static class RosterFeedEndpoints
{
    private const int TokenBytes = 32;
    private const int MostDevices = 10;
    private static readonly TimeSpan Past = TimeSpan.FromDays(28);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapRosterFeeds()
        {
            var feeds = routes.MapGroup("/rosters/feeds")
                .WithTag("Calendar feeds", "An agent's own roster as an iCalendar feed, under an address that is secret.");

            feeds.MapPost("/", Open).Describe(
                "Get an address of one's own roster for the calendar program of a device; the one before of that device stops working",
                problems: ["too-many-feeds"]);
            feeds.MapGet("/", List).Describe("One's own calendar feeds, without their addresses, which nobody knows any more");
            feeds.MapDelete("/", Close).Describe("End one's calendar feed of a device, or all");
            feeds.MapGet("/{token}.ics", Read)
                .Produces<string>(StatusCodes.Status200OK, "text/calendar").Produces(StatusCodes.Status304NotModified)
                .Describe("Read a roster as iCalendar; the token in the address is the permission");
        }
    }

    private static async Task<Created<FeedView>> Open(
        [Description("What the agent calls the device, such as phone; each has an address of its own."), Line, StringLength(40)]
        string? device, Caller caller, IDocumentSession session, IConfiguration configuration, CancellationToken cancellation)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var name = device is null or "" ? null : Names.Require("device", device);
        var (id, agent) = (RosterFeed.IdOf(caller.Id, name), caller.Id);
        if (await session.Query<RosterFeed>().CountAsync(f => f.AgentId == agent && f.Id != id, cancellation) >= MostDevices)
            throw new RefusedException("too-many-feeds", $"There are feeds for {MostDevices} devices; end one.");
        session.Store(new RosterFeed(id, RosterFeed.HashOf(token), caller.Now, name is null ? null : caller.Id, name));
        await session.SaveChangesAsync(cancellation);

        var path = $"/rosters/feeds/{token}.ics";
        return TypedResults.Created(path, new FeedView(PublicAddress.Of(configuration) + path));
    }

    private static async Task<Ok<IReadOnlyList<DeviceFeed>>> List(Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var agent = caller.Id;
        var feeds = await session.Query<RosterFeed>().Where(f => f.AgentId == agent || f.Id == agent).ToListAsync(cancellation);

        return TypedResults.Ok<IReadOnlyList<DeviceFeed>>(
            [.. feeds.OrderBy(f => f.Device, StringComparer.Ordinal).Select(f => new DeviceFeed(f.Device, f.CreatedAt))]);
    }

    private static async Task<NoContent> Close(
        [Description("Of this device; of all when left out.")] string? device, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var agent = caller.Id;
        if (device is null or "")
            session.DeleteWhere<RosterFeed>(f => f.AgentId == agent || f.Id == agent);
        else
            session.Delete<RosterFeed>(RosterFeed.IdOf(caller.Id, device));
        await session.SaveChangesAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Read(
        [Description("The secret part of the address that the feed was opened under.")] string token, HttpRequest request,
        HttpResponse response, IQuerySession session, TimeProvider clock, CancellationToken cancellation)
    {
        var hash = RosterFeed.HashOf(token);
        var feed = await session.Query<RosterFeed>().Where(f => f.TokenHash == hash).FirstOrDefaultAsync(cancellation);
        var agent = feed?.AgentId ?? feed?.Id ?? throw new StreamNotFoundException(Guid.Empty);
        var days = await DaysOf(agent, clock.GetUtcNow(), session, cancellation) ?? throw new StreamNotFoundException(Guid.Empty);
        var calendar = RosterCalendar.Of(days, await DutiesOf(agent, clock.GetUtcNow(), session, cancellation));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(calendar)))[..32]}\"");

        response.Headers.CacheControl = "private, max-age=300";
        response.Headers.ETag = tag.ToString();
        return request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(calendar, "text/calendar; charset=utf-8");
    }

    private static async Task<IReadOnlyList<OnCallDuty>> DutiesOf(
        Guid agentId, DateTimeOffset now, IQuerySession session, CancellationToken cancellation)
    {
        var earliest = now - Past;
        var person = await session.LoadAsync<EmployeeV1>(agentId, cancellation);
        return [.. (await session.Query<OnCallDuty>().Where(duty => duty.AgentId == agentId && duty.EndsAt > earliest)
            .OrderBy(duty => duty.StartsAt).ToListAsync(cancellation)).Where(duty => person?.ProjectIds.Contains(duty.ProjectId) == true)];
    }

    /// <summary>Null for somebody who no longer works here. Days of a project they have left are no longer theirs to see.</summary>
    private static async Task<IReadOnlyList<CalendarDay>?> DaysOf(
        Guid agentId, DateTimeOffset now, IQuerySession session, CancellationToken cancellation)
    {
        var earliest = DateOnly.FromDateTime((now - Past).UtcDateTime);
        var person = await session.LoadAsync<EmployeeV1>(agentId, cancellation);
        if (person is null || person.LeftOn < DateOnly.FromDateTime(now.UtcDateTime))
            return null;

        var days = await session.Query<PublishedDay>().Where(d => d.AgentId == agentId && d.Date >= earliest)
            .OrderBy(d => d.Date).ToListAsync(cancellation);
        var projects = (await session.LoadManyAsync<ProjectV1>(cancellation, days.Select(d => d.ProjectId).Distinct().ToArray()))
            .ToDictionary(p => p.Id);

        var calendars = await session.DaysOf(projects.Keys, cancellation);

        return [.. days.Where(d => person.ProjectIds.Contains(d.ProjectId) && projects.ContainsKey(d.ProjectId))
            .Select(d => new CalendarDay(d, LocalCalendar.Of(person.Zone), calendars[d.ProjectId].Named(d.Date)?.Label))];
    }
}
