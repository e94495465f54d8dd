using CallCenter.People;

await PeopleService.Build(args).RunAsync();
