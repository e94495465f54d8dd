using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CallCenter.Reporting.Digests;
using MimeKit;

namespace CallCenter.Reporting.Tests;

public sealed partial class DigestMailTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task every_number_of_the_html_part_is_in_the_text_part(string language)
    {
        var mail = await Compose(SampleDigest.Model(), language);

        var seen = WebUtility.HtmlDecode(Tags()
            .Replace(Head().Replace(mail.HtmlBody!, ""), match =>
            Alt().Match(match.Value) is { Success: true } alt ? $" {alt.Groups[1].Value} " : " "));
        var told = Numbers().Matches(mail.TextBody!).Select(number => number.Value).ToHashSet();

        Numbers().Matches(seen).Should().HaveCountGreaterThan(80);
        Numbers().Matches(seen).Select(number => number.Value).Where(number => !told.Contains(number)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task the_mail_is_small_whole_and_survives_any_server(string language)
    {
        var mail = await Compose(SampleDigest.Model(), language);
        var bytes = DigestMail.Bytes(mail);

        Encoding.UTF8.GetByteCount(mail.HtmlBody!).Should().BeLessThan(102 * 1024);
        bytes.Should().OnlyContain(b => b < 128);
        Encoding.ASCII.GetString(bytes).Split("\r\n").Should().OnlyContain(line => line.Length <= 998);
        DigestMail.Bytes(MimeMessage.Load(new MemoryStream(bytes))).Should().Equal(bytes, "a relay may parse and write it again");
        mail.BodyParts.OfType<MimePart>().Where(part => part.ContentType.IsMimeType("image", "png")).Should().HaveCount(2);
        foreach (var picture in mail.BodyParts.OfType<MimePart>().Where(part => part.ContentId is not null))
            mail.HtmlBody!.Should().Contain($"cid:{picture.ContentId}");
        mail.Attachments.OfType<MimePart>().Single().FileName.Should().Be("digest-2026-03-02.csv");
    }

    [Fact]
    public async Task a_share_of_nothing_is_told_and_a_number_of_nothing_is_not()
    {
        var model = SampleDigest.Model();
        KpiLine With(KpiLine line, decimal? value) => line with { Value = value, Before = null };

        var mail = await Compose(model with
        {
            Kpis = [.. model.Kpis.Select(line => line.Kpi.Id switch
            {
                "qa-pass-rate-of-calls" or "training-hours" => With(line, 0),
                "qa-score-of-calls" => With(line, null),
                _ => line,
            })],
        }, "en");

        mail.TextBody.Should().Contain("QA passed, calls of the week: 0.0").And.NotContain("Training").And.NotContain("QA score, calls");
        mail.HtmlBody.Should().Contain("QA passed, calls of the week").And.NotContain("QA score, calls");
    }

    [Fact]
    public async Task names_are_text_wherever_they_appear()
    {
        var html = (await Compose(SampleDigest.Model(), "en")).HtmlBody;

        html.Should().Contain("Harbour Bank &lt;Retail &amp; Cards&gt;").And.NotContain("<Retail");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void every_word_is_in_the_resource(string language)
    {
        var words = typeof(DigestResources).GetProperties()
            .ToDictionary(word => word.Name, word => word.GetValue(DigestResources.Of(language)) as string);

        words.Should().HaveCountGreaterThan(50).And.OnlyContain(word => !string.IsNullOrEmpty(word.Value));
    }

    [Fact]
    public void the_first_sentence_is_the_one_that_matters()
    {
        var model = SampleDigest.Model();
        var insights = model.Insights(DigestResources.Of("en"));

        insights[0].Should().StartWith("Service level ").And.Contain("the target of 80.0\u00a0%");
        insights[1].Should().StartWith("Hardest quarter hour: Fri 6 Mar");
        model.Worst.Should().BeInDescendingOrder(line => line.Missed).And.HaveCount(5);
        model.Best.Should().HaveCount(3).And.OnlyContain(line => line.ServiceLevel > model.Worst[0].ServiceLevel);
    }

    [Theory]
    [InlineData("en", "coverage", "Roster coverage (no required staff known)")]
    [InlineData("en", "asa", "Speed of answer (nothing to measure)")]
    [InlineData("zh-CN", "qa-score", "(没有评估)")]
    public void a_figure_without_a_value_says_why(string language, string kpi, string said)
    {
        var words = DigestResources.Of(language);
        var line = SampleDigest.Model().Kpi(kpi);

        words.NameOf(line with { Value = null }).Should().EndWith(said);
        words.NameOf(line with { Value = 1, Basis = null }).Should().Be(words.NameOf(line.Kpi));
    }

    [Fact]
    public async Task a_week_without_calls_says_so()
    {
        var mail = await Compose(SampleDigest.Model(restated: false, empty: true), "en");

        mail.TextBody!.Should().Contain("No contacts were answered or abandoned in this week.");
        mail.HtmlBody!.Should().Contain("Nothing told earlier has changed.").And.NotContain("hours.png");
    }

    [Fact]
    public void the_attached_csv_tells_what_the_mail_tells()
    {
        var model = SampleDigest.Model();
        var csv = DigestMail.Csv(model).ToString();

        foreach (var told in model.Told().Where(told => told.Value is not null))
            csv.Should().Contain($",{told.Kpi},");
        csv.Split("\r\n").Should().Contain(line => line.StartsWith("day,2026-03-06,service-level,share,", StringComparison.Ordinal));
        csv.Should().Contain("week,Harbour Bank <Retail & Cards>,service-level,share,");
    }

    /// <summary>
    /// Writes the mail's HTML with its pictures inside to look at: <c>-explicit only -method *look*</c>, folder in DIGEST_PREVIEW.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task look_at_it()
    {
        var folder = Environment.GetEnvironmentVariable("DIGEST_PREVIEW") ?? Path.GetTempPath();
        foreach (var language in new[] { "en", "zh-CN" })
        {
            var mail = await Compose(SampleDigest.Model(), language);
            var html = mail.HtmlBody!;
            foreach (var picture in mail.BodyParts.OfType<MimePart>().Where(part => part.ContentId is not null))
            {
                using var content = new MemoryStream();
                picture.Content!.DecodeTo(content);
                html = html.Replace($"cid:{picture.ContentId}", $"data:image/png;base64,{Convert.ToBase64String(content.ToArray())}",
                    StringComparison.Ordinal);
            }
            File.WriteAllText(Path.Combine(folder, $"{language}.html"), html);
            File.WriteAllText(Path.Combine(folder, $"{language}.txt"), mail.TextBody!);
            File.WriteAllBytes(Path.Combine(folder, $"{language}.eml"), DigestMail.Bytes(mail));
        }

        File.Exists(Path.Combine(folder, "en.html")).Should().BeTrue();
    }

    private static Task<MimeMessage> Compose(DigestModel model, string language) => DigestMail.Compose(
        model, DigestResources.Of(language), "digest.1@callcenter.example", new MailboxAddress("CallCenter", "digest@callcenter.example"),
        new MailboxAddress("", "manager@harbour.example"), new DateTimeOffset(2026, 3, 9, 8, 0, 0, TimeSpan.FromHours(8)));

    [GeneratedRegex(@"\d+(?:[.,:]\d+)*")]
    private static partial Regex Numbers();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<head>.*</head>", RegexOptions.Singleline)]
    private static partial Regex Head();

    [GeneratedRegex("alt=\"([^\"]*)\"")]
    private static partial Regex Alt();
}
