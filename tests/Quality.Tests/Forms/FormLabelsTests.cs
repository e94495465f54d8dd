using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CallCenter.Quality.Forms;
using CallCenter.Testing;

namespace CallCenter.Quality.Tests.Forms;

public sealed class FormLabelsTests(QualityApi api)
{
    [Theory]
    [InlineData(null, "en", "Inbound call", "Opening", "Greeted, named the company and asked how to help", "One is missing")]
    [InlineData("zh-CN,en;q=0.8", "zh-CN", "呼入电话", "开场", "问候、报公司名并主动询问", "缺一项")]
    public async Task a_form_is_told_in_the_readers_language_wherever_it_is_shown(
        string? accepted, string language, string title, string section, string question, string choice)
    {
        var world = await api.World();
        var form = await world.ActiveForm(FormExample.Content);
        var url = await World.Created(world.Inspector, "/evaluations", new { callId = (await world.Calls(1))[0], formId = form });
        var reader = world.Inspector;
        reader.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", accepted);

        var shown = await Read($"/evaluation-forms/{form}");
        Says(shown.GetProperty("activeLabels"));
        shown.GetProperty("draftLabels").ValueKind.Should().Be(JsonValueKind.Null);
        Says((await Read($"/evaluation-forms/{form}/versions/1")).GetProperty("labels"));
        Says((await Read(url)).GetProperty("labels"));
        (await Read($"/evaluation-forms?projectId={world.Project}")).GetProperty("items").EnumerateArray()
            .Select(listed => listed.GetProperty("label").GetString()).Should().Contain(title);

        void Says(JsonElement labels)
        {
            labels.GetProperty("title").GetString().Should().Be(title);
            labels.GetProperty("sections").GetProperty("opening").GetString().Should().Be(section);
            var greeting = labels.GetProperty("questions").GetProperty("greeting");
            greeting.GetProperty("title").GetString().Should().Be(question);
            greeting.GetProperty("choices").GetProperty("partly").GetString().Should().Be(choice);
        }

        async Task<JsonElement> Read(string address)
        {
            var response = await reader.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
            response.Content.Headers.ContentLanguage.Should().Equal(language);
            response.Headers.Vary.Should().Equal("Accept-Language");
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        }
    }

    [Fact]
    public async Task what_is_read_in_one_language_can_be_sent_back_and_keeps_the_other()
    {
        var world = await api.World();
        var form = await world.ActiveForm(FormExample.Content);
        var reader = world.Inspector;
        reader.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var active = (await reader.Get<JsonElement>($"/evaluation-forms/{form}")).GetProperty("active");

        var sent = await reader.Send(HttpMethod.Put, $"/evaluation-forms/{form}/draft", 2, new { content = active });

        sent.StatusCode.Should().Be(HttpStatusCode.NoContent, await sent.Content.ReadAsStringAsync());
        (await reader.Get<JsonElement>($"/evaluation-forms/{form}")).GetProperty("draft").GetRawText().Should().Be(active.GetRawText());
    }

    [Fact]
    public async Task who_has_it_in_one_language_is_not_told_to_keep_it_for_another()
    {
        var world = await api.World();
        var form = await world.ActiveForm();

        (await Read("en", "\"2\"")).StatusCode.Should().Be(HttpStatusCode.NotModified);
        var chinese = await Read("zh-CN", "\"2\"");
        chinese.StatusCode.Should().Be(HttpStatusCode.OK);
        var tag = chinese.Headers.ETag!.ToString();
        (await Read("zh-CN", tag)).StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await Read("en", tag)).StatusCode.Should().Be(HttpStatusCode.OK);

        using var change = new HttpRequestMessage(HttpMethod.Put, $"/evaluation-forms/{form}/draft")
        {
            Content = JsonContent.Create(new
            {
                content = JsonDocument.Parse(await chinese.Content.ReadAsStringAsync()).RootElement.GetProperty("active"),
            }),
        };
        change.Headers.TryAddWithoutValidation("If-Match", tag);
        (await world.Inspector.SendAsync(change)).StatusCode.Should().Be(HttpStatusCode.NoContent, "it was the version read");

        async Task<HttpResponseMessage> Read(string language, string known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/evaluation-forms/{form}");
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            request.Headers.AcceptLanguage.ParseAdd(language);
            return await world.Inspector.SendAsync(request);
        }
    }
}
