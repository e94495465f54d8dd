using System.ComponentModel.DataAnnotations;
using CallCenter.Attendance.Projects;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Attendance.Policies.PolicyDecider;

namespace CallCenter.Attendance.Policies;

internal static class PolicyEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPolicies()
        {
            var policies = routes.MapGroup("/attendance-policies")
                .WithTag("Attendance policies", "What a project charges for, and what it lets pass.");

            policies.MapGet("/{projectId:guid}", Get).Describe("What holds in a project; version 0 is the default");
            policies.MapHistory("/{id:guid}", Get, AttendancePolicy.IdOf);
            policies.MapPut("/{projectId:guid}", Set).Describe("Set what holds in a project from a day on",
                new PolicyRequest { ExemptShifts = ["DN"] }, ["unknown-project"]);
        }
    }

    /// <param name="FreeLatenesses">Short latenesses in a month that cost nothing.</param>
    /// <param name="FreeLatenessMinutes">A lateness is short up to so many minutes, these included; a longer one uses up none.</param>
    /// <param name="LatenessPenalty">For each lateness that is not free.</param>
    /// <param name="ExemptShifts">Codes of shifts in which no lateness is charged, such as one that goes from day into night.</param>
    /// <param name="OfflineMinutes">Signed out for longer than that in one shift is offline on shift.</param>
    /// <param name="OfflinePenalty">For each shift offline without leave, whole or in part.</param>
    /// <param name="IdleMinutes">Ready and without a contact for so long, or longer, is idle.</param>
    /// <param name="IdlePenalty">For each such stretch.</param>
    /// <param name="FullAttendanceLostBy">What takes full attendance away.</param>
    /// <param name="SilenceMinutes">For how long before and after each sign of it the source of states is taken for heard.</param>
    /// <param name="EarlyMinutes">Who is there so long before the shift has come for it.</param>
    /// <param name="DeviationMinutes">A state that does not fit what is rostered is told as a deviation when it lasts so long.</param>
    /// <param name="Replies">What is charged for replies in chats; the defaults when left out.</param>
    /// <param name="From">First local day of which it holds; today when left out. An earlier one changes days that have been.</param>
    public sealed record PolicyRequest(
        [Range(0, 100)] int FreeLatenesses = 2, [Range(0, 480)] int FreeLatenessMinutes = 10,
        [Range(0.0, 100_000.0)] decimal LatenessPenalty = 20, [MaxLength(40)] IReadOnlyList<string>? ExemptShifts = null,
        [Range(0, 1440)] int OfflineMinutes = 5, [Range(0.0, 100_000.0)] decimal OfflinePenalty = 200,
        [Range(1, 1440)] int IdleMinutes = 120, [Range(0.0, 100_000.0)] decimal IdlePenalty = 200,
        [MaxLength(4)] IReadOnlyList<FullAttendanceLoss>? FullAttendanceLostBy = null,
        [Range(1, 1440)] int SilenceMinutes = 60, [Range(0, 720)] int EarlyMinutes = 240, [Range(1, 240)] int DeviationMinutes = 5,
        DateOnly? From = null, ReplyTerms? Replies = null)
    {
        internal PolicyTerms ToTerms() => new(
            FreeLatenesses, FreeLatenessMinutes, LatenessPenalty,
            [
                .. (ExemptShifts ?? []).Select((code, i) => Names.Require($"/exemptShifts/{i}", code)).Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            OfflineMinutes, OfflinePenalty, IdleMinutes, IdlePenalty,
            FullAttendanceLostBy is { } losses ? [.. losses.Distinct().Order()] : PolicyTerms.Default.FullAttendanceLostBy,
            SilenceMinutes, EarlyMinutes, DeviationMinutes, Replies);
    }

    private static async Task<Versioned<AttendancePolicy>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var policy = await session.PolicyOf(projectId, cancellation);

        return new(policy, policy.Version);
    }

    /// <summary>What holds in a project.</summary>
    public static async Task<AttendancePolicy> PolicyOf(this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        await session.LoadAsync<AttendancePolicy>(AttendancePolicy.IdOf(projectId), cancellation)
        ?? new AttendancePolicy { Id = AttendancePolicy.IdOf(projectId), ProjectId = projectId };

    private static async Task<WriteResult> Set(
        Guid projectId, PolicyRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var command = new SetPolicy(projectId, request.ToTerms(), request.From ?? project.Calendar.DayOf(caller.Now), caller.Now);

        return new(await session.Start<AttendancePolicy>(
            AttendancePolicy.IdOf(projectId), expected.Value, state => Decide(command, state), cancellation));
    }
}
