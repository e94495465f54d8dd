using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Training.Courses;
using CallCenter.Training.Needs;
using CallCenter.Training.Records;
using CallCenter.Training.Sessions;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Marten;

namespace CallCenter.Training;

public static class TrainingService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.AddService("training", Configure, publish =>
        {
            publish.Stream<TrainingNeed>(TrainingFacts.Need);
            publish.Derived<TrainingSession>(TrainingFacts.Sessions);
        }, bus =>
        {
            bus.Replicate<EmployeeV1>();
            bus.Replicate<ProjectV1>();
            bus.Consume<EvaluationV1, IDocumentStore>(EvaluationConsumer.Consume, EvaluationConsumer.Held, EvaluationConsumer.Forget);
        });

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapCourses();
        app.MapSessions();
        app.MapSessionViews();
        app.MapRecords();
        app.MapNeeds();
        return app;
    }

    private static void Configure(StoreOptions marten)
    {
        marten.Projections.Snapshot<Course>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<TrainingSession>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<TrainingNeed>(SnapshotLifecycle.Inline);
        marten.Projections.Add<TrainingRecordProjection>(ProjectionLifecycle.Inline);
        marten.Schema.For<TrainingSession>().ListedByMember(s => s.ProjectId, "session_by_project");
        marten.Schema.For<TrainingNeed>().Index(n => n.AgentId).ListedByMember(n => n.ProjectId, "need_by_project");
        marten.Schema.For<TrainingRecord>().Index(r => r.EmployeeId).ListedByMember(r => r.ProjectId, "record_by_project");
        marten.Schema.For<Assessment>().Index(a => a.AgentId);
        marten.Schema.For<ResourceCalendar>().DocumentAlias("timetable");
    }
}
