namespace CallCenter.Reporting.Digests;

internal static class DigestLanguages
{
    public static readonly DigestWords English = new()
    {
        Language = "en",
        Title = "Weekly KPI digest",
        Offered = "Offered", Answered = "Answered", Abandoned = "Abandoned", Open = "Open", Other = "Otherwise ended",
        Target = "target", Met = "met", Missed = "missed", LastWeek = "vs last week", ThanLastWeek = "{0} vs last week", SameAsLastWeek = "same as last week", NoTarget = "no target",
        Days = "Day by day", Day = "Day", Queues = "Queue by queue", Queue = "Queue",
        Hours = "Service level by day and hour", HoursNote = "In percent. Red hours are where customers waited.",
        Worst = "Where most customers waited too long", Best = "The best quarter hours", When = "When",
        WaitedTooLong = "Too long", Staff = "Staff", StaffNote = "Staff: agents in the roster of agents required.",
        People = "Quality, training and roster",
        Restated = "Corrections to earlier digests", NothingRestated = "Nothing told earlier has changed.",
        Figure = "Figure", Was = "Was", Now = "Now", Why = "Why",
        AllFigures = "All figures", Online = "This digest online",
        HowCounted = "How this was counted",
        Footer = "Days and weeks are local to {0}. Offered = answered + abandoned + open + otherwise ended, in every interval. Service level v1 = (answered within T + abandoned within T) / (answered + abandoned), T = {1} s. Ratios are computed from sums, never by averaging. Computed from fact position {2}.",
        Points = "points", HourUnit = "h", Plus = " and ", Colon = ": ", Semicolon = "; ",
        Weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        DayFormat = "{0} {1} {2}", ShortDayFormat = "{0} {1}", DateFormat = "{0} {1} {2}",
        Above = "Service level {0}: {1} points above the target of {2}.",
        Below = "Service level {0}: {1} points below the target of {2}.",
        OnTarget = "Service level {0}, exactly the target of {2}.",
        Level = "Service level {0}.",
        WorstInsight = "Hardest quarter hour: {0}, when {1} of {2} customers waited too long.",
        ShortInsight = "The roster was short in {0} quarter hours, by {1} staff-hours.",
        ScoredInsight = "Evaluated of this week's calls so far: {0}, QA score {1}, {2} passed.",
        DaysAlt = "Contacts and service level per day. Best: {0} with {1}. Worst: {2} with {3}.",
        HoursAlt = "Service level by day and hour. Most customers waited too long on {0}.",
        Quiet = "No contacts were answered or abandoned in this week.",
        Late = "{0} late {1}", Corrected = "{0} corrected {1}",
        Kpis = new Dictionary<string, string>
        {
            ["service-level"] = "Service level", ["abandonment-rate"] = "Abandonment", ["asa"] = "Speed of answer", ["aht"] = "Handle time",
            ["occupancy"] = "Occupancy", ["coverage"] = "Roster coverage", ["qa-score"] = "QA score", ["qa-pass-rate"] = "QA passed",
            ["evaluations"] = "Evaluations", ["training-hours"] = "Training", ["scheduled-hours"] = "Rostered",
            ["offered"] = "Offered", ["answered"] = "Answered", ["abandoned"] = "Abandoned", ["open"] = "Open", ["other"] = "Otherwise ended",
        },
        Causes = new Dictionary<string, string>
        {
            ["call"] = "calls", ["evaluation"] = "evaluations", ["training"] = "training records", ["agent-day"] = "agents' days", ["roster"] = "roster days",
            ["coverage"] = "coverage", ["calendar"] = "the project's calendar", ["dimension"] = "queues or teams", ["rules"] = "today's rules applied to the past",
        },
    };

    public static readonly DigestWords Chinese = new()
    {
        Language = "zh-CN",
        Title = "客服运营周报",
        Offered = "呼入量", Answered = "接听", Abandoned = "放弃", Open = "进行中", Other = "其他结束",
        Target = "目标", Met = "达标", Missed = "未达标", LastWeek = "较上周", ThanLastWeek = "较上周 {0}", SameAsLastWeek = "与上周持平", NoTarget = "未设目标",
        Days = "每日情况", Day = "日期", Queues = "各队列情况", Queue = "队列",
        Hours = "分日分时服务水平", HoursNote = "单位为百分比；红色时段客户等待较久。",
        Worst = "客户等待超时最多的时段", Best = "表现最好的时段", When = "时段",
        WaitedTooLong = "超时", Staff = "人力", StaffNote = "人力：排班人数 / 需求人数。",
        People = "质检、培训与排班",
        Restated = "往期数据更正", NothingRestated = "往期数据没有变化。",
        Figure = "指标", Was = "原值", Now = "现值", Why = "原因",
        AllFigures = "全部数据", Online = "在线查看本期周报",
        HowCounted = "统计口径",
        Footer = "日与周按 {0} 当地时间计算。任一时段内：呼入量 = 接听 + 放弃 + 进行中 + 其他结束。服务水平 v1 =（T 秒内接听 + T 秒内放弃）/（接听 + 放弃），T = {1} s。比率由合计值相除得出，从不对比率求平均。数据截至事实序号 {2}。",
        Points = "个百分点", HourUnit = "小时", Plus = "、", Colon = "：", Semicolon = "；",
        Weekdays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
        DayFormat = "{2}月{1}日 {0}", ShortDayFormat = "{1}日 {0}", DateFormat = "{2}年{1}月{0}日",
        Above = "服务水平 {0}，高于目标 {2} 达 {1} 个百分点。",
        Below = "服务水平 {0}，低于目标 {2} 达 {1} 个百分点。",
        OnTarget = "服务水平 {0}，恰好达到目标 {2}。",
        Level = "服务水平 {0}。",
        WorstInsight = "最紧张的一刻钟：{0}，{2} 位客户中有 {1} 位等待超时。",
        ShortInsight = "排班在 {0} 个一刻钟内人手不足，共缺 {1} 人时。",
        ScoredInsight = "本周通话截至目前已质检 {0} 通：质检得分 {1}，合格率 {2}。",
        DaysAlt = "每日话务量与服务水平。最好：{0}，{1}；最差：{2}，{3}。",
        HoursAlt = "分日分时服务水平。等待超时最多：{0}。",
        Quiet = "本周没有接听或放弃的来电。",
        Late = "迟到的{1} {0} 条", Corrected = "更正的{1} {0} 条",
        Kpis = new Dictionary<string, string>
        {
            ["service-level"] = "服务水平", ["abandonment-rate"] = "放弃率", ["asa"] = "平均应答速度", ["aht"] = "平均处理时长",
            ["occupancy"] = "占用率", ["coverage"] = "排班覆盖率", ["qa-score"] = "质检得分", ["qa-pass-rate"] = "质检合格率",
            ["evaluations"] = "质检数量", ["training-hours"] = "培训时长", ["scheduled-hours"] = "排班工时",
            ["offered"] = "呼入量", ["answered"] = "接听", ["abandoned"] = "放弃", ["open"] = "进行中", ["other"] = "其他结束",
        },
        Causes = new Dictionary<string, string>
        {
            ["call"] = "通话", ["evaluation"] = "质检", ["training"] = "培训记录", ["agent-day"] = "坐席状态", ["roster"] = "班表",
            ["coverage"] = "人力覆盖", ["calendar"] = "项目日历", ["dimension"] = "队列或班组", ["rules"] = "按现行规则重算",
        },
    };
}
