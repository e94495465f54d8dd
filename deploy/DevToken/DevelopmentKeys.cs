using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CallCenter.DevToken;

/// <summary>Sign-in for development and tests: a key pair of one's own and tokens signed with it. Never for production.</summary>
public sealed class DevelopmentKeys
{
    public const string Issuer = "https://callcenter.local/dev";
    public const string Audience = "callcenter";

    private const string Private = "private.json";
    private const string Public = "jwks.json";
    private readonly SigningCredentials credentials;

    private DevelopmentKeys(JsonWebKey key) => credentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256);

    /// <summary>The folder's keys; they are made when there are none yet.</summary>
    /// <exception cref="InvalidOperationException">The environment is Production.</exception>
    public static DevelopmentKeys In(string folder)
    {
        RefuseProduction();
        var path = Path.Combine(folder, Private);
        if (!File.Exists(path))
            Write(folder);

        return new DevelopmentKeys(new JsonWebKey(File.ReadAllText(path)));
    }

    /// <summary>The public keys' file, for <c>Auth:KeysFile</c>.</summary>
    public static string PublicFile(string folder) => Path.Combine(folder, Public);

    /// <summary>A token for a person with roles in projects.</summary>
    public string Token(Guid person, IEnumerable<string> roles, IEnumerable<Guid> projects, TimeSpan? validFor = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            TokenType = "at+jwt",
            IssuedAt = now,
            NotBefore = now.AddSeconds(-5),
            Expires = now + (validFor ?? TimeSpan.FromHours(12)),
            Subject = new ClaimsIdentity(
            [
                new Claim("sub", person.ToString()),
                .. roles.Select(role => new Claim("role", role)),
                .. projects.Select(project => new Claim("project", project.ToString())),
            ]),
            SigningCredentials = credentials,
        });
    }

    internal static int Create(string folder)
    {
        In(folder);
        return 0;
    }

    /// <summary>Writes the token that the options ask for, or in one sentence why there is none.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(string[] options, TextWriter output, TextWriter errors)
    {
        try
        {
            if (Option(options, "--keys") is not { } folder || Option(options, "--role") is not { } roles)
                return Usage();

            var person = Option(options, "--sub") is { } sub ? Id("SUB", sub) : Guid.CreateVersion7();
            var projects = Option(options, "--project")?.Split(',').Select(project => Id("PROJECT", project)).ToList() ?? [];
            // Everybody but an administrator sees the projects of their token and no others.
            if (projects.Count == 0 && !roles.Split(',').Contains("admin"))
                throw new FormatException($"A token of {roles} without a project opens nothing: add PROJECT=<id>. "
                    + "make demo prints the id of its project, and GET /projects as an admin lists all.");

            output.WriteLine(In(folder).Token(person, roles.Split(','), projects));
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            errors.WriteLine(e.Message);
            return 1;
        }
    }

    private static Guid Id(string name, string value) => Guid.TryParse(value, out var id) ? id
        : throw new FormatException($"{name}={value} is no id: one looks like {Guid.Empty}.");

    internal static int Usage()
    {
        Console.Error.WriteLine("usage: keys FOLDER | token --keys FOLDER --role ROLE[,ROLE] [--project ID[,ID]] [--sub ID]");
        return 2;
    }

    private static string? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var i && i + 1 < options.Length && options[i + 1].Length > 0 ? options[i + 1] : null;

    private static void RefuseProduction()
    {
        foreach (var variable in new[] { "DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT" })
            if (string.Equals(Environment.GetEnvironmentVariable(variable), "Production", StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException($"{variable} is Production: tokens come from your identity provider there.");
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        using var rsa = RSA.Create(2048);
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true)));
        key.Kid = Convert.ToHexStringLower(SHA256.HashData(Base64UrlEncoder.DecodeBytes(key.N))[..8]);

        var path = Path.Combine(folder, Private);
        using (var file = new FileStream(path, FileMode.CreateNew))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            JsonSerializer.Serialize(file,
                new { kty = "RSA", kid = key.Kid, n = key.N, e = key.E, d = key.D, p = key.P, q = key.Q, dp = key.DP, dq = key.DQ,
                qi = key.QI });
        }

        File.WriteAllText(Path.Combine(folder, Public), JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = key.Kid, n = key.N, e = key.E } },
        }));
    }
}
