using Microsoft.Extensions.Configuration;

namespace CallCenter.Web;

/// <summary>
/// Where people reach the product: the gateway. Setting <c>Gateway:Address</c>; what a request calls us is its sender's word.
/// </summary>
public static class PublicAddress
{
    public static string Of(IConfiguration configuration) =>
        (configuration["Gateway:Address"] is { Length: > 0 } address ? address : "http://localhost:8080").TrimEnd('/');
}
