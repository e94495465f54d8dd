using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.ShiftRules.ShiftRulesDecider;

namespace CallCenter.Scheduling.ShiftRules;

/// <param name="Code">Unique in the project, in whatever case; what rosters and calendars show.</param>
/// <param name="Start">By the wall clock, on a quarter hour.</param>
/// <param name="End">At or before the start means the next day.</param>
/// <param name="Breaks">Those of every such shift.</param>
/// <param name="LatestStart">When given, the whole shift may begin later too, in steps.</param>
/// <param name="StepMinutes">Minutes between two of the possible starts, whole quarter hours.</param>
/// <param name="Days">Weekdays on which it may start; every day when left out.</param>
public sealed record TemplateRequest(
    [RegularExpression("[A-Za-z0-9]{1,12}"), VisibleText] string Code, TimeOnly Start, TimeOnly End,
    [MaxLength(6)] IReadOnlyList<ShiftBreak> Breaks,
    TimeOnly? LatestStart = null, int StepMinutes = 30, IReadOnlyList<DayOfWeek>? Days = null);

/// <summary>The shifts of a project, and what each rule of its rosters asks.</summary>
/// <param name="Templates">The shifts that rosters are made of.</param>
/// <param name="EarlyBefore">A shift that begins before this is early; 08:00 when left out.</param>
/// <param name="LateAfter">A shift that ends after this is late; 20:00 when left out.</param>
/// <param name="MostRestDaysSaved">Days of rest that an agent may save up, where a roster counts them.</param>
/// <param name="Leave">How long a leave may be, and who approves it.</param>
public sealed record RulesRequest(
    [MinLength(1), MaxLength(40)] IReadOnlyList<TemplateRequest> Templates, TimeOnly? EarlyBefore = null, TimeOnly? LateAfter = null,
    [Range(0, 100)] int MostRestDaysSaved = 10, LeaveRulesRequest? Leave = null) : RosterRules;

/// <param name="MaxDays">Calendar days that a leave may last.</param>
/// <param name="Approvals">Who approves, one after another: a role, and the days above which it is asked.</param>
public sealed record LeaveRulesRequest([Range(1, 366)] int MaxDays = 366, [MaxLength(5)] IReadOnlyList<LeaveApproval>? Approvals = null);

internal static class ShiftRulesEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapShiftRules()
        {
            var rules = routes.MapGroup("/shift-rules")
                .WithTag("Shift rules", "The shifts of a project and what no roster of it may break.");

            rules.MapGet("/{projectId:guid}", Get).Describe(
                "Read the shifts of a project and its working rules; version 0 is the default", problems: ["project-unknown"]);
            rules.MapHistory("/{id:guid}", Get, ShiftRuleBook.IdOf)
                .Describe("Who changed them, when and why, oldest first", problems: ["project-unknown"]);
            rules.MapPut("/{projectId:guid}", Set).Describe("Set the shifts of a project and its working rules", Example,
                ["shift-length", "not-a-quarter", "step-out-of-range", "starts-reversed", "no-day", "kind-unknown", "break-out-of-range",
                 "break-outside-shift", "breaks-overlap", "pause-out-of-range", "pause-twice", "no-work-left", "code-twice", "role-unknown",
                 "role-twice", "early-after-late", "project-unknown", "shift-unknown",
                 .. RosterRule.All.SelectMany(rule => rule.ErrorCodes)]);
        }
    }

    private static readonly string[] Approvers = ["supervisor", "scheduler", "project-manager", "operations-manager", "admin"];

    private static readonly RulesRequest Example = new(
    [
        new("D", new(8, 0), new(16, 30),
            [new("break", 15, 90, 150, true), new("meal", 30, 210, 300, false), new("break", 15, 360, 420, true)],
            LatestStart: new(11, 30)),
        new("N", new(22, 0), new(6, 0), [new("meal", 30, 180, 300, false)], Days: [DayOfWeek.Friday, DayOfWeek.Saturday]),
        new("DN", new(8, 30), new(1, 0), [new("pause", 480, 240, 240, false)], Days: [DayOfWeek.Sunday]),
    ], Leave: new(MaxDays: 15, [new(0, "supervisor"), new(1, "operations-manager"), new(5, "admin")]))
    {
        MaxDaysAWeek = 6,
        MaxDaysOff = 3,
        MaxOfKind = [new(ShiftKind.Night, 6)],
        MaxOfShifts = [new(["N"], 6)],
        ForbiddenShifts = [new("N", "D")],
        Forbidden = [new(ShiftKind.Late, ShiftKind.Early)],
    };

    private static async Task<Versioned<ShiftRuleBook>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var book = await session.RulesOf(await session.Project(projectId, cancellation), cancellation);

        return new(book, book.Version);
    }

    private static async Task<WriteResult> Set(
        Guid projectId, RulesRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.Project(projectId, cancellation);
        ImmutableArray<ShiftTemplate> templates =
        [
            .. request.Templates.Select(t => new ShiftTemplate(
                t.Code, t.Start, t.End, [.. t.Breaks], t.LatestStart, t.StepMinutes,
                t.Days is { } days ? [.. days.Distinct().Order()] : null)),
        ];
        TemplateRules.Check(templates);
        var errors = RosterRule.All.SelectMany(rule => rule.Errors(request))
            .Select(e => new Error($"/{JsonNamingPolicy.CamelCase.ConvertName(e.Parameter)}", e.Code, e.Message))
            .Concat(TemplateRules.Unknown(request, templates)).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        var approvals = request.Leave?.Approvals ?? [];
        if (approvals.FirstOrDefault(a => !Approvers.Contains(a.Role)) is { } nobody)
            throw new InvalidException("/leave/approvals", "role-unknown",
                $"'{nobody.Role}' approves no leave: {string.Join(", ", Approvers)}.");
        if (approvals.DistinctBy(a => a.Role).Count() < approvals.Count)
            throw new InvalidException("/leave/approvals", "role-twice", "Each role approves once.");

        var rules = new WorkingRules(request)
        {
            EarlyBefore = request.EarlyBefore ?? WorkingRules.Default.EarlyBefore,
            LateAfter = request.LateAfter ?? WorkingRules.Default.LateAfter,
            Forbidden = request.Forbidden is { } forbidden ? [.. forbidden.Distinct()] : null,
            MostRestDaysSaved = request.MostRestDaysSaved,
            Leave = request.Leave is { } leave ? new(leave.MaxDays, [.. approvals]) : null,
        };
        if (rules.EarlyBefore > rules.LateAfter)
            throw new InvalidException("/earlyBefore", "early-after-late",
                $"A shift that begins before {rules.EarlyBefore:HH:mm} would be early and late when it ends after {rules.LateAfter:HH:mm}.");
        var command = new SetShiftRules(projectId, templates, rules, caller.Id, caller.Now);

        return new(await session.StartOrDecide<ShiftRuleBook>(
            ShiftRuleBook.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }
}
