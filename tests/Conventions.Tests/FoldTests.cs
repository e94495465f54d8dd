using System.Text.RegularExpressions;
using CallCenter.Testing;

namespace CallCenter.Conventions.Tests;

public partial class FoldTests
{
    // Marten's source generator learns from an Evolve which events a state is made of, and reads only "Event e => …" and
    // "Event _ => …". A bare "Event => …" compiles, but the snapshot never sees that event, nor the version it made.
    [Fact]
    public void every_arm_of_a_fold_names_its_event()
    {
        var bare = Directory.EnumerateFiles(Path.Combine(Repository.Root, "services"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains(" Evolve(object @event) => @event switch", StringComparison.Ordinal))
            .SelectMany(file =>
                File.ReadLines(file).Where(line => BareArm().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"));

        bare.Should().BeEmpty("Marten does not see them: write 'Event _ =>'");
    }

    [GeneratedRegex(@"^\s+[A-Z]\w*( or [A-Z]\w*)* => this")]
    private static partial Regex BareArm();
}
