using CallCenter.EventSourcing;
using CallCenter.Quality.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Evaluations.EvaluationPolicyDecider;

namespace CallCenter.Quality.Evaluations;

internal static class EvaluationPolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluationPolicies()
        {
            var policies = routes.MapGroup("/evaluation-policies").WithTag("Evaluation policies",
                "When agents of a project are told of scores, how long a contested one may wait, and what holds when nobody decides.");

            policies.MapGet("/{projectId:guid}", Get).Describe("What a project wants; version 0 is the defaults");
            policies.MapHistory("/{id:guid}", Get, ProjectEvaluationPolicy.IdOf);
            policies.MapPut("/{projectId:guid}", Set).Describe(
                "Say what holds from now on; what was begun keeps its dates",
                new EvaluationPolicy(Release.Later, ReleaseDays: 2, DecideDays: 5), ["project-unknown"]);
        }
    }

    private static async Task<Versioned<ProjectEvaluationPolicy>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var policy = await session.PolicyOf(projectId, cancellation);

        return new(policy, policy.Version);
    }

    private static async Task<WriteResult> Set(
        Guid projectId, EvaluationPolicy request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        await session.CalendarOf(projectId, cancellation);
        var command = new SetEvaluationPolicy(projectId, request, caller.Id, caller.Now);

        return new(await session.Start<ProjectEvaluationPolicy>(
            ProjectEvaluationPolicy.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }

    extension(IQuerySession session)
    {
        private async Task<ProjectEvaluationPolicy> PolicyOf(Guid projectId, CancellationToken cancellation) =>
            await session.LoadAsync<ProjectEvaluationPolicy>(ProjectEvaluationPolicy.IdOf(projectId), cancellation)
            ?? new ProjectEvaluationPolicy { Id = ProjectEvaluationPolicy.IdOf(projectId), ProjectId = projectId };

        /// <summary>What holds in a project, and the calendar that its days are of.</summary>
        public async Task<(EvaluationPolicy Policy, LocalCalendar Calendar)> TermsOf(Guid projectId, CancellationToken cancellation) =>
            ((await session.PolicyOf(projectId, cancellation)).Policy, await session.CalendarOf(projectId, cancellation));
    }
}
