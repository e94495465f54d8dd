namespace CallCenter.People.Employees;

/// <summary>
/// What tells who an employee is: the one place it is kept, so that it can be erased while the events stay.
/// </summary>
/// <param name="Id">The employee.</param>
public sealed record PersonDetails(Guid Id, string Name);
