using CallCenter.Attendance;
using CallCenter.Web;

await AttendanceService.Build(args).RunServiceAsync();
