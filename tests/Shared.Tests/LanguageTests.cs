using CallCenter.Web;

namespace CallCenter.Shared.Tests;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("zh-CN", "zh-TW zh-CN en", "zh-CN")]
    [InlineData("zh-CN", "en zh-Hans-SG", "zh-Hans-SG")] // the language, if another region
    [InlineData("zh-CN", "de zh-TW zh-SG", "zh-SG")]
    [InlineData("zh-CN", "de en-GB", "en-GB")]
    [InlineData("en", "zh-CN en", "en")]
    [InlineData("en", "zh-CN de", "de")] // always the same
    public void of_texts_the_one_in_the_language_is_chosen_or_the_next_best(string asked, string tags, string chosen) =>
        Language.Of(asked).Choose(tags.Split(' ').ToDictionary(tag => tag)).Should().Be(chosen);
}
