using CallCenter.Rules;
using Marten;
using static CallCenter.Training.Needs.TrainingNeedDecider;

namespace CallCenter.Training.Needs;

/// <summary>Which sessions answer a need. The caller holds the agent's lock. Of a need of a course the session says it alone.</summary>
internal static class Linking
{
    extension(IDocumentSession session)
    {
        public async Task Link(Guid? needId, Guid employeeId, Guid projectId, Guid sessionId, CancellationToken cancellation)
        {
            if (needId is not { } id)
                return;

            if (await session.LoadAsync<CourseNeed>(id, cancellation) is { Status: not CourseNeedStatus.Met } course
                && (course.EmployeeId, course.ProjectId) == (employeeId, projectId))
                return;

            var need = await session.LoadAsync<TrainingNeed>(id, cancellation);
            if (need is null or { Status: NeedStatus.Withdrawn } || (need.AgentId, need.ProjectId) != (employeeId, projectId))
                throw new InvalidException("/needId", "unknown-need", $"The employee has no training need {id} in this project.");

            session.Change(need, Decide(new LinkSession(sessionId), need));
        }

        public async Task Unlink(Guid employeeId, Guid sessionId, CancellationToken cancellation)
        {
            var needs = await session.Query<TrainingNeed>()
                .Where(n => n.AgentId == employeeId && n.SessionIds.Contains(sessionId)).ToListAsync(cancellation);

            foreach (var need in needs)
                session.Change(need, Decide(new UnlinkSession(sessionId), need));
        }

        private void Change(TrainingNeed need, object[] events)
        {
            if (events.Length > 0)
                session.Write(need.Id, need, events);
        }
    }
}
