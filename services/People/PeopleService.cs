using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Employment;
using CallCenter.People.Imports;
using CallCenter.People.Posts;
using CallCenter.People.Projects;
using CallCenter.People.Retention;
using CallCenter.People.Teams;
using CallCenter.Web;
using JasperFx.Events.Projections;
using Marten;

namespace CallCenter.People;

public static class PeopleService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        var posts = new PostList(builder.Configuration);
        builder.Services.AddSingleton(posts);
        builder.AddService("people", Configure, publish =>
        {
            publish.Stream<Employee>((streams, query, cancellation) => PeopleFacts.Employees(streams, posts, query, cancellation));
            publish.Stream<Project>(PeopleFacts.Projects);
            publish.Stream<Team>(PeopleFacts.Team);
            publish.Derived<ProjectRetention>((streams, _, _) => Task.FromResult<IReadOnlyList<StreamFact>>(
                [.. streams.Select(s => s.State.ToFact(s.Id, s.Version))]));
        },
        bus => bus.Hear<HoldStandsV1>(RetentionEndpoints.PlaceAgain),
        work =>
        {
            work.Every<DatedChangesJob>("dated-changes", "DatedChanges:Every", TimeSpan.FromHours(1));
            work.Every<OffboardingJob>("offboarding", "Offboarding:Every", TimeSpan.FromHours(1));
        },
        places =>
        {
            places.From<EmployeeErasedV1>("records", async (services, erased, cancellation) =>
            {
                await services.GetRequiredService<IDocumentStore>().EraseTexts([erased.Id], cancellation);
                return 1;
            });
            places.OnceMore(ErasureEndpoints.EraseOnceMore);
        });

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapProjects();
        app.MapProjectViews();
        app.MapRetention();
        app.MapTeams();
        app.MapTeamViews();
        app.MapEmployees();
        app.MapErasure();
        app.MapEmployeeViews();
        app.MapPositions();
        app.MapPosts();
        app.MapImports();
        return app;
    }

    private static void Configure(StoreOptions marten)
    {
        marten.Projections.Snapshot<Employee>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Team>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<Project>(SnapshotLifecycle.Inline);
        marten.Projections.Snapshot<ProjectRetention>(SnapshotLifecycle.Inline);
        marten.Schema.For<Team>().ListedByMember(t => t.ProjectId, "team_by_project");
        marten.Schema.For<StaffNumber>();
        marten.Schema.For<PersonDetails>();
        marten.Schema.For<DigestAddresses>();
    }
}
