using System.Text.RegularExpressions;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

/// <summary>What makes the content of a form a form. All that is wrong is said at once, each with its place.</summary>
public sealed partial class FormRules
{
    internal const int TitleLength = 128, QuestionLength = 350;
    internal const decimal MaxPoints = 10_000;
    private const int MaxSections = 100, MaxQuestions = 100, MaxDisputeDays = 45, InstructionsLength = 1024;

    private readonly List<Error> errors = [];
    private readonly HashSet<string> codes = [];

    /// <exception cref="InvalidException">422 with every rule the content breaks.</exception>
    public static void Check(FormContent form, string pointer = "/content")
    {
        var rules = new FormRules();
        rules.Form(form, pointer);

        if (rules.errors.Count > 0)
            throw new InvalidException(rules.errors);
    }

    private void Form(FormContent form, string at)
    {
        Title(form.Title, $"{at}/title", TitleLength);
        Instructions(form.Instructions, $"{at}/instructions");
        Percent(form.PassMark, $"{at}/passMark");
        Require(form.DisputeDays is >= 0 and <= MaxDisputeDays, $"{at}/disputeDays", "dispute-days-out-of-range",
            $"Disputes stay open for 0 to {MaxDisputeDays} days.");

        if (!Count(form.Sections, 1, MaxSections, $"{at}/sections"))
            return;

        foreach (var (i, section) in form.Sections.Index())
            Section(section, form.Weighting, $"{at}/sections/{i}");

        Require(form.Sections.Sum(section => section.Questions.Count) <= MaxQuestions, $"{at}/sections", "too-many-questions",
            $"A form has at most {MaxQuestions} questions.");

        if (errors.Count == 0)
            Weights(form, at);
    }

    // In decimal, so that 99.999999 and 0.1 + 0.2 are what they look like.
    private void Weights(FormContent form, string at)
    {
        var weights = form.Weighting is Weighting.Questions ? form.Questions.Select(q => q.Weight) : form.Sections.Select(s => s.Weight);
        var sum = weights.Sum(weight => weight!.Value);

        Require(sum == 100, $"{at}/sections", "weights-not-100", FormattableString.Invariant($"The weights sum to {sum}, not to 100."));
    }

    private void Section(Section section, Weighting weighting, string at)
    {
        Code(section.Code, $"{at}/code", "section");
        Title(section.Title, $"{at}/title", TitleLength);
        Weight(section.Weight, weighting is Weighting.Sections, $"{at}/weight");

        if (section.PassMark is { } mark)
            Percent(mark, $"{at}/passMark");

        if (!Count(section.Questions, 1, MaxQuestions, $"{at}/questions"))
            return;

        foreach (var (i, question) in section.Questions.Index())
            question.Check(this, weighting, $"{at}/questions/{i}");
    }

    internal void Code(string code, string at, string kind)
    {
        WellFormed(code, at);
        Require(codes.Add($"{kind}/{code}"), at, "duplicate-code", $"Another {kind} has this code.");
    }

    internal void WellFormed(string? code, string at) => Require(code is not null && CodePattern().IsMatch(code), at, "malformed-code",
        "A code is lower-case letters, digits and hyphens, at most 50, a letter first.");

    internal void Weight(decimal? weight, bool belongsHere, string at)
    {
        Require((weight is not null) == belongsHere, at, "weight-misplaced",
            belongsHere ? "The form's weighting asks for a weight here." : "The form's weighting puts no weight here.");

        if (weight is { } value)
            Require(value is >= 0 and <= 100 && Fine(value), at, "weight-out-of-range", "A weight is 0 to 100, with at most six decimals.");
    }

    private void Percent(decimal value, string at) =>
        Require(value is >= 0 and <= 100 && Fine(value), at, "mark-out-of-range", "A mark is 0 to 100, with at most six decimals.");

    internal void Instructions(IReadOnlyDictionary<string, string>? text, string at)
    {
        if (text is not null)
            Title(text, at, InstructionsLength);
    }

    internal void Title(IReadOnlyDictionary<string, string> text, string at, int longest)
    {
        Require(text.Count > 0, at, "text-missing", "Text in at least one language is needed.");

        foreach (var (language, words) in text)
        {
            Require(LanguageTag().IsMatch(language), at, "unknown-language", "Languages are named like en or zh-CN.");
            Require(words is not null && Text.IsVisible(words) && words.Length <= longest, at, "text-length",
                $"Text has 1 to {longest} characters, something visible among them.");
        }
    }

    internal bool Count<T>(IReadOnlyList<T> items, int least, int most, string at)
    {
        // The serializer lets null in as an item of a list.
        var fits = items.Count >= least && items.Count <= most && items.All(item => item is not null);
        Require(fits, at, "wrong-count", $"There are {least} to {most} of these, none of them null.");

        return fits;
    }

    internal void Require(bool holds, string pointer, string code, string message)
    {
        if (!holds)
            errors.Add(new Error(pointer, code, message));
    }

    private static bool Fine(decimal value) => decimal.Round(value, 6) == value;

    internal static bool ArePoints(decimal value) => value is >= 0 and <= MaxPoints && Fine(value);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,49}\\z")]
    private static partial Regex CodePattern();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\\z")]
    private static partial Regex LanguageTag();
}
