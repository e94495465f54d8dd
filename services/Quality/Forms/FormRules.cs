using System.Text.RegularExpressions;
using CallCenter.Rules;

namespace CallCenter.Quality.Forms;

/// <summary>What makes the content of a form a form. All that is wrong is said at once, each with its place.</summary>
public sealed partial class FormRules
{
    internal const int TitleLength = 128, QuestionLength = 350;
    internal const decimal MaxPoints = 10_000;
    private const int MaxSections = 100, MaxQuestions = 100, MaxDisputeDays = 45, InstructionsLength = 1024;
    private const int MaxHeader = 20, MaxSubsections = 20, MaxConditions = 20, MaxLists = 20, MaxWords = 500, WordLength = 50;

    private readonly List<Error> errors = [];
    private readonly HashSet<string> codes = [];

    /// <exception cref="InvalidException">422 with every rule the content breaks.</exception>
    public static void Check(FormContent form, string pointer = "/content") => Check(rules => rules.Form(form, pointer));

    internal static void Check(Action<FormRules> said)
    {
        var rules = new FormRules();
        said(rules);

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

        if (form.Header is { } header && Count(header, 1, MaxHeader, $"{at}/header"))
            foreach (var (i, question) in header.Index())
                question.Check(this, null, $"{at}/header/{i}");
        foreach (var (i, section) in form.Sections.Index())
            Section(section, form.Weighting, $"{at}/sections/{i}");
        Bands(form, $"{at}/bands");
        WordLists(form, $"{at}/wordLists");

        if (errors.Count > 0)
            return;

        Require(form.Questions.Count() <= MaxQuestions, $"{at}/sections", "too-many-questions",
            $"A form has at most {MaxQuestions} questions.");
        foreach (var (question, place) in Placed(form, at))
            References(form, question, place);
        foreach (var (i, section) in form.Sections.Index())
            Conditions(form, section.AskedIf, section.AllQuestions, $"{at}/sections/{i}/askedIf",
                "Whether a section is asked can't depend on an answer in it.");
        if (errors.Count == 0)
            Weights(form, at);
    }

    private static IEnumerable<(Question Question, string At)> Placed(FormContent form, string at) =>
    [
        .. (form.Header ?? []).Index().Select(question => (question.Item, $"{at}/header/{question.Index}")),
        .. from section in form.Sections.Index()
           from question in section.Item.Questions.Index()
           select (question.Item, $"{at}/sections/{section.Index}/questions/{question.Index}"),
        .. from section in form.Sections.Index()
           from subsection in (section.Item.Subsections ?? []).Index()
           from question in subsection.Item.Questions.Index()
           select (question.Item, $"{at}/sections/{section.Index}/subsections/{subsection.Index}/questions/{question.Index}"),
    ];

    // What names something else of the form, once all of it stands.
    private void References(FormContent form, Question question, string at)
    {
        Require(question.WordList is null || (form.WordLists ?? []).Any(list => list.Code == question.WordList), $"{at}/wordList",
            "unknown-word-list", "The form has no such list of words.");
        Conditions(form, question.AskedIf, [question], $"{at}/askedIf", "Whether a question is asked can't depend on its own answer.");
    }

    /// <param name="asked">What the conditions are of.</param>
    /// <param name="circle">What is wrong where they come down to an answer to it.</param>
    private void Conditions(FormContent form, IReadOnlyList<AnswerIs>? tests, IEnumerable<Question> asked, string at, string circle)
    {
        if (tests is null || !Count(tests, 1, MaxConditions, at))
            return;

        foreach (var (i, test) in tests.Index())
            if (form.Find(test.Question) is { } other)
                Require(Fits(test, other), $"{at}/{i}", "condition-does-not-fit",
                    "A condition asks the other question for its choices, for yes or no, or for a range: one of them, as its kind is answered.");
            else
                Require(false, $"{at}/{i}/question", "condition-unknown-question", "The form has no such question.");
        Require(!form.IsCircular(tests, asked.Select(question => question.Code).ToHashSet()), at, "condition-circle", circle);
    }

    private static bool Fits(AnswerIs test, Question other) => (test, other) switch
    {
        ({ Choices: [_, ..] choices, Yes: null, From: null, To: null }, SingleSelectQuestion or MultiSelectQuestion) =>
            choices.All(code => other.Choices!.Any(choice => choice.Code == code)),
        ({ Choices: null, Yes: not null, From: null, To: null }, YesNoQuestion) => true,
        ({ Choices: null, Yes: null } and ({ From: not null } or { To: not null }), NumberQuestion or ScaleQuestion) =>
            (test.From ?? decimal.MinValue) <= (test.To ?? decimal.MaxValue),
        _ => false,
    };

    private void Bands(FormContent form, string at)
    {
        if (form.Bands is not { } bands || !Count(bands, 2, 10, at))
            return;

        foreach (var (i, band) in bands.Index())
        {
            Code(band.Code, $"{at}/{i}/code", "band");
            Title(band.Title, $"{at}/{i}/title", TitleLength);
            Percent(band.From, $"{at}/{i}/from");
            Require(i == 0 ? band.From == 0 : band.From > bands[i - 1].From, $"{at}/{i}/from", "bands-not-covering",
                "Bands cover 0 to 100: the first is from 0, and each of the others from more than the one before.");
        }
    }

    private void WordLists(FormContent form, string at)
    {
        if (form.WordLists is not { } lists || !Count(lists, 1, MaxLists, at))
            return;

        foreach (var (i, list) in lists.Index())
        {
            Code(list.Code, $"{at}/{i}/code", "list of words");
            Title(list.Title, $"{at}/{i}/title", TitleLength);
            if (!Count(list.Words, 1, MaxWords, $"{at}/{i}/words"))
                continue;
            foreach (var (j, word) in list.Words.Index())
            {
                Require(Text.IsVisible(word) && word.Length <= WordLength, $"{at}/{i}/words/{j}", "text-length",
                    $"A word has 1 to {WordLength} characters, something visible among them.");
                Require(!list.Words.Take(j).Contains(word), $"{at}/{i}/words/{j}", "duplicate-word", "The list has the word already.");
            }
        }
    }

    // In decimal, so that 99.999999 and 0.1 + 0.2 are what they look like.
    private void Weights(FormContent form, string at)
    {
        var weights = form.Weighting is Weighting.Questions
            ? form.Questions.Where(question => !question.Bonus).Select(question => question.Weight)
            : form.Sections.Select(section => section.Weight);
        var sum = weights.Sum(weight => weight ?? 0);

        Require(sum == 100, $"{at}/sections", "weights-not-100", FormattableString.Invariant($"The weights sum to {sum}, not to 100."));
    }

    private void Section(Section section, Weighting weighting, string at)
    {
        Code(section.Code, $"{at}/code", "section");
        Title(section.Title, $"{at}/title", TitleLength);
        Weight(section.Weight, weighting is Weighting.Sections, $"{at}/weight");

        if (section.PassMark is { } mark)
            Percent(mark, $"{at}/passMark");

        Questions(section.Questions, section.Subsections is null or [] ? 1 : 0, weighting, $"{at}/questions");
        if (section.Subsections is not { } subsections || !Count(subsections, 1, MaxSubsections, $"{at}/subsections"))
            return;

        foreach (var (i, subsection) in subsections.Index())
        {
            Code(subsection.Code, $"{at}/subsections/{i}/code", "section");
            Title(subsection.Title, $"{at}/subsections/{i}/title", TitleLength);
            Questions(subsection.Questions, 1, weighting, $"{at}/subsections/{i}/questions");
        }
    }

    private void Questions(IReadOnlyList<Question> questions, int least, Weighting weighting, string at)
    {
        if (Count(questions, least, MaxQuestions, at))
            foreach (var (i, question) in questions.Index())
                question.Check(this, weighting, $"{at}/{i}");
    }

    internal void Choices(IReadOnlyList<Choice> choices, string at)
    {
        if (!Count(choices, 2, 256, $"{at}/choices"))
            return;

        foreach (var (i, choice) in choices.Index())
        {
            WellFormed(choice.Code, $"{at}/choices/{i}/code");
            Require(choices.Take(i).All(other => other.Code != choice.Code), $"{at}/choices/{i}/code", "duplicate-code",
                "Two choices have this code.");
            Title(choice.Title, $"{at}/choices/{i}/title", TitleLength);
        }
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

    internal static bool ArePoints(decimal value) => value is >= -MaxPoints and <= MaxPoints && Fine(value);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,49}\\z")]
    private static partial Regex CodePattern();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\\z")]
    private static partial Regex LanguageTag();
}
