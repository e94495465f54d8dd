namespace CallCenter.Quality.Forms;

/// <summary>
/// That another question was asked and answered in one of these ways. One way of asking is given: <c>choices</c>, <c>yes</c>, or a range.
/// </summary>
/// <param name="Question">Code of the other question.</param>
/// <param name="Choices">One of these was chosen, of a select.</param>
/// <param name="Yes">It was answered so, of a <c>yes-no</c>.</param>
/// <param name="From">The number is not below it, of a <c>number</c> or <c>scale</c>.</param>
/// <param name="To">The number is not above it, likewise.</param>
public sealed record AnswerIs(
    string Question, IReadOnlyList<string>? Choices = null, bool? Yes = null, decimal? From = null, decimal? To = null)
{
    public bool Holds(Answer answer) => this switch
    {
        { Choices: { } choices } => answer.Choice is { } choice ? choices.Contains(choice) : (answer.Choices ?? []).Any(choices.Contains),
        { Yes: { } yes } => answer.Yes == yes,
        _ => answer.Number is { } number && number >= (From ?? number) && number <= (To ?? number),
    };
}

/// <summary>Questions and whole sections that are asked only where others are answered so.</summary>
public static class Conditions
{
    /// <summary>
    /// Codes of the questions that are asked where these answers were given. A question that is not asked is answered by nobody, whatever
    /// was said to it before: so what depends on it is not asked either.
    /// </summary>
    public static IReadOnlySet<string> Asked(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var (tests, known) = (form.Tests(), new Dictionary<string, bool>());
        return tests.Keys.Where(IsAsked).ToHashSet();

        bool IsAsked(string question) => known.TryGetValue(question, out var asked)
            ? asked
            : known[question] = tests.TryGetValue(question, out var all) && all.All(test =>
                IsAsked(test.Question) && answers.TryGetValue(test.Question, out var answer) && test.Holds(answer));
    }

    /// <summary>The answers to questions that are asked.</summary>
    public static IReadOnlyDictionary<string, Answer> Counting(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var asked = form.Asked(answers);
        return answers.Where(given => asked.Contains(given.Key)).ToDictionary();
    }

    /// <summary>
    /// What is taken to be said where nobody said anything else: the defaults of questions that are asked and were not answered.
    /// </summary>
    public static IReadOnlyList<GivenAnswer> Defaults(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var (all, taken) = (answers.ToDictionary(), new List<GivenAnswer>());
        while (form.Unanswered(all).FirstOrDefault(question => question.Default is not null) is { Default: { } usual } question)
        {
            all[question.Code] = usual;
            taken.Add(new(question.Code, usual));
        }

        return taken;
    }

    /// <summary>Codes of the questions that have to be answered yet.</summary>
    public static IReadOnlyList<string> Open(this FormContent form, IReadOnlyDictionary<string, Answer> answers) =>
        [.. form.Unanswered(answers).Where(question => !question.Optional).Select(question => question.Code)];

    private static IEnumerable<Question> Unanswered(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var asked = form.Asked(answers);
        return form.Questions.Where(question => asked.Contains(question.Code) && !answers.ContainsKey(question.Code));
    }

    /// <summary>Whether these conditions come down to an answer to what they decide on, over however many others; each is looked at once.
    /// </summary>
    /// <param name="asked">Codes of the question, or of all questions of the section, that the conditions are of.</param>
    internal static bool IsCircular(this FormContent form, IReadOnlyList<AnswerIs> conditions, IReadOnlySet<string> asked)
    {
        var (tests, seen) = (form.Tests(), new HashSet<string>());
        return Leads(conditions);

        bool Leads(IReadOnlyList<AnswerIs> from) => from.Any(test => asked.Contains(test.Question)
            || (seen.Add(test.Question) && tests.TryGetValue(test.Question, out var further) && Leads(further)));
    }

    // What has to hold for each question to be asked, by its code: its section's conditions, and its own.
    private static Dictionary<string, IReadOnlyList<AnswerIs>> Tests(this FormContent form) =>
        (form.Header ?? []).Select(question => (question, Section: (Section?)null))
        .Concat(form.Sections.SelectMany(section => section.AllQuestions.Select(question => (question, Section: (Section?)section))))
        .ToDictionary(of => of.question.Code,
            IReadOnlyList<AnswerIs> (of) => [.. of.Section?.AskedIf ?? [], .. of.question.AskedIf ?? []]);
}
