using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Testing;
using static CallCenter.Scheduling.Calendars.HolidayCalendarDecider;

namespace CallCenter.Scheduling.Tests.Calendars;

public sealed class CalendarTests(SchedulingApi api)
{
    private static readonly Guid By = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly HolidayCalendar Shipped = new() { Id = China.Id, Name = China.Name };

    private static readonly DateOnly NationalDay = new(2026, 10, 1);
    private static readonly DateOnly MakeUpSaturday = new(2026, 10, 10);

    [Fact]
    public void the_table_of_china_has_each_year_from_2004_to_2026()
    {
        var days = China.Years.SelectMany(year => year.Days).ToList();

        China.Years.Select(year => year.Year).Should().Equal(Enumerable.Range(2004, 23));
        days.Count(day => day.Kind is DayKind.WorkingDay).Should().Be(150);
        days.Count(day => day.Kind is DayKind.Holiday).Should().Be(615);
        days.Should().OnlyHaveUniqueItems(day => day.Date);
        days.Where(day => day.Kind is DayKind.WorkingDay).Should()
            .OnlyContain(day => day.Date.DayOfWeek == DayOfWeek.Saturday || day.Date.DayOfWeek == DayOfWeek.Sunday);
        China.Years.SelectMany(year => year.Days.Select(day => year.Reaches(day.Date))).Should().AllBeEquivalentTo(true);
    }

    // By the notice of November 2025.
    [Theory]
    [InlineData("2026-01-01 2026-01-03", "2026-01-04")]
    [InlineData("2026-02-15 2026-02-23", "2026-02-14 2026-02-28")]
    [InlineData("2026-04-04 2026-04-06", "")]
    [InlineData("2026-05-01 2026-05-05", "2026-05-09")]
    [InlineData("2026-06-19 2026-06-21", "")]
    [InlineData("2026-09-25 2026-09-27", "")]
    [InlineData("2026-10-01 2026-10-07", "2026-09-20 2026-10-10")]
    public void the_holidays_of_2026_are_those_of_the_notice(string off, string makeUp)
    {
        var days = Using(Shipped);
        var (first, last) = (Day(off[..10]), Day(off[11..]));

        for (var day = first; day <= last; day = day.AddDays(1))
            days.IsHoliday(day).Should().BeTrue($"{day}");
        days.IsHoliday(first.AddDays(-1)).Should().BeFalse();
        days.IsHoliday(last.AddDays(1)).Should().BeFalse();
        foreach (var day in makeUp.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            days.IsMakeUpDay(Day(day)).Should().BeTrue(day);
    }

    [Fact]
    public void a_year_that_is_not_published_is_said_to_be_so_and_never_guessed()
    {
        var days = Using(Shipped);

        days.IsKnown(new(2027, 1, 1)).Should().BeFalse();
        days.Named(new(2027, 1, 1)).Should().BeNull("though it has been a holiday in each year before");
        days.IsKnown(NationalDay).Should().BeTrue();
        ProjectDays.None.IsKnown(NationalDay).Should().BeNull("nobody has said which calendar");
        new ProjectDays([new(new(2026, 6, 1), China.Id, Now)], new Dictionary<Guid, HolidayCalendar> { [China.Id] = Shipped })
            .IsHoliday(new(2026, 5, 1)).Should().BeFalse("the calendar holds from June on");
    }

    [Fact]
    public void the_notice_of_a_year_may_change_the_last_days_of_the_year_before()
    {
        var notice = new CalendarYear(2027, "Notice", [new(new(2026, 12, 31), DayKind.Holiday, "元旦")]);
        var days = Using(Shipped with { Set = [notice] });

        days.IsHoliday(new(2026, 12, 31)).Should().BeTrue();
        days.IsKnown(new(2027, 12, 31)).Should().BeTrue();
        Using(Shipped).IsMakeUpDay(new(2006, 12, 31)).Should().BeTrue("the notice of 2007 said so");
    }

    [Fact]
    public void a_year_that_is_known_is_changed_with_a_reason_only()
    {
        CalendarYear notice = new(2026, "Mistaken", [new(NationalDay, DayKind.Holiday, "国庆节")]);

        Codes(() => Set(notice)).Should().Equal("year-known");
        Set(notice, "Only the first day is paid").Should().ContainSingle().Which.Should().BeOfType<CalendarYearSet>();
        Set(China.Years[^1]).Should().BeEmpty("it says nothing new");
        Set(notice with { Year = 2027, Days = [new(new(2027, 1, 1), DayKind.Holiday, "元旦")] }).Should().ContainSingle();
        Codes(() => Set(notice with { Year = 2027 })).Should().Equal("outside-year");
        Codes(() => Set(new(2027, "x", [new(new(2027, 1, 1), DayKind.Holiday, "a"), new(new(2027, 1, 1), DayKind.WorkingDay, "b")])))
            .Should().Equal("day-twice");
        Codes(() => Set(new(2027, "x", []))).Should().Equal("no-day");

        static object[] Set(CalendarYear year, string? reason = null) => Decide(new SetCalendarYear(year, reason, By, Now), Shipped);
    }

    [Fact]
    public void lines_of_an_icalendar_that_cannot_be_read_are_named()
    {
        string[] File(params string[] lines) =>
            ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", .. lines, "SUMMARY:Feast", "END:VEVENT", "END:VCALENDAR"];
        IEnumerable<string> Faults(params string[] lines) =>
            FluentActions.Invoking(() => CalendarFile.OfYear(string.Join("\r\n", lines), 2027)).Should().Throw<InvalidException>().Which.Errors
                .Select(e => $"{e.Pointer} {e.Code}");

        Faults(File("DTSTART;VALUE=DATE:20279999", "DTEND;VALUE=DATE:2027-10-02")).Should().Equal("line 5 not-a-day", "line 6 not-a-day");
        Faults(File("DTSTART;VALUE=DATE:20271001", "nonsense")).Should().Equal("line 6 not-icalendar");
        Faults("\u0001\u0002garbage", "BEGIN:VCALENDAR").Should().Equal("line 1 not-icalendar");
        Faults("{}").Should().Equal("line 1 not-icalendar");
        Faults("").Should().Equal(" empty-file");
        Faults(File("DTSTART;VALUE=DATE:20271001")[..^1]).Should().Equal("line 7 not-icalendar");
        Faults([.. File("DTSTART;VALUE=DATE:20271001")[..^2], "END:VCALENDAR"]).Should().Equal("line 7 not-icalendar");
        // What is folded is one line, and a colon in quotes begins no value.
        CalendarFile.OfYear(string.Join("\r\n",
            File("DTSTART;VALUE=DATE:2027", " 1001", "X-A;B=\"c:d\":e", "DTEND;VALUE=DATE:20271002")), 2027)
            .Should().ContainSingle().Which.Date.Should().Be(new DateOnly(2027, 10, 1));
    }

    [Fact]
    public void files_are_read_as_the_table_and_as_icalendar()
    {
        using var table = new MemoryStream(Encoding.UTF8.GetBytes("日期,类型,名称\n2027-01-01,休,元旦\n2026-12-27,班,元旦\n"));
        CalendarFile.OfYear(table, 2027).Should().Equal(
            new NamedDay(new(2027, 1, 1), DayKind.Holiday, "元旦"), new NamedDay(new(2026, 12, 27), DayKind.WorkingDay, "元旦"));

        const string file = """
            BEGIN:VCALENDAR
            VERSION:2.0
            BEGIN:VEVENT
            SUMMARY:元旦假期
            DTSTART;VALUE=DATE:20270101
            DTEND;VALUE=DATE:20270103
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:上班(补元旦假期)
            DTSTART;VALUE=DATE:20270109
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Of another year
            DTSTART;VALUE=DATE:20280101
            END:VEVENT
            END:VCALENDAR
            """;
        CalendarFile.OfYear(file, 2027).Should().Equal(
            new NamedDay(new(2027, 1, 1), DayKind.Holiday, "元旦假期"), new NamedDay(new(2027, 1, 2), DayKind.Holiday, "元旦假期"),
            new NamedDay(new(2027, 1, 9), DayKind.WorkingDay, "上班(补元旦假期)"));
        using var bad = new MemoryStream("date,kind,name\n2027-13-01,holiday,x\n2027-01-01,feast,x\n2027-01-01,holiday,\n"u8.ToArray());
        Codes(() => CalendarFile.OfYear(bad, 2027)).Should().Equal("not-a-day", "kind-unknown", "name");
    }

    [Theory]
    [InlineData("DTEND;VALUE=DATE:20280101")]
    [InlineData("DURATION:P5D")]
    [InlineData("RRULE:FREQ=DAILY;COUNT=3")]
    public void an_event_that_does_not_say_its_days_is_refused(string line)
    {
        var file = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270101\r\n{line}\r\nSUMMARY:Feast\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

        Codes(() => CalendarFile.OfYear(file, 2027)).Should().Equal("event-unclear");
    }

    [Fact]
    public void an_event_at_the_end_of_time_is_of_no_year()
    {
        var file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:99991231\r\nSUMMARY:End\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

        CalendarFile.OfYear(file, 2027).Should().BeEmpty();
    }

    [Fact]
    public void leave_takes_a_day_on_a_make_up_saturday_and_none_on_a_holiday()
    {
        AnnualLeaveRule weekdays = new(
            [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday]);
        var policy = new AccountPolicy(weekdays) { Days = Using(Shipped) };

        policy.Counted(NationalDay, MakeUpSaturday).Should().Equal(new DateOnly(2026, 10, 8), new DateOnly(2026, 10, 9), MakeUpSaturday);
        new AccountPolicy(weekdays).Counted(NationalDay, NationalDay).Should().Equal([NationalDay], "the project works by no calendar");
    }

    [Fact]
    public void a_forecast_takes_the_days_of_the_calendar_beside_those_that_are_named()
    {
        SpecialDay[] named = [new(NationalDay, "campaign")];

        CalendarDays.Beside(named, Using(Shipped), NationalDay, MakeUpSaturday).Should().Equal(
        [
            named[0], .. Enumerable.Range(1, 6).Select(day => new SpecialDay(NationalDay.AddDays(day), "holiday")),
            new(MakeUpSaturday, "working-day", DayOfWeek.Wednesday),
        ]);
        CalendarDays.Beside([], ProjectDays.None, NationalDay, MakeUpSaturday).Should().BeEmpty();
    }

    [Fact]
    public async Task a_project_works_by_a_calendar_from_a_day_on_and_the_next_year_is_imported_once_it_is_published()
    {
        var world = await World.Create(api, new(2026, 6, 15), agents: 2, peak: 4, zone: "Asia/Shanghai");
        using var client = world.Client;
        using var manager = api.As(Guid.CreateVersion7(), "operations-manager", world.Project);
        var policies = $"/calendar-policies/{world.Project}";

        await (await client.Send(HttpMethod.Put, policies, 0, new { from = "2026-01-01", calendarId = Guid.NewGuid() }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "calendar-unknown");
        (await client.Send(HttpMethod.Put, policies, 0, new { from = "2026-01-01", calendarId = China.Id })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);

        var forecast = await client.Get<JsonElement>(await world.Forecast());
        forecast.GetProperty("queues")[0].GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).Should()
            .Contain("special-day-unknown", "no holiday lies in the four weeks before that of June").And.NotContain("calendar-unpublished");
        var days = await client.Get<JsonElement>($"{policies}/days?from=2026-12-31&to=2027-01-01");
        days.EnumerateArray().Select(day => day.GetProperty("known").GetBoolean()).Should().Equal(true, false);

        // The Dragon Boat Festival is from Friday on.
        var roster = await world.Roster();
        using var agent = world.AgentClient(0);
        (await client.GetStringAsync(new Uri($"{roster}/page", UriKind.Relative))).Should().Contain("端午节 · Dragon Boat Festival");
        (await client.Get<JsonElement>($"{roster}/days")).EnumerateArray().Where(day => day.GetProperty("dayName").ValueKind is JsonValueKind.String)
            .Select(day => day.GetProperty("date").GetString()).Distinct().Should().Equal("2026-06-19", "2026-06-20", "2026-06-21");
        client.DefaultRequestHeaders.Add("X-Reason", "A test");
        (await client.Send(HttpMethod.Post, $"{roster}/publication", (await client.GetAsync(roster)).Version())).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        var friday = (await agent.Get<JsonElement>("/rosters/mine?from=2026-06-19&to=2026-06-19"))[0];
        (friday.GetProperty("dayKind").GetString(), friday.GetProperty("dayName").GetString()).Should().Be(("holiday", "端午节"));
        var worked = (await client.Get<JsonElement>($"/fairness?projectId={world.Project}&from=2026-06-15&to=2026-06-21")).GetProperty("items")
            .EnumerateArray().Sum(row => row.GetProperty("published").GetProperty("holidays").GetInt32());
        worked.Should().Be((await client.Get<JsonElement>($"{roster}/days")).EnumerateArray().Count(day =>
            day.GetProperty("dayKind").ValueKind is JsonValueKind.String && day.GetProperty("shift").ValueKind is JsonValueKind.String));
        worked.Should().BeGreaterThan(0);

        var name = $"Ours {Guid.NewGuid():N}";
        var own = World.Location(await manager.Send(HttpMethod.Post, "/calendars", body: new { name }));
        await (await manager.Send(HttpMethod.Post, "/calendars", body: new { name = name.ToUpperInvariant() }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        var china = $"/calendars/{China.Id}";
        (await manager.Send(HttpMethod.Delete, $"{china}/years/2004", (await manager.GetAsync(china)).Version())).StatusCode
            .Should().Be(HttpStatusCode.NoContent, "nobody has set it, and so nothing is to be taken back");
        var year = $"{own}/years/2027/file?source=Works+council";
        using var file = new HttpRequestMessage(HttpMethod.Put, year)
        {
            Content = new StringContent("date,kind,name\n2027-01-01,holiday,New Year\n", Encoding.UTF8, "text/csv"),
        };
        file.Headers.IfMatch.Add(new("\"1\""));
        (await manager.SendAsync(file)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await client.Get<JsonElement>($"{own}/days?from=2027-01-01&to=2027-01-01"))[0].GetProperty("name").GetString()
            .Should().Be("New Year");
        (await manager.Send(HttpMethod.Delete, $"{own}/years/2027", 2)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await client.Get<JsonElement>($"{own}/days?from=2027-01-01&to=2027-01-01"))[0].GetProperty("known").GetBoolean()
            .Should().BeFalse();
        (await client.Get<JsonElement>("/calendars")).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("name").GetString())
            .Should().Contain([China.Name, name]);
    }

    private static DateOnly Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture);

    private static ProjectDays Using(HolidayCalendar calendar) =>
        new([new(new(2000, 1, 1), calendar.Id, Now)], new Dictionary<Guid, HolidayCalendar> { [calendar.Id] = calendar });

    private static IReadOnlyList<string> Codes(Func<object> decide)
    {
        try
        {
            _ = decide();
            return [];
        }
        catch (InvalidException e)
        {
            return [.. e.Errors.Select(error => error.Code)];
        }
        catch (RefusedException e)
        {
            return [e.Code];
        }
    }
}
