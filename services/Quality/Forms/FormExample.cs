namespace CallCenter.Quality.Forms;

/// <summary>What the API document shows; it can be sent as it stands.</summary>
internal static class FormExample
{
    public static readonly Guid ProjectId = new("0195a000-0000-7000-8000-000000000001");
    public static readonly Guid FormId = new("0195a000-0000-7000-8000-000000000002");
    public static readonly Guid CallId = new("0195a000-0000-7000-8000-000000000003");
    public static readonly Guid InspectorId = new("0195a000-0000-7000-8000-000000000004");

    public static readonly FormContent Content = new(
        Text("Inbound call", "呼入电话"), Weighting.Questions, PassMark: 80,
        [
            new("opening", Text("Opening", "开场"),
            [
                new SingleSelectQuestion
                {
                    Code = "greeting", Title = Text("Greeted, named the company and asked how to help", "问候、报公司名并主动询问"), Weight = 40,
                    Choices =
                    [
                        new("full", Text("All three", "三项齐全"), Points: 2),
                        new("partly", Text("One is missing", "缺一项"), Points: 1),
                        new("none", Text("None", "没有"), Points: 0),
                    ],
                },
            ]),
            new("compliance", Text("Compliance", "合规"),
            [
                new YesNoQuestion
                {
                    Code = "polite", Title = Text("Used polite language throughout", "全程使用文明用语"), Weight = 30, CommentOnLoss = true,
                    Critical = true, WordList = "curt", Default = new(Yes: true), Yes = new(1), No = new(0, AutoFail.Form),
                },
                new NumberQuestion
                {
                    Code = "interruptions", Title = Text("Times the customer was interrupted", "打断客户的次数"), Weight = 20,
                    NotApplicable = true, Ranges = [new(0, 0, Points: 10), new(1, 4, Points: 5), new(5, 100, Points: 0)],
                },
                new YesNoQuestion
                {
                    Code = "apology", Title = Text("Apologised of their own accord", "主动致歉"), Weight = 10, IssueOnLoss = true,
                    AskedIf = [new("liability", Choices: ["company"])], Yes = new(1), No = new(0),
                },
            ], PassMark: 100),
        ],
        Header:
        [
            new SingleSelectQuestion
            {
                Code = "liability", Title = Text("Who is liable", "责任方"),
                Choices = [new("company", Text("The company", "公司"), 0), new("other", Text("Somebody else", "非公司"), 0)],
            },
        ],
        Bands: [new("poor", Text("Needs improvement", "待改进"), 0), new("met", Text("Meets expectations", "达标"), 80)],
        WordLists: [new("curt", Text("Curt words", "过分简单的用语"), ["哦", "好吧", "恩"])]);

    internal static Dictionary<string, string> Text(string english, string chinese) => new() { ["en"] = english, ["zh-CN"] = chinese };
}
