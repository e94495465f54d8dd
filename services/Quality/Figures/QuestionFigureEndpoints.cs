using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Npgsql;

namespace CallCenter.Quality.Figures;

internal static class QuestionFigureEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapQuestionFigures() => routes.MapGet("/question-figures", Get)
            .WithTag("Question figures", "How questions were answered over free spans of up to a year.")
            .Describe("Answers by section and question over some days, as a whole or by agent, team, inspector or month",
                problems: ["range-out-of-order", "range-too-long", "project-unknown"]);
    }

    /// <param name="From">First local day.</param>
    /// <param name="To">Last local day, at most a year after.</param>
    /// <param name="FormId">Of this form only.</param>
    /// <param name="AgentId">Of this agent only.</param>
    /// <param name="Section">Code of a section: of this one only.</param>
    /// <param name="Question">Code of a question: of this one only.</param>
    public sealed record Filter(
        Guid ProjectId, DateOnly From, DateOnly To, Guid? FormId, Guid? AgentId, [property: MaxLength(64)] string? Section,
        [property: MaxLength(64)] string? Question);

    private static async Task<Tabular<QuestionFiguresView>> Get(
        [AsParameters] Filter filter, Caller caller, Language language, IQuerySession session, FigureRows rows, NpgsqlDataSource database,
        CancellationToken cancellation,
        [Description("agent, team, inspector or month; left out: all together"), AllowedValues(null, "agent", "team", "inspector", "month")]
        string? by = null)
    {
        caller.MustSee(filter.ProjectId);
        DayRanges.Check(filter.From, filter.To);
        var calendar = await session.CalendarOf(filter.ProjectId, cancellation);
        var teams = await ProjectTeams.Of(session, filter.ProjectId, cancellation);
        var seen = PeopleSeen.By(caller, teams, filter.From, filter.To, calendar.DayOf(caller.Now));
        if (filter.AgentId is { } agent && !seen.Agent(agent))
            throw new StreamNotFoundException(agent);

        var kind = by is null ? FiguresBy.None : Enum.Parse<FiguresBy>(by, ignoreCase: true);
        var forms = await session.Query<EvaluationForm>().Where(form => form.ProjectId == filter.ProjectId).ToListAsync(cancellation);
        var answers = await rows.Answers([.. forms.Select(form => form.Id)], cancellation);
        var hidden = await session.HiddenFrom(caller, cancellation); // one of a day is its answers
        var groups = await Counted(database, filter, kind, teams, [.. answers.Keys], [.. hidden], cancellation);
        var known = Known([.. forms.OrderBy(form => form.Id)], answers, filter, language);
        bool IsSeen(string key) => kind switch
        {
            FiguresBy.Agent => seen.Agent(Guid.Parse(key)),
            FiguresBy.Team => key.Length > 0 && seen.Team(Guid.Parse(key)),
            FiguresBy.Inspector => seen.Inspector(Guid.Parse(key)),
            _ => true,
        };

        return new(new(filter.ProjectId, filter.From, filter.To, kind, await rows.Behind(cancellation),
            groups.Values.Sum(group => group.Evaluations),
            [
                .. groups.Where(group => IsSeen(group.Key)).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
                    new QuestionGroup(group.Key.Length > 0 ? group.Key : null, group.Value.Evaluations, group.Value.Figures(known))),
            ]), ToTable);
    }

    private static async Task<Dictionary<string, AnswerCounts>> Counted(
        NpgsqlDataSource database, Filter filter, FiguresBy by, ProjectTeams teams, int[] known, Guid[] hidden,
        CancellationToken cancellation)
    {
        var groups = new Dictionary<(Guid Person, int Month), AnswerCounts>();
        var places = Enumerable.Repeat(-1, known.DefaultIfEmpty().Max() + 1).ToArray();
        foreach (var (place, number) in known.Index())
            places[number] = place;
        var person = by switch { FiguresBy.Agent or FiguresBy.Team => "agent_id", FiguresBy.Inspector => "evaluator_id", _ => "project_id" };
        await using var command = database.CreateCommand($"""
            select {person}, day, array_send(answers) from figures.evaluation
            where project_id = $1 and day between $2 and $3 and counts and ($4::uuid is null or form_id = $4) and ($5::uuid is null or agent_id = $5)
                and not id = any($6)
            """);
        command.Parameters.AddWithValue(filter.ProjectId);
        command.Parameters.AddWithValue(filter.From);
        command.Parameters.AddWithValue(filter.To);
        command.Parameters.Add(new() { Value = (object?)filter.FormId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)filter.AgentId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.AddWithValue(hidden);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var sent = new byte[4096];
        while (await row.ReadAsync(cancellation))
        {
            var day = row.GetFieldValue<DateOnly>(1);
            var key = by switch
            {
                FiguresBy.Agent or FiguresBy.Inspector => (row.GetGuid(0), 0),
                FiguresBy.Team => (teams.TeamOf(row.GetGuid(0), day) ?? Guid.Empty, 0),
                FiguresBy.Month => (Guid.Empty, day.Year * 12 + day.Month - 1),
                _ => (Guid.Empty, 0),
            };
            if (!groups.TryGetValue(key, out var counts))
                groups[key] = counts = new(places, known.Length);
            var length = (int)row.GetBytes(2, 0, null, 0, 0);
            if (sent.Length < length)
                sent = new byte[length * 2];
            row.GetBytes(2, 0, sent, 0, length);
            counts.Add(sent.AsSpan(0, length));
        }

        return groups.ToDictionary(group => group.Key switch
        {
            (_, > 0 and var month) => new DateOnly(month / 12, month % 12 + 1, 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ({ } id, _) when id != Guid.Empty => id.ToString(),
            _ => "",
        }, group => group.Value);
    }

    private static readonly IReadOnlyDictionary<string, string> Header =
        new Dictionary<string, string> { ["en"] = "Header", ["zh-CN"] = "表头" };

    // In the order of the forms as they are now; what no form has any more comes after.
    private static IReadOnlyList<KnownSection> Known(
        IReadOnlyList<EvaluationForm> forms, IReadOnlyDictionary<int, (Guid FormId, JudgedAnswer Answer)> answers, Filter filter,
        Language language)
    {
        var given = answers.Where(answer => (filter.Section ?? answer.Value.Answer.Section) == answer.Value.Answer.Section
                && (filter.Question ?? answer.Value.Answer.Question) == answer.Value.Answer.Question)
            .ToLookup(answer => answer.Value.FormId, answer => (Id: answer.Key, answer.Value.Answer));
        return
        [
            .. from form in forms
               let sections = (form.Active?.Sections ?? []).Select(s => (s.Code, s.Title))
                   .Prepend((Code: JudgedAnswer.Header, Title: Header)).Index().ToDictionary(s => s.Item.Code, s => (s.Index, s.Item.Title))
               let questions = (form.Active?.Questions ?? []).Index()
                   .ToDictionary(q => q.Item.Code, q => (q.Index, q.Item.Title))
               from section in given[form.Id].GroupBy(answer => answer.Answer.Section)
                   .OrderBy(s => sections.TryGetValue(s.Key, out var at) ? at.Index : int.MaxValue)
                       .ThenBy(s => s.Key, StringComparer.Ordinal)
               select new KnownSection(form.Id, section.Key,
                   sections.TryGetValue(section.Key, out var own) ? language.Choose(own.Title) : section.Key,
               [
                   .. section.GroupBy(answer => answer.Answer.Question)
                       .OrderBy(q => questions.TryGetValue(q.Key, out var at) ? at.Index : int.MaxValue)
                           .ThenBy(q => q.Key, StringComparer.Ordinal)
                       .Select(q => new KnownQuestion(
                           q.Key, questions.TryGetValue(q.Key, out var asked) ? language.Choose(asked.Title) : q.Key, [.. q])),
               ]),
        ];
    }

    private static Table ToTable(QuestionFiguresView view)
    {
        var table = new Table("group", "groupEvaluations", "formId", "section", "question", "title", "answered", "notApplicable", "lost", "failed",
            "pointsShare", "answer", "count", "share");
        foreach (var group in view.Groups)
            foreach (var section in group.Sections)
                foreach (var question in section.Questions)
                    foreach (var answer in question.Answers)
                        table.Add(group.Key, group.Evaluations, section.FormId, section.Section, question.Question, question.Title,
                            question.Answered, question.NotApplicable, question.Lost, question.Failed, question.PointsShare,
                            answer.NotApplicable ? "N/A" : answer.Answer, answer.Count, answer.Share);
        return table;
    }
}
