using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Training.Courses;
using CallCenter.Training.Curricula;
using CallCenter.Training.Enrolments;
using CallCenter.Training.Exams;
using CallCenter.Training.Materials;
using CallCenter.Training.Needs;
using CallCenter.Training.Records;
using CallCenter.Training.Reminders;
using CallCenter.Training.Resources;
using CallCenter.Training.Reviews;
using CallCenter.Training.Sessions;
using CallCenter.Training.Statements;
using CallCenter.Training.Transcripts;
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
            publish.Stream<ExamSitting>(TrainingFacts.Certificate);
            publish.Stream<Reminder>((id, version, reminder) => reminder.ToFact(id, version));
            publish.Stream<EnrolmentProposal>((id, version, proposal) => proposal.ToFact(id, version));
        }, bus =>
        {
            bus.Replicate<EmployeeV1>();
            bus.Replicate<ProjectV1>();
            bus.Replicate<RosterDayV1>();
            bus.Replicate<TeamV1>();
            bus.Replicate<CoachingV1>();
            bus.Replicate<TrainingSlotsV1>();
            bus.Replicate<TrainingPlacesV1>();
            bus.Consume<EvaluationV1, IDocumentStore>(EvaluationConsumer.Consume, EvaluationConsumer.Held, EvaluationConsumer.Forget);
        },
        work =>
        {
            work.Every<EnrolmentJob>(EnrolmentJob.Name, "Enrolments:Every", TimeSpan.FromMinutes(1));
            work.Every<CourseNeedJob>(CourseNeedJob.Name, "CourseNeeds:Every", TimeSpan.FromMinutes(2));
            work.Every<SeatFreeing>(SeatFreeing.Name, "SeatsWithoutNeed:Every", TimeSpan.FromSeconds(30));
            work.Every<ReminderJob>(ReminderJob.Name, "TrainingReminders:Every", TimeSpan.FromMinutes(10));
            work.Retain<OldNotices>();
        },
        erase: places =>
        {
            places.FromTexts(PathErasure.Texts);
            places.FromTexts(ExamErasure.Texts);
            places.FromTexts(ReviewErasure.Texts);
        });

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapCourses();
        app.MapSessions();
        app.MapSessionViews();
        app.MapRecords();
        app.MapNeeds();
        app.MapCourseNeeds();
        app.MapMaterials();
        app.MapCurricula();
        app.MapPaths();
        app.MapExams();
        app.MapExamResults();
        app.MapReviews();
        app.MapStatements();
        app.MapResultFiles();
        app.MapTranscripts();
        app.MapResources();
        app.MapSessionEquipment();
        app.MapPreparations();
        app.MapEnrolmentPolicies();
        app.MapProposals();
        app.MapNotices("/training-notices", "Training notices", "the trainers, supervisors or managers");
        return app;
    }

    private static void Configure(StoreOptions marten)
    {
        PathErasure.Mask(marten.Events);
        ExamErasure.Mask(marten.Events);
        ReviewErasure.Mask(marten.Events);
        marten.Projections.Snapshot<Course>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<TrainingSession>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<TrainingNeed>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<CourseNeed>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Material>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Curriculum>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<LearningPath>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Exam>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ExamSitting>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<SessionReview>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Statement>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Reminder>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<TrainingResource>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<SessionEquipment>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<EnrolmentPolicies>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<EnrolmentProposal>(SnapshotLifecycle.Inline);
        marten.Projections.Add<TrainingRecordProjection>(ProjectionLifecycle.Inline);
        marten.Schema.For<TrainingSession>().ListedByMember(s => s.ProjectId, "session_by_project");
        marten.Schema.For<TrainingNeed>().Index(n => n.AgentId).ListedByMember(n => n.ProjectId, "need_by_project");
        marten.Schema.For<CourseNeed>().Index(n => n.EmployeeId).ListedByMember(n => n.ProjectId, "course_need_by_project");
        marten.Schema.For<TrainingRecord>().Index(r => r.EmployeeId).ListedByMember(r => r.ProjectId, "record_by_project");
        marten.Schema.For<Material>().ListedByMember(m => m.ProjectId, "material_by_project");
        marten.Schema.For<Curriculum>().ListedByMember(c => c.ProjectId, "curriculum_by_project");
        marten.Schema.For<LearningPath>().Index(p => p.EmployeeId).ListedByMember(p => p.ProjectId, "path_by_project");
        marten.Schema.For<Exam>().ListedByMember(e => e.ProjectId, "exam_by_project");
        marten.Schema.For<ExamSitting>().Index(s => s.EmployeeId).ListedByMember(s => s.ProjectId, "sitting_by_project");
        marten.Schema.For<Statement>().Index(s => s.EmployeeId!).ListedByMember(s => s.ProjectId, "statement_by_project");
        marten.Schema.For<RosterDayV1>().ListedByMember(d => d.ProjectId, "roster_day_by_project");
        marten.Schema.For<TrainingResource>().ListedByMember(r => r.ProjectId, "training_resource_by_project");
        marten.RegisterDocumentType<EquipmentCalendar>();
        marten.Schema.For<EnrolmentProposal>().ListedByMember(p => p.ProjectId, "enrolment_proposal_by_project");
        marten.Schema.For<Notice>().ListedByMember(n => n.ProjectId, "notice_in_order").Index(n => n.PersonId!).Index(n => n.At);
        marten.Schema.For<CoachingV1>().ListedByMember(c => c.ProjectId, "coaching_by_project");
        marten.Schema.For<Assessment>().Index(a => a.AgentId);
        marten.Schema.For<ResourceCalendar>().DocumentAlias("timetable");
    }
}
