using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Npgsql;

namespace CallCenter.Bench;

/// <summary>Figures by question over a year of evaluations, over HTTP: as a whole, and told apart in each way there is.</summary>
internal sealed class Questions(Site site, Report report)
{
    private const int Evaluations = 200_000, OfForm = 30, Agents = 500, Teams = 25, Inspectors = 20, Rounds = 20;

    private static readonly string[] Ways = ["", "&by=month", "&by=inspector", "&by=team", "&by=agent", "&by=agent&question=q7"];

    public async Task Measure()
    {
        var project = await site.Project("Quality");
        await Hire(project);
        await site.Stop("People");
        var quality = await site.Start("Quality");
        using var client = site.As(quality, "operations-manager", project);
        await using var database = Site.Database("quality");
        var form = await Form(quality, project);
        await Fill(database, project, form);
        var all = new List<double>();

        foreach (var way in Ways)
        {
            var took = new List<double>();
            for (var round = 0; round <= Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(
                    $"/question-figures?projectId={project}&from=2025-03-01&to=2026-02-28{way}", HttpCompletionOption.ResponseContentRead);
                answer.EnsureSuccessStatusCode();
                if (round > 0) // warm now
                    took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            all.AddRange(took);
            report.Below($"Figures by question over a year of {Evaluations:N0} evaluations of {OfForm} questions{Named(way)}: p95",
                Rate.Percentile(took, 95), 1000, "ms");
        }

        report.Below("All of these: p50", Rate.Percentile(all, 50), 1000, "ms");
        report.Below("Memory of Quality meanwhile", quality.Memory("VmHWM"), 500, "MB");
    }

    private static string Named(string way) => way.Replace("&by=", ", by ", StringComparison.Ordinal).Replace("&question=q7", ", one question", StringComparison.Ordinal);

    private async Task Hire(Guid project)
    {
        using var people = site.As(await site.Start("People"), "admin");
        for (var team = 0; team < Teams; team++)
            (await people.PostAsJsonAsync("/teams", new { projectId = project, name = $"Team {team}" })).EnsureSuccessStatusCode();
        var file = new StringBuilder("staff_number,name,hired_on,left_on,grade,teams,skills,weekly_hours,zone\n");
        for (var agent = 0; agent < Agents; agent++)
            file.Append(null, $"Q-{agent},Agent {agent},2025-01-02,,junior,Team {agent % Teams},billing:3,40,UTC\n");
        (await people.PostAsync("/employees/imports", new StringContent(file.ToString(), Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();
        await using var database = Site.Database("quality");
        await Site.Until(async () => await Site.Count(database, $"""
            select count(*) from quality.mt_doc_employeev1 where data -> 'ProjectIds' ? '{project}'
            """) == Agents, 500);
        await Site.Until(async () => await Site.Count(database, $"""
            select count(*) from quality.mt_doc_teamv1 where (data ->> 'ProjectId')::uuid = '{project}' and jsonb_array_length(data -> 'Memberships') > 0
            """) == Teams, 500);
    }

    private async Task<Guid> Form(Instance quality, Guid project)
    {
        using var inspector = site.As(quality, "inspector", project);
        var questions = Enumerable.Range(0, OfForm).Select(i => new
        {
            code = $"q{i}", kind = "yes-no", title = new Dictionary<string, string> { ["en"] = $"Question {i}?" }, notApplicable = true,
            yes = new { points = 2 }, no = new { points = 0 },
        }).ToList();
        var made = await inspector.PostAsJsonAsync("/evaluation-forms", new
        {
            projectId = project, content = new
            {
                title = new Dictionary<string, string> { ["en"] = "Bench" }, weighting = "sections", passMark = 80,
                sections = Enumerable.Range(0, 5).Select(s => new
                {
                    code = $"s{s}", title = new Dictionary<string, string> { ["en"] = $"Section {s}" }, weight = 20,
                    questions = questions.Skip(s * 6).Take(6),
                }),
            },
        });
        var url = made.EnsureSuccessStatusCode().Headers.Location!;
        using var activation = new HttpRequestMessage(HttpMethod.Post, $"{url}/activation");
        activation.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await inspector.SendAsync(activation)).EnsureSuccessStatusCode();
        return Guid.Parse(url.ToString()[^36..]);
    }

    // Straight into the rows that figures are made of: how they get there is the work of a job.
    private static async Task Fill(NpgsqlDataSource database, Guid project, Guid form)
    {
        await Run(database, $$"""
            insert into figures.answer (form_id, said)
            select '{{form}}', format('{"Question":"q%s","Section":"s%s","Answer":%s,"Points":%s,"MaxPoints":2,"NotApplicable":%s,"Lost":%s}', q, q / 6,
                case a when 0 then '"yes"' when 1 then '"no"' else 'null' end, case a when 0 then '2' when 1 then '0' else 'null' end,
                case a when 2 then 'true' else 'false' end, case a when 1 then 'true' else 'false' end)
            from generate_series(0, {{OfForm - 1}}) q, generate_series(0, 2) a order by q, a
            """);
        await Run(database, $"""
            insert into figures.evaluation (id, version, project_id, form_id, agent_id, evaluator_id, day, counts, score, passed, auto_failed,
                answers, sections, changed_version, header_version)
            select gen_random_uuid(), 35, '{project}', '{form}', agents.all_of[1 + i * 7919 % {Agents}], md5('inspector' || i % {Inspectors})::uuid,
                date '2025-03-01' + (i::bigint * 365 / {Evaluations})::int, true, 60 + i % 40, i % 40 >= 20, false,
                (select array_agg(first.id + q * 3 + case (i * 31 + q * 17) % 10 when 0 then 1 when 1 then 1 when 2 then 2 else 0 end)
                    from generate_series(0, {OfForm - 1}) q),
                '[{"{"}"Section":"s0","Score":90,"Passed":true{"}"},{"{"}"Section":"s1","Score":70,"Passed":false{"}"}]', 35, 35
            from generate_series(0, {Evaluations} - 1) i,
                (select array_agg(id) as all_of from quality.mt_doc_employeev1) agents, (select min(id) as id from figures.answer where form_id = '{form}') first
            """);
        await Run(database, "vacuum analyze figures.evaluation");
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
