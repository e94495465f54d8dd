using CallCenter.People.Employees;

namespace CallCenter.People.Tests.Employees;

public class StaffNumberTests
{
    [Theory]
    [InlineData("a-1042", "A-1042")]
    [InlineData(" A-1042 ", "A-1042")]
    [InlineData("Ｈｂ０７", "HB07")]
    [InlineData("caf\u00E9", "cafe\u0301")]
    public void the_same_number_however_it_is_typed(string typed, string other) =>
        StaffNumber.IdOf(typed).Should().Be(StaffNumber.IdOf(other));

    [Theory]
    [InlineData("stra\u00DFe", "strasse")]
    [InlineData("I1", "\u01301")]
    [InlineData("i1", "\u01311")]
    [InlineData("O1", "01")]
    public void look_alikes_stay_different(string typed, string other) =>
        StaffNumber.IdOf(typed).Should().NotBe(StaffNumber.IdOf(other));
}
