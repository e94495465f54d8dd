using CallCenter.Contracts.Quality;
using CallCenter.Reporting.Digests;
using CallCenter.Time;

namespace CallCenter.Reporting.Tests;

public sealed class CoachingLineTests
{
    private static readonly LocalCalendar Calendar = LocalCalendar.Of("Asia/Shanghai", DayOfWeek.Monday);
    private static readonly DateOnly Sunday = new(2026, 3, 8);

    [Fact]
    public void a_digest_says_how_coachings_stood_when_its_week_ended()
    {
        CoachingV1[] coachings =
        [
            Coaching("2026-03-02T09:00:00+08:00", closed: null, due: new(2026, 3, 9)),
            Coaching("2026-03-08T23:59:59+08:00", closed: null, due: new(2026, 3, 8)),
            Coaching("2026-03-09T00:00:00+08:00", closed: null, due: new(2026, 3, 8)), // begun later
            Coaching("2026-03-01T09:00:00+08:00", closed: "2026-03-08T12:00:00+08:00", due: null), // closed before
            Coaching("2026-03-01T09:00:00+08:00", closed: "2026-03-09T00:00:00+08:00", due: null), // closed later
        ];

        CoachingLine.At(coachings, Calendar, Sunday).Should().Be(new CoachingLine(Open: 3, Overdue: 1));
        CoachingLine.At(coachings[2..3], Calendar, Sunday).Should().BeNull("none had begun");
        CoachingLine.At([], Calendar, Sunday).Should().BeNull();
    }

    [Theory]
    [InlineData("en", "Coaching: 3 open, 1 of them overdue.")]
    [InlineData("zh-CN", "辅导：3 项进行中，其中 1 项逾期。")]
    public void it_is_said_among_what_a_manager_should_know_where_it_is_known(string language, string sentence)
    {
        var words = DigestResources.Of(language);

        (SampleDigest.Model() with { Coaching = new(3, 1) }).Insights(words).Should().Contain(sentence);
        (SampleDigest.Model(empty: true) with { Coaching = new(3, 1) }).Insights(words).Should().Contain(sentence);
        SampleDigest.Model().Insights(words).Should().NotContain(sentence);
    }

    private static CoachingV1 Coaching(string opened, string? closed, DateOnly? due) => new(
        Guid.CreateVersion7(), 1, default, default, default, default, null, "finding", "open", default,
        DateTimeOffset.Parse(opened, System.Globalization.CultureInfo.InvariantCulture),
        closed is null ? null : DateTimeOffset.Parse(closed, System.Globalization.CultureInfo.InvariantCulture), due);
}
