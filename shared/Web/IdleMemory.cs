using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace CallCenter.Web;

/// <summary>
/// Gives memory back to the system when a service has nothing to do: seven of them share a machine, and the runtime keeps what a
/// busy hour or the start needed until it is busy again. Services that share a process leave it to one of them.
/// </summary>
internal sealed class IdleMemory : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    // Bytes allocated: fewer in a period are nothing to do, more since the last time are worth a collection.
    private const long Idle = 4 << 20;
    private const long Worth = 8 << 20;

    private static readonly SemaphoreSlim OneInTheProcess = new(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OneInTheProcess.Wait(0, CancellationToken.None))
            return;

        try
        {
            await Watch(stoppingToken);
        }
        finally
        {
            OneInTheProcess.Release();
        }
    }

    private static async Task Watch(CancellationToken stoppingToken)
    {
        var (before, collected) = (0L, 0L);
        using var timer = new PeriodicTimer(Period);
        await using var stopping = stoppingToken.Register(timer.Dispose); // then there is no next tick
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - before < Idle && allocated - collected > Worth)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                TrimNative();
                collected = allocated;
            }

            before = allocated;
        }
    }

    // The C library keeps what native code has freed, for each thread, until it is told otherwise; others than glibc give it back
    // themselves.
    private static void TrimNative()
    {
        if (NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _))
            _ = malloc_trim(0);
    }

    [DllImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int malloc_trim(nuint pad);
}
