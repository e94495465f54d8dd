using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Quality.Calibration;
using CallCenter.Quality.Coachings;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Figures;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Inputs;
using CallCenter.Quality.Reports;
using CallCenter.Quality.MachineAnswers;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Scores;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Marten;

namespace CallCenter.Quality;

public static class QualityService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.AddMigrations(typeof(QualityService).Assembly);
        builder.Services.AddSingleton<MachineAnswerStore>();
        builder.Services.AddSingleton(new HiddenNotices(BlindSeconds.Addresses));
        builder.AddService("quality", Store, publish =>
        {
            publish.Stream<Evaluation>(EvaluationFact.Of);
            publish.Stream<Coaching>(CoachingFact.Of);
            publish.Stream<QaReport>((reports, query, cancellation) =>
                QaReportFact.Of(reports, query, PublicAddress.Of(builder.Configuration), cancellation));
        }, bus =>
        {
            bus.Replicate<CallV1>();
            bus.Replicate<ProjectV1>();
            bus.Replicate<EmployeeV1>();
            bus.Replicate<TeamV1>();
            bus.Replicate<TrainingRecordV1>();
            bus.Replicate<ChatV1>();
            bus.Replicate<RecordingEvidenceV1>();
            bus.ReplicateRetention();
        },
        work =>
        {
            work.Every<SamplingJob>("sampling", "Sampling:Every", TimeSpan.FromMinutes(5));
            work.Every<DepartureJob>("departures", "Departures:Every", TimeSpan.FromHours(1));
            work.Every<DeadlineJob>(DeadlineJob.Name, "EvaluationDeadlines:Every", TimeSpan.FromMinutes(5));
            work.Every<FigureJob>(FigureJob.Name, "Figures:Every", TimeSpan.FromSeconds(2));
            work.Every<QaReportJob>(QaReportJob.Name, "QaReports:Every", TimeSpan.FromMinutes(1));
            work.Retain<OldNotices>();
            work.Every<CoachingJob>(CoachingJob.Name, "Coachings:Every", TimeSpan.FromSeconds(30));
            work.RetainByProject<EvaluationRetention>();
            work.RetainByProject<MachineAnswerRetention>();
            work.RetainByProject<CoachingRetention>();
            work.RetainByProject<QualityInputRetention>();
        },
        places =>
        {
            EvaluationErasure.Erase(places);
            MachineAnswerRetention.Erase(places);
            places.FromTexts(CalibrationErasure.Texts);
            places.FromTexts(CoachingErasure.Texts);
            places.FromTexts(QualityInputErasure.Texts);
        });

        builder.AddMigration(FigureRows.Migration, FigureRows.Schema); // after the documents whose changes it notes
        builder.Services.AddSingleton<FigureRows>();
        builder.Services.AddSingleton<QaReportReader>();
        builder.Services.AddSingleton<QaReportService>();

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapEvaluationForms();
        app.MapFormRetirement();
        app.MapFormFiles();
        app.MapFormProposals();
        app.MapFormComparison();
        app.MapIssueCatalogues();
        app.MapSamplingPlans();
        app.MapDraws();
        app.MapSamplingDesigns();
        app.MapDesignDraws();
        app.MapEvaluationLists();
        app.MapAgentQuality();
        app.MapQualityScores();
        app.MapQuestionFigures();
        app.MapInspectorSeverity();
        app.MapEvaluations();
        app.MapEvaluationDetails();
        app.MapDisputes();
        app.MapCorrections();
        app.MapToldScores();
        app.MapEvaluationPolicies();
        app.MapNotices("/evaluation-notices", "Evaluation notices", "the inspectors, supervisors or managers");
        app.MapQualityInputs();
        app.MapQaReports();
        app.MapMachineAnswers();
        app.MapMachineEstimates();
        app.MapMachineAgreement();
        app.MapMachineAnswerPolicies();
        app.MapCalibrations();
        app.MapCoachings();
        app.MapTrainingEffects();

        return app;
    }

    private static void Store(StoreOptions marten)
    {
        EvaluationErasure.Mask(marten.Events);
        CalibrationErasure.Mask(marten.Events);
        CoachingErasure.Mask(marten.Events);
        QualityInputErasure.Mask(marten.Events);
        marten.Projections.Snapshot<EvaluationForm>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<SamplingPlan>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<DrawnWeek>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<SamplingDesign>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<DrawnPeriod>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<EvaluationSummary>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<CalibrationSession>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ProjectEvaluationPolicy>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ProjectMachineAnswerPolicy>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Coaching>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<QualityInput>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<QaReportSummary>(SnapshotLifecycle.Inline);

        marten.Schema.For<EvaluationForm>().ListedBy(form => form.ProjectId);
        marten.Schema.For<SamplingPlan>().ListedBy(plan => plan.ProjectId);
        marten.Schema.For<DrawnWeek>().ListedBy(week => week.PlanId);
        marten.Schema.For<SamplingDesign>().ListedByMember(design => design.ProjectId, "sampling_design_by_project");
        marten.Schema.For<DrawnPeriod>().ListedByMember(period => period.DesignId, "drawn_period_by_design");
        marten.Schema.For<ChatV1>().Index(chat => chat.CallId).Index(chat => new { chat.ProjectId, chat.StartedAt });
        marten.Schema.For<RecordingEvidenceV1>().Index(evidence => evidence.CallId);
        marten.Schema.For<CalibrationSession>().ListedByMember(session => session.ProjectId, "calibration_session_in_order");
        marten.Schema.For<Notice>().ListedByMember(n => n.ProjectId, "notice_in_order").Index(n => n.PersonId!).Index(n => n.At);
        marten.Schema.For<TrainingRecordV1>().Index(record => record.SessionId).Index(record => record.CourseId);
        marten.Schema.For<Coaching>().ListedByMember(coaching => coaching.ProjectId, "coaching_by_project").Index(coaching => coaching.AgentId);
        marten.Schema.For<QaReportSummary>().ListedByMember(report => report.ProjectId, "qa_report_by_project");
        marten.Schema.For<QualityInput>().ListedByMember(input => input.ProjectId, "quality_input_by_project").Index(input => input.By);
        marten.Schema.For<EvaluationSummary>()
            .ListedBy(e => e.ProjectId).ListedBy(e => e.AgentId).Duplicate(e => e.Status).Duplicate(e => e.Week!)
            .Duplicate(e => e.SampledWeek!).Duplicate(e => e.AssignedTo!).Duplicate(e => e.EvaluatorId!).Duplicate(e => e.CallId)
            .Index(e => e.SubjectId!)
            .Index(e => e.SampledWeek!, index =>
            {
                index.Name = "evaluation_waiting_in_order";
                index.Mask = "?, id";
                index.Predicate = EvaluationQueue.WaitsForAnybody;
            });
        marten.Schema.For<EvaluationSummary>()
            .Index(e => new { e.ProjectId, e.SubmittedAt }, index => index.Predicate = EvaluationRetention.WithTexts);
        marten.Schema.For<CallV1>().ListedBy(call => call.ProjectId).AndByTime(call => call.AnsweredAt!)
            .Index(call => call.ConversationId!);
    }
}
