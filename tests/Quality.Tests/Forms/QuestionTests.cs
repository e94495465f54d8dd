using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CallCenter.Quality.Tests.Forms.Samples;

namespace CallCenter.Quality.Tests.Forms;

public sealed class QuestionTests(QualityApi api)
{
    private const string Sent =
        """
        {"kind":"yes-no","code":"a","title":{"en":"a"},"weight":100,"notApplicable":true,"commentOnLoss":false,"instructions":null,
         "choices":null,"yes":{"points":1,"autoFail":"none"},"no":{"points":0,"autoFail":"section"},"ranges":null}
        """;

    private const string Stored =
        """
        {"Code":"a","Title":{"en":"a"},"Kind":"YesNo","Weight":100,"NotApplicable":true,"CommentOnLoss":false,"Instructions":null,
         "Choices":null,"Yes":{"Points":1,"AutoFail":"None"},"No":{"Points":0,"AutoFail":"Section"},"Ranges":null}
        """;

    // Members of other kinds included: who reads a form, changes it and sends it back has always sent them.
    [Fact]
    public async Task a_question_of_any_kind_is_sent_in_one_shape()
    {
        var world = new World(api);
        var content = Form(Weighting.Questions, Section("s", null, YesNo("a", 100, AutoFail.Section)));
        var url = await World.Created(world.Inspector, "/evaluation-forms", new { projectId = world.Project, content });

        var section = (await world.Inspector.Get<JsonElement>(url)).GetProperty("draft").GetProperty("sections")[0];
        var question = section.GetProperty("questions")[0].GetRawText();

        Differences(Sent, question).Should().BeEmpty(question);
    }

    [Fact]
    public void a_question_is_stored_as_it_always_was_wherever_the_store_puts_its_kind()
    {
        var serializer = api.App.Services.GetRequiredService<IDocumentStore>().Options.Serializer();
        using var stored = new MemoryStream(Encoding.UTF8.GetBytes($"[{Stored}]"));

        var read = serializer.FromJson<IReadOnlyList<Question>>(stored);
        var again = JsonNode.Parse(serializer.ToJson(read))![0]!.ToJsonString();

        read.Should().ContainSingle().Which.Should().BeOfType<YesNoQuestion>()
            .And.BeEquivalentTo(YesNo("a", 100, AutoFail.Section));
        Differences(Stored, again).Should().BeEmpty(again);
    }

    [Fact]
    public async Task the_api_document_names_the_kinds()
    {
        var schemas = (await api.Anonymous().Get<JsonElement>("/openapi.json")).GetProperty("components").GetProperty("schemas");
        var question = schemas.GetProperty("Question");

        question.GetProperty("discriminator").GetProperty("propertyName").GetString().Should().Be("kind");
        question.GetProperty("discriminator").GetProperty("mapping").EnumerateObject().Select(kind => kind.Name)
            .Should().StartWith(["single-select", "yes-no", "number"]);
        question.GetProperty("anyOf").EnumerateArray()
            .Select(kind => schemas.GetProperty(kind.GetProperty("$ref").GetString()!.Split('/')[^1]))
            .Should().OnlyContain(kind => kind.GetProperty("required").EnumerateArray().Any(member => member.GetString() == "kind")
                && kind.GetProperty("properties").GetProperty("kind").GetProperty("enum").GetArrayLength() == 1);
    }

    public static TheoryData<string, Question> Misplaced => new()
    {
        { "choices", new SingleSelectQuestion { Code = "a", Title = Text("A"), Weight = 0 } },
        { "choices", YesNo("a", 0) with { Choices = [] } },
        { "yes", YesNo("a", 0) with { No = null } },
        { "yes", Scale("a", 1, 0) with { No = new(1) } },
        { "ranges", new NumberQuestion { Code = "a", Title = Text("A"), Weight = 0 } },
        { "ranges", Scale("a", 1, 0) with { Ranges = [] } },
    };

    [Theory, MemberData(nameof(Misplaced))]
    public void what_a_kind_needs_or_does_not_know_is_named(string member, Question question) => FluentActions
        .Invoking(() => FormRules.Check(Form(Weighting.Questions, Section("s", null, question, Scale("b", 1, 100)))))
        .Should().Throw<InvalidException>().Which.Errors.Select(e => (e.Pointer, e.Code))
        .Should().Equal(($"/content/sections/0/questions/0/{member}", "kind-mismatch"));

    // A kind to come may add members, but those that are there stay as they are.
    private static IEnumerable<string> Differences(string expected, string written)
    {
        var members = JsonNode.Parse(written)!.AsObject();

        return JsonNode.Parse(expected)!.AsObject()
            .Where(member => !members.TryGetPropertyValue(member.Key, out var value) || !JsonNode.DeepEquals(value, member.Value))
            .Select(member => member.Key);
    }
}
