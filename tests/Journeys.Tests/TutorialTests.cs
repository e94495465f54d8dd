using System.Diagnostics;
using System.Text.RegularExpressions;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>The tutorial as a reader follows it: each of its commands, in order, in one shell.</summary>
[Collection(WholeProduct.Name)]
public sealed partial class TutorialTests(LocalSet set)
{
    // The set runs already and goes on afterwards, and its tokens are made with its own keys.
    private static readonly string Make = $$"""
        make() {
            [[ $* == "-s token "* ]] || return 0
            local setting ROLE= PROJECT= SUB=
            for setting in "${@:3}"; do local "$setting"; done
            dotnet '{{Repository.Root}}/artifacts/bin/DevToken/release/CallCenter.DevToken.dll' token --keys '{{LocalSet.Home}}/keys' \
                --role "$ROLE" ${PROJECT:+--project "$PROJECT"} ${SUB:+--sub "$SUB"}
        }
        """;

    [Fact]
    public async Task a_newcomer_who_copies_the_commands_ends_at_the_digest_in_the_mailbox()
    {
        var (code, said, complaints) = await Follow(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/tutorial.md")));

        code.Should().Be(0, $"it said {said} and complained {complaints}");
        complaints.Should().BeEmpty();
        Refused().Matches(said).Select(refusal => refusal.Value).Should()
            .Equal(["/problems/unauthenticated"], "the tutorial tries one request without a token");
        said.Should().Contain("206 bytes 0-43/32044", "the inspector hears the recording")
            .And.Contain("\"section\":\"resolution\",\"status\":\"open\"", "the failed section becomes a training need")
            .And.Contain("\"kind\":\"training\"", "the training is in the roster")
            .And.Contain("BEGIN:VCALENDAR")
            .And.Contain("Weekly KPI digest ·").And.Contain("+ 0 open + 0 otherwise ended");
        Directory.GetFiles(set.MailFolder, "*.eml").Should().NotBeEmpty();
    }

    private static async Task<(int Code, string Said, string Complaints)> Follow(string tutorial)
    {
        var ports = (await File.ReadAllTextAsync(Path.Combine(LocalSet.Home, "service-ports"))).Trim().Split(' ');
        var commands = string.Join('\n', Block().Matches(tutorial).Select(block => block.Groups[1].Value))
            .Replace(":8080", $":{ports[0]}", StringComparison.Ordinal).Replace(":8025", $":{ports[1]}", StringComparison.Ordinal);

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euc", $"{Make}\n{commands}"])
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var said = shell.StandardOutput.ReadToEndAsync();
        var complaints = shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();

        return (shell.ExitCode, await said, await complaints);
    }

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("/problems/[a-z-]+")]
    private static partial Regex Refused();
}
