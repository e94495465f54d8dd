using CallCenter.Training;
using CallCenter.Web;

await TrainingService.Build(args).RunServiceAsync();
