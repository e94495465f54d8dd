using System.Diagnostics;
using System.Globalization;

namespace CallCenter.Journeys.Tests.Requests;

/// <summary>
/// Every operation of every API document is asked for by valid, odd and broken requests; no answer may be other than the document
/// says. <c>CALLCENTER_SEED</c> repeats a run, <c>CALLCENTER_REQUESTS</c> makes it longer.
/// </summary>
public sealed class GeneratedRequestTests(Centre centre, ITestOutputHelper output) : IClassFixture<Centre>
{
    // Each computes for a second or more.
    private static readonly string[] Slow = ["POST /rosters", "GET /rosters/{id}/predicted-service", "POST /imports", "POST /digests"];

    private const int MostTries = 500;

    // Of these there is nothing that could succeed: no message failed, nothing was set aside, fewer than a hundred contacts were judged by
    // people, no roster was published when times were asked for, all calls were spoken, and who reads a project's digests only now gets no
    // letter of a report told before. (MachineEstimate-, Enrolment-, SamplingDesign- and QaLetterJourneys ask for the last four.)
    private static readonly string[] NeverMet =
    [
        "GET /operations-desk/error-queues/{queue}/messages/{id}", "POST /operations-desk/error-queues/{queue}/messages/{id}/retry",
        "POST /operations-desk/error-queues/{queue}/messages/{id}/skip", "POST /operations-desk/set-aside/{id}/retry",
        "POST /operations-desk/set-aside/{id}/skip", "GET /machine-answers/estimates", "POST /enrolment-proposals/{id}/acceptance",
        "PUT /evaluations/{id}/text", "GET /qa-letters/{id}", "GET /qa-letters/{id}/history",
    ];

    [Fact]
    public async Task every_answer_is_one_that_the_api_document_tells_of()
    {
        var seed = Setting("CALLCENTER_SEED") ?? Random.Shared.Next();
        var wanted = Setting("CALLCENTER_REQUESTS") ?? 5_500;
        var watch = Stopwatch.StartNew();
        using var failures = new Failures();
        var things = new Things();
        var findings = new Findings(centre, things);
        var staff = new Staff(centre.Operations, things);
        await new Opening(findings, things, staff).Run();
        var opened = watch.Elapsed;

        var asking = new Asking(findings, things, staff);
        for (var round = 0; findings.Sent < wanted; round++)
            await Parallel.ForEachAsync(InRound(round, seed), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (one, _) =>
                await asking.One(one.Operation, one.Random));

        // Whatever did not succeed by chance is asked for until it does, of new things too: all there were may have ended. What needs a
        // rare state the opening has done already.
        var more = new Random(seed);
        foreach (var operation in Missing(findings).ToList())
            for (var tries = 0; tries < MostTries && !findings.HasSucceeded(operation); tries++)
            {
                if (tries % 5 == 0 && centre.Operations.FirstOrDefault(o => o.Name == $"POST /{operation.Path.Split('/')[1]}") is { } making)
                    await asking.One(making, more, valid: true);
                await asking.One(operation, more, valid: true);
            }

        output.WriteLine($"Seed {seed}: {findings.Sent} requests in {watch.Elapsed.TotalSeconds:0} s, {opened.TotalSeconds:0} s of it to open the centre.");
        output.WriteLine(findings.Counts(routes: Setting("CALLCENTER_ROUTES") is not null));
        (findings.Kinds == 0).Should().BeTrue($"seed {seed} found {findings.Kinds} kinds of answers that the API documents do not tell of:\n\n{findings.Told()}");
        failures.Seen.Should().BeEmpty($"nothing is left unhandled behind an answer, with seed {seed}");
        Missing(findings).Select(o => o.Name).Should().BeEmpty($"each is to succeed once, with seed {seed}");
    }

    private IEnumerable<Operation> Missing(Findings findings) =>
        centre.Operations.Where(o => !NeverMet.Contains(o.Name) && !findings.HasSucceeded(o));

    // Every operation once, in another order each time; the desk, which all services have alike, of one service in turn.
    private IEnumerable<(Operation Operation, Random Random)> InRound(int round, int seed)
    {
        var services = centre.Operations.Select(o => o.Service).Distinct().ToList();
        Operation[] operations = [.. centre.Operations.Where(o =>
            (!o.IsOfDesk || o.Service == services[round % services.Count]) && (round % 8 == 0 || !Slow.Contains(o.Name)))];
        new Random(seed ^ round).Shuffle(operations);

        return operations.Select((operation, i) => (operation, new Random(HashCode(seed, round, i))));
    }

    private static int HashCode(int seed, int round, int i) => unchecked((((seed * 397) ^ round) * 397) ^ i);

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
