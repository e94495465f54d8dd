using CallCenter.Training;

await TrainingService.Build(args).RunAsync();
