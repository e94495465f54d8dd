using System.Text.Json.Serialization;

namespace CallCenter.Quality.Forms;

/// <summary>What a call is judged by. Titles are given by language tag: <c>{ "en": "Opening", "zh-CN": "开场" }</c>.</summary>
/// <param name="Title">What the form is called, at most 128 characters a language.</param>
/// <param name="Weighting">Where the weights stand, and what they share out; see <see cref="Forms.Weighting"/>.</param>
/// <param name="PassMark">The score, 0 to 100, from which an evaluation passes.</param>
/// <param name="Sections">1 to 100 of them, with at most 100 questions in all.</param>
/// <param name="DisputeDays">
/// Whole local days after that of submission in which the agent may dispute; 0 means never, 45 is the most.
/// </param>
/// <param name="Instructions">For the inspector, at most 1,024 characters a language.</param>
/// <param name="Header">Up to 20 questions about the call itself, before the sections: they earn nothing.</param>
/// <param name="Bands">2 to 10 names for scores, from 0 upwards; each reaches to where the next begins.</param>
/// <param name="WordLists">Up to 20 lists of words that must not be said, for questions to name.</param>
/// <param name="NeedsApproval">
/// Whether the next version is activated only after one person has proposed and another has approved it.
/// </param>
public sealed record FormContent(
    IReadOnlyDictionary<string, string> Title, Weighting Weighting, decimal PassMark, IReadOnlyList<Section> Sections,
    int DisputeDays = FormContent.DefaultDisputeDays, IReadOnlyDictionary<string, string>? Instructions = null,
    IReadOnlyList<Question>? Header = null, IReadOnlyList<Band>? Bands = null, IReadOnlyList<WordList>? WordLists = null,
    bool NeedsApproval = false)
{
    public const int DefaultDisputeDays = 7;

    /// <summary>Those of the header first, which earn nothing.</summary>
    [JsonIgnore]
    public IEnumerable<Question> Questions => (Header ?? []).Concat(Sections.SelectMany(section => section.AllQuestions));

    public Question? Find(string question) => Questions.FirstOrDefault(q => q.Code == question);

    /// <summary>The words that the question's answers give evidence of.</summary>
    public IReadOnlyList<string> WordsOf(Question question) =>
        WordLists?.FirstOrDefault(list => list.Code == question.WordList)?.Words ?? [];

    /// <summary>The band that a score lies in.</summary>
    public Band? BandOf(decimal? score) => Bands?.LastOrDefault(band => band.From <= score);
}

/// <summary>Where the weights of a form stand. Either way they sum to 100 exactly, those of bonus questions apart.</summary>
public enum Weighting
{
    /// <summary>Each question has its share of the form; a section weighs what its questions weigh together.</summary>
    Questions,

    /// <summary>Each section has its share of the form; inside it, a question weighs the most points it can earn.</summary>
    Sections,
}

/// <param name="Code">Stable over versions: results and training needs are kept by it.</param>
/// <param name="Title">What the section is called, at most 128 characters a language.</param>
/// <param name="Questions">Up to 100; with those of its subsections at least one.</param>
/// <param name="Weight">With <c>sections</c> weighting only.</param>
/// <param name="PassMark">The section's own, 0 to 100; without one the form's counts.</param>
/// <param name="Subsections">Up to 20 groups of its questions, after those that are in none.</param>
/// <param name="AskedIf">
/// It is asked where all of these hold, up to 20; null: always. Where it is not asked, none of its questions is, and it has no score.
/// </param>
public sealed record Section(
    string Code, IReadOnlyDictionary<string, string> Title, IReadOnlyList<Question> Questions,
    decimal? Weight = null, decimal? PassMark = null, IReadOnlyList<Subsection>? Subsections = null,
    IReadOnlyList<AnswerIs>? AskedIf = null)
{
    [JsonIgnore]
    public IEnumerable<Question> AllQuestions => Questions.Concat((Subsections ?? []).SelectMany(subsection => subsection.Questions));
}

/// <summary>Questions of a section that belong together. They weigh as they would without it.</summary>
/// <param name="Code">No section or other subsection has it.</param>
/// <param name="Title">What it is called, at most 128 characters a language.</param>
/// <param name="Questions">1 to 100.</param>
public sealed record Subsection(string Code, IReadOnlyDictionary<string, string> Title, IReadOnlyList<Question> Questions);

/// <param name="Code">Unique in the form.</param>
/// <param name="Title">What scores of the band are called, at most 128 characters a language.</param>
/// <param name="From">The lowest score of the band; of the first 0.</param>
public sealed record Band(string Code, IReadOnlyDictionary<string, string> Title, decimal From);

/// <param name="Code">Unique in the form; questions name it.</param>
/// <param name="Title">What is wrong with the words, at most 128 characters a language.</param>
/// <param name="Words">1 to 500, each at most 50 characters.</param>
public sealed record WordList(string Code, IReadOnlyDictionary<string, string> Title, IReadOnlyList<string> Words);
