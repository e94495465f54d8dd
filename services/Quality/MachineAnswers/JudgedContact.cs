using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Rules;

namespace CallCenter.Quality.MachineAnswers;

/// <param name="Kind">call, conversation or chat.</param>
/// <param name="CallId">Of a call or chat; of a conversation any of its legs.</param>
/// <param name="AgentId">Of a conversation where several agents took part: whose part was judged.</param>
public sealed record MachineSubject(SubjectKind Kind, Guid CallId, Guid? AgentId = null);

/// <summary>What a machine says of one contact.</summary>
/// <param name="Subject">What it judged.</param>
/// <param name="FormVersion">The version of the form the answers are to.</param>
/// <param name="Model">Name of the judge, 1 to 100 characters.</param>
/// <param name="ModelVersion">Another whenever it may answer otherwise, 1 to 100 characters.</param>
/// <param name="Answers">1 to 100, one for each question at most; a question that it could not answer is left out.</param>
public sealed record JudgedContactRequest(
    MachineSubject Subject, Guid FormId, int FormVersion, [property: Line] string Model, [property: Line] string ModelVersion,
    IReadOnlyList<MachineAnswer> Answers);

/// <summary>A form over its versions.</summary>
internal sealed record KnownForm(Guid Id, Guid ProjectId, IReadOnlyDictionary<int, FormContent> Versions);

/// <summary>What is known of what a batch names.</summary>
internal sealed record KnownContacts(
    IReadOnlyDictionary<Guid, CallV1> Calls, ILookup<string, CallV1> LegsByConversation, IReadOnlyDictionary<Guid, KnownForm> Forms)
{
    public IReadOnlyList<CallV1> LegsOf(CallV1 leg) => leg.ConversationId is { } conversation
        ? [.. LegsByConversation[conversation].Where(other => other.ProjectId == leg.ProjectId && other.Source == leg.Source)] : [];
}

/// <summary>A contact with what a machine said of it, fit to be kept.</summary>
/// <param name="Id">Of contact, form, its version, and judge: the same said twice is one.</param>
/// <param name="At">When the contact began.</param>
/// <param name="Score">What the form makes of the answers, 0 to 100; null where some are missing. It is nobody's score.</param>
/// <param name="Shares">What the form's scored questions came to, 0 to 1, in their order; null where nothing was said.</param>
internal sealed record JudgedContact(
    Guid Id, Guid ProjectId, Guid FormId, int FormVersion, string Model, string ModelVersion, Subject Subject, Guid? AgentId,
    DateTimeOffset At, decimal? Score, bool? Passed, IReadOnlyList<double?> Shares, IReadOnlyList<MachineAnswer> Answers)
{
    private const int MostAnswers = 100, MostPlaces = 20, LongestName = 100;

    public Guid ContactId => Subject.CallId ?? Subject.Id;

    public Guid[]? Calls => Subject.CallId is null ? [.. Subject.Calls] : null;

    /// <summary>Of what was said: what differs in it is something else.</summary>
    public Guid Digest => NameId.Of("machine-answers", JsonSerializer.Serialize(Answers));

    public static Guid IdOf(Guid contact, Guid form, int formVersion, string model, string modelVersion) =>
        NameId.Of("machine-answers", contact, form, formVersion, model, modelVersion);

    /// <param name="at">Where the contact stands in the batch, a JSON pointer.</param>
    /// <param name="sees">Whether the project is one that whoever sends may send for.</param>
    /// <returns>It, or all that is wrong with it.</returns>
    public static (JudgedContact? Contact, IReadOnlyList<Error> Faults) Of(
        JudgedContactRequest said, string at, KnownContacts known, Func<Guid, bool> sees)
    {
        var faults = new List<Error>();
        foreach (var (member, name) in new[] { ("model", said.Model), ("modelVersion", said.ModelVersion) })
            if (!Text.IsVisible(name) || name.Length > LongestName)
                faults.Add(new($"{at}/{member}", "text-length", $"It has 1 to {LongestName} characters, something visible among them."));

        var call = known.Calls.GetValueOrDefault(said.Subject.CallId);
        if (call is null || !sees(call.ProjectId))
            return (null, [.. faults, new(
                $"{at}/subject/callId", "unknown-call", "No such call is known here yet. Calls follow their reports in a moment.")]);
        var form = known.Forms.GetValueOrDefault(said.FormId);
        if (form?.ProjectId != call.ProjectId || !form.Versions.TryGetValue(said.FormVersion, out var content))
            return (null, [.. faults, new(
                $"{at}/formVersion", "unknown-form-version", "The call's project has no form that was activated as this version.")]);

        faults.AddRange(FaultsOf(said.Answers, content, $"{at}/answers"));
        var (subject, agent) = (default(Subject), default(Guid?));
        try
        {
            (subject, agent) = SubjectOf(said.Subject, call, known);
        }
        catch (RefusedException e)
        {
            faults.Add(new($"{at}/subject", e.Code, e.Message));
        }
        catch (InvalidException e)
        {
            faults.AddRange(e.Errors.Select(error => error with { Pointer = at + error.Pointer }));
        }

        if (faults.Count > 0)
            return (null, faults);

        var answers = said.Answers.ToDictionary(answer => answer.Question, answer => answer.Answer);
        var result = content.Open(answers).Count == 0 ? content.Score(answers) : null;
        return (new JudgedContact(
            IdOf(subject!.CallId ?? subject.Id, form.Id, said.FormVersion, said.Model, said.ModelVersion), call.ProjectId, form.Id,
            said.FormVersion, said.Model, said.ModelVersion, subject, agent,
            call.StartedAt ?? call.AnsweredAt ?? call.EndedAt ?? DateTimeOffset.UnixEpoch,
            result?.Score, result?.Passed, content.SharesOf(answers), said.Answers), []);
    }

    private static (Subject, Guid?) SubjectOf(MachineSubject said, CallV1 call, KnownContacts known) => said.Kind switch
    {
        SubjectKind.Call => (new(SubjectKind.Call, call.Id, [call.Id]), call.AgentId),
        SubjectKind.Chat when call.Channel is "voice" =>
            throw new RefusedException("not-a-chat", "The call was spoken: it has no text."),
        SubjectKind.Chat => (new(SubjectKind.Chat, call.Id, [call.Id]), call.AgentId),
        SubjectKind.Conversation => call.Conversation(known.LegsOf(call), said.AgentId),
        _ => throw new RefusedException("not-a-contact", "Machines judge calls, conversations and chats."),
    };

    private static List<Error> FaultsOf(IReadOnlyList<MachineAnswer> answers, FormContent form, string at)
    {
        if (answers.Count is 0 or > MostAnswers)
            return [new(at, "wrong-count", $"There are 1 to {MostAnswers} of these.")];

        var faults = answers.Index().SelectMany(answer => FaultsOf(answer.Item, form, $"{at}/{answer.Index}")).ToList();
        if (faults.Count == 0)
            try
            {
                GivenAnswer[] given = [.. answers.Select(answer => new GivenAnswer(answer.Question, answer.Answer))];
                given.Check();
                form.EnsureFits(given);
            }
            catch (RefusedException e)
            {
                faults.Add(new(at, e.Code, e.Message));
            }
            catch (InvalidException e)
            {
                faults.AddRange(e.Errors.Select(error => error with { Pointer = at + error.Pointer["/answers".Length..] }));
            }

        return faults;
    }

    private static IEnumerable<Error> FaultsOf(MachineAnswer said, FormContent form, string at)
    {
        if (form.Find(said.Question) is TextQuestion)
            yield return new($"{at}/question", "text-by-machine", "What is written freely is written by people.");
        if (said.Confidence is < 0 or > 1)
            yield return new($"{at}/confidence", "confidence-out-of-range", "A confidence is 0 to 1.");
        if (said.Evidence is not { } places)
            yield break;

        if (places.Count > MostPlaces || places.Contains(null!))
            yield return new($"{at}/evidence", "wrong-count", $"There are at most {MostPlaces} of these, none of them null.");
        else if (places.Any(place => (place.OffsetMs is null) == (place.Message is null)
            || place.OffsetMs is < 0 or > 86_400_000 || place.Message is < 1 or > 100_000))
            yield return new($"{at}/evidence", "evidence-without-place",
                "Evidence names an offset of the recording, 0 to 86,400,000 ms, or a message of the chat, 1 to 100,000: one of them.");
    }
}

internal static class Shares
{
    /// <summary>Questions of which figures are made, in the order of the form: those that earn points.</summary>
    public static IEnumerable<Question> Scored(this FormContent form) => form.Questions.Where(question => question.MaxPoints > 0);

    /// <summary>
    /// What answers came to, question by question: points as a share of the most that the question can earn, from 0 to 1; null where it
    /// does not apply or nothing was said.
    /// </summary>
    public static IReadOnlyList<double?> SharesOf(this FormContent form, IReadOnlyDictionary<string, Answer> answers)
    {
        var counting = form.Counting(answers);
        return
        [
            .. form.Scored().Select(question => counting.TryGetValue(question.Code, out var answer)
                ? (double?)question.OutcomeOf(answer)?.Points / (double)question.MaxPoints : null)
                .Select(share => share is { } value ? Math.Clamp(value, 0, 1) : (double?)null),
        ];
    }
}
