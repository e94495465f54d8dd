using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.MachineAnswers.MachineAnswerPolicyDecider;

namespace CallCenter.Quality.MachineAnswers;

internal static class MachineAnswerPolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapMachineAnswerPolicies()
        {
            var policies = routes.MapGroup("/machine-answer-policies").WithTag("Machine answer policies",
                "When agents of a project see what machines said of their contacts.");

            policies.MapGet("/{projectId:guid}", Get).Describe("What a project wants; version 0 is the defaults");
            policies.MapHistory("/{id:guid}", Get, ProjectMachineAnswerPolicy.IdOf);
            policies.MapPut("/{projectId:guid}", Set).Describe(
                "Say what holds from now on", new MachineAnswerPolicy(AgentsSee.AfterEvaluation), ["project-unknown"]);
        }
    }

    private static async Task<Versioned<ProjectMachineAnswerPolicy>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var policy = await session.MachineAnswerPolicyOf(projectId, cancellation);

        return new(policy, policy.Version);
    }

    private static async Task<WriteResult> Set(
        Guid projectId, MachineAnswerPolicy request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.CalendarOf(projectId, cancellation);
        var command = new SetMachineAnswerPolicy(projectId, request, caller.Id, caller.Now);

        return new(await session.Start<ProjectMachineAnswerPolicy>(
            ProjectMachineAnswerPolicy.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    public static async Task<ProjectMachineAnswerPolicy> MachineAnswerPolicyOf(
        this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        await session.LoadAsync<ProjectMachineAnswerPolicy>(ProjectMachineAnswerPolicy.IdOf(projectId), cancellation)
        ?? new ProjectMachineAnswerPolicy { Id = ProjectMachineAnswerPolicy.IdOf(projectId), ProjectId = projectId };
}
