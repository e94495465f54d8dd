using System.Linq.Expressions;
using CallCenter.Rules;

namespace CallCenter.Web;

/// <summary>
/// Who may see things of one kind: the people of their project; of those, who is admitted to a route as an agent only those
/// that are their own. Said once, and meant alike by the list and by the reading of one.
/// </summary>
/// <param name="ofProjects">Whether a thing is of one of the projects.</param>
/// <param name="own">Whether it is a person's own; null where agents see none.</param>
/// <param name="ownIsTheirs">What is about a person stays theirs to see when they change projects.</param>
/// <param name="openTo">Whether a person may see a thing at all, in whatever role they ask; null where nothing is kept from one.</param>
public sealed class Visibility<T>(
    Expression<Func<T, Guid[], bool>> ofProjects, Expression<Func<T, Guid, bool>>? own = null, bool ownIsTheirs = false,
    Expression<Func<T, Guid, bool>>? openTo = null) where T : notnull
{
    private readonly Lazy<Func<T, Guid[], bool>> isOfProjects = new(ofProjects.Compile);
    private readonly Lazy<Func<T, Guid, bool>> isOwn = new((own ?? ((_, _) => false)).Compile);
    private readonly Lazy<Func<T, Guid, bool>> isOpenTo = new((openTo ?? ((_, _) => true)).Compile);

    internal IQueryable<T> Of(IQueryable<T> things, Caller caller, Guid? projectId)
    {
        if (projectId is { } project)
        {
            caller.MustSee(project);
            things = things.Where(With(ofProjects, [project]));
        }

        if (openTo is not null)
            things = things.Where(With(openTo, caller.Id));

        if (caller.SeesOnlyOwn)
            things = things.Where(With(own ?? ((_, _) => false), caller.Id));

        return caller.Projects is not { } projects || (caller.SeesOnlyOwn && ownIsTheirs)
            ? things : things.Where(With(ofProjects, projects.ToArray()));
    }

    internal bool Sees(Caller caller, T thing) =>
        isOpenTo.Value(thing, caller.Id) && (!caller.SeesOnlyOwn || isOwn.Value(thing, caller.Id))
        && (caller.Projects is not { } projects || (caller.SeesOnlyOwn && ownIsTheirs) || isOfProjects.Value(thing, [.. projects]));

    // The database is told the value, not asked about a parameter.
    private static Expression<Func<T, bool>> With<TValue>(Expression<Func<T, TValue, bool>> rule, TValue value) =>
        Expression.Lambda<Func<T, bool>>(
            new Replacing(rule.Parameters[1], Expression.Constant(value, typeof(TValue))).Visit(rule.Body), rule.Parameters[0]);

    private sealed class Replacing(ParameterExpression parameter, Expression value) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? value : node;
    }
}

public static class VisibilityExtensions
{
    /// <summary>What of it the caller may see.</summary>
    /// <param name="projectId">Of this project only.</param>
    /// <exception cref="StreamNotFoundException">404: the project is none of theirs.</exception>
    public static IQueryable<T> VisibleTo<T>(
        this IQueryable<T> things, Caller caller, Visibility<T> visibility, Guid? projectId = null) where T : notnull =>
        visibility.Of(things, caller, projectId);

    extension(Caller caller)
    {
        public bool Sees<T>(T thing, Visibility<T> visibility) where T : notnull => visibility.Sees(caller, thing);

        /// <summary>The thing, if there is one and the caller may see it.</summary>
        /// <exception cref="StreamNotFoundException">404: what may not be seen is answered as if it did not exist.</exception>
        public T MustSee<T>(T? thing, Visibility<T> visibility) where T : class =>
            thing is not null && visibility.Sees(caller, thing) ? thing : throw new StreamNotFoundException(Guid.Empty);
    }
}
