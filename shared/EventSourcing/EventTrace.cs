using JasperFx.Events;

namespace CallCenter.EventSourcing;

/// <summary>The trace an event belongs to: the <c>traceparent</c> of the request or message that caused it, among its headers.</summary>
public static class EventTrace
{
    private const string Header = "traceparent";

    extension(IEvent e)
    {
        /// <summary>W3C trace context; null for an event of no trace. Once set it stays: whoever commits may work for several.</summary>
        public string? Trace
        {
            get => e.GetHeader(Header)?.ToString();
            set
            {
                if (value is not null && e.GetHeader(Header) is null)
                    e.SetHeader(Header, value);
            }
        }
    }
}
