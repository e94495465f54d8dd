using CallCenter.Web;

namespace CallCenter.Reporting.Digests;

/// <summary>Settings <c>Digests:*</c>, <c>Smtp:*</c> and <c>Gateway:Address</c>.</summary>
internal sealed record DigestOptions
{
    /// <summary>Local time of Monday at which a week's digest is due, unless the project's schedule says otherwise.</summary>
    public TimeOnly At { get; init; } = new(8, 0);

    /// <summary>How many missed weeks are made up for after an outage.</summary>
    public int CatchUpWeeks { get; init; } = 8;

    /// <summary>After how long a digest is taken from an instance that is not heard of; longer than a mail server is waited for.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    public string SmtpHost { get; init; } = "127.0.0.1";
    public int SmtpPort { get; init; } = 2525;
    public string? SmtpUser { get; init; }
    public string SmtpPassword { get; init; } = "";
    public string From { get; init; } = "digest@callcenter.example";

    /// <summary>Address that the links in a digest start with.</summary>
    public string Gateway { get; init; } = "";

    public string MailDomain => From[(From.IndexOf('@', StringComparison.Ordinal) + 1)..];

    public static DigestOptions Of(IConfiguration configuration)
    {
        var options = configuration.GetSection("Digests").Get<DigestOptions>() ?? new DigestOptions();

        return options with
        {
            SmtpHost = configuration["Smtp:Host"] ?? options.SmtpHost,
            SmtpPort = configuration.GetValue("Smtp:Port", options.SmtpPort),
            SmtpUser = configuration["Smtp:User"],
            SmtpPassword = configuration["Smtp:Password"] ?? "",
            From = configuration["Smtp:From"] ?? options.From,
            Gateway = PublicAddress.Of(configuration),
        };
    }
}
