using System.Text.RegularExpressions;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

/// <summary>What makes the content of a form a form. All that is wrong is said at once, each with its place.</summary>
public sealed partial class FormRules
{
    private const int MaxSections = 100, MaxQuestions = 100, MaxDisputeDays = 45;
    private const int TitleLength = 128, QuestionLength = 350, InstructionsLength = 1024;
    private const decimal MaxPoints = 10_000, MaxBound = 1_000_000_000;

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
        Require(form.DisputeDays is >= 0 and <= MaxDisputeDays, $"{at}/disputeDays", "dispute-days-out-of-range", $"Disputes stay open for 0 to {MaxDisputeDays} days.");

        if (!Count(form.Sections, 1, MaxSections, $"{at}/sections"))
            return;

        foreach (var (i, section) in form.Sections.Index())
            Section(section, form.Weighting, $"{at}/sections/{i}");

        Require(form.Sections.Sum(section => section.Questions.Count) <= MaxQuestions, $"{at}/sections", "too-many-questions", $"A form has at most {MaxQuestions} questions.");

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
            Question(question, weighting, $"{at}/questions/{i}");
    }

    private void Question(Question question, Weighting weighting, string at)
    {
        Code(question.Code, $"{at}/code", "question");
        Title(question.Title, $"{at}/title", QuestionLength);
        Instructions(question.Instructions, $"{at}/instructions");
        Weight(question.Weight, weighting is Weighting.Questions, $"{at}/weight");

        Require((question.Choices is not null) == question.Kind is QuestionKind.SingleSelect, $"{at}/choices", "kind-mismatch", "Choices are for single-select, and needed there.");
        Require((question.Yes is not null && question.No is not null) == question.Kind is QuestionKind.YesNo
            && (question.Yes is null) == (question.No is null), $"{at}/yes", "kind-mismatch", "Yes and no are for yes-no, and both needed there.");
        Require((question.Ranges is not null) == question.Kind is QuestionKind.Number, $"{at}/ranges", "kind-mismatch", "Ranges are for number, and needed there.");

        if (question.Choices is { } choices && Count(choices, 2, 256, $"{at}/choices"))
            Choices(choices, $"{at}/choices");
        if (question.Ranges is { } ranges && Count(ranges, 1, 100, $"{at}/ranges"))
            Ranges(ranges, $"{at}/ranges");

        var points = question.Choices?.Contains(null!) == true || question.Ranges?.Contains(null!) == true
            ? [] : question.Outcomes.Select(outcome => outcome.Points).ToList();
        Require(points.All(p => p is >= 0 and <= MaxPoints && Fine(p)), at, "points-out-of-range", $"Points are 0 to {MaxPoints}, with at most six decimals.");
        Require(question.Weight is null or 0 || points.Any(p => p > 0), at, "no-points", "A question with a weight needs an answer that earns points.");
    }

    private void Choices(IReadOnlyList<Choice> choices, string at)
    {
        foreach (var (i, choice) in choices.Index())
        {
            Require(IsCode(choice.Code), $"{at}/{i}/code", "malformed-code", "A code is lower-case letters, digits and hyphens, at most 50, a letter first.");
            Require(choices.Take(i).All(other => other.Code != choice.Code), $"{at}/{i}/code", "duplicate-code", "Two choices have this code.");
            Title(choice.Title, $"{at}/{i}/title", TitleLength);
        }
    }

    private void Ranges(IReadOnlyList<NumberRange> ranges, string at)
    {
        foreach (var (i, range) in ranges.Index())
        {
            Require(range.From <= range.To && Math.Abs(range.From) <= MaxBound && Math.Abs(range.To) <= MaxBound,
                $"{at}/{i}", "range-out-of-order", "A range goes from a number to one not below it.");
            Require(ranges.Take(i).All(other => other.To < range.From || range.To < other.From), $"{at}/{i}", "ranges-overlap", "The range overlaps an earlier one; both bounds are included.");
        }
    }

    private void Code(string code, string at, string kind)
    {
        Require(IsCode(code), at, "malformed-code", "A code is lower-case letters, digits and hyphens, at most 50, a letter first.");
        Require(codes.Add($"{kind}/{code}"), at, "duplicate-code", $"Another {kind} has this code.");
    }

    private void Weight(decimal? weight, bool belongsHere, string at)
    {
        Require((weight is not null) == belongsHere, at, "weight-misplaced", belongsHere ? "The form's weighting asks for a weight here." : "The form's weighting puts no weight here.");

        if (weight is { } value)
            Require(value is >= 0 and <= 100 && Fine(value), at, "weight-out-of-range", "A weight is 0 to 100, with at most six decimals.");
    }

    private void Percent(decimal value, string at) =>
        Require(value is >= 0 and <= 100 && Fine(value), at, "mark-out-of-range", "A mark is 0 to 100, with at most six decimals.");

    private void Instructions(IReadOnlyDictionary<string, string>? text, string at)
    {
        if (text is not null)
            Title(text, at, InstructionsLength);
    }

    private void Title(IReadOnlyDictionary<string, string> text, string at, int longest)
    {
        Require(text.Count > 0, at, "text-missing", "Text in at least one language is needed.");

        foreach (var (language, words) in text)
        {
            Require(LanguageTag().IsMatch(language), at, "unknown-language", "Languages are named like en or zh-CN.");
            Require(words is not null && Text.IsVisible(words) && words.Length <= longest, at, "text-length",
                $"Text has 1 to {longest} characters, something visible among them.");
        }
    }

    private bool Count<T>(IReadOnlyList<T> items, int least, int most, string at)
    {
        // The serializer lets null in as an item of a list.
        var fits = items.Count >= least && items.Count <= most && items.All(item => item is not null);
        Require(fits, at, "wrong-count", $"There are {least} to {most} of these, none of them null.");

        return fits;
    }

    private void Require(bool holds, string pointer, string code, string message)
    {
        if (!holds)
            errors.Add(new Error(pointer, code, message));
    }

    private static bool Fine(decimal value) => decimal.Round(value, 6) == value;

    private static bool IsCode(string? code) => code is not null && CodePattern().IsMatch(code);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,49}\\z")]
    private static partial Regex CodePattern();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\\z")]
    private static partial Regex LanguageTag();
}
