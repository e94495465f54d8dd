using CallCenter.Depot;
using CallCenter.Web;

await DepotService.Build(args).RunServiceAsync();
