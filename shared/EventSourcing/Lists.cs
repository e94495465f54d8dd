using System.Linq.Expressions;
using Marten;

namespace CallCenter.EventSourcing;

/// <summary>
/// How documents are found that are listed below another thing, mostly their project: by that thing and in the order in which pages are
/// read, so that a page costs the same however many there are. The member is a column that a release has had before: one that the version
/// before does not fill would hide what that version writes.
/// </summary>
public static class Lists
{
    extension<T>(MartenRegistry.DocumentMappingExpression<T> documents)
    {
        /// <param name="parent">What they are listed below.</param>
        public MartenRegistry.DocumentMappingExpression<T> ListedBy(Expression<Func<T, object?>> parent) =>
            documents.Indexed(parent, columns: "?, id");

        /// <summary>As above where no release has had the member as a column.</summary>
        public MartenRegistry.DocumentMappingExpression<T> ListedByMember(Expression<Func<T, object?>> parent, string name) =>
            documents.Index(parent!, index =>
            {
                index.Name = name;
                index.Mask = "?, id";
            });

        /// <summary>They are asked for by a range of times as well.</summary>
        /// <param name="parent">Column of what they are listed below.</param>
        public MartenRegistry.DocumentMappingExpression<T> AndByTime(Expression<Func<T, object?>> time, string parent = "project_id") =>
            documents.Indexed(time, columns: $"{parent}, ?");

        private MartenRegistry.DocumentMappingExpression<T> Indexed(Expression<Func<T, object?>> member, string columns) =>
            documents.Duplicate(member, null, null, index =>
            {
                index.Name += "_in_order"; // beside the one over the member alone, which the version before has
                index.Mask = columns;
            }, false, false);
    }
}
