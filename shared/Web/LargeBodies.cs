using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace CallCenter.Web;

/// <summary>
/// What is larger than a route takes is read to its end before it is refused: many clients send all of a body before they listen, and
/// would be cut off before they hear why. From <see cref="MostRead"/> beyond what is allowed the server cuts off all the same.
/// </summary>
public static class LargeBodies
{
    public const long MostRead = 32 << 20;

    /// <summary>On routes that take no upload: those have a limit of their own.</summary>
    internal static void UseBodyLimit(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint() is RouteEndpoint route && route.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null)
        {
            context.Request.Body = new Limited(context.Request.Body);
            if (context.Request.ContentLength > ServiceDefaults.BodyLimit)
            {
                if (context.Request.Headers.Expect.Count == 0) // who asks first has not begun to send
                    await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                throw TooLarge();
            }
        }

        await next(context);
    });

    public static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);

    private sealed class Limited(Stream body) : Stream
    {
        private long total;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
        {
            var read = await body.ReadAsync(buffer, cancellation);
            if ((total += read) <= ServiceDefaults.BodyLimit)
                return read;

            while (await body.ReadAsync(buffer, cancellation) > 0)
            {
            }

            throw TooLarge();
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellation) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellation).AsTask();

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
    }
}
