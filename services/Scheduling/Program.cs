using CallCenter.Scheduling;
using CallCenter.Web;

await SchedulingService.Build(args).RunServiceAsync();
