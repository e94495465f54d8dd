using JasperFx.Events;

namespace CallCenter.EventSourcing;

public enum ActorKind
{
    /// <summary>An event of a time when nobody was named.</summary>
    Unknown,
    Person,

    /// <summary>A machine that signs in, such as a telephone system.</summary>
    System,

    /// <summary>The product by itself: work by the clock, or on a fact that came in.</summary>
    Job,
    Import,
}

/// <summary>Who does something, and why. It is written to every event at its commit; an event of nobody is refused.</summary>
/// <param name="Id">Of the person, the machine or the import.</param>
/// <param name="Name">Of the job or import.</param>
/// <param name="For">The person who asked for it, where that is somebody else.</param>
/// <param name="Reason">1 to 500 characters.</param>
public sealed record Actor(ActorKind Kind, Guid? Id = null, string? Name = null, Guid? For = null, string? Reason = null)
{
    private static readonly AsyncLocal<Actor?> Ambient = new();

    /// <summary>Who acts in this flow of control; null where nobody was named. What an asynchronous method sets ends with it.</summary>
    public static Actor? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <exception cref="InvalidOperationException">Nobody was named.</exception>
    public static Actor Required => Current ?? throw new InvalidOperationException("Events name who makes them: Actor.Current is not set.");

    public static Actor Person(Guid id, string? reason = null) => new(ActorKind.Person, id, Reason: reason);

    public static Actor System(Guid id, string? reason = null) => new(ActorKind.System, id, Reason: reason);

    /// <param name="name">In kebab-case.</param>
    public static Actor Job(string name) => new(ActorKind.Job, Name: name);

    /// <param name="name">What was imported, in kebab-case.</param>
    public static Actor Import(string name, Guid by, Guid? id = null, string? reason = null) => new(ActorKind.Import, id, name, by, reason);

    /// <summary>As an event's headers say it.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get
        {
            var headers = new Dictionary<string, string> { [EventActor.Kind] = Kind.ToString() };
            Add(EventActor.Id, Id?.ToString());
            Add(EventActor.Name, Name);
            Add(EventActor.For, For?.ToString());
            Add(EventActor.Reason, Reason);
            return headers;

            void Add(string header, string? value)
            {
                if (value is not null)
                    headers.Add(header, value);
            }
        }
    }
}

/// <summary>Who made an event, among its headers.</summary>
public static class EventActor
{
    internal const string Kind = "actor-kind";
    internal const string Id = "actor-id";
    internal const string Name = "actor-name";
    internal const string For = "actor-for";
    internal const string Reason = "reason";

    extension(IEvent e)
    {
        /// <summary>Null for an event of a time when nobody was named. Once set it stays: whoever commits may work for several.</summary>
        public Actor? Actor
        {
            get => e.Header(Kind) is { } kind
                ? new Actor(Enum.Parse<ActorKind>(kind), e.IdIn(Id), e.Header(Name), e.IdIn(For), e.Header(Reason))
                : null;
            set
            {
                if (value is null || e.Header(Kind) is not null)
                    return;

                foreach (var (header, text) in value.Headers)
                    e.SetHeader(header, text);
            }
        }

        private string? Header(string name) => e.GetHeader(name)?.ToString();

        private Guid? IdIn(string name) => e.Header(name) is { } text ? Guid.Parse(text) : null;
    }
}
