using CallCenter.DevToken;

return args switch
{
    ["keys", var folder] => DevelopmentKeys.Create(folder),
    ["token", .. var options] => DevelopmentKeys.Print(options, Console.Out, Console.Error),
    _ => DevelopmentKeys.Usage(),
};
