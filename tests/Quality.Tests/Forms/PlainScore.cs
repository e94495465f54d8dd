using CallCenter.Quality.Forms;

namespace CallCenter.Quality.Tests.Forms;

/// <summary>The formula once more, counted question by question and in no way cleverly, to compare with.</summary>
internal static class PlainScore
{
    public static decimal? Of(FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        // What is asked: nothing at first, then whatever follows from it, until nothing more does.
        var asked = new HashSet<string>();
        for (var more = true; more;)
        {
            more = false;
            foreach (var question in form.Header ?? [])
                if (AreAnswered(question.AskedIf))
                    more |= asked.Add(question.Code);
            foreach (var section in form.Sections)
                if (AreAnswered(section.AskedIf))
                    foreach (var question in section.AllQuestions)
                        if (AreAnswered(question.AskedIf))
                            more |= asked.Add(question.Code);
        }

        decimal top = 0, bottom = 0;
        var failed = false;
        foreach (var section in form.Sections)
        {
            decimal earned = 0, possible = 0;
            var lost = false;
            foreach (var question in section.AllQuestions.Where(question => asked.Contains(question.Code)))
            {
                if (!answers.TryGetValue(question.Code, out var answer) || answer.NotApplicable)
                    continue;
                var (points, most, fails) = Count(question, answer);
                (lost, failed) = (lost || fails != AutoFail.None, failed || fails == AutoFail.Form);
                if (most <= 0)
                    continue;
                var weight = form.Weighting == Weighting.Questions ? question.Weight!.Value : most;
                earned += weight * points / most;
                if (!question.Bonus)
                    possible += weight;
            }

            if (lost)
                earned = Math.Min(0, earned);
            if (form.Weighting == Weighting.Questions)
                (top, bottom) = (top + earned, bottom + possible);
            else if (lost || possible != 0)
                (top, bottom) = (top + (possible == 0 ? 0 : section.Weight!.Value * earned / possible), bottom + section.Weight!.Value);
        }

        return failed ? 0 : bottom == 0 ? null : Rounded(Math.Min(100, Math.Max(0, 100 * top / bottom)));

        bool AreAnswered(IReadOnlyList<AnswerIs>? tests) =>
            (tests ?? []).All(test => asked.Contains(test.Question) && Holds(test, answers));
    }

    /// <summary>As it was before there were conditions, bonus and points below 0.</summary>
    public static decimal? First(FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var of = form.Sections.Select(section => (section, Said: section.AllQuestions
            .Where(question => answers.TryGetValue(question.Code, out var answer) && !answer.NotApplicable)
            .Select(question => (question, Count: Count(question, answers[question.Code]))).ToList())).ToList();
        if (of.Any(section => section.Said.Any(question => question.Count.Fails == AutoFail.Form)))
            return 0;

        var parts = of.Select(section => (
            section.section.Weight, Lost: section.Said.Any(question => question.Count.Fails != AutoFail.None),
            Shares: section.Said.Where(question => question.Count.Most > 0).Select(question => (
                Weight: question.question.Weight ?? question.Count.Most, Share: question.Count.Points / question.Count.Most)).ToList()))
            .ToList();
        var (top, bottom) = form.Weighting == Weighting.Questions
            ? (parts.Sum(part => part.Lost ? 0 : part.Shares.Sum(q => q.Weight * q.Share)),
                parts.Sum(part => part.Shares.Sum(q => q.Weight)))
            : (parts.Sum(part => part.Lost || part.Shares.Count == 0 ? 0
                    : part.Weight!.Value * part.Shares.Sum(q => q.Weight * q.Share) / part.Shares.Sum(q => q.Weight)),
                parts.Sum(part => part.Lost || part.Shares.Count > 0 ? part.Weight!.Value : 0));
        return bottom == 0 ? null : Rounded(100 * top / bottom);
    }

    private static decimal Rounded(decimal percent) =>
        Math.Round(Math.Round(percent, 12, MidpointRounding.AwayFromZero), 1, MidpointRounding.AwayFromZero);

    private static bool Holds(AnswerIs test, IReadOnlyDictionary<string, Answer> answers)
    {
        if (!answers.TryGetValue(test.Question, out var answer) || answer.NotApplicable)
            return false;
        if (test.Choices is not null)
            return test.Choices.Any(choice => answer.Choice == choice || answer.Choices?.Contains(choice) == true);
        if (test.Yes is not null)
            return answer.Yes == test.Yes;
        return answer.Number is not null && !(answer.Number < test.From) && !(answer.Number > test.To);
    }

    private static (decimal Points, decimal Most, AutoFail Fails) Count(Question question, Answer answer)
    {
        switch (question)
        {
            case YesNoQuestion:
                var said = answer.Yes == true ? question.Yes! : question.No!;
                return (said.Points, Math.Max(question.Yes!.Points, question.No!.Points), said.AutoFail);
            case SingleSelectQuestion:
                var chosen = question.Choices!.Single(choice => choice.Code == answer.Choice);
                return (chosen.Points, question.Choices!.Max(choice => choice.Points), chosen.AutoFail);
            case MultiSelectQuestion:
                var (points, most, fails) = (0m, 0m, AutoFail.None);
                foreach (var choice in question.Choices!)
                {
                    most += choice.Points > 0 ? choice.Points : 0;
                    if (!answer.Choices!.Contains(choice.Code))
                        continue;
                    points += choice.Points;
                    fails = choice.AutoFail > fails ? choice.AutoFail : fails;
                }

                return (points, most, fails);
            case ScaleQuestion:
                return (answer.Number!.Value - question.Scale!.From, question.Scale.To - question.Scale.From, AutoFail.None);
            case NumberQuestion:
                var range = question.Ranges!.First(range => answer.Number >= range.From && answer.Number <= range.To);
                return (range.Points, question.Ranges!.Max(of => of.Points), range.AutoFail);
            default:
                return (0, 0, AutoFail.None);
        }
    }
}
