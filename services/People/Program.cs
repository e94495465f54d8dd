using CallCenter.People;
using CallCenter.Web;

await PeopleService.Build(args).RunServiceAsync();
