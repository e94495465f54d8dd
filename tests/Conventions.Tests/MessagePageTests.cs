using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using CallCenter.Contracts;
using CallCenter.Contracts.Reporting;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

/// <summary>Every message, and every member of it, is explained in docs/reference/messages.md, under the service that sends it.</summary>
public sealed class MessagePageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs/reference/messages.md"));

    // What is known of KPIs is sent in no message.
    private static readonly List<Type> Records =
        [.. typeof(IFact).Assembly.GetExportedTypes().Where(type => type.IsClass && type != typeof(KnownKpi))];

    [Fact]
    public void every_record_has_a_table_with_its_members_in_order()
    {
        Records.Should().NotBeEmpty();

        foreach (var record in Records)
            Members(record).Should().Equal(
                record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(member => member.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                    .Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name)),
                $"{record.Name} has these members");
    }

    [Fact]
    public void every_message_stands_under_its_owner_and_none_stands_there_that_is_not_sent()
    {
        var told = Lines.Where(line =>
            line.StartsWith("## ", StringComparison.Ordinal) || line.StartsWith("### ", StringComparison.Ordinal)).ToList();
        var sent = Records.Where(type => type.IsAssignableTo(typeof(IFact))).ToList();

        foreach (var message in sent)
            told.TakeWhile(line => line != $"### {message.Name}").Last(line => line.StartsWith("## ", StringComparison.Ordinal))
                .Should().Be($"## {message.Namespace!.Split('.')[^1]}", message.Name);
        told.Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Should()
            .BeEquivalentTo(sent.Select(message => $"### {message.Name}"));
    }

    // From its name to the end of the table that follows it.
    private static IEnumerable<string> Members(Type record) => Lines
        .SkipWhile(line => line != $"### {record.Name}" && line != $"**{record.Name}**").Skip(1)
        .SkipWhile(line => !line.StartsWith('|') && !line.StartsWith('#')).TakeWhile(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Split('|')[1].Trim(' ', '`'));
}
