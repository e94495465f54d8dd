using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Quality.Projects;

/// <summary>A thing of one client project, known to that project's people only.</summary>
public interface IOfProject
{
    Guid ProjectId { get; }
}

/// <summary>A thing about one agent, which that agent knows of from its submission on.</summary>
public interface IOfAgent : IOfProject
{
    Guid AgentId { get; }
    bool IsKnownToAgent { get; }
}

internal static class Visibility
{
    extension(Caller caller)
    {
        /// <summary>The thing, if the caller may know of it; else it is answered as if it did not exist.</summary>
        public T Seeing<T>(T? thing) where T : class, IOfProject => thing switch
        {
            null => throw new StreamNotFoundException(Guid.Empty),
            _ when !caller.Sees(thing.ProjectId) => throw new StreamNotFoundException(thing.ProjectId),
            IOfAgent about when !caller.MayKnowOf(about) => throw new StreamNotFoundException(about.AgentId),
            _ => thing,
        };

        /// <summary>The projects a list covers: the one asked for or all the caller sees; null means all there are.</summary>
        public Guid[]? Among(Guid? projectId)
        {
            if (projectId is { } one)
                caller.MustSee(one);

            return projectId is { } only ? [only] : caller.Projects?.ToArray();
        }

        // Nobody reads along while their own call is being judged, whatever else they may do here.
        private bool MayKnowOf(IOfAgent about) =>
            about.AgentId == caller.Id ? about.IsKnownToAgent : !caller.SeesOnlyOwn;
    }
}
