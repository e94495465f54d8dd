using System.Text;
using CallCenter.Attendance.Clockings;
using CallCenter.Contracts.People;

namespace CallCenter.Attendance.Tests.Clockings;

public sealed class ClockingImportTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly ProjectV1 Project =
        new(Guid.CreateVersion7(), 1, "Acme", "Acme", "Europe/Berlin", DayOfWeek.Monday, [], [], [], []);
    private static readonly Dictionary<string, Guid> Agents = new() { ["A-1042"] = Guid.CreateVersion7(), ["É-1"] = Guid.CreateVersion7() };

    [Theory]
    [InlineData("A-1042,in,2026-03-09 08:55:12,\"Gate\02\"", "clocking-device")]
    [InlineData("A-1042,in,2026-03-09 08:55:12,\"Gate\n2\"", "clocking-device")]
    [InlineData("A-1042,in,2026-03-09 08:55:12,Gate\u202E2", "clocking-device")]
    [InlineData("A-1042,in,2026-03-09 08:55:12,Gate\uFFFF", "clocking-device")]
    [InlineData("A-1042,in,9999-12-31 23:59:59,Gate 2", "date-out-of-range")]
    [InlineData("A-1042,in,0001/1/1 0:00,Gate 2", "date-out-of-range")]
    [InlineData("A-1042,in,0001-01-01T00:00:00+14:00,Gate 2", "clocking-time")]
    public void a_row_that_cannot_be_kept_is_rejected_by_itself(string row, string code)
    {
        var (commands, rows, errors) = Read(row, "A-1042,out,2026-03-09 09:30:00,Gate 2");

        commands.Should().ContainSingle();
        (rows, errors.Should().ContainSingle().Which.Code).Should().Be((2, code));
    }

    [Fact]
    public void a_staff_number_is_the_same_however_its_letters_are_composed() =>
        Read("E\u0301-1,in,2026-03-09 08:55:12,").Commands.Should().ContainSingle().Which.AgentId.Should().Be(Agents["É-1"]);

    private static (IReadOnlyList<Clock> Commands, int Rows, IReadOnlyList<RejectedClocking> Errors) Read(params string[] rows) =>
        ClockingImport.Read(
            new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', ["staff_number,kind,time,device", .. rows]))), Project, Agents, Now);
}
