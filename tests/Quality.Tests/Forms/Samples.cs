using CallCenter.Quality.Forms;

namespace CallCenter.Quality.Tests.Forms;

/// <summary>Forms small enough to score in the head.</summary>
internal static class Samples
{
    public static Dictionary<string, string> Text(string english) => new() { ["en"] = english };

    public static FormContent Form(Weighting weighting, params Section[] sections) => new(Text("Form"), weighting, PassMark: 80, sections);

    public static Section Section(string code, decimal? weight, params Question[] questions) => new(code, Text(code), questions, weight);

    /// <summary>A single-select with choices p0 … pN worth 0 … N points.</summary>
    public static Question Scale(string code, int points, decimal? weight = null) => new SingleSelectQuestion
    {
        Code = code, Title = Text(code), Weight = weight, NotApplicable = true,
        Choices = [.. Enumerable.Range(0, points + 1).Select(p => new Choice($"p{p}", Text($"{p} points"), p))],
    };

    public static Question YesNo(string code, decimal? weight = null, AutoFail fails = AutoFail.None, bool commentOnLoss = false) =>
        new YesNoQuestion
        {
            Code = code, Title = Text(code), Weight = weight, NotApplicable = true, CommentOnLoss = commentOnLoss,
            Yes = new(1), No = new(0, fails),
        };

    public static Dictionary<string, Answer> Answers(params (string Question, Answer Answer)[] answers) =>
        answers.ToDictionary(a => a.Question, a => a.Answer);

    public static Answer Points(int points) => new(Choice: $"p{points}");

    public static readonly Answer Yes = new(Yes: true);
    public static readonly Answer No = new(Yes: false);

    /// <summary>
    /// Opening 40 (greeting 40), compliance 60 (polite 30 or the form fails, identity 20 or the section fails, interruptions 10).
    /// </summary>
    public static FormContent Inbound => Form(
        Weighting.Questions,
        Section("opening", null, Scale("greeting", 2, 40)),
        Section("compliance", null,
            YesNo("polite", 30, AutoFail.Form, commentOnLoss: true),
            YesNo("identity", 20, AutoFail.Section),
            Interruptions(10)));

    public static Question Interruptions(decimal? weight) => new NumberQuestion
    {
        Code = "interruptions", Title = Text("Interruptions"), Weight = weight, NotApplicable = true,
        Ranges = [new(0, 0, 10), new(1, 4, 5), new(5, 10, 1)],
    };

    public static Dictionary<string, Answer> Perfect =>
        Answers(("greeting", Points(2)), ("polite", Yes), ("identity", Yes), ("interruptions", new(Number: 0)));

    /// <summary>
    /// Damage 50 is always asked, its amount only where there was some; goodwill 30 where there was damage, and the voucher 20 where
    /// goodwill was shown.
    /// </summary>
    public static FormContent Goodwill => Form(
        Weighting.Sections,
        Section("damage", 50, Scale("dealt-with", 4), YesNo("damaged") with { Yes = new(0), No = new(0) }),
        Section("goodwill", 30, YesNo("offered", commentOnLoss: true)) with { AskedIf = [new("damaged", Yes: true)] },
        Section("voucher", 20, YesNo("sent", fails: AutoFail.Form)) with { AskedIf = [new("offered", Yes: true)] });

    /// <summary>
    /// Who is liable decides which question counts: polite 40, apologised 30 where the company is, no apology 30 where it is not. Words of
    /// a list are counted on top.
    /// </summary>
    public static FormContent Complaint => Form(
        Weighting.Questions,
        Section("manners", null,
            YesNo("polite", 40, commentOnLoss: true),
            YesNo("apologised", 30) with { AskedIf = [new("liable", Choices: ["company"])] },
            YesNo("no-apology", 30) with { AskedIf = [new("liable", Choices: ["customer", "nobody"])] },
            YesNo("words", 0) with { WordList = "vague" })) with
    {
        Header =
        [
            new SingleSelectQuestion
            {
                Code = "liable", Title = Text("Who is liable"),
                Choices = [new("company", Text("We"), 0), new("customer", Text("They"), 0), new("nobody", Text("Nobody"), 0)],
            },
            new TextQuestion { Code = "order", Title = Text("Order"), Optional = true },
        ],
        WordLists = [new("vague", Text("Vague"), ["差不多", "不清楚", "哦", "好吧", "恩"])],
    };
}
