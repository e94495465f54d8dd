using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Annotations;
using CallCenter.Calls.Chats;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Erasure;
using CallCenter.Calls.Evidence;
using CallCenter.Calls.Imports;
using CallCenter.Calls.Intake;
using CallCenter.Calls.Playback;
using CallCenter.Calls.Recordings;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using CallCenter.Web;
using JasperFx.Events.Projections;

namespace CallCenter.Calls;

/// <summary>Calls, their recordings, and what agents did all day: the service on one page.</summary>
public static class CallsService
{
    private static IReadOnlyList<EventIndex> EventIndexes => [AgentStateIndex.Index, RecordingScrub.Index, .. CustomerCalls.Indexes];

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddValidation();
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer(FieldRulesConverter.Describe));

        builder.AddService("calls",
            marten =>
            {
                marten.Projections.Snapshot<Call>(SnapshotLifecycle.Async);
                marten.Schema.For<Call>()
                    .ListedBy(call => call.ProjectId).AndByTime(call => call.StartedAt)
                    .Index(call => call.Leg.LinkedCallId!).Index(call => call.ExternalId).Index(call => call.Leg.ConversationId!)
                    .IgnoreIndex(OpenLegs.IndexName);
                marten.Projections.Snapshot<Recording>(SnapshotLifecycle.Async);
                marten.Schema.For<Recording>().Index(recording => new { recording.ProjectId, recording.KeptSince });
                marten.Projections.Snapshot<EvidencePolicy>(SnapshotLifecycle.Inline);
                marten.Projections.Snapshot<CallEvidence>(SnapshotLifecycle.Async);
                marten.Schema.For<CallEvidence>().Index(evidence => new { evidence.ProjectId, evidence.PolicyVersion });
                marten.Projections.Add(new RecordingsToHear(), ProjectionLifecycle.Async);
                marten.Schema.For<ToHear>().Index(filed => filed.FiledAt);
                marten.Schema.For<HeardRecording>().Index(heard => heard.Edition);
                marten.Schema.For<StoredMapping>().ListedByMember(mapping => mapping.ProjectId, "mapping_by_project");
                marten.Events.AddEventType<RecordingAccessed>();
                marten.Events.AddEventType<CustomerErased>();
                marten.RegisterDocumentType<ScrubProgress>();
                marten.Schema.For<RecordingPlay>().Index(play => play.ExpiresAt).Index(play => play.RecordingId);
                foreach (var index in EventIndexes)
                    marten.Events.IgnoreIndex(index.Name);
                CustomerErasure.Mask(marten.Events);
                AnnotationErasure.Mask(marten.Events);
                marten.Projections.Snapshot<Annotation>(SnapshotLifecycle.Inline);
                marten.Schema.For<Annotation>().ListedByMember(annotation => annotation.CallId, "annotation_by_call")
                    .Index(annotation => annotation.RecordingId).Index(annotation => annotation.AgentId!);
            },
            publish =>
            {
                publish.Stream<Call>(CallFact.Of);
                publish.Stream<CallEvidence>(CallEvidence.ToFact);
                publish.Stream<CustomerErasure>(CustomerErasure.ToFact);
                publish.Derived<AgentDay>(AgentDayFacts.Of);
                publish.Stream<Chat>((id, version, chat) => chat.ToFact(id, version));
            },
            bus =>
            {
                bus.Replicate<ProjectV1>();
                bus.Replicate<EmployeeV1>();
                bus.ReplicateRetention();
            },
            work =>
            {
                work.Handle<ImportRows>(ImportRows.Kind);
                work.Handle<CustomerErasureRun>(CustomerErasureRun.Kind);
                work.Retain<ImportFiles>();
                work.Retain<UnclaimedRecordings>();
                work.Retain<EndedPlays>();
                work.RetainByProject<RecordingRetention>();
                work.Every<RecordingScrub>("recording-scrub", "Scrub:Every", TimeSpan.FromMinutes(1));
                work.Every<HearRecordings>("hear-recordings", "Evidence:Every", TimeSpan.FromSeconds(10));
                work.Every<RecountEvidence>("recount-evidence", "Evidence:RecountEvery", TimeSpan.FromMinutes(1));
                work.Every<OpenLegs>("open-legs", "OpenLegs:Every", TimeSpan.FromHours(1));
                work.Every<OutdatedAgentDays>("outdated-agent-days", "OutdatedAgentDays:Every", TimeSpan.FromMinutes(1));
                work.Every<Leftovers>("leftovers", "Leftovers:Every", TimeSpan.FromMinutes(20));
            },
            places =>
            {
                places.From<CustomerErasedV1>("calls", (services, erased, cancellation) =>
                    services.GetRequiredService<CustomerCalls>().Forget(erased, cancellation));
                places.FromTexts(AnnotationErasure.Texts);
                places.OnceMore(CustomerErasureRun.OnceMore);
            });

        foreach (var index in EventIndexes)
            builder.AddMigration(index.Name, index.Sql);
        builder.AddMigration("recordings", RecordingRetention.FromTheFirst);
        builder.AddMigration("recordings-to-hear", RecordingsToHear.FromTheFirst);
        builder.Services.AddSingleton(builder.Configuration.GetSection("Evidence").Get<EvidenceOptions>() ?? new EvidenceOptions());
        builder.Services.AddSingleton<CustomerCalls>().AddSingleton<AudioDeletion>().AddSingleton<RecordingEvidence>();
        builder.AddMigration(OpenLegs.IndexName, OpenLegs.IndexSql);
        builder.AddMigration(OutdatedAgentDays.Migration, OutdatedAgentDays.Sql);
        builder.Services.AddSingleton(builder.Configuration.GetSection("OpenLegs").Get<OpenLegOptions>() ?? new OpenLegOptions());
        builder.Services.AddSingleton<RecordingFaults>();
        builder.Services.AddSingleton(builder.Configuration.GetSection("Scrub").Get<ScrubOptions>() ?? new ScrubOptions());
        builder.Services.AddCount(RecordingScrub.Verified);
        builder.Services.AddSingleton(new PlayAddresses(
            (builder.Configuration.GetSection("Playback").Get<PlaybackOptions>() ?? new PlaybackOptions()).Required()));
        builder.Services.AddSingleton<Projects>().AddSingleton<Mappings>().AddSingleton<ImportFolder>().AddSingleton<RecordingFolder>();
        builder.Services.AddFolder(services => services.GetRequiredService<RecordingFolder>().Watched);
        builder.Services.AddFolder(services => services.GetRequiredService<ImportFolder>().Watched);
        builder.Services.AddCount(ImportRows.RowsRead);
        builder.Services.AddCount(ImportRows.RowsRejected);
        builder.Services.AddSingleton<GroupCommit<Call>>().AddSingleton<GroupCommit<AgentDay>>()
            .AddSingleton<GroupCommit<Chat>>();

        var app = builder.Build();
        app.UseServiceDefaults();

        app.MapCallEvents();
        app.MapCalls();
        app.MapPlayback();
        app.MapAnnotations();
        app.MapEvidence();
        app.MapEvidencePolicies();
        app.MapAgentStates();
        app.MapChats();
        app.MapStaff();
        app.MapMappings(app.Services.GetRequiredService<ImportFolder>().Rule);
        app.MapCustomerErasure();
        app.MapImports(app.Services.GetRequiredService<ImportFolder>().Rule);
        app.MapRecordings(app.Services.GetRequiredService<RecordingFolder>().Rule);

        return app;
    }
}
