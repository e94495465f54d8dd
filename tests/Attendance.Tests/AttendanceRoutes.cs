using CallCenter.Testing;

namespace CallCenter.Attendance.Tests;

public sealed class AttendanceRoutes(AttendanceApi api) : RouteTests(api, "Attendance");
