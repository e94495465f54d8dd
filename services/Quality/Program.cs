using CallCenter.Quality;
using CallCenter.Web;

await QualityService.Build(args).RunServiceAsync();
