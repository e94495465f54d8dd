using CallCenter.Reporting;

await ReportingService.Build(args).RunAsync();
