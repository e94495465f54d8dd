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
public sealed record FormContent(
    IReadOnlyDictionary<string, string> Title, Weighting Weighting, decimal PassMark, IReadOnlyList<Section> Sections,
    int DisputeDays = FormContent.DefaultDisputeDays, IReadOnlyDictionary<string, string>? Instructions = null)
{
    public const int DefaultDisputeDays = 7;

    [JsonIgnore]
    public IEnumerable<Question> Questions => Sections.SelectMany(section => section.Questions);

    public Question? Find(string question) => Questions.FirstOrDefault(q => q.Code == question);
}

/// <summary>Where the weights of a form stand. Either way they sum to 100 exactly.</summary>
public enum Weighting
{
    /// <summary>Each question has its share of the form; a section weighs what its questions weigh together.</summary>
    Questions,

    /// <summary>Each section has its share of the form; inside it, a question weighs the most points it can earn.</summary>
    Sections,
}

/// <param name="Code">Stable over versions: results and training needs are kept by it.</param>
/// <param name="Title">What the section is called, at most 128 characters a language.</param>
/// <param name="Questions">1 to 100.</param>
/// <param name="Weight">With <c>sections</c> weighting only.</param>
/// <param name="PassMark">The section's own, 0 to 100; without one the form's counts.</param>
public sealed record Section(
    string Code, IReadOnlyDictionary<string, string> Title, IReadOnlyList<Question> Questions,
    decimal? Weight = null, decimal? PassMark = null);
