using CallCenter.Attendance.Clockings;
using CallCenter.Attendance.Excuses;
using CallCenter.Attendance.Floor;
using CallCenter.Attendance.Handovers;
using CallCenter.Attendance.Months;
using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Registers;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Marten;

namespace CallCenter.Attendance;

/// <summary>The service on one page.</summary>
public static class AttendanceService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.AddMigrations(typeof(AttendanceService).Assembly);
        builder.Services.AddSingleton<RosterHistories>().AddSingleton<Legs>();
        builder.Services.AddSingleton<FloorFeeds>();
        builder.AddService("attendance", Store, publish =>
        {
            publish.Stream<Clocking>((id, version, clocking) => clocking.ToFact(id, version));
            publish.Stream<FloorDecision>((id, version, decision) => decision.ToFact(id, version));
        },
        bus =>
        {
            bus.Replicate<ProjectV1>();
            bus.Replicate<TeamV1>();
            bus.Replicate<EmployeeV1>();
            bus.Replicate<LeaveV1>();
            bus.Replicate<CoverageDayV1>();
            bus.Replicate<ChatV1>();
            bus.Replicate<AgentDayV1>(StateSigns.Keep);
            bus.Consume<CallV1, Legs>((legs, calls) => legs.Keep(calls), _ => Legs.Held, (legs, gone) => legs.Forget(gone));
            bus.Consume<RosterDayV1, RosterHistories>(
                (histories, days) => histories.Keep(days), histories => histories.Held, (histories, gone) => histories.Forget(gone));
        },
        work => work.Retain<Legs>(),
        erase: places =>
        {
            places.FromTexts(ClockingErasure.Texts);
            places.FromTexts(ExcuseErasure.Texts);
            places.FromTexts(CorrectionErasure.Texts);
            places.FromTexts(FloorDecisionErasure.Texts);
        });

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapAttendance();
        app.MapMonths();
        app.MapClockings();
        app.MapClockingImports();
        app.MapExcuses();
        app.MapPolicies();
        app.MapRegisters();
        app.MapHandovers();
        app.MapDayReviews();
        app.MapFloor();
        app.MapFloorOutlook();
        app.MapBreaches();
        app.MapFloorDecisions();
        return app;
    }

    private static void Store(StoreOptions marten)
    {
        marten.Events.AddMaskingRuleForProtectedInformation<ClockingVoided>(e => e with { Reason = "" });
        marten.Events.AddMaskingRuleForProtectedInformation<ExcuseAsked>(e => e with { Evidence = "" });
        marten.Events.AddMaskingRuleForProtectedInformation<ExcuseRefused>(e => e with { Reason = "" });
        marten.Events.AddMaskingRuleForProtectedInformation<RegisterCorrected>(e => e with { Reason = "" });
        marten.Events.AddMaskingRuleForProtectedInformation<FloorDecided>(e => e with { Reason = "" });
        marten.Projections.Snapshot<Clocking>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Excuse>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<AttendancePolicy>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Handover>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<DayReview>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<FloorDecision>(SnapshotLifecycle.Inline);
        marten.Schema.For<FloorDecision>().ListedByMember(d => d.ProjectId, "floor_decision_by_project");
        marten.Schema.For<Handover>().ListedByMember(h => h.ProjectId, "handover_by_project");
        marten.Schema.For<DayReview>().ListedByMember(r => r.ProjectId, "day_review_by_project");
        marten.Projections.Snapshot<MonthRegister>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<RegisterCorrection>(SnapshotLifecycle.Inline);
        marten.Schema.For<MonthRegister>().ListedByMember(r => r.ProjectId, "register_by_project");
        marten.Schema.For<RegisterCorrection>().Index(c => c.RegisterId).Index(c => c.AgentId);
        marten.Schema.For<Excuse>().ListedByMember(e => e.ProjectId, "excuse_by_project").Index(e => new { e.AgentId, e.From });
        marten.Schema.For<Clocking>().ListedByMember(c => c.ProjectId, "clocking_by_project").Index(c => new { c.AgentId, c.ClockedAt });
        marten.Schema.For<RosterHistory>().ListedByMember(d => d.ProjectId, "roster_history_by_project")
            .Index(d => new { d.ProjectId, d.Date }).Index(d => new { d.AgentId, d.Date });
        marten.Schema.For<AgentDayV1>()
            .Index(d => new { d.AgentId, d.Date }).Index(d => new { d.ProjectId, d.Date });
        marten.Schema.For<ChatV1>().Index(c => new { c.ProjectId, c.LastAt });
        marten.Schema.For<CoverageDayV1>().Index(c => new { c.ProjectId, c.Date });
        marten.Schema.For<LeaveV1>().Index(l => l.AgentId);
        marten.Schema.For<EmployeeV1>().Index(e => e.StaffNumber);
    }
}
