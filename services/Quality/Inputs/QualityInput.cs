using CallCenter.Rules;

namespace CallCenter.Quality.Inputs;

// ---- Values

/// <summary>What an input is about.</summary>
public enum InputTopic { Rule, Form, Process, Other }

/// <summary>What is pointed at: all of it may be left out.</summary>
/// <param name="FormId">A form of the project.</param>
/// <param name="Question">Code of one of the form's questions.</param>
/// <param name="EvaluationId">An evaluation that who gives the input may see.</param>
public sealed record InputAbout(Guid? FormId = null, string? Question = null, Guid? EvaluationId = null);

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record InputGiven(
    Guid InputId, Guid ProjectId, InputTopic Topic, string Text, InputAbout About, Guid By, DateTimeOffset At);

public sealed record InputAnswered(string Answer, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record GiveInput(Guid InputId, Guid ProjectId, InputTopic Topic, string Text, InputAbout About, Guid By, DateTimeOffset Now);

public sealed record AnswerInput(string Answer, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What somebody on the front line has to say to how quality is judged, and what they were answered.</summary>
public sealed record QualityInput
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public InputTopic Topic { get; init; }
    public string Text { get; init; } = "";
    public InputAbout About { get; init; } = new();

    /// <summary>Who gave it.</summary>
    public Guid By { get; init; }
    public DateTimeOffset GivenAt { get; init; }

    /// <summary>Null while nobody has answered.</summary>
    public string? Answer { get; init; }

    /// <summary>Null while nobody has answered.</summary>
    public Guid? AnsweredBy { get; init; }

    /// <summary>Null while nobody has answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    public QualityInput Evolve(object @event) => @event switch
    {
        InputGiven e => this with
        {
            Id = e.InputId, ProjectId = e.ProjectId, Topic = e.Topic, Text = e.Text, About = e.About, By = e.By, GivenAt = e.At,
        },
        InputAnswered e => this with { Answer = e.Answer, AnsweredBy = e.By, AnsweredAt = e.At },
        _ => this,
    };
}

// ---- Decisions

public static class QualityInputDecider
{
    public static object[] Decide(GiveInput command, QualityInput state) => state.Id != Guid.Empty ? [] :
    [
        new InputGiven(command.InputId, command.ProjectId, command.Topic, command.Text, command.About, command.By, command.Now),
    ];

    public static object[] Decide(AnswerInput command, QualityInput state)
    {
        if (command.By == state.By)
            throw new RefusedException("own-input", "Somebody else answers it.");
        if (state.AnsweredAt is not null)
            return (state.Answer, state.AnsweredBy) == (command.Answer, command.By)
                ? [] : throw new RefusedException("input-answered", "It was answered; what else there is to say is another input.");

        return [new InputAnswered(command.Answer, command.By, command.Now)];
    }
}
