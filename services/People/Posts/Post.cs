using CallCenter.Web;

namespace CallCenter.People.Posts;

/// <summary>岗位: what somebody is in the organisation, beside the grade that they have as an agent.</summary>
/// <param name="Code">What an employee's position names it by.</param>
/// <param name="Chinese">Its name, as <paramref name="English"/> is.</param>
/// <param name="English">Its name.</param>
/// <param name="ReportsTo">The post above it; null at the top.</param>
/// <param name="Role">The role of access.csv that goes with it; null where the post works with nothing of the product.</param>
public sealed record Post(string Code, string Chinese, string English, string? ReportsTo = null, string? Role = null);

/// <summary>Those of <c>posts.csv</c>, and what the configuration's <c>Posts</c> adds or says otherwise, by code.</summary>
public sealed class PostList
{
    private readonly Dictionary<string, Post> posts;

    /// <exception cref="InvalidOperationException">A post reports to no post or to itself in the end, or has no role that
    /// exists.</exception>
    public PostList(IConfiguration configuration)
    {
        posts = Embedded().Concat(configuration.GetSection("Posts").Get<Post[]>() ?? [])
            .GroupBy(p => p.Code).ToDictionary(g => g.Key, g => g.Last());

        foreach (var post in posts.Values)
        {
            if (post.Role is { } role && !AccessTable.KnownRoles.Contains(role))
                throw new InvalidOperationException($"The post '{post.Code}' has the role '{role}', which does not exist.");

            if (Above(post).Take(posts.Count + 1).Count() > posts.Count)
                throw new InvalidOperationException($"The post '{post.Code}' reports to itself in the end.");
        }
    }

    public IReadOnlyList<Post> All => [.. posts.Values];

    public bool Has(string code) => posts.ContainsKey(code);

    /// <returns>Null also for a post that was taken out of the configuration.</returns>
    public string? RoleOf(string code) => posts.GetValueOrDefault(code)?.Role;

    private IEnumerable<Post> Above(Post post)
    {
        for (var code = post.ReportsTo; code is not null; code = posts[code].ReportsTo)
            yield return posts.GetValueOrDefault(code)
                ?? throw new InvalidOperationException($"The post '{post.Code}' reports to '{code}', which does not exist.");
    }

    private static IEnumerable<Post> Embedded()
    {
        using var csv = new CsvReader(typeof(PostList).Assembly.GetManifestResourceStream("posts.csv")!);
        csv.Read(); // the names of the columns

        while (csv.Read())
            yield return new(csv.Field(0)!, csv.Field(1)!, csv.Field(2)!, Optional(csv.Field(3)!), Optional(csv.Field(4)!));

        static string? Optional(string cell) => cell.Length == 0 ? null : cell;
    }
}
