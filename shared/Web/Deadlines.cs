using CallCenter.EventSourcing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Polly;
using Polly.CircuitBreaker;

namespace CallCenter.Web;

/// <summary>
/// Every request is answered within a time, whatever it waits for: its token ends, which every command was given, and where even
/// cancelling takes too long it is answered while that goes on. When nearly all fail so, the rest are answered at once for a while
/// (docs/decisions/0015).
/// </summary>
public static class Deadlines
{
    // What was cancelled may still answer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private sealed record Outlasting;

    /// <summary>For routes whose body or work takes longer: files, and what computes. Setting <c>Requests:LongDeadline</c>.</summary>
    public static TBuilder TakesLong<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new Outlasting());

    internal static void UseDeadlines(this WebApplication app)
    {
        var usual = app.Configuration.GetValue("Requests:Deadline", TimeSpan.FromSeconds(8));
        var longer = app.Configuration.GetValue("Requests:LongDeadline", TimeSpan.FromMinutes(10));
        var breaker = new ResiliencePipelineBuilder().AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.9,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(2),
            // A request that can't be read is an IOException as well, and says nothing about the database.
            ShouldHandle = request => ValueTask.FromResult(
                request.Outcome.Exception is { } e and not BadHttpRequestException && Transient.Is(e)),
        }).Build();

        app.Use(async (context, next) =>
        {
            var route = context.GetEndpoint()?.Metadata;
            var limit = route?.GetMetadata<Outlasting>() is null ? usual : longer;
            var needsNothing = route?.GetMetadata<IAllowAnonymous>() is not null;
            var answer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            var client = context.RequestAborted;
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(client);
            deadline.CancelAfter(limit);
            context.RequestAborted = deadline.Token;

            var answering = Task.CompletedTask;
            try
            {
                await (needsNothing ? ResiliencePipeline.Empty : breaker).ExecuteAsync(async _ =>
                {
                    answering = next(context);
                    try
                    {
                        await answering.WaitAsync(limit + Grace, CancellationToken.None);
                    }
                    catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !client.IsCancellationRequested)
                    {
                        throw new TimeoutException($"There was no answer within {limit.TotalSeconds:0.#} s.", e);
                    }
                }, CancellationToken.None);
            }
            catch (TimeoutException e) when (!answering.IsCompleted)
            {
                if (context.Response.HasStarted)
                {
                    context.Abort();
                }
                else
                {
                    context.Features.Set(answer); // what still runs may have put another in its place
                    context.Response.OnStarting(() =>
                    {
                        context.Response.Headers.Connection = "close"; // it can carry no other request until that has ended
                        return Task.CompletedTask;
                    });
                    await Problems.Answer(context, e, app.Logger);
                    await answer.CompleteAsync();
                }

                await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                context.RequestAborted = client;
            }
        });
    }
}
