using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace CallCenter.Web;

/// <summary>Pages and mails that are made from templates.</summary>
public static class Html
{
    /// <summary>Escapes what is markup and leaves every script of the world readable.</summary>
    public static HtmlEncoder Encoder { get; } = HtmlEncoder.Create(UnicodeRanges.All);
}
