using CallCenter.Calls;

await CallsService.Build(args).RunAsync();
