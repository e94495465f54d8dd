namespace CallCenter.Contracts.Quality;

/// <summary>An evaluation of one contact.</summary>
/// <param name="CallId">The call it is of; empty when the subject is no call.</param>
/// <param name="Status">draft, submitted, disputed, acknowledged, resolved or voided. Scores are null while a draft, and once voided.</param>
/// <param name="FormVersion">The version it was made with; it keeps it.</param>
/// <param name="Score">Percent, 0–100, one decimal; null when every question was N/A.</param>
/// <param name="Passed">Whether the score reached the form's pass mark and nothing failed automatically.</param>
/// <param name="Sections">Result by section.</param>
/// <param name="Kind">
/// standard: others (second, self, peer, practice, and what is said in a calibration) count in no figure of the agent, and are not told.
/// </param>
/// <param name="Subject">What was evaluated; null in facts of a time when that was always the call.</param>
/// <param name="Questions">Result by question that was asked, in the order of the form; null while a draft and in facts of before.</param>
public sealed record EvaluationV1(
    Guid Id, long Version, Guid ProjectId, Guid CallId, Guid AgentId, Guid EvaluatorId, Guid FormId, int FormVersion,
    string Status, decimal? Score, bool? Passed, bool AutoFailed, IReadOnlyList<SectionResult> Sections,
    DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt,
    string Kind = "standard", EvaluationSubject? Subject = null, IReadOnlyList<QuestionResult>? Questions = null) : IFact;

/// <param name="Kind">call, conversation, chat, ticket or live-observation.</param>
/// <param name="Id">Of a call or chat the id of the call's fact; else one that is the same whenever the same is meant.</param>
public sealed record EvaluationSubject(string Kind, Guid Id);

/// <param name="Section">Code of the section, stable over form versions.</param>
/// <param name="Score">Percent of the section; null when all N/A.</param>
/// <param name="Passed">Null when all N/A.</param>
public sealed record SectionResult(string Section, string Title, decimal? Score, bool? Passed);

/// <param name="Question">Code of the question, stable over form versions.</param>
/// <param name="Section">Code of its section.</param>
/// <param name="Answer">Code of the choice, codes by commas, yes or no, the number or the day; null for a text, and when not applicable.</param>
/// <param name="Points">What the answer earned, below 0 what it took away; null when not applicable, and for texts and days.</param>
/// <param name="MaxPoints">The most that an answer to the question can earn.</param>
/// <param name="NotApplicable">Whether the question was answered N/A, which takes it out of the score.</param>
/// <param name="AutoFail">What the answer failed whatever the rest says: none, section or form.</param>
public sealed record QuestionResult(
    string Question, string Section, string? Answer, decimal? Points, decimal MaxPoints, bool NotApplicable, string AutoFail);

/// <summary>An agent is coached for a reason, until a later evaluation passes what was coached.</summary>
/// <param name="FormId">The form by which it is checked again.</param>
/// <param name="Section">Code of the section that is checked again; null: the whole form.</param>
/// <param name="Cause">finding, figure or complaint.</param>
/// <param name="Status">open; signed, by both, and still open; passed; withdrawn.</param>
/// <param name="TalkAt">When the two talk, or talked.</param>
/// <param name="ClosedAt">When the evaluation that passed was submitted, or it was withdrawn; null while it is open.</param>
/// <param name="DueOn">The next local day by which something is to be done: it is overdue from the day after; null once it is closed.</param>
public sealed record CoachingV1(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, Guid CoachId, Guid FormId, string? Section, string Cause, string Status,
    DateTimeOffset TalkAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, DateOnly? DueOn) : IFact;

/// <summary>A quality report of a week or month, ready to be sent. Each version is what it says from then on.</summary>
/// <param name="Period">week or month.</param>
/// <param name="From">First local day of the period.</param>
/// <param name="To">Its last day.</param>
/// <param name="ToldAt">When it was told for the first time.</param>
/// <param name="Letters">The same in each language.</param>
/// <param name="Csv">
/// All of its figures, for a file. Here and in the letters people stand by marks (<c>{{person:…}}</c> with the id of the employee): whoever
/// shows them fills in the names, so that no fact holds one.
/// </param>
public sealed record QaReportV1(
    Guid Id, long Version, Guid ProjectId, string Period, DateOnly From, DateOnly To, DateTimeOffset ToldAt,
        IReadOnlyList<QaReportLetter> Letters,
    string Csv) : IFact;

/// <param name="Language">en or zh-CN.</param>
/// <param name="Html">A page.</param>
/// <param name="Text">The same as text.</param>
public sealed record QaReportLetter(string Language, string Subject, string Html, string Text);
