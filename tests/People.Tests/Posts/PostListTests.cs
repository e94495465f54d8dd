using CallCenter.People.Posts;
using Microsoft.Extensions.Configuration;

namespace CallCenter.People.Tests.Posts;

public class PostListTests
{
    // Requirement S0-16.
    [Fact]
    public void the_eleven_posts_of_the_documents_are_there() =>
        With().All.Select(p => p.Chinese).Should().Equal(
            "运营总监", "运营经理", "营销经理", "运营主管", "淘宝店长", "客服主管", "运维专员", "文案策划", "淘宝客服", "推广专员", "淘宝美工");

    [Theory]
    [InlineData("operations-director", "operations-manager")]
    [InlineData("customer-service-supervisor", "supervisor")]
    [InlineData("customer-service-agent", "agent")]
    [InlineData("designer", null)]
    [InlineData("no-such-post", null)]
    public void a_post_has_the_role_that_goes_with_it(string post, string? role) => With().RoleOf(post).Should().Be(role);

    [Fact]
    public void the_configuration_adds_posts_and_says_otherwise_by_code()
    {
        var posts = With(("0:Code", "trainer"), ("0:Chinese", "培训专员"), ("0:English", "Trainer"), ("0:Role", "trainer"),
            ("0:ReportsTo", "operations-manager"),
            ("1:Code", "designer"), ("1:Chinese", "美工"), ("1:English", "Artist"));

        posts.All.Should().HaveCount(12).And.ContainSingle(p => p.English == "Artist");
        posts.RoleOf("trainer").Should().Be("trainer");
    }

    [Theory]
    [InlineData("Role", "boss")]
    [InlineData("ReportsTo", "nobody")]
    [InlineData("ReportsTo", "designer")]
    public void a_configuration_that_makes_no_sense_is_refused_at_the_start(string member, string value)
    {
        var start = () => With(("0:Code", "designer"), ("0:Chinese", "美工"), ("0:English", "Artist"), ($"0:{member}", value));

        start.Should().Throw<InvalidOperationException>().WithMessage("The post 'designer'*");
    }

    private static PostList With(params (string Key, string Value)[] settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Posts:{s.Key}", (string?)s.Value))).Build());
}
