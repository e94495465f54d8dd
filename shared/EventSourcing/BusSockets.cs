using System.Net.Sockets;
using RabbitMQ.Client;

namespace CallCenter.EventSourcing;

/// <summary>
/// What a bus is connected by. One that hangs in a message and can't be stopped holds it, and nobody else gets it, for as long as
/// its connection lives.
/// </summary>
internal sealed class BusSockets
{
    private readonly Lock taking = new();
    private readonly List<ITcpClient> opened = [];

    /// <summary>No other connection is to be tried.</summary>
    public bool AreCut { get; private set; }

    public ITcpClient Open(AddressFamily family)
    {
        var client = ConnectionFactoryBase.DefaultSocketFactory(family);
        lock (taking)
        {
            opened.RemoveAll(other => other.Client is null); // closed since
            opened.Add(client);
            if (AreCut)
                client.Dispose();
        }

        return client;
    }

    public void Cut()
    {
        lock (taking)
        {
            AreCut = true;
            opened.ForEach(client => client.Dispose());
        }
    }
}
