using CallCenter.Reporting;
using CallCenter.Web;

await ReportingService.Build(args).RunServiceAsync();
