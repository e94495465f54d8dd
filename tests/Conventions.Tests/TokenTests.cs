using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CallCenter.DevToken;
using CallCenter.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CallCenter.Conventions.Tests;

/// <summary>Tokens that must not open the door, whatever they claim.</summary>
public sealed class TokenTests(PeopleApi api) : IClassFixture<PeopleApi>
{
    private static readonly string Person = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task a_token_of_the_issuer_opens_the_door() =>
        (await Status(api.Token(Guid.Parse(Person), "admin"))).Should().Be(HttpStatusCode.OK);

    [Fact]
    public async Task a_token_of_nobody_is_refused() =>
        (await Status(api.Token(Guid.Empty, "admin"))).Should().Be(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    public async Task a_token_without_signature_is_refused(string algorithm) =>
        (await Status($"{Part(new { alg = algorithm, typ = "at+jwt" })}.{Part(Claims())}.")).Should().Be(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task the_public_key_is_no_shared_secret()
    {
        var publicKey = await File.ReadAllBytesAsync(DevelopmentKeys.PublicFile(Path.Combine(api.Folder, "keys")));
        var unsigned = $"{Part(new { alg = "HS256", typ = "at+jwt" })}.{Part(Claims())}";
        var signature = Base64UrlEncoder.Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(unsigned)));

        (await Status($"{unsigned}.{signature}")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("kid", "../../dev/null")]
    [InlineData("jku", "http://127.0.0.1:9/keys")]
    [InlineData("x5u", "http://127.0.0.1:9/keys")]
    [InlineData("crit", "unknown")]
    public async Task a_header_does_not_choose_the_key(string header, string value)
    {
        using var rsa = RSA.Create(2048);
        var token = new JsonWebTokenHandler()
            .CreateToken(Descriptor(new SigningCredentials(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256), header, value));

        (await Status(token)).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task an_embedded_key_is_not_believed()
    {
        using var rsa = RSA.Create(2048);
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)));
        var unsigned = $"{Part(new { alg = "RS256", typ = "at+jwt", jwk = new { kty = "RSA", n = key.N, e = key.E } })}.{Part(Claims())}";
        var signature = Base64UrlEncoder.Encode(
            rsa.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        (await Status($"{unsigned}.{signature}")).Should().Be(HttpStatusCode.Unauthorized);
    }

    public static TheoryData<string, object?> WrongClaims => new()
    {
        { "exp", 1_500_000_000 }, { "exp", null }, { "exp", "tomorrow" }, { "exp", 1e30 },
        { "nbf", 4_000_000_000L }, { "iss", "https://elsewhere.example" }, { "iss", null }, { "aud", "another" }, { "aud", null },
    };

    [Theory, MemberData(nameof(WrongClaims))]
    public async Task a_wrong_or_missing_claim_is_refused(string claim, object? value) =>
        (await Status(Signed(claims => claims[claim] = value))).Should().Be(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("id+jwt")]
    [InlineData("JOSE")]
    public async Task a_token_of_another_type_is_refused(string type) =>
        (await Status(Signed(_ => { }, type))).Should().Be(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task a_token_for_nobody_is_refused() =>
        (await Status(Signed(claims => claims["sub"] = "not-an-id"))).Should().Be(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task the_hand_made_token_is_good_as_long_as_nothing_is_changed() =>
        (await Status(Signed(_ => { }))).Should().Be(HttpStatusCode.OK);

    [Theory]
    [InlineData("inspector", null, null, "A token of inspector without a project opens nothing: add PROJECT=<id>.")]
    [InlineData("inspector", "abc", null, "PROJECT=abc is no id")]
    [InlineData("admin", null, "12", "SUB=12 is no id")]
    public void a_token_that_opens_nothing_is_not_made(string role, string? project, string? person, string why)
    {
        var (code, said, errors) = Asked(role, project, person);

        code.Should().Be(1);
        said.Should().BeEmpty();
        errors.Should().StartWith(why);
    }

    [Theory]
    [InlineData("admin", null)]
    [InlineData("admin,inspector", null)]
    [InlineData("inspector", "0195a000-0000-7000-8000-000000000001,0195a000-0000-7000-8000-000000000002")]
    public async Task a_token_that_is_asked_for_opens_the_door(string role, string? project)
    {
        var (code, said, errors) = Asked(role, project, person: null);

        code.Should().Be(0, errors);
        (await Status(said.Trim())).Should().Be(HttpStatusCode.OK);
    }

    private (int Code, string Said, string Errors) Asked(string role, string? project, string? person)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = DevelopmentKeys.Print(
            ["--keys", Path.Combine(api.Folder, "keys"), "--role", role, "--project", project ?? "", "--sub", person ?? ""], output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private async Task<HttpStatusCode> Status(string token)
    {
        using var client = api.Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        var response = await client.GetAsync(new Uri("/employees", UriKind.Relative));
        if (response.StatusCode is HttpStatusCode.Unauthorized)
            response.Headers.WwwAuthenticate.Should().Contain(h => h.Scheme == "Bearer");
        return response.StatusCode;
    }

    private string Signed(Action<Dictionary<string, object?>> change, string type = "at+jwt")
    {
        var key = new JsonWebKey(File.ReadAllText(Path.Combine(api.Folder, "keys", "private.json")));
        var claims = Claims();
        change(claims);
        foreach (var gone in claims.Where(c => c.Value is null).Select(c => c.Key).ToList())
            claims.Remove(gone);

        var unsigned = $"{Part(new { alg = "RS256", typ = type, kid = key.Kid })}.{Part(claims)}";
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E),
                D = Base64UrlEncoder.DecodeBytes(key.D),
            P = Base64UrlEncoder.DecodeBytes(key.P), Q = Base64UrlEncoder.DecodeBytes(key.Q), DP = Base64UrlEncoder.DecodeBytes(key.DP),
            DQ = Base64UrlEncoder.DecodeBytes(key.DQ), InverseQ = Base64UrlEncoder.DecodeBytes(key.QI),
        });
        return $"{unsigned}.{Base64UrlEncoder.Encode(rsa.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static SecurityTokenDescriptor Descriptor(SigningCredentials credentials, string header, string value) => new()
    {
        Issuer = DevelopmentKeys.Issuer, Audience = DevelopmentKeys.Audience, TokenType = "at+jwt", SigningCredentials = credentials,
        Subject = new ClaimsIdentity([new Claim("sub", Person), new Claim("role", "admin")]),
        AdditionalHeaderClaims = header == "kid" ? null
            : new Dictionary<string, object> { [header] = header == "crit" ? new[] { value } : value },
    };

    private static Dictionary<string, object?> Claims() => new()
    {
        ["iss"] = DevelopmentKeys.Issuer, ["aud"] = DevelopmentKeys.Audience, ["sub"] = Person, ["role"] = "admin",
        ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(), ["nbf"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds(),
    };

    private static string Part(object json) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(json));
}
