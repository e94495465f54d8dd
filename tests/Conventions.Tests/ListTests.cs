using System.Text.RegularExpressions;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Conventions.Tests;

public sealed partial class ListTests
{
    public static TheoryData<string> Services => [.. Product.Services.Keys];

    // By the project alone, each page would be found by sorting all that the project has.
    [Theory, MemberData(nameof(Services))]
    public async Task an_index_over_a_project_goes_on_in_the_order_of_pages_or_times(string service)
    {
        await using var app = Product.Services[service](
        [
            "--environment=Development", "--ConnectionStrings:Database=Host=127.0.0.1;Port=1;Database=none",
            "--ConnectionStrings:Broker=amqp://127.0.0.1:1/none", "--Log=Fatal",
        ]);

        var schema = ((DocumentStore)app.Services.GetRequiredService<IDocumentStore>()).Storage.ToDatabaseScript();

        Alone().Matches(schema).Select(index => index.Value).Should().BeEmpty("ListedBy makes one that can be read a page at a time");
    }

    [GeneratedRegex(@"CREATE INDEX \w+ ON \S+ USING btree \((project_id|\(CAST\(data ->> 'ProjectId' as uuid\)\))\);")]
    private static partial Regex Alone();
}
