using System.Net;
using System.Text.RegularExpressions;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

public sealed class PeopleApi() : ServiceFixture("people", Product.Services["people"]);

public sealed class CallsApi() : ServiceFixture("calls", Product.Services["calls"])
{
    protected override IEnumerable<string> Settings => [$"--Recordings:Folder={Folder}/recordings", $"--Imports:Folder={Folder}/imports"];
}

public sealed class QualityApi() : ServiceFixture("quality", Product.Services["quality"]);

public sealed class TrainingApi() : ServiceFixture("training", Product.Services["training"]);

public sealed class SchedulingApi() : ServiceFixture("scheduling", Product.Services["scheduling"]);

public sealed class AttendanceApi() : ServiceFixture("attendance", Product.Services["attendance"]);

public sealed class ReportingApi() : ServiceFixture("reporting", Product.Services["reporting"]);

public sealed class PeopleAccess(PeopleApi api) : AccessTests(api, "people"), IClassFixture<PeopleApi>;

public sealed class CallsAccess(CallsApi api) : AccessTests(api, "calls"), IClassFixture<CallsApi>;

public sealed class QualityAccess(QualityApi api) : AccessTests(api, "quality"), IClassFixture<QualityApi>;

public sealed class TrainingAccess(TrainingApi api) : AccessTests(api, "training"), IClassFixture<TrainingApi>;

public sealed class SchedulingAccess(SchedulingApi api) : AccessTests(api, "scheduling"), IClassFixture<SchedulingApi>;

public sealed class AttendanceAccess(AttendanceApi api) : AccessTests(api, "attendance"), IClassFixture<AttendanceApi>;

public sealed class ReportingAccess(ReportingApi api) : AccessTests(api, "reporting"), IClassFixture<ReportingApi>;

/// <summary>Every cell of the tables that says no is tried over HTTP.</summary>
public abstract partial class AccessTests(ServiceFixture api, string service)
{
    [Fact]
    public async Task every_role_that_a_route_does_not_name_is_forbidden()
    {
        var table = Product.Access(service);
        var tried = 0;

        foreach (var (method, route) in table.Routes)
        {
            var admitted = table.Roles(method, route)!;
            if (admitted.Contains("*") || admitted.Contains("-"))
                continue;

            foreach (var role in Product.Roles.Except(admitted))
            {
                using var client = api.As(Guid.CreateVersion7(), role, Guid.CreateVersion7());
                var response = await client.Send(new HttpMethod(method), Concrete(route));
                response.StatusCode.Should().Be(HttpStatusCode.Forbidden, $"{role} may not {method} {route}");
                tried++;
            }
        }

        tried.Should().BePositive();
    }

    [Fact]
    public async Task nobody_gets_in_without_a_token()
    {
        var table = Product.Access(service);
        using var client = api.Anonymous();

        foreach (var (method, route) in table.Routes.Where(r => !table.Roles(r.Method, r.Route)!.Contains("-")))
            (await client.Send(new HttpMethod(method), Concrete(route))).StatusCode.Should()
                .Be(HttpStatusCode.Unauthorized, $"{method} {route}");
    }

    // A job that has run says what it set aside: until then there is nothing to count.
    [Fact]
    public async Task its_metrics_are_those_of_the_page()
    {
        using var client = api.Anonymous();
        string[] scraped = [];

        // What could not be measured in time, and what no job has told yet, is on one of the next pages.
        await Eventually.True(async () =>
        {
            scraped = [.. MetricPageTests.In(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)))];
            return !MetricPageTests.Of(service).Except(scraped).Any();
        }, "every row of the page");

        scraped.Should().BeEquivalentTo(MetricPageTests.Of(service));
    }

    private static string Concrete(string route) => Parameter().Replace(route, p =>
        p.Value.Contains(":guid", StringComparison.Ordinal) ? "01890000-0000-7000-8000-000000000001"
        : p.Value.Contains(":int", StringComparison.Ordinal) ? "1"
        : p.Value.Contains("date", StringComparison.OrdinalIgnoreCase) || p.Value.Contains("week", StringComparison.OrdinalIgnoreCase)
            ? "2026-03-02" : "x");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
