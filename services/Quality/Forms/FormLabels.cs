using System.Diagnostics.CodeAnalysis;
using CallCenter.Web;

namespace CallCenter.Quality.Forms;

/// <summary>
/// What a form says to whoever reads it: of each text, which stands in the form in all its languages, the one in theirs. It is not sent
/// back; a form that is changed is the form itself.
/// </summary>
/// <param name="Title">What the form is called.</param>
/// <param name="Instructions">For the inspector; null where there are none.</param>
/// <param name="Sections">What each is called, subsections among them, by its code.</param>
/// <param name="Questions">What each says, by its code.</param>
/// <param name="Bands">What each is called, by its code; null where there are none.</param>
/// <param name="WordLists">What each is called, by its code; null where there are none.</param>
public sealed record FormLabels(
    string Title, string? Instructions, IReadOnlyDictionary<string, string> Sections,
    IReadOnlyDictionary<string, QuestionLabels> Questions, IReadOnlyDictionary<string, string>? Bands = null,
    IReadOnlyDictionary<string, string>? WordLists = null)
{
    [return: NotNullIfNotNull(nameof(form))]
    internal static FormLabels? Of(FormContent? form, Language language) => form is null ? null : new(
        language.Choose(form.Title),
        form.Instructions is { } instructions ? language.Choose(instructions) : null,
        form.Sections
            .SelectMany(section =>
                (section.Subsections ?? []).Select(part => (part.Code, part.Title)).Prepend((section.Code, section.Title)))
            .ToDictionary(section => section.Code, section => language.Choose(section.Title)),
        form.Questions.ToDictionary(question => question.Code, question => QuestionLabels.Of(question, language)),
        form.Bands?.ToDictionary(band => band.Code, band => language.Choose(band.Title)),
        form.WordLists?.ToDictionary(list => list.Code, list => language.Choose(list.Title)));
}

/// <param name="Title">What is asked.</param>
/// <param name="Instructions">For the inspector; null where there are none.</param>
/// <param name="Choices">What each is called, by its code; null where it has none.</param>
public sealed record QuestionLabels(string Title, string? Instructions, IReadOnlyDictionary<string, string>? Choices)
{
    internal static QuestionLabels Of(Question question, Language language) => new(
        language.Choose(question.Title),
        question.Instructions is { } instructions ? language.Choose(instructions) : null,
        question.Choices?.ToDictionary(choice => choice.Code, choice => language.Choose(choice.Title)));
}
