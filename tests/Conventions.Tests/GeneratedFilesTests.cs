using CallCenter.Generate;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

public sealed class GeneratedFilesTests
{
    private static readonly IReadOnlyDictionary<string, string> Files = GeneratedFiles.Of(Repository.Root);

    public static TheoryData<string> Paths => [.. Files.Keys];

    [Theory, MemberData(nameof(Paths))]
    public void what_must_agree_with_the_list_of_services_does(string path) =>
        File.ReadAllText(Path.Combine(Repository.Root, path)).Should().Be(Files[path], "make services writes it");

    [Fact]
    public void every_service_is_listed_with_a_port_of_its_own()
    {
        var services = ServiceEntry.Read(Repository.Root);

        services.Select(s => s.Project).Should().BeEquivalentTo(
            Directory.GetDirectories(Path.Combine(Repository.Root, "services")).Select(Path.GetFileName).Except(["Gateway"]));
        services.Select(s => s.Port).Should().OnlyHaveUniqueItems().And.OnlyContain(port => port > 0);
        services.SelectMany(s => s.Paths).Should().OnlyHaveUniqueItems();
    }
}
