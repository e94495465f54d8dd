using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace CallCenter.Web;

/// <summary>
/// Who may call which route: the service's <c>access.csv</c>, one line per route (<c>method,route,roles</c>; roles
/// separated by <c>|</c>, <c>*</c> for everybody signed in, <c>-</c> for no sign-in). What it does not list is refused.
/// </summary>
public sealed class AccessTable
{
    private readonly FrozenDictionary<(string Method, string Route), FrozenSet<string>> rules;

    private AccessTable(string table) => rules = table.Split('\n')
        .Skip(1).Where(line => line.Trim().Length > 0).Select(line => line.Split(','))
        .ToFrozenDictionary(cells => (cells[0].Trim(), cells[1].Trim()), cells => cells[2].Trim().Split('|').ToFrozenSet());

    /// <summary>The table that travels inside the service's assembly.</summary>
    public static AccessTable Of(Assembly service)
    {
        using var table = service.GetManifestResourceStream("access.csv")
            ?? throw new InvalidOperationException($"{service.GetName().Name} has no access.csv.");
        return new AccessTable(new StreamReader(table).ReadToEnd());
    }

    /// <summary>The roles there are; what else a token names, as identity providers do, is no role here.</summary>
    public static readonly FrozenSet<string> KnownRoles = FrozenSet.Create(
        "agent", "supervisor", "inspector", "trainer", "scheduler", "project-manager", "operations-manager", "admin", "integrator");

    /// <summary>Of a person's roles those by which a route admits them; none when it does not.</summary>
    public IReadOnlySet<string> Admitted(string method, string route, IEnumerable<string> roles)
    {
        var admits = Roles(method, route) ?? FrozenSet<string>.Empty;

        return roles.Where(role => KnownRoles.Contains(role) && (admits.Contains(role) || admits.Contains("*"))).ToHashSet();
    }

    /// <summary>The roles a route admits; null when the table does not list it.</summary>
    public IReadOnlySet<string>? Roles(string method, string route) => rules.GetValueOrDefault((method, route));

    public IEnumerable<(string Method, string Route)> Routes => rules.Keys;

    /// <summary>A pattern as the table writes it: leading slash, no trailing one.</summary>
    public static string RouteOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}

/// <summary>The roles by which the route of this request admits its caller.</summary>
internal sealed record AdmittedRoles(IReadOnlySet<string> Roles);

/// <summary>The only scheme is set up in code.</summary>
internal sealed class NoSchemesConfigured : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
}

internal static class Access
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>
        /// Bearer tokens of one issuer: keys by OIDC discovery (<c>Auth:Authority</c>) or from a key set file
        /// (<c>Auth:KeysFile</c>).
        /// </summary>
        public void AddBearerTokens()
        {
            var auth = builder.Configuration.GetSection("Auth");
            builder.Services.AddAuthorization();
            // AddAuthentication would bring data protection along, which loads keys and an XML reader at the start: nothing is protected by
            // it.
            builder.Services.AddAuthenticationCore(options => options.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
            builder.Services.AddWebEncoders();
            builder.Services.AddSingleton<IAuthenticationConfigurationProvider, NoSchemesConfigured>();
            new AuthenticationBuilder(builder.Services).AddJwtBearer(options =>
            {
                options.MapInboundClaims = false;
                options.RequireHttpsMetadata = !string.Equals(builder.Environment.EnvironmentName, "Development", StringComparison.Ordinal);
                options.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = auth["Issuer"],
                    ValidAudience = auth["Audience"] ?? "callcenter",
                    ValidTypes = ["at+jwt", "JWT"],
                    ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256],
                    RequireExpirationTime = true,
                    RequireSignedTokens = true,
                    ClockSkew = TimeSpan.FromSeconds(30),
                    NameClaimType = "sub",
                    RoleClaimType = "role",
                };

                if (auth["Authority"] is { Length: > 0 } authority)
                    options.Authority = authority;
                else if (auth["KeysFile"] is { Length: > 0 } file)
                    options.TokenValidationParameters.IssuerSigningKeys = new JsonWebKeySet(File.ReadAllText(file)).GetSigningKeys();
            });
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Refuses what the service's table does not grant, before anything of the request is read.</summary>
        public void UseAccessTable()
        {
            var table = app.Services.GetRequiredService<AccessTable>();
            var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<AccessTable>();

            app.Use(async (context, next) =>
            {
                if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                {
                    await next(context);
                    return;
                }

                var route = AccessTable.RouteOf(endpoint);
                var roles = table.Roles(context.Request.Method, route);
                var admitted = table.Admitted(context.Request.Method, route, context.User.FindAll("role").Select(claim => claim.Value));
                context.Features.Set(new AdmittedRoles(admitted));
                var signedIn = context.User.Identity?.IsAuthenticated == true
                    && Guid.TryParse(context.User.FindFirst("sub")?.Value, out var person)
                    && person != Guid.Empty; // events name who made them, and that is nobody

                if (roles?.Contains("-") == true)
                    await next(context);
                else if (!signedIn)
                    await context.ChallengeAsync();
                else if (roles is not null && (roles.Contains("*") || admitted.Count > 0))
                    await next(context);
                else
                {
                    log.LogWarning("Denied: {Person} may not {Method} {Route}", context.User.FindFirst("sub")?.Value,
                        context.Request.Method, route);
                    await context.ForbidAsync();
                }
            });
        }
    }
}
