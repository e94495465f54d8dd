using System.Net;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.MachineAnswers;
using CallCenter.Quality.Tests.Forms;
using CallCenter.Testing;

namespace CallCenter.Quality.Tests.MachineAnswers;

/// <summary>Says of contacts what the test has written down, and posts it as a model behind the port does.</summary>
internal sealed class ScriptedJudge(HttpClient integrator, Guid form, string model = "scripted", string version = "1")
{
    public static readonly Dictionary<string, Answer> Perfect = Samples.Perfect;

    public object Contact(Guid call, Dictionary<string, Answer> answers, object? subject = null) => new
    {
        subject = subject ?? new { kind = "call", callId = call }, formId = form, formVersion = 1, model, modelVersion = version,
        answers = answers.Select(a => new MachineAnswer(a.Key, a.Value, 0.9, [new EvidencePlace(OffsetMs: 1200)])),
    };

    public async Task<MachineAnswersReceived> Say(params object[] contacts)
    {
        var response = await integrator.Send(HttpMethod.Post, "/machine-answers", body: new { contacts });
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, text);

        return System.Text.Json.JsonSerializer.Deserialize<MachineAnswersReceived>(text, Http.Json)!;
    }

    public async Task<Guid> Says(Guid call, Dictionary<string, Answer> answers)
    {
        (await Say(Contact(call, answers))).Should().BeEquivalentTo(new { Stored = 1, Known = 0 }, "it was said for the first time");
        return (await integrator.Answers(call)).Single(said => said.Model == model && said.ModelVersion == version).Id;
    }
}

internal static class MachineAnswerReading
{
    public static Task<List<ContactAnswers>> Answers(this HttpClient client, Guid call) =>
        client.Get<List<ContactAnswers>>($"/machine-answers?callId={call}");
}
