using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.MachineAnswers;

/// <param name="Stored">Contacts whose answers were kept.</param>
/// <param name="Known">Contacts of which the same had been received before.</param>
/// <param name="Refused">All that is wrong with the others, by the place of each in the batch.</param>
public sealed record MachineAnswersReceived(int Stored, int Known, IReadOnlyList<Error> Refused);

internal static class MachineAnswerEndpoints
{
    private static readonly Visibility<ContactAnswers> Visible = new(
        (answers, projects) => projects.Contains(answers.ProjectId), own: (answers, agent) => answers.AgentId == agent);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMachineAnswers()
        {
            var answers = routes.MapGroup("/machine-answers").WithTag("Machine answers",
                "What models say of contacts, of all of them. It is in nobody's score unless a person confirmed it; of a team it says, together "
                + "with what people say of a random few, how all contacts were.");

            answers.MapPost("/", Receive).Accepts<MachineAnswersRequest>("application/json").Describe(
                "Deliver what a model says of contacts: as often as you like, each contact taken or refused by itself",
                new MachineAnswersRequest(
                [
                    new(new(SubjectKind.Call, FormExample.CallId), FormExample.FormId, 1, "greeting-judge", "2026-03-01",
                        [
                            new("greeting", new Answer(Choice: "full"), 0.93, [new(OffsetMs: 1200)]),
                            new("polite", new Answer(Yes: true), 0.88),
                        ]),
                ]),
                ["unknown-call", "unknown-form-version", "not-a-contact", "text-by-machine", "confidence-out-of-range",
                    "evidence-without-place", "answered-otherwise", "unknown-question", "answer-does-not-fit", "not-one-answer",
                    "duplicate-question", "question-not-asked", "wrong-count", "not-a-chat", "no-conversation"]);
            answers.MapGet("/", OfCall).Describe("What models said of a call, by itself or as a leg of a conversation",
                problems: ["judged-blind", "not-shown-to-agents"]);
            answers.MapGet("/{id:guid}", Get).Describe("What a model said of a contact",
                problems: ["judged-blind", "not-shown-to-agents"]);
            routes.MapPost("/evaluations/{id:guid}/machine-proposals", Propose).WithTags("Machine answers").Describe(
                "Take over into a draft what a model said, question by question to be confirmed or changed: nothing is answered by it",
                new MachineProposalRequest(new("0195a000-0000-7000-8000-000000000009")),
                ["drawn-by-lot", "other-contact", "other-form-version", "not-a-draft", "not-your-evaluation", "evaluation-held"]);
        }
    }

    /// <param name="MachineAnswersId">What was said of what the draft is of, by the version of the form it is made with.</param>
    public sealed record MachineProposalRequest(Guid MachineAnswersId);

    private static async Task<Ok<MachineAnswersReceived>> Receive(
        MachineAnswersBatch batch, Caller caller, MachineAnswerStore store, IQuerySession session, CancellationToken cancellation)
    {
        var said = batch.Contacts.Index().Where(contact => contact.Item.Said is not null)
            .Select(contact => (At: $"/contacts/{contact.Index}", Said: contact.Item.Said!)).ToList();
        var known = await session.Known([.. said.Select(contact => contact.Said)], cancellation);
        var refused = batch.Contacts.Select(contact => contact.Fault).OfType<Error>().ToList();
        var taken = new List<(string At, JudgedContact Contact)>();
        foreach (var (at, contact) in said)
        {
            var (judged, faults) = JudgedContact.Of(contact, at, known, caller.Sees);
            refused.AddRange(faults);
            if (judged is not null)
                taken.Add((at, judged));
        }

        // The first of two that stand in one batch is taken as if it had come before.
        List<JudgedContact> first = [.. taken.Select(contact => contact.Contact).DistinctBy(contact => contact.Id)];
        var (kept, otherwise) = first.Count == 0 ? (new HashSet<Guid>(), new HashSet<Guid>())
            : await store.Keep(first, caller.Id, caller.Now, cancellation);
        var digests = first.ToDictionary(contact => contact.Id, contact => contact.Digest);
        var contradicted = taken
            .Where(contact => otherwise.Contains(contact.Contact.Id) || digests[contact.Contact.Id] != contact.Contact.Digest).ToList();
        refused.AddRange(contradicted.Select(contact => new Error(contact.At, "answered-otherwise",
            "The same version of the model has said something else of this contact; a judge that judges anew has another version.")));

        return TypedResults.Ok(new MachineAnswersReceived(kept.Count, taken.Count - contradicted.Count - kept.Count,
            [.. refused.OrderBy(error => PlaceOf(error.Pointer))]));
    }

    private static int PlaceOf(string pointer) => int.Parse(pointer.Split('/')[2], System.Globalization.CultureInfo.InvariantCulture);

    extension(IQuerySession session)
    {
        // A few requests for the whole batch, however many contacts are in it.
        private async Task<KnownContacts> Known(IReadOnlyList<JudgedContactRequest> said, CancellationToken cancellation)
        {
            var calls = (await session.LoadManyAsync<CallV1>(cancellation, said.Select(contact => contact.Subject.CallId).Distinct()))
                .ToDictionary(call => call.Id);
            string[] conversations =
            [
                .. said.Where(contact => contact.Subject.Kind is SubjectKind.Conversation)
                    .Select(contact => calls.GetValueOrDefault(contact.Subject.CallId)?.ConversationId).OfType<string>().Distinct(),
            ];
            var legs = conversations.Length == 0 ? []
                : await session.Query<CallV1>().Where(call => call.ConversationId!.IsOneOf(conversations)).ToListAsync(cancellation);
            var forms = new Dictionary<Guid, KnownForm>();
            foreach (var form in said.Select(contact => contact.FormId).Distinct().Take(Forms))
                if (await session.KnownForm(form, cancellation) is { } found)
                    forms[form] = found;

            return new(calls, legs.ToLookup(leg => leg.ConversationId!), forms);
        }

        public async Task<KnownForm?> KnownForm(Guid id, CancellationToken cancellation)
        {
            var life = (await session.Events.FetchStreamAsync(id, token: cancellation)).Select(e => e.Data).ToList();
            return life.OfType<FormActivated>().ToList() is [{ } one, ..] activated
                ? new(id, one.ProjectId, activated.ToDictionary(version => version.FormVersion, version => version.Content)) : null;
        }
    }

    // A batch is of few forms; one that names a form per line is no batch.
    private const int Forms = 50;

    private static async Task<Ok<IReadOnlyList<ContactAnswers>>> OfCall(
        Guid callId, Caller caller, MachineAnswerStore store, IDocumentSession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<CallV1>(callId, cancellation) is not { } call)
            throw new StreamNotFoundException(callId);
        caller.MustSee(call.ProjectId);
        var found = (await store.OfCall(callId, cancellation)).Where(answers => caller.Sees(answers, Visible)).ToList();
        if (found.Count == 0 && caller.SeesOnlyOwn && call.AgentId != caller.Id)
            throw new StreamNotFoundException(callId);
        await session.MaySee(found, call.ProjectId, caller, cancellation);

        return TypedResults.Ok<IReadOnlyList<ContactAnswers>>(found);
    }

    private static async Task<Ok<ContactAnswers>> Get(
        Guid id, Caller caller, MachineAnswerStore store, IDocumentSession session, CancellationToken cancellation)
    {
        var found = caller.MustSee(await store.Find(id, cancellation), Visible);
        await session.MaySee([found], found.ProjectId, caller, cancellation);

        return TypedResults.Ok(found);
    }

    /// <summary>
    /// Agents see it where their project lets them. Whoever is to judge a contact that was drawn by lot does not until they have: else
    /// machines would be measured by what they themselves had said.
    /// </summary>
    /// <exception cref="RefusedException">409 <c>not-shown-to-agents</c> or <c>judged-blind</c>.</exception>
    private static async Task MaySee(
        this IQuerySession session, IReadOnlyList<ContactAnswers> answers, Guid projectId, Caller caller, CancellationToken cancellation)
    {
        Guid[] contacts = [.. answers.SelectMany(one => one.Calls ?? [one.ContactId]).Distinct()];
        if (!caller.SeesOnlyOwn)
        {
            if (await session.Query<EvaluationSummary>().AnyAsync(e => e.CallId.IsOneOf(contacts) && e.PlanId != null
                && ((e.Status == EvaluationStatus.Draft && e.EvaluatorId == caller.Id && e.HeldAt == null)
                    || (e.Status == EvaluationStatus.Pending && e.AssignedTo == caller.Id)), cancellation))
                throw new RefusedException(
                    "judged-blind", "You are to judge this contact, which was drawn by lot: it is shown once you have.");
            return;
        }

        var policy = (await session.MachineAnswerPolicyOf(projectId, cancellation)).Policy;
        Guid?[] of = [.. answers.Select(one => (Guid?)one.ContactId).Distinct()];
        var isShown = policy.AgentsSee switch
        {
            AgentsSee.Never => false,
            AgentsSee.AfterEvaluation => await session.Query<EvaluationSummary>().AnyAsync(e => e.Kind == null && e.SubmittedAt != null
                && e.AgentId == caller.Id && (e.CallId.IsOneOf(contacts) || e.SubjectId.IsOneOf(of)), cancellation),
            _ => true,
        };
        if (!isShown)
            throw new RefusedException("not-shown-to-agents", policy.AgentsSee is AgentsSee.Never
                ? "The project does not show agents what machines say." : "The project shows it once the contact was evaluated.");
    }

    private static async Task<WriteResult> Propose(
        Guid id, MachineProposalRequest request, ExpectedVersion expected, Caller caller, MachineAnswerStore store,
        IDocumentSession session, CancellationToken cancellation)
    {
        var said = caller.MustSee(await store.Find(request.MachineAnswersId, cancellation), Visible);
        var command = new ProposeAnswers(
            caller.Id, said.Id, said.Model, said.ModelVersion, said.FormId, said.FormVersion, said.Answers, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state =>
        {
            caller.MustSee(state);
            return said.ContactId == (state.SubjectId ?? state.CallId) ? Decide(command, state)
                : throw new RefusedException("other-contact", "It was said of another contact than the draft is of.");
        }, cancellation));
    }
}
