using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using Marten;
using Marten.Events;
using Marten.Linq.MatchesSql;
using Npgsql;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// What was written in evaluations of somebody's calls is about them, and is taken out of the events. Answers, scores and who gave them
/// stay: figures are made of these.
/// </summary>
internal static class EvaluationErasure
{
    private static readonly Type[] WithTexts =
    [
        typeof(EvaluationPlanned), typeof(EvaluationStarted), typeof(EvaluationReleased), typeof(QuestionAnswered), typeof(RemarksWritten),
        typeof(EvaluationAcknowledged), typeof(EvaluationDisputed), typeof(DisputeResolved), typeof(EvaluationSubmitted),
        typeof(EvaluationAssigned), typeof(EvaluationCorrected), typeof(EvaluationVoided),
        typeof(EvaluationOpened), typeof(EvaluationHeld), typeof(EvaluationReviewed), typeof(DisputeAppealed), typeof(DisputeEscalated),
        typeof(AnswersProposed),
        typeof(ChatTextWritten),
    ];

    public static void Erase(Erasing places)
    {
        places.FromTexts(new("evaluation-texts", WithTexts, About, Find));
        places.From<CustomerErasedV1>("calls", ForgetCustomer);
    }

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<EvaluationOpened>(e => e with
        {
            Subject = e.Subject with { Text = Emptied(e.Subject.Text), Reference = Emptied(e.Subject.Reference) },
        });
        events.AddMaskingRuleForProtectedInformation<ChatTextWritten>(e => e with { Text = "" });
        events.AddMaskingRuleForProtectedInformation<EvaluationReleased>(e => e with { Reason = "" });
        events.AddMaskingRuleForProtectedInformation<QuestionAnswered>(e => Emptied(e));
        events.AddMaskingRuleForProtectedInformation<AnswersProposed>(e => e with
        {
            Answers = [.. e.Answers.Select(said => said with { Evidence = null })],
        });
        events.AddMaskingRuleForProtectedInformation<RemarksWritten>(e => e with { Feedback = null, PrivateNote = null });
        events.AddMaskingRuleForProtectedInformation<EvaluationAcknowledged>(e => e with { Comment = null });
        events.AddMaskingRuleForProtectedInformation<EvaluationDisputed>(e => e with { Reason = "" });
        events.AddMaskingRuleForProtectedInformation<DisputeResolved>(e => e with
        {
            Reason = "", Answers = Emptied(e.Answers),
        });
        events.AddMaskingRuleForProtectedInformation<EvaluationCorrected>(e => e with { Reason = "", Answers = Emptied(e.Answers) });
        events.AddMaskingRuleForProtectedInformation<EvaluationReviewed>(e => e with { Reason = "" });
        events.AddMaskingRuleForProtectedInformation<DisputeAppealed>(e => e with { Reason = "" });
        events.AddMaskingRuleForProtectedInformation<EvaluationVoided>(e => e with { Reason = "" });
    }

    // That there was something stays: an answer that needs a comment has had it.
    private static IReadOnlyList<GivenAnswer> Emptied(IReadOnlyList<GivenAnswer> answers) =>
        [.. answers.Select(answer => answer.Emptied())];

    private static string? Emptied(string? text) => text is null ? null : "";

    private static QuestionAnswered Emptied(QuestionAnswered e)
    {
        var emptied = e.Given.Emptied();
        return e with { Answer = emptied.Answer, Comment = emptied.Comment, Evidence = emptied.Evidence };
    }

    // Their next version comes without; until it does, ours is.
    private static async Task<long> ForgetCustomer(IServiceProvider services, CustomerErasedV1 erased, CancellationToken cancellation)
    {
        var calls = services.GetRequiredService<IDocumentStore>().Options.FindOrResolveDocumentType(typeof(CallV1)).TableName.QualifiedName;
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand($$"""
            update {{calls}} set data = data || '{"CustomerId": null, "References": null}' where id = any($1)
            """);
        command.Parameters.AddWithValue(erased.Calls.ToArray());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<Guid> About(object @event) => @event switch
    {
        EvaluationPlanned e => [e.AgentId, e.CallId],
        EvaluationStarted e => [e.AgentId, e.CallId],
        EvaluationOpened e => [e.AgentId, .. e.Subject.Calls],
        _ => [],
    };

    private static async Task<IReadOnlyList<Guid>> Find(IQuerySession query, IReadOnlyList<Guid> about, CancellationToken cancellation)
    {
        var ids = about.ToArray();
        object legs = ids.Select(id => id.ToString()).ToArray(); // one parameter, not as many as there are
        return await query.Query<EvaluationSummary>()
            .Where(e => e.AgentId.IsOneOf(ids) || e.CallId.IsOneOf(ids) || e.MatchesSql("jsonb_exists_any(data -> 'Legs', ?)", legs))
            .OrderBy(e => e.Id).Select(e => e.Id).ToListAsync(cancellation);
    }
}
