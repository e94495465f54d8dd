using CallCenter.Contracts.Attendance;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Reporting;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Scheduling.Accounts;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.Capacity;
using CallCenter.Scheduling.Duty;
using CallCenter.Scheduling.Exchanges;
using CallCenter.Scheduling.Fairness;
using CallCenter.Scheduling.Feeds;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.OnCall;
using CallCenter.Scheduling.Requirements;
using CallCenter.Scheduling.Rosters;
using CallCenter.Scheduling.Rotations;
using CallCenter.Scheduling.ShiftDesigns;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Scheduling.Substitutes;
using CallCenter.Scheduling.Terms;
using CallCenter.Scheduling.Trainings;
using CallCenter.Scheduling.Wishes;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;

namespace CallCenter.Scheduling;

/// <summary>The service on one page.</summary>
public static class SchedulingService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);

        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.Services.AddSingleton<FloorMoves>();
        builder.AddMigrations(typeof(SchedulingService).Assembly);
        builder.AddService("scheduling", Store, publish =>
        {
            publish.Derived<Roster>(PublicationStore.ToFacts);
            publish.Stream<Leave>((id, version, leave) => leave.ToFact(id, version));
            publish.Stream<SlotAnswer>((id, version, answer) => answer.ToFact(id, version));
            publish.Stream<TrainingPlaces>((id, version, places) => places.ToFact(id, version));
        },
        bus =>
        {
            bus.Replicate<ProjectV1>();
            bus.ReplicateRetention();
            bus.Replicate<TeamV1>();
            bus.Replicate<EmployeeV1>();
            bus.Replicate<TrainingSessionV1>();
            bus.Replicate<TrainingSlotsWantedV1>();
            bus.Replicate<CertificateV1>();
            bus.Replicate<QueueDayV1>();
            bus.Replicate<EvaluationV1>();
            bus.Consume<FloorMoveV1, FloorMoves>(
                (floor, moves) => floor.Keep(moves), floor => floor.Held, (floor, gone) => floor.Forget(gone));
        },
        work =>
        {
            work.Handle<RosterGeneration>(RosterGeneration.Kind);
            work.RetainByProject<LeaveRetention>();
            work.Retain<LeaveSlips>();
            work.Retain<OldNotices>();
            work.Every<LeaveQueue>(LeaveQueue.Name, "LeaveQueue:Every", TimeSpan.FromMinutes(1));
            work.Every<PublicationReminders>(PublicationReminders.Name, "PublicationReminders:Every", TimeSpan.FromHours(1));
            work.Every<OfferClosing>(OfferClosing.Name, "OfferClosing:Every", TimeSpan.FromMinutes(1));
            work.Every<SlotAnswers>(SlotAnswers.Name, "TrainingSlots:Every", TimeSpan.FromSeconds(15));
            work.Every<TrainingPlacement>(TrainingPlacement.Name, "TrainingPlacement:Every", TimeSpan.FromSeconds(30));
            work.Every<TrainingPlacementAgain>(TrainingPlacementAgain.Name, "TrainingPlacement:Again", TimeSpan.FromMinutes(10));
            work.Every<SwapClosing>(SwapClosing.Name, "SwapClosing:Every", TimeSpan.FromMinutes(1));
        },
        places =>
        {
            places.FromTexts(LeaveErasure.Texts);
            places.FromTexts(StandingTermsErasure.Texts);
            places.FromTexts(StatementErasure.Texts);
            places.FromTexts(AccountErasure.Texts);
            places.FromTexts(ExchangeErasure.Swaps);
            places.FromTexts(OnCallErasure.Texts);
            places.FromTexts(SubstituteErasure.Texts);
            places.From<EmployeeErasedV1>("leave-slips", async (services, erased, cancellation) =>
            {
                await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
                var slips = await session.Query<LeaveSlip>().CountAsync(slip => slip.AgentId == erased.Id, cancellation);
                session.DeleteWhere<LeaveSlip>(slip => slip.AgentId == erased.Id);
                await session.SaveChangesAsync(cancellation);
                return slips;
            });
            places.From<EmployeeErasedV1>("calendar-feeds", async (services, erased, cancellation) =>
            {
                await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
                var feeds = await session.Query<RosterFeed>().CountAsync(
                    feed => feed.Id == erased.Id || feed.AgentId == erased.Id, cancellation);
                session.DeleteWhere<RosterFeed>(feed => feed.Id == erased.Id || feed.AgentId == erased.Id);
                await session.SaveChangesAsync(cancellation);
                return feeds;
            });
        });
        builder.RenameNumbers<Leave, LeaveStatus>(nameof(Leave.Status));

        var app = builder.Build();

        app.UseServiceDefaults();
        app.MapCalendars();
        app.MapCalendarPolicies();
        app.MapShiftRules();
        app.MapForecasts();
        app.MapForecastsByHand();
        app.MapOutlook();
        app.MapIntraday();
        app.MapRequirements();
        app.MapRequirementsByHand();
        app.MapWhatIf();
        app.MapMultiSkill();
        app.MapCapacityPlans();
        app.MapStandingTerms();
        app.MapPlanningPeriods();
        app.MapAccounts();
        app.MapAccountRegister();
        app.MapLeavePolicies();
        app.MapLeaves();
        app.MapLeaveRegister();
        app.MapLeaveSlips();
        app.MapLeaveApproval();
        app.MapNotices();
        app.MapRosters();
        app.MapPublicationPolicies();
        app.MapPrediction();
        app.MapRosterTable();
        app.MapRosterEditing();
        app.MapReplanning();
        app.MapMyRoster();
        app.MapRosterFeeds();
        app.MapRotations();
        app.MapRotationRosters();
        app.MapShiftDesigns();
        app.MapExchangePolicies();
        app.MapSwaps();
        app.MapOffers();
        app.MapOnCallRosters();
        app.MapOnCall();
        app.MapSubstitutes();
        app.MapTrainingSlots();
        app.MapFairness();
        app.MapOperations("/scheduling-operations", RosterGeneration.Kind);

        return app;
    }

    private static void Store(StoreOptions marten)
    {
        marten.Events.AddMaskingRuleForProtectedInformation<LeaveDeclined>(e => e with { Reason = "" });
        marten.Events.AddMaskingRuleForProtectedInformation<WishesStated>(e => e with { Reason = e.Reason is null ? null : "" });
        marten.Events.AddMaskingRuleForProtectedInformation<AccountEntered>(e => e with { Reason = e.Reason is null ? null : "" });
        marten.Events.AddMaskingRuleForProtectedInformation<RestConsented>(e => e with { Reason = e.Reason is null ? null : "" });
        marten.Projections.Snapshot<HolidayCalendar>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<CalendarPolicies>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ShiftRuleBook>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Forecast>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<StaffingRequirement>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<CapacityPlan>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Leave>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<LeaveDetail>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<LeavePolicies>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<StandingTerms>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<PlanningPeriod>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<AccountRules>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<AgentStatement>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ExchangePolicies>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ShiftSwap>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ShiftOffer>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<PublicationPolicies>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<OnCallRoster>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<SubstitutePlan>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Roster>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Rotation>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<SlotAnswer>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<TrainingPlaces>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ForecastSummary>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<RequirementSummary>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<RosterSummary>(SnapshotLifecycle.Inline);

        marten.Schema.For<CertificateV1>().Index(certificate => certificate.EmployeeId);
        marten.Schema.For<ForecastSummary>().ListedBy(f => f.ProjectId);
        marten.Schema.For<RequirementSummary>().ListedBy(r => r.ProjectId);
        marten.Schema.For<CapacityPlan>().ListedByMember(p => p.ProjectId, "capacity_plan_in_order");
        marten.Schema.For<Leave>().ListedBy(l => l.ProjectId).Duplicate(l => l.AgentId);
        marten.Schema.For<LeaveSlip>().Index(s => s.AgentId).Index(s => s.KeptThrough);
        marten.Schema.For<Notice>().ListedByMember(n => n.ProjectId, "notice_in_order").Index(n => n.PersonId!).Index(n => n.At);
        marten.Schema.For<PlanningPeriod>().ListedByMember(p => p.ProjectId, "planning_period_in_order");
        marten.Schema.For<AgentStatement>().Index(s => s.AgentId).Index(s => s.PeriodId);
        marten.Schema.For<Rotation>().ListedByMember(r => r.ProjectId, "rotation_in_order");
        marten.Schema.For<RosterSummary>().ListedBy(r => r.ProjectId);
        marten.Schema.For<PublishedDay>().Index(d => new { d.AgentId, d.Date }).Index(d => new { d.ProjectId, d.Date })
            .Index(d => d.RosterId);
        marten.Schema.For<OnCallRoster>().ListedByMember(r => r.ProjectId, "on_call_roster_in_order");
        marten.Schema.For<OnCallDuty>().Index(d => new { d.ProjectId, d.EndsAt }).Index(d => new { d.AgentId, d.EndsAt })
            .Index(d => d.RosterId);
        marten.Schema.For<PublishedCoverage>().Index(c => c.RosterId);
        marten.Schema.For<RosterFeed>().UniqueIndex(f => f.TokenHash).Index(f => f.AgentId);
        marten.Schema.For<ShiftSwap>().ListedByMember(s => s.ProjectId, "shift_swap_in_order").Index(s => s.AgentId);
        marten.Schema.For<ShiftOffer>().ListedByMember(o => o.ProjectId, "shift_offer_in_order").Index(o => o.ClosesAt);
        marten.RegisterDocumentType<HeardFloorMove>();
        marten.Schema.For<EvaluationV1>().Index(e => e.AgentId);
        marten.Schema.For<QueueDayV1>().Index(d => new { d.ProjectId, d.Date });
    }
}
