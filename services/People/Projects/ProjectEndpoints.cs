using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.People.Projects.ProjectDecider;

namespace CallCenter.People.Projects;

internal static class ProjectEndpoints
{
    private static readonly Guid Manager = new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b03");
    private static readonly Opening[] Hours =
        [new(DayOfWeek.Monday, new(8, 0), new(20, 0)), new(DayOfWeek.Saturday, new(9, 0), new(13, 0))];
    private static readonly Queue[] Queues = [new("billing", "Billing", "voice", ServiceLevelSeconds: 20)];
    private static readonly TargetRequest ServiceLevel = new("service-level", 0.8m, new(2026, 1, 1));
    private static readonly ReaderRequest Reader = new(Manager, "ops@example.com", "zh-CN");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapProjects()
        {
            var projects = routes.MapGroup("/projects")
                .WithTag("Projects", "Client projects and what was agreed for them: opening hours, queues, targets, digest readers.");

            projects.MapPost("/", Open).Describe("Open a client project",
                new OpenProjectRequest("Acme care", "Acme", "Asia/Shanghai", Hours, Queues, [ServiceLevel], []),
                ["name", "unknown-zone", "closes-before-opens", "overlapping-hours", "queue-code", "channel", "duplicate-queue",
                 "service-level-seconds", "duplicate-target", "unknown-kpi", "target-value", "target-scope", "ends-before-start",
                 "duplicate-reader",
                 "unknown-reader", "project-exists", Namesakes.Taken]);
            projects.MapPut("/{id:guid}", Change).Describe("Rename a project or its client, or move its reporting week",
                new ChangeProjectRequest("Acme care", "Acme", DayOfWeek.Monday), ["name", Namesakes.Taken]);
            projects.MapPut("/{id:guid}/opening-hours", SetHours).Describe("Say when a project is open",
                new OpeningHoursRequest(Hours), ["closes-before-opens", "overlapping-hours"]);
            projects.MapPut("/{id:guid}/queues", SetQueues).Describe("Say which queues a project has",
                new QueuesRequest(Queues), ["name", "queue-code", "channel", "duplicate-queue", "service-level-seconds"]);
            projects.MapPost("/{id:guid}/targets", Agree).Describe("Agree on a new version of a KPI target; earlier ones keep their days",
                ServiceLevel, ["target-agreed", "unknown-kpi", "target-value", "target-scope", "ends-before-start"]);
            projects.MapPut("/{id:guid}/digest-readers", SetReaders).Describe("Say who gets the weekly digest",
                new ReadersRequest([Reader]), ["duplicate-reader", "unknown-reader"]);
        }
    }

    private static async Task<WriteResult> Open(
        OpenProjectRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        Zones.Require("/zone", request.Zone);
        var readers = request.DigestReaders ?? [];
        var command = new OpenProject(
            id.Value, Names.Require("/name", request.Name), Names.Require("/client", request.Client), request.Zone, request.WeekStartsOn,
            ProjectRules.Hours(request.OpeningHours), ProjectRules.Queues(request.Queues), ProjectRules.Targets(request.Targets ?? []),
            ProjectRules.Readers(readers), await session.StoreAddresses(id.Value, readers, caller, cancellation), caller.Now);
        await session.MustBeFree(command.Name, command.Client, id.Value, caller, cancellation);

        return new(await session.Start<Project>(id.Value, state => Decide(command, state), cancellation), $"/projects/{id.Value}");
    }

    private static async Task<WriteResult> Change(
        Guid id, ChangeProjectRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(id);
        var command = new ChangeProject(
            Names.Require("/name", request.Name), Names.Require("/client", request.Client), request.WeekStartsOn, caller.Now);
        if (await session.LoadAsync<Project>(id, cancellation) is { } known
            && (known.Name, known.Client) != (command.Name, command.Client))
            await session.MustBeFree(command.Name, command.Client, id, caller, cancellation);

        return new(await session.Decide<Project>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    // Two clients may both call theirs "Support".
    private static Task MustBeFree(
        this IDocumentSession session, string name, string client, Guid id, Caller caller, CancellationToken cancellation) =>
        session.MustBeFree(name, client,
            session.Query<Project>().Where(p => p.Id != id).OrderBy(p => p.Id), p => (p.Name, p.Client),
            first => caller.Sees(first.Id) ? $"/projects/{first.Id}" : null, cancellation);

    private static async Task<WriteResult> SetHours(
        Guid id, OpeningHoursRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        caller.MustSee(id);
        var command = new SetOpeningHours(ProjectRules.Hours(request.OpeningHours), caller.Now);

        return new(await session.Decide<Project>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> SetQueues(
        Guid id, QueuesRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(id);
        var command = new SetQueues(ProjectRules.Queues(request.Queues), caller.Now);

        return new(await session.Decide<Project>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Agree(
        Guid id, TargetRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(id);
        var command = new AgreeTarget(ProjectRules.Target("", request), caller.Now);

        return new(await session.Decide<Project>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> SetReaders(
        Guid id, ReadersRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(id);
        var readers = ProjectRules.Readers(request.DigestReaders);
        var readdressed = await session.StoreAddresses(id, request.DigestReaders, caller, cancellation);
        var command = new SetDigestReaders(readers, readdressed, caller.Now);

        return new(await session.Decide<Project>(id, expected.Value, state => Decide(command, state), cancellation));
    }
}
