using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using Marten;
using Marten.Events;
using Npgsql;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// What was written in evaluations of somebody's calls is about them, and is taken out of the events. Answers, scores and who gave them
/// stay: figures are made of these.
/// </summary>
internal static class EvaluationErasure
{
    public static void Erase(Erasing places)
    {
        places.From<EmployeeErasedV1>("evaluation-texts", (services, erased, cancellation) =>
            MaskAll(services, evaluations => evaluations.Where(e => e.AgentId == erased.Id), cancellation));
        places.From<CustomerErasedV1>("evaluation-texts", (services, erased, cancellation) =>
        {
            var calls = erased.Calls.ToArray();
            return MaskAll(services, evaluations => evaluations.Where(e => e.CallId.IsOneOf(calls)), cancellation);
        });
        places.From<CustomerErasedV1>("calls", ForgetCustomer);
    }

    public static void Mask(IEventStoreOptions events)
    {
        events.AddMaskingRuleForProtectedInformation<EvaluationReleased>(e => e with { Reason = "" });
        events.AddMaskingRuleForProtectedInformation<QuestionAnswered>(e => e with { Comment = null });
        events.AddMaskingRuleForProtectedInformation<RemarksWritten>(e => e with { Feedback = null, PrivateNote = null });
        events.AddMaskingRuleForProtectedInformation<EvaluationAcknowledged>(e => e with { Comment = null });
        events.AddMaskingRuleForProtectedInformation<EvaluationDisputed>(e => e with { Reason = "" });
        events.AddMaskingRuleForProtectedInformation<DisputeResolved>(e => e with
        {
            Reason = "", Answers = [.. e.Answers.Select(answer => answer with { Comment = null })],
        });
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

    private static async Task<long> MaskAll(
        IServiceProvider services, Func<IQueryable<EvaluationSummary>, IQueryable<EvaluationSummary>> which, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        await using var query = store.QuerySession();
        var evaluations = await which(query.Query<EvaluationSummary>()).OrderBy(e => e.Id).Select(e => e.Id).ToListAsync(cancellation);
        await store.EraseTexts(evaluations, cancellation);

        return evaluations.Count;
    }
}
