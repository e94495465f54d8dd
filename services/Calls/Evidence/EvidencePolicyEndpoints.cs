using System.ComponentModel.DataAnnotations;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Web;
using Marten;

namespace CallCenter.Calls.Evidence;

internal static class EvidencePolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvidencePolicies()
        {
            var policies = routes.MapGroup("/evidence-policies")
                .WithTag("Evidence policies", "What a project takes for dead air, overtalk and a greeting.");

            policies.MapGet("/{projectId:guid}", Get).Describe("What holds in a project; version 0 is the default");
            policies.MapHistory("/{id:guid}", Get, EvidencePolicy.IdOf);
            policies.MapPut("/{projectId:guid}", Set).Describe(
                "Set what holds in a project; the figures of all its recordings are computed again", new EvidencePolicyRequest());
        }
    }

    /// <param name="AgentChannel">The agent's in recordings of two channels: left or right.</param>
    /// <param name="DeadAirSeconds">Nobody speaks for so long, or longer.</param>
    /// <param name="OvertalkMilliseconds">Both speak for so long, or longer; less is a yes or a hm.</param>
    /// <param name="PauseMilliseconds">Who pauses for no longer still has the word.</param>
    /// <param name="GreetingMilliseconds">The first that the agent says is so long, or longer; less is a cough.</param>
    /// <param name="ShorterBySeconds">A recording that is shorter than its call by more than that lacks something.</param>
    public sealed record EvidencePolicyRequest(
        Side AgentChannel = Side.Left, [Range(0.5, 600.0)] decimal DeadAirSeconds = 10, [Range(10, 10_000)] int OvertalkMilliseconds = 400,
        [Range(0, 10_000)] int PauseMilliseconds = 800, [Range(10, 10_000)] int GreetingMilliseconds = 250,
        [Range(0.0, 3_600.0)] decimal ShorterBySeconds = 5)
    {
        internal EvidenceTerms ToTerms() => new(
            AgentChannel, DeadAirSeconds, OvertalkMilliseconds, PauseMilliseconds, GreetingMilliseconds, ShorterBySeconds);
    }

    private static async Task<Versioned<EvidencePolicy>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var policy = await session.EvidencePolicyOf(projectId, cancellation);

        return new(policy, policy.Version);
    }

    private static async Task<WriteResult> Set(
        Guid projectId, EvidencePolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, Projects projects,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await projects.Get(projectId, cancellation);
        var command = new SetEvidencePolicy(projectId, request.ToTerms(), caller.Id, caller.Now);
        return new(await session.Start<EvidencePolicy>(
            EvidencePolicy.IdOf(projectId), expected.Value, state => EvidencePolicyDecider.Decide(command, state), cancellation));
    }

    /// <summary>What holds in a project.</summary>
    public static async Task<EvidencePolicy> EvidencePolicyOf(
        this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        await session.LoadAsync<EvidencePolicy>(EvidencePolicy.IdOf(projectId), cancellation)
        ?? new EvidencePolicy { Id = EvidencePolicy.IdOf(projectId), ProjectId = projectId };
}
