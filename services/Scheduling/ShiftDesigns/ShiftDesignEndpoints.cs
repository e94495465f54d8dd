using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning;
using CallCenter.Planning.ShiftDesign;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Requirements;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.ShiftDesigns;

/// <param name="RequirementId">Its first seven days, or fewer where it has fewer, are the need; left out where <paramref name="Needed"/>
/// is given.</param>
/// <param name="Queues">Queues of the requirement whose need is added up; all when left out.</param>
/// <param name="Needed">People needed in each slot of each day, Monday first; after the last day comes the first.</param>
/// <param name="Windows">What a shift may be.</param>
/// <param name="SlotMinutes">15, 30 or 60: shifts begin and end on them, and the need of a slot is the highest in it.</param>
/// <param name="Weights">What a design is judged by, in minutes of one agent.</param>
/// <param name="MostShifts">Different shifts at most.</param>
/// <param name="Seconds">How long to look at most.</param>
/// <param name="Seed">Where the search begins: another seed may give another design.</param>
/// <param name="MaxRounds">Ends the search after so many rounds: then the same seed gives the same design.</param>
public sealed record ShiftDesignRequest(
    Guid ProjectId, [MinLength(1), MaxLength(20)] IReadOnlyList<ShiftWindowRequest> Windows, Guid? RequirementId = null,
    [MinLength(1), MaxLength(100)] IReadOnlyList<string>? Queues = null,
    [MinLength(1), MaxLength(7)] IReadOnlyList<IReadOnlyList<int>>? Needed = null,
    int SlotMinutes = 30, DesignWeights? Weights = null, [Range(1, 40)] int? MostShifts = null, [Range(1, 20)] int Seconds = 5,
    int Seed = 1, [Range(1, 1000)] int? MaxRounds = null);

/// <summary>Shifts that begin and last within limits.</summary>
/// <param name="Earliest">When they begin at the earliest, by the wall clock.</param>
/// <param name="Latest">When they begin at the latest.</param>
/// <param name="ShortestMinutes">How long they last at least.</param>
/// <param name="LongestMinutes">And at most.</param>
public sealed record ShiftWindowRequest(TimeOnly Earliest, TimeOnly Latest, int ShortestMinutes, int LongestMinutes);

/// <param name="Over">Of a minute of one person more than needed.</param>
/// <param name="Under">Of a minute of one person fewer than needed.</param>
/// <param name="Shift">Of each different shift, in minutes.</param>
public sealed record DesignWeights([Range(0, 100)] int Over = 1, [Range(0, 100)] int Under = 2, [Range(0, 10_000)] int Shift = 60);

/// <summary>Shifts that cover a need; nothing is stored.</summary>
/// <param name="Shifts">In the order in which they begin.</param>
/// <param name="OverHours">Hours of people more than needed.</param>
/// <param name="UnderHours">Hours of people fewer than needed.</param>
/// <param name="Cost">By the weights.</param>
/// <param name="Bound">No design costs less; null where it was not found.</param>
/// <param name="Templates">The same as templates, to be taken over with PUT /shift-rules; breaks are for you to add.</param>
public sealed record ShiftDesignView(
    IReadOnlyList<DesignedShiftView> Shifts, double OverHours, double UnderHours, long Cost, long? Bound,
    IReadOnlyList<TemplateRequest> Templates);

/// <param name="Code">Unique in the design.</param>
/// <param name="Start">By the wall clock.</param>
/// <param name="End">At or before the start means the next day.</param>
/// <param name="People">How many work it on each day of the need.</param>
public sealed record DesignedShiftView(string Code, TimeOnly Start, TimeOnly End, IReadOnlyList<int> People);

internal static class ShiftDesignEndpoints
{
    private const int LongestShift = 16 * 60;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapShiftDesigns() => routes.MapPost("/shift-designs", Design)
            .WithTag("Shift designs", "Which shifts a week's need asks for: from when, how long, how many people.").Describe(
            "Design shifts for a requirement, or for a need that is given. Nothing is stored by it",
            new ShiftDesignRequest(
                Guid.Parse("0199aaaa-0000-7000-8000-000000000001"),
                [new(new(6, 0), new(10, 0), 420, 540), new(new(12, 0), new(15, 0), 360, 480)],
                Guid.Parse("0199aaaa-0000-7000-8000-000000000004"), MostShifts: 6),
            ["project-unknown", "queue-unknown", "need-unclear", "need-unlike-slots", "need-out-of-range", "slot-out-of-range", "not-a-slot",
                "starts-reversed", "least-above-most", "shift-length", "shifts-too-many"]).TakesLong();
    }

    private static async Task<Ok<ShiftDesignView>> Design(
        ShiftDesignRequest request, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.Project(request.ProjectId, cancellation);
        Check(request);
        var (first, needed) = request.RequirementId is { } id ? await NeedOf(id, request, session, cancellation)
            : (DayOfWeek.Monday, request.Needed!.SelectMany(day => day).ToArray());
        var (slot, weights) = (request.SlotMinutes, request.Weights ?? new());
        var problem = new ShiftDesignProblem(
            1440 / slot, needed,
            [.. request.Windows.Select(w => new ShiftWindow(
                Minute(w.Earliest) / slot, Minute(w.Latest) / slot, w.ShortestMinutes / slot, w.LongestMinutes / slot))],
            new(weights.Over * slot, weights.Under * slot, weights.Shift), request.MostShifts);
        try
        {
            var found = await Task.Run(() => ShiftDesignSearch.Solve(
                problem, TimeSpan.FromSeconds(request.Seconds), request.Seed, request.MaxRounds, cancellation: cancellation), cancellation);
            return TypedResults.Ok(View(found, first, slot));
        }
        catch (PlanningException e)
        {
            throw new InvalidException("/windows", e.Code, e.Message);
        }
    }

    private static void Check(ShiftDesignRequest request)
    {
        if (request.SlotMinutes is not (15 or 30 or 60))
            throw new InvalidException("/slotMinutes", "slot-out-of-range", "A slot has 15, 30 or 60 minutes.");
        if (request.RequirementId is null == request.Needed is null)
            throw new InvalidException("/needed", "need-unclear", "Give either a requirement or what is needed.");

        var errors = request.Windows.SelectMany((window, i) => ErrorsOf(window, $"/windows/{i}", request.SlotMinutes)).ToList();
        foreach (var (i, day) in (request.Needed ?? []).Index())
        {
            if (day.Count != 1440 / request.SlotMinutes)
                errors.Add(new($"/needed/{i}", "need-unlike-slots", $"A day has {1440 / request.SlotMinutes} slots, not {day.Count}."));
            if (day.Any(people => people is < 0 or > 10_000))
                errors.Add(new($"/needed/{i}", "need-out-of-range", "0 to 10,000 people are needed."));
        }

        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    private static IEnumerable<Error> ErrorsOf(ShiftWindowRequest window, string at, int slot)
    {
        if (Minute(window.Earliest) % slot != 0 || Minute(window.Latest) % slot != 0
            || window.ShortestMinutes % slot != 0 || window.LongestMinutes % slot != 0)
            yield return new(at, "not-a-slot", $"Shifts begin and end on slots of {slot} minutes.");
        if (window.Latest < window.Earliest)
            yield return new($"{at}/latest", "starts-reversed", "The latest start comes before the first.");
        if (window.ShortestMinutes < slot || window.LongestMinutes > LongestShift)
            yield return new($"{at}/longestMinutes", "shift-length", $"A shift lasts a slot at least and {LongestShift / 60} hours at most.");
        if (window.ShortestMinutes > window.LongestMinutes)
            yield return new($"{at}/longestMinutes", "least-above-most", "The shortest is longer than the longest.");
    }

    private static async Task<(DayOfWeek First, int[] Needed)> NeedOf(
        Guid id, ShiftDesignRequest request, IQuerySession session, CancellationToken cancellation)
    {
        var requirement = await session.LoadAsync<StaffingRequirement>(id, cancellation);
        if (requirement?.ProjectId != request.ProjectId)
            throw new StreamNotFoundException(id);
        if (request.Queues?.Except(requirement.Queues.Select(q => q.Queue)).FirstOrDefault() is { } unknown)
            throw new InvalidException("/queues", "queue-unknown", $"The requirement has no queue '{unknown}'.");

        var calendar = LocalCalendar.Of(requirement.Zone);
        var (days, perDay) = (Math.Min(7, requirement.Days), 1440 / request.SlotMinutes);
        var needed = new int[days * perDay];
        for (var day = 0; day < days; day++)
        {
            var date = requirement.From.AddDays(day);
            var staffed = requirement.Queues.Where(q => request.Queues?.Contains(q.Queue) != false)
                .Select(q => q.Days.First(d => d.Date == date).Required).ToList();
            // By the wall clock, as shifts are: of an hour that comes twice the higher need counts.
            foreach (var (i, quarter) in calendar.QuartersOf(date).Index())
            {
                var at = day * perDay + Minute(calendar.TimeOf(quarter)) / request.SlotMinutes;
                needed[at] = Math.Max(needed[at], staffed.Sum(required => required[i]));
            }
        }

        return (requirement.From.DayOfWeek, needed);
    }

    private static ShiftDesignView View(ShiftDesignResult found, DayOfWeek first, int slot)
    {
        var shifts = found.Shifts.Select(shift =>
        {
            var start = TimeOnly.MinValue.AddMinutes(shift.Start * slot);
            return new DesignedShiftView($"S{start:HHmm}L{shift.Length * slot}", start, start.AddMinutes(shift.Length * slot), shift.People);
        }).ToList();
        return new(shifts, found.Over * slot / 60.0, found.Under * slot / 60.0, found.Cost, found.Bound,
        [
            .. shifts.Select(shift => new TemplateRequest(shift.Code, shift.Start, shift.End, [], Days:
                [.. shift.People.Index().Where(day => day.Item > 0).Select(day => (DayOfWeek)(((int)first + day.Index) % 7)).Order()])),
        ]);
    }

    private static int Minute(TimeOnly time) => (int)time.ToTimeSpan().TotalMinutes;
}
