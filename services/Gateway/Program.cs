using CallCenter.Gateway;

await GatewayService.Build(args).RunAsync();
