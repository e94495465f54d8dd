using CallCenter.Gateway;
using CallCenter.Web;

await GatewayService.Build(args).RunServiceAsync();
