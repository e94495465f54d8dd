using CallCenter.Demo;
using CallCenter.DevToken;

if (Options.Read(args) is not { } options)
{
    Console.Error.WriteLine("usage: --gateway URL --keys FOLDER [--mail FOLDER] [--calls FILE --mapping NAME] [--seed N]");
    return 2;
}

try
{
    using var api = new Api(options.Gateway, DevelopmentKeys.In(options.Keys));
    await new Demonstration(api, options).Run();
    return 0;
}
catch (Exception e) when (e is DemoException or HttpRequestException or InvalidOperationException or IOException
    or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"Error: {e.Message}");
    return 1;
}
