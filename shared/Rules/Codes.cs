using System.Text.Json;

namespace CallCenter.Rules;

public static class CodeExtensions
{
    extension(Enum value)
    {
        /// <summary>The value as it is written outside, in bodies, addresses, files and facts: its name in kebab-case.</summary>
        public string Code => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
    }
}
