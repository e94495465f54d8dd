using System.Buffers.Text;
using System.Globalization;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Marten;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Web;

/// <summary>One page of a list.</summary>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Which page: <c>limit</c> (1 to 500, default 50) and the <c>cursor</c> of the page before.</summary>
public readonly record struct PageRequest(int Limit, Guid After, string Filter)
{
    public static ValueTask<PageRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var filter = FilterOf(context.Request);

        var limit = 50;
        if (query.TryGetValue("limit", out var text) &&
            (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1))
            throw new UnreadableException("limit", "A limit is a whole number from 1 to 500.");

        var after = Guid.Empty;
        if (query.TryGetValue("cursor", out var cursor) && !TryRead(cursor.ToString(), filter, out after))
            throw new UnreadableException("cursor", "The cursor is not one that this list gave out for the same filter.");

        return ValueTask.FromResult(new PageRequest(Math.Min(limit, 500), after, filter));
    }

    /// <summary>The page of a list read by other means than a query: up to one item more than the limit, in order of id.</summary>
    public Page<T> Of<T>(IReadOnlyList<T> items, Func<T, Guid> id)
    {
        if (items.Count <= Limit)
            return new Page<T>(items, Next: null);

        var shown = items.Take(Limit).ToList();
        return new Page<T>(shown, CursorAfter(id(shown[^1])));
    }

    private string CursorAfter(Guid id) => Base64Url.EncodeToString([.. id.ToByteArray(bigEndian: true), .. Seal(id, Filter)]);

    private static bool TryRead(string cursor, string filter, out Guid after)
    {
        after = Guid.Empty;
        // The decoder's own Try… throws at what is no Base64 at all.
        var bytes = new byte[24];
        if (!Base64Url.IsValid(cursor, out var length) || length != bytes.Length)
            return false;

        Base64Url.DecodeFromChars(cursor, bytes);

        after = new Guid(bytes.AsSpan(0, 16), bigEndian: true);
        return bytes.AsSpan(16, 8).SequenceEqual(Seal(after, filter));
    }

    // Not a secret: it tells a cursor of this list and filter from any other. What may be seen is the query's business.
    private static byte[] Seal(Guid id, string filter) => SHA256.HashData(Encoding.UTF8.GetBytes($"{id:N}|{filter}"))[..8];

    private static string FilterOf(HttpRequest request) => request.Path + "?" + string.Join('&', request.Query
        .Where(p => p.Key is not ("cursor" or "limit")).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
}

public static class Paging
{
    extension<T>(IQueryable<T> query) where T : notnull
    {
        /// <summary>
        /// The page in the order of <paramref name="id"/>: whatever is added or removed meanwhile, each lasting item comes once.
        /// </summary>
        public async Task<Page<T>> ToPage(PageRequest page, Expression<Func<T, Guid>> id, CancellationToken cancellation)
        {
            if (page.After != Guid.Empty)
                query = query.Where(Expression.Lambda<Func<T, bool>>(
                    Expression.GreaterThan(id.Body, Expression.Constant(page.After)), id.Parameters));

            return page.Of(await query.OrderBy(id).Take(page.Limit + 1).ToListAsync(cancellation), item => id.Compile()(item));
        }
    }
}
