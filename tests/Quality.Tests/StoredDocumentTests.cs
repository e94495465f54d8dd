using System.Text;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Quality.Tests;

/// <summary>Documents of installed systems, as the first release wrote them and the database orders their members.</summary>
public sealed class StoredDocumentTests(QualityApi api)
{
    private const string Summary =
        """
        {"Id":"0195a000-0000-7000-8000-000000000001","Week":"2026-03-02","Score":80.0,"CallId":"0195a000-0000-7000-8000-000000000002",
         "FormId":"0195a000-0000-7000-8000-000000000003","Passed":true,"PlanId":null,"Status":"Submitted","Version":7,
         "AgentId":"0195a000-0000-7000-8000-000000000004","ProjectId":"0195a000-0000-7000-8000-000000000005","AssignedTo":null,
         "AutoFailed":false,"ReleasedBy":["0195a000-0000-7000-8000-000000000006"],"EvaluatorId":"0195a000-0000-7000-8000-000000000007",
         "FormVersion":1,"SampledWeek":null,"SubmittedAt":"2026-03-02T09:00:00+00:00"}
        """;

    private const string Form =
        """
        {"Id":"0195a000-0000-7000-8000-000000000003","Draft":null,"Kinds":{"a":"YesNo","b":"Number"},"Active":{"Title":{"en":"F"},
         "PassMark":80,"Sections":[{"Code":"s","Title":{"en":"S"},"Weight":null,"PassMark":null,"Questions":[{"No":{"Points":0,
         "AutoFail":"Form"},"Yes":{"Points":1,"AutoFail":"None"},"Code":"a","Kind":"YesNo","Title":{"en":"A"},"Ranges":null,"Weight":100,
         "Choices":null,"Instructions":null,"CommentOnLoss":false,"NotApplicable":true}]}],"Weighting":"Questions","DisputeDays":7,
         "Instructions":null},"Retired":false,"Version":2,"ProjectId":"0195a000-0000-7000-8000-000000000005","ActiveVersion":1}
        """;

    [Fact]
    public void a_summary_is_read() => Read<EvaluationSummary>(Summary).Should().BeEquivalentTo(new
    {
        Version = 7, Week = new DateOnly(2026, 3, 2), Score = 80m, Passed = true, Status = EvaluationStatus.Submitted, FormVersion = 1,
        ReleasedBy = new[] { new Guid("0195a000-0000-7000-8000-000000000006") },
        EvaluatorId = new Guid("0195a000-0000-7000-8000-000000000007"),
    });

    [Fact]
    public void a_form_is_read_with_the_kinds_of_its_questions()
    {
        var form = Read<EvaluationForm>(Form);

        form.Kinds.Should().Equal(new Dictionary<string, string> { ["a"] = "YesNo", ["b"] = "Number" });
        form.Active!.Questions.Should().ContainSingle().Which
            .Should().BeOfType<YesNoQuestion>().Which.No!.AutoFail.Should().Be(AutoFail.Form);
    }

    private T Read<T>(string document)
    {
        using var stored = new MemoryStream(Encoding.UTF8.GetBytes(document));

        return api.App.Services.GetRequiredService<IDocumentStore>().Options.Serializer().FromJson<T>(stored);
    }
}
