using System.Text.Encodings.Web;
using System.Text.Json;
using CallCenter.Web;

namespace CallCenter.Quality.Forms;

/// <summary>Forms as they are sent, where they are not sent: to be compared, and to be written into sheets.</summary>
internal static class FormJson
{
    public static readonly JsonSerializerOptions Options = Strict();

    /// <summary>The place that could not be read, as a pointer.</summary>
    public static string Pointer(JsonException e) =>
        (e.Path ?? "$").TrimStart('$').Replace('.', '/').Replace('[', '/').Replace("]", "", StringComparison.Ordinal)
        + (e as TextException)?.Inside;

    /// <summary>What is wrong there, in words of the contract.</summary>
    public static string Reason(JsonException e) => e is TextException ? e.Message
        : e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "There is no such member here."
        : e.Message.Contains("required", StringComparison.Ordinal) ? "Something that is needed is missing here."
        : "The value has the wrong form.";

    private static JsonSerializerOptions Strict()
    {
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        Json.Strict(options);
        return options;
    }
}
