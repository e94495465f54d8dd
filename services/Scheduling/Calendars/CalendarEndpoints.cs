using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Calendars.HolidayCalendarDecider;

namespace CallCenter.Scheduling.Calendars;

/// <param name="Name">Such as the country.</param>
public sealed record CalendarRequest([Required, VisibleText, Line, MaxLength(100)] string Name);

/// <summary>What was published of a year: it replaces what was known of it.</summary>
/// <param name="Source">Where it is written, such as the address of the notice.</param>
/// <param name="Days">Of the year, and of the December before where the notice names days of it.</param>
public sealed record CalendarYearRequest(
    [Required, VisibleText, Line, MaxLength(500)] string Source, [MaxLength(200)] IReadOnlyList<NamedDay> Days);

/// <param name="Name">Such as the country.</param>
/// <param name="Years">Those that are published, in their order; of another nothing is known.</param>
public sealed record CalendarView(Guid Id, long Version, string Name, IReadOnlyList<CalendarYearView> Years)
{
    internal static CalendarView Of(HolidayCalendar calendar) => new(calendar.Id, calendar.Version, calendar.Name,
    [
        .. calendar.Years.Select(year => new CalendarYearView(
            year.Year, year.Source, year.Days.Count(day => day.Kind is DayKind.Holiday),
            year.Days.Count(day => day.Kind is DayKind.WorkingDay), calendar.Set.Any(set => set.Year == year.Year))),
    ]);
}

/// <param name="Year">Of the notice.</param>
/// <param name="Source">Where it is written.</param>
/// <param name="Holidays">Days off that it names.</param>
/// <param name="WorkingDays">Working days that make up for some.</param>
/// <param name="SetHere">Somebody has set it; else it came with the product.</param>
public sealed record CalendarYearView(int Year, string Source, int Holidays, int WorkingDays, bool SetHere);

/// <summary>A day by a calendar.</summary>
/// <param name="Date">Local day.</param>
/// <param name="Known">Whether its year is published; null where the project works by no calendar.</param>
/// <param name="Kind">A holiday or a make-up working day; null where no notice names the day.</param>
/// <param name="Name">Of the holiday; null where no notice names the day.</param>
/// <param name="NameEn">In English; null where no notice names the day, or nobody has said it.</param>
public sealed record DayView(DateOnly Date, bool? Known, DayKind? Kind, string? Name, string? NameEn)
{
    internal static IReadOnlyList<DayView> Of(ProjectDays days, DateOnly from, DateOnly to)
    {
        if (to < from || to.DayNumber - from.DayNumber >= LongestSpan)
            throw new InvalidException("to", "span-too-long", $"Ask for 1 to {LongestSpan} days.");

        return
        [
            .. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).Select(date => (date, Named: days.Named(date)))
                .Select(day => new DayView(day.date, days.IsKnown(day.date), day.Named?.Kind, day.Named?.Name, day.Named?.NameEn)),
        ];
    }

    private const int LongestSpan = 366;
}

internal static class CalendarEndpoints
{
    private const int LastYear = 2200;

    private static readonly UploadRule File = UploadRule.Text(1 << 20, "text/csv", "text/calendar");

    private const string FileExample = """
        year,date,kind,name,name_en
        2026,2026-10-01,holiday,国庆节,National Day
        2026,2026-10-10,working-day,国庆节,National Day
        """;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCalendars()
        {
            var calendars = routes.MapGroup("/calendars").WithTag("Calendars",
                "Public holidays and make-up working days of a country, as published year by year; China's come with the product.");

            calendars.MapGet("/", List).Describe("The calendars that there are, and which years of them are published");
            calendars.MapPost("/", Make).Describe("Begin a calendar; it knows of no year", new CalendarRequest("Germany, Berlin"), ["name-taken"]);
            calendars.MapGet("/{id:guid}", Get).Describe("Read a calendar: which years are published, and where");
            calendars.MapHistory("/{id:guid}", Get);
            calendars.MapGet("/{id:guid}/days", GetDays).Describe(
                "What a calendar says of some days; of a year that is not published it says so", problems: ["span-too-long"]);
            calendars.MapPut("/{id:guid}/years/{year:int}", Set).Describe(
                "Say what was published of a year; one that is known is changed with a reason only",
                new CalendarYearRequest("https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
                    [new(new(2026, 10, 1), DayKind.Holiday, "国庆节", "National Day"), new(new(2026, 10, 10), DayKind.WorkingDay, "国庆节")]),
                ["no-day", "too-many-days", "outside-year", "day-twice", "year-known", "date-out-of-range"]);
            calendars.MapPut("/{id:guid}/years/{year:int}/file", Import).Takes(File).Describe(
                "The same from a file: CSV with the columns of the product's own table, or iCalendar", FileExample,
                ["no-day", "too-many-days", "outside-year", "day-twice", "event-unclear", "year-known", "date-out-of-range", "unknown-column",
                    "duplicate-column", "missing-column", "too-many-rows", "empty-file", "not-a-day", "kind-unknown", "name"]);
            calendars.MapDelete("/{id:guid}/years/{year:int}", TakeBack).Describe(
                "Take back what was set of a year; what came with the product holds again, or nothing is known");
        }
    }

    private static async Task<Page<CalendarView>> List(PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        var stored = (await session.Query<HolidayCalendar>().ToListAsync(cancellation)).Select(calendar => calendar.Whole).ToList();
        if (stored.TrueForAll(calendar => calendar.Id != China.Id))
            stored.Add((await session.Calendar(China.Id, cancellation))!);
        var after = stored.Where(calendar => calendar.Id.CompareTo(page.After) > 0).OrderBy(calendar => calendar.Id);

        return page.Of([.. after.Take(page.Limit + 1).Select(CalendarView.Of)], calendar => calendar.Id);
    }

    private static async Task<WriteResult> Make(
        CalendarRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new MakeCalendar(id.Value, Names.Require("/name", request.Name), caller.Id, caller.Now);
        await session.MustBeFree(command.Name, "", session.Query<HolidayCalendar>().Where(other => other.Id != id.Value),
            other => (other.Name, ""), other => $"/calendars/{other.Id}", cancellation);
        return new(await session.Start<HolidayCalendar>(id.Value, state => Decide(command, state), cancellation), $"/calendars/{id.Value}");
    }

    private static async Task<Versioned<CalendarView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var calendar = await session.Calendar(id, cancellation) ?? throw new StreamNotFoundException(id);
        return new(CalendarView.Of(calendar), calendar.Version);
    }

    private static async Task<Ok<IReadOnlyList<DayView>>> GetDays(
        Guid id, DateOnly from, DateOnly to, IQuerySession session, CancellationToken cancellation)
    {
        var calendar = await session.Calendar(id, cancellation) ?? throw new StreamNotFoundException(id);
        return TypedResults.Ok(DayView.Of(
            new([new(DateOnly.MinValue, id, default)], new Dictionary<Guid, HolidayCalendar> { [id] = calendar }), from, to));
    }

    private static Task<WriteResult> Set(
        Guid id, [Description("Of the notice.")] int year, CalendarYearRequest request, ExpectedVersion expected, Caller caller,
        IDocumentSession session, CancellationToken cancellation) => Replace(
        id, new(year, request.Source, request.Days), expected, caller, session, cancellation);

    private static async Task<WriteResult> Import(
        Guid id, [Description("Of the notice; rows of other years are passed over.")] int year,
        [Description("Where it is written, such as the address of the notice."), Required, VisibleText, Line, StringLength(500)]
        string source, HttpRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        using var upload = await Upload.Save(request, File, Path.GetTempPath(), cancellation);
        await using var file = System.IO.File.OpenRead(upload.Path);
        var days = upload.MediaType == File.Types[0] ? CalendarFile.OfYear(file, year)
            : CalendarFile.OfYear(await new StreamReader(file).ReadToEndAsync(cancellation), year);

        return await Replace(id, new(year, source, days), expected, caller, session, cancellation);
    }

    private static async Task<WriteResult> Replace(
        Guid id, CalendarYear year, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        _ = await session.Calendar(id, cancellation) ?? throw new StreamNotFoundException(id);
        if (year.Year < Ranges.Days.First.Year || year.Year > LastYear)
            throw new InvalidException("year", Ranges.Days.Code, Ranges.Days.Says);
        var command = new SetCalendarYear(year, Actor.Current?.Reason, caller.Id, caller.Now);

        return new(await session.StartOrDecide<HolidayCalendar>(
            id, expected.Value, state => Decide(command, state with { Id = id }), cancellation));
    }

    private static async Task<WriteResult> TakeBack(
        Guid id, [Description("Of the notice.")] int year, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        _ = await session.Calendar(id, cancellation) ?? throw new StreamNotFoundException(id);
        return new(await session.StartOrDecide<HolidayCalendar>(id, expected.Value,
            state => Decide(new TakeBackCalendarYear(year, caller.Id, caller.Now), state with { Id = id }), cancellation));
    }
}
