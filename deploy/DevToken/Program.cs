using CallCenter.DevToken;

// keys FOLDER                                        makes a key pair there, once
// token FOLDER --role R[,R] [--project ID] [--sub ID] prints a token signed with it
return args switch
{
    ["keys", var folder] => DevelopmentKeys.Create(folder),
    ["token", var folder, .. var options] => DevelopmentKeys.Print(folder, options),
    _ => DevelopmentKeys.Usage(),
};
