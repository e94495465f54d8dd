using System.Net;
using CallCenter.Calls.Annotations;
using CallCenter.Calls.Tests.Recordings;
using CallCenter.Contracts.People;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Calls.Tests;

public sealed class AnnotationJourneys(CallsApi api)
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task who_reads_an_annotation_is_for_its_author_to_say()
    {
        var (project, ada, eve) = (await api.Project(), Guid.CreateVersion7(), Guid.CreateVersion7());
        using var inspector = api.As(eve, "inspector", project);
        using var other = api.As(Guid.CreateVersion7(), "supervisor", project);
        using var agent = api.As(ada, "agent", project);
        using var colleague = api.As(Guid.CreateVersion7(), "agent", project);
        using var outsider = api.As(Guid.CreateVersion7(), "inspector", await api.Project());
        var call = await Recorded(project, ada);
        var written = new Dictionary<string, string>();
        foreach (var readers in new[] { "private", "inspectors", "agent" })
            written[readers] = await Write(inspector, call, new { from = 0.5, to = 0.7, text = $"For {readers}.", readers });
        written["own"] = await Write(agent, call, new { from = 0.1, text = "I was interrupted." });

        (await Read(inspector)).Should().Equal("I was interrupted.", "For private.", "For inspectors.", "For agent.");
        (await Read(other)).Should().Equal("I was interrupted.", "For inspectors.", "For agent.");
        (await Read(agent)).Should().Equal("I was interrupted.", "For agent.");
        await (await agent.GetAsync(Address(written["inspectors"]))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await other.GetAsync(Address(written["private"]))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await other.GetAsync(Address(written["private"] + "/history"))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await colleague.GetAsync(Address($"{call}/annotations"))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await outsider.GetAsync(Address(written["agent"]))).ShouldBeProblem(HttpStatusCode.NotFound);

        async Task<IEnumerable<string>> Read(HttpClient who) =>
            (await who.Get<Page<AnnotationView>>($"{call}/annotations")).Items.Select(annotation => annotation.Text);
    }

    [Fact]
    public async Task its_author_changes_it_and_takes_it_away_and_its_history_says_so()
    {
        var project = await api.Project();
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        using var other = api.As(Guid.CreateVersion7(), "inspector", project);
        using var admin = api.As(Guid.CreateVersion7(), "admin");
        var call = await Recorded(project);
        var first = await Write(inspector, call, new { from = 0.5, text = "Too quick." });
        var second = await Write(inspector, call, new { from = 0.5, text = "Too slow." });

        await (await Change(other, version: 1)).ShouldBeProblem(HttpStatusCode.Conflict, "not-the-author");
        await (await other.Send(HttpMethod.Delete, first, version: 1)).ShouldBeProblem(HttpStatusCode.Conflict, "not-the-author");
        (await Change(inspector, version: 1)).Version().Should().Be(2);
        await (await Change(inspector, version: 1)).ShouldBeProblem(HttpStatusCode.PreconditionFailed);
        (await inspector.Get<AnnotationView>(first)).Should().BeEquivalentTo(new { From = 0.6m, To = 0.9m, Text = "Quick." });
        (await inspector.Send(HttpMethod.Delete, first, version: 2)).Version().Should().Be(3);
        (await admin.Send(HttpMethod.Delete, second, version: 1)).Version().Should().Be(2);

        await (await inspector.GetAsync(Address(first))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await Change(inspector, version: 3)).ShouldBeProblem(HttpStatusCode.Conflict, "annotation-removed");
        (await inspector.Get<Page<AnnotationView>>($"{call}/annotations")).Items.Should().BeEmpty();

        Task<HttpResponseMessage> Change(HttpClient who, long version) =>
            who.Send(HttpMethod.Put, first, version: version, body: new { from = 0.6, to = 0.9, text = "Quick." });
    }

    [Fact]
    public async Task what_cannot_be_is_refused()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        var (recorded, silent) = (await Recorded(project), await Call(client, project));

        await (await Post(silent, new { from = 0, text = "x" })).ShouldBeProblem(HttpStatusCode.Conflict, "no-recording");
        await (await Post(recorded, new { from = 1.5, text = "x" })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "beyond-recording");
        await (await Post(recorded, new { from = 0.5, to = 0.4, text = "x" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "ends-before-start");
        foreach (var text in new[] { "", " ", new string('x', 501) })
            ((int)(await Post(recorded, new { from = 0, text })).StatusCode).Should().BeOneOf(400, 422);
        var card = await Write(inspector, recorded, new { from = 0, text = "Reads 4111 1111 1111 1111 aloud." });
        (await inspector.Get<AnnotationView>(card)).Text.Should().NotContain("4111 1111");

        Task<HttpResponseMessage> Post(string call, object body) => inspector.Send(HttpMethod.Post, $"{call}/annotations", body: body);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("agent")]
    public async Task what_it_says_goes_with_the_customer_and_with_the_agent(string who)
    {
        var (project, ada) = (await api.Project(), Guid.CreateVersion7());
        using var admin = api.As(Guid.CreateVersion7(), "admin", project);
        using var inspector = api.As(Guid.CreateVersion7(), "inspector", project);
        var customer = $"C-{Guid.CreateVersion7()}";
        var call = await Recorded(project, ada, customer);
        var annotation = await Write(inspector, call, new { from = 0, text = "Canary of a text." });
        await inspector.Send(HttpMethod.Put, annotation, version: 1, body: new { from = 0, text = "Canary of another text." });

        if (who == "customer")
            await admin.Send(HttpMethod.Post, "/customer-erasures", body: new { projectId = project, customerId = customer });
        else
            await api.Publish(new EmployeeErasedV1(ada, 1, ada, Nine));

        await Eventually.True(async () => (await inspector.Get<AnnotationView>(annotation)).Text == "", "it to be forgotten");
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var left = source.CreateCommand("""
            select count(*) from (select data::text as said, stream_id from calls.mt_events union all
                select data::text, id from calls.mt_doc_annotation) kept where stream_id = $1 and said like '%Canary%'
            """);
        left.Parameters.AddWithValue(Guid.Parse(annotation[^36..]));
        (await left.ExecuteScalarAsync(TestContext.Current.CancellationToken)).Should().Be(0L);
    }

    private static Uri Address(string path) => new(path, UriKind.Relative);

    private static async Task<string> Write(HttpClient client, string call, object body)
    {
        var written = await client.Send(HttpMethod.Post, $"{call}/annotations", body: body);
        written.StatusCode.Should().Be(HttpStatusCode.Created, await written.Content.ReadAsStringAsync());
        return written.Headers.Location!.ToString();
    }

    private async Task<string> Recorded(Guid project, Guid? agent = null, string? customer = null)
    {
        using var client = api.Integrator(project);
        var call = await Call(client, project, agent, customer);
        await client.Upload($"{call}/recordings", new ByteArrayContent(WavFile.Unique(Guid.CreateVersion7())), "audio/wav");
        return call;
    }

    private static async Task<string> Call(HttpClient client, Guid project, Guid? agent = null, string? customer = null)
    {
        var id = $"{Guid.CreateVersion7()}";
        await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = project, source = "s", callId = id, type = "offered", at = Nine, customerId = customer });
        return (await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = project, source = "s", callId = id, type = "answered", at = Nine, agent = agent?.ToString() }))
            .Headers.Location!.ToString();
    }
}
