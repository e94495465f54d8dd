using System.Text;
using System.Text.RegularExpressions;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Web;

/// <summary>Names the caller and the request's reason to whatever the request stores.</summary>
internal static partial class Acting
{
    public const string ReasonHeader = "X-Reason";

    private const int LongestReason = 500;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void UseActor(this WebApplication app) => app.Use(async (context, next) =>
    {
        var caller = Caller.Of(context);
        var reason = ReasonOf(context.Request);

        if (caller.Id != Guid.Empty)
            Actor.Current = caller.Roles.SetEquals(["integrator"]) ? Actor.System(caller.Id, reason) : Actor.Person(caller.Id, reason);

        await next(context);
    });

    private static string? ReasonOf(HttpRequest request)
    {
        var header = request.Headers[ReasonHeader];
        if (header.Count == 0)
            return null;

        var reason = header.Count == 1 ? Decoded(header.ToString())?.Trim() : null;

        return reason is { Length: > 0 and <= LongestReason } && Text.IsVisible(reason) && !reason.Any(char.IsControl)
            && Text.Fault(reason) is null
            ? FreeTexts.Masked(Text.Composed(reason))
            : throw new UnreadableException(
                ReasonHeader, $"{ReasonHeader} is 1 to {LongestReason} characters, one line, percent-encoded UTF-8.");
    }

    // Strictly: half an escape, or what is no UTF-8, would be kept for ever as something that nobody meant.
    private static string? Decoded(string text)
    {
        if (text.Any(c => c is < ' ' or > '~') || Escapes().Replace(text, "").Contains('%', StringComparison.Ordinal))
            return null;

        try
        {
            var bytes = Escapes().Replace(text, escape => $"{(char)Convert.ToByte(escape.Value[1..], 16)}");
            return Strict.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escapes();
}
