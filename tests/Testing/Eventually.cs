using System.Diagnostics;

namespace CallCenter.Testing;

/// <summary>Waits for a condition, with a limit, instead of for a time.</summary>
public static class Eventually
{
    // Not how long a thing may take: when to say that it will not come, however busy the machine is.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? Limit))
                throw new TimeoutException($"Waited {watch.Elapsed.TotalSeconds:0} s for this in vain: {what}");
            await Task.Delay(25);
        }
    }

    /// <summary>The first answer that is not null.</summary>
    public static async Task<T> Some<T>(Func<Task<T?>> find, string what, TimeSpan? limit = null) where T : class
    {
        T? found = null;
        await True(async () => (found = await find()) is not null, what, limit);
        return found!;
    }
}
