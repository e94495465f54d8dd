using CallCenter.Scheduling;

await SchedulingService.Build(args).RunAsync();
