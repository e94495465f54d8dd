using CallCenter.Calls;
using CallCenter.Web;

await CallsService.Build(args).RunServiceAsync();
