await CallCenter.Quality.QualityService.Build(args).RunAsync();
