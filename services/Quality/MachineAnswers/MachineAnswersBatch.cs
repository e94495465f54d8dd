using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Quality.MachineAnswers;

/// <param name="Contacts">1 to 500; one that can't be taken keeps no other from being taken.</param>
public sealed record MachineAnswersRequest([MinLength(1), MaxLength(500)] IReadOnlyList<JudgedContactRequest> Contacts);

/// <summary>The body of a request, its contacts read one by one.</summary>
internal sealed record MachineAnswersBatch(IReadOnlyList<(JudgedContactRequest? Said, Error? Fault)> Contacts)
{
    private const int Most = 500;

    private sealed record Envelope(IReadOnlyList<JsonElement> Contacts);

    public static async ValueTask<MachineAnswersBatch> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException("The body is application/json.", StatusCodes.Status415UnsupportedMediaType);

        Envelope? envelope;
        try
        {
            envelope = await context.Request.ReadFromJsonAsync<Envelope>(context.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body can't be read.", e);
        }

        if (envelope?.Contacts is not { Count: > 0 and <= Most } contacts)
            throw new InvalidException("/contacts", "wrong-count", $"There are 1 to {Most} of these.");

        return new([.. contacts.Index().Select(one => Json.ReadOne<JudgedContactRequest>(one.Item, $"/contacts/{one.Index}"))]);
    }
}
