using CallCenter.Testing;

namespace CallCenter.Attendance.Tests;

public sealed class AttendanceStoredEvents() : StoredEventTests("Attendance", AttendanceService.Build);
