using System.ComponentModel.DataAnnotations;

namespace CallCenter.Rules;

/// <summary>A code or an id, as <see cref="Text.IsLine"/> has it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class LineAttribute() : ValidationAttribute("{0} is one line of text with something visible in it.")
{
    /// <summary>A member that is left out is another rule's business.</summary>
    public override bool IsValid(object? value) => value is not string text || Text.IsLine(text);
}
