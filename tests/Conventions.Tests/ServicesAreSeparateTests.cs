using System.Text.RegularExpressions;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CallCenter.Conventions.Tests;

// Against the roles and users that deploy/local makes, which are those of compose and of production.
public sealed partial class ServicesAreSeparateTests
{
    private static readonly string[] Services = [.. DeployFiles.Services.Except(["gateway"])];

    public static TheoryData<string> Everybody => [.. Services];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Everybody))]
    public async Task a_service_enters_its_own_database_only(string service)
    {
        var own = new NpgsqlConnectionStringBuilder(Setting(service, "Database")) { Pooling = false };

        await using (var connection = new NpgsqlConnection(own.ConnectionString))
            await connection.OpenAsync(Cancellation);

        foreach (var database in Services.Append("postgres").Except([service]))
        {
            await using var stranger = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(own.ConnectionString) { Database = database }.ConnectionString);
            (await stranger.Invoking(s => s.OpenAsync(Cancellation)).Should().ThrowAsync<PostgresException>(database))
                .Which.SqlState.Should().Be(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task a_service_hears_the_facts_of_others_in_a_queue_of_its_own(string service)
    {
        var owner = Services[(Array.IndexOf(Services, service) + 1) % Services.Length];
        var (queue, facts) = ($"{service}-hears-{owner}", $"CallCenter.Contracts.{Title(owner)}:SeparationV1");
        await using var listener = await Connect(service);
        await using var publisher = await Connect(owner);
        await using var hears = await listener.CreateChannelAsync(cancellationToken: Cancellation);
        await using var says = await publisher.CreateChannelAsync(new CreateChannelOptions(true, true), Cancellation);

        await hears.ExchangeDeclareAsync(facts, ExchangeType.Fanout, cancellationToken: Cancellation);
        await hears.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: true, cancellationToken: Cancellation);
        await hears.QueueBindAsync(queue, facts, "", cancellationToken: Cancellation);
        await says.BasicPublishAsync(facts, "", "fact"u8.ToArray(), Cancellation);

        (await hears.BasicGetAsync(queue, autoAck: true, Cancellation)).Should().NotBeNull();
        await hears.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await hears.ExchangeDeleteAsync(facts, cancellationToken: Cancellation);
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task a_service_neither_reads_nor_fills_nor_makes_what_is_anothers(string service)
    {
        await using var connection = await Connect(service);

        foreach (var owner in Services.Except([service]))
        {
            await using var others = await Connect(owner);
            await using var channel = await others.CreateChannelAsync(cancellationToken: Cancellation);
            var (queue, facts) = ($"{owner}-private-{service}", $"CallCenter.Contracts.{Title(owner)}:ForgedV1");
            await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, autoDelete: true, cancellationToken: Cancellation);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: Cancellation);

            await ShouldRefuse(connection, c => c.BasicGetAsync(queue, autoAck: true, Cancellation));
            await ShouldRefuse(connection, c => c.BasicConsumeAsync(queue, autoAck: true, new AsyncEventingBasicConsumer(c), Cancellation));
            await ShouldRefuse(connection, c => c.QueuePurgeAsync(queue, Cancellation));
            await ShouldRefuse(connection, c => c.QueueDeleteAsync(queue, cancellationToken: Cancellation));
            await ShouldRefuse(connection, c => c.QueueDeclareAsync($"{owner}-new", cancellationToken: Cancellation));
            await ShouldRefuse(connection, async c =>
            {
                await c.QueueDeclareAsync($"{service}-spy", cancellationToken: Cancellation);
                await c.QueueBindAsync($"{service}-spy", queue, "", cancellationToken: Cancellation);
            });
            await ShouldRefuse(connection, async c =>
            {
                await c.ExchangeDeclareAsync(facts, ExchangeType.Fanout, autoDelete: true, cancellationToken: Cancellation);
                await c.BasicPublishAsync(facts, "", "forged"u8.ToArray(), Cancellation);
            });

            await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
            await channel.ExchangeDeleteAsync(facts, cancellationToken: Cancellation);
        }
    }

    // A refusal closes the channel, so each attempt has one of its own.
    private static async Task ShouldRefuse(IConnection connection, Func<IChannel, Task> attempt)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Cancellation);
        (await channel.Invoking(attempt).Should().ThrowAsync<OperationInterruptedException>())
            .Which.ShutdownReason!.ReplyCode.Should().Be(Constants.AccessRefused);
    }

    private static async Task<IConnection> Connect(string service) =>
        await new ConnectionFactory { Uri = new Uri(Setting(service, "Broker")) }.CreateConnectionAsync(Cancellation);

    private static string Setting(string service, string name)
    {
        var folder = Environment.GetEnvironmentVariable("CALLCENTER_TEST_SERVICES");
        Assert.SkipWhen(folder is null, "The roles are those of deploy/local/up: . .local/test/env");
        return ConnectionString().Matches(File.ReadAllText(Path.Combine(folder!, $"{service}.env")))
            .Single(match => match.Groups["name"].Value == name).Groups["value"].Value;
    }

    private static string Title(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    [GeneratedRegex("^ConnectionStrings__(?<name>[A-Za-z]+)='(?<value>[^']*)'$", RegexOptions.Multiline)]
    private static partial Regex ConnectionString();
}
