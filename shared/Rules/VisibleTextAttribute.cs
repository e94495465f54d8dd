using System.ComponentModel.DataAnnotations;

namespace CallCenter.Rules;

/// <summary>A text that has to say something: blanks and characters that nobody sees do not.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class VisibleTextAttribute() : ValidationAttribute("{0} has nothing visible in it.")
{
    /// <summary>A member that is left out is another rule's business.</summary>
    public override bool IsValid(object? value) => value is not string text || Text.IsVisible(text);
}
