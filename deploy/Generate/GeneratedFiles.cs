using System.Text.Json;
using System.Text.RegularExpressions;

namespace CallCenter.Generate;

/// <summary>
/// What must agree with <c>services.json</c> and with the projects in the folders: solution, gateway, containers, local
/// scripts. Some files are made whole; in others only what stands between two marks is.
/// </summary>
public static class GeneratedFiles
{
    private static readonly string[] Tools = ["AllInOne", "Demo", "DevToken", "Mailbox"];
    private const string Made = "# Made from services.json by 'make services'.";

    /// <returns>Each file's path below the root, and what must stand in it.</returns>
    public static IReadOnlyDictionary<string, string> Of(string root)
    {
        var services = ServiceEntry.Read(root);
        var files = new Dictionary<string, string>
        {
            ["CallCenter.sln"] = Solution.Text(root),
            ["deploy/local/run.slnf"] = Filter(services),
            ["deploy/local/services.sh"] = LocalScript(services),
            ["services/Gateway/paths.json"] = Paths(services),
        };
        foreach (var service in services)
            files[$"deploy/kubernetes/{service.Name}.yaml"] = Kubernetes(service);

        Between("deploy/compose.yaml", "services", services.Select(Compose));
        Between("deploy/compose.yaml", "addresses", services.Select(s => $"      Services__{s.Name}: http://{s.Name}:8080\n"));
        Between("deploy/kubernetes/gateway.yaml", "addresses",
            services.Select(s => $"            - {{ name: Services__{s.Name}, value: \"http://{s.Name}:8080\" }}\n"));
        Between("deploy/kubernetes/kustomization.yaml", "resources", services.Select(s => $"  - {s.Name}.yaml\n"));
        Between("deploy/kubernetes/kustomization.yaml", "images",
            services.Select(s => $"  - {{ name: callcenter/{s.Name}, newTag: latest }}\n"));
        return files;

        void Between(string file, string mark, IEnumerable<string> content)
        {
            var text = files.GetValueOrDefault(file) ?? File.ReadAllText(Path.Combine(root, file));
            var marks = new Regex($@"(?<begin>[^\n]*# services.json: {mark}\n).*?(?<end>[^\n]*# end of {mark}\n)", RegexOptions.Singleline);
            if (!marks.IsMatch(text))
                throw new InvalidDataException($"{file} has no marks '# services.json: {mark}' and '# end of {mark}'.");
            files[file] = marks.Replace(text, match => match.Groups["begin"].Value + string.Concat(content) + match.Groups["end"].Value, 1);
        }
    }

    private static string Filter(IReadOnlyList<ServiceEntry> services) => JsonSerializer.Serialize(new
    {
        solution = new
        {
            path = @"..\..\CallCenter.sln",
            projects = services.Select(s => $@"services\{s.Project}\{s.Project}.csproj").Append(@"services\Gateway\Gateway.csproj")
                .Concat(Tools.Select(tool => $@"deploy\{tool}\{tool}.csproj")),
        },
    }, Indented) + "\n";

    private static string Paths(IReadOnlyList<ServiceEntry> services) =>
        JsonSerializer.Serialize(new
        {
            Paths = services.ToDictionary(s => s.Name, s => s.Paths),
            Files = services.Where(s => s.Files is not null).ToDictionary(s => s.Name, s => s.Files),
        }, Indented) + "\n";

    private static string LocalScript(IReadOnlyList<ServiceEntry> services) => $"""
        # shellcheck shell=bash disable=SC2034
        {Made}
        services=({string.Join(' ', services.Select(s => s.Name))})
        declare -A port_above_gateway=({string.Join(' ', services.Select(s => $"[{s.Name}]={s.Port}"))})
        declare -A connections_of=({string.Join(' ', services.Select(s => $"[{s.Name}]={s.Connections}"))})
        declare -A folders_of=({string.Join(' ', services.Where(s => s.Folders is not null).Select(s => $"[{s.Name}]='{string.Join(' ', s.Folders!)}'"))})
        declare -A sends_mail=({string.Join(' ', services.Where(s => s.Mail).Select(s => $"[{s.Name}]=yes"))})

        """;

    private static string Compose(ServiceEntry service)
    {
        var own = (service.Folders ?? []).Select(folder => $"      {folder}__Folder: /data/{folder.ToLowerInvariant()}\n")
            .Prepend($"      Database__MaxPoolSize: {service.Connections}\n")
            .Concat(service.Mail
                ? ["      Smtp__Host: mailbox\n", "      Smtp__Port: 2525\n", "      Smtp__From: digest@callcenter.local\n"]
                : Array.Empty<string>());
        return $$"""
              {{service.Name}}-migration:
                <<: *migration
                build: { context: .., dockerfile: deploy/Dockerfile, args: { SERVICE: {{service.Project}} } }
                env_file: ../.local/compose/services/{{service.Name}}.migration

              {{service.Name}}:
                <<: *service
                build: { context: .., dockerfile: deploy/Dockerfile, args: { SERVICE: {{service.Project}} } }
                depends_on:
                  rabbitmq: { condition: service_healthy }
                  {{service.Name}}-migration: { condition: service_completed_successfully }

            """
            + "    environment:\n      <<: *environment\n" + string.Concat(own)
            + $"    env_file: ../.local/compose/services/{service.Name}.env\n"
            + $"    volumes: [*keys{(service.Folders is null ? "" : ", \"files:/data\"")}]\n"
            + (service.Memory is { } limit ? $"    mem_limit: {limit}\n" : "") + "\n";
    }

    private static string Kubernetes(ServiceEntry service)
    {
        var (name, files) = (service.Name, service.Volume);
        var folders = string.Concat((service.Folders ?? []).Select(folder =>
            $"            - {{ name: {folder}__Folder, value: /data/{folder.ToLowerInvariant()} }}\n"));
        return $$"""
            {{Made}}
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{name}}
            spec:
              selector: { matchLabels: { app: {{name}} } }
              template:
                metadata:
                  labels: { app: {{name}}, tier: service }
                spec:
                  containers:
                    - name: service
                      image: callcenter/{{name}}
                      envFrom:
                        - configMapRef: { name: settings }
                        - secretRef: { name: {{name}}-connections }
                      env:
                        - { name: Database__MaxPoolSize, value: "{{service.Connections}}" }

            """ + (service.Folders is null ? "" : $$"""
            {{folders.TrimEnd('\n')}}
                      volumeMounts:
                        - { name: files, mountPath: /data }
                  volumes:
                    - name: files
                      persistentVolumeClaim: { claimName: {{files}} }

            """) + $$"""
            ---
            # Brings the database to this version and ends; the service waits for it. kubectl cannot change a job: it goes by itself.
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{name}}-migration
            spec:
              backoffLimit: 20
              ttlSecondsAfterFinished: 60
              template:
                metadata:
                  labels: { app: {{name}}-migration, tier: migration }
                spec:
                  restartPolicy: Never
                  containers:
                    - name: migration
                      image: callcenter/{{name}}
                      args: [--Migrate=true]
                      envFrom:
                        - configMapRef: { name: settings }
                        - secretRef: { name: {{name}}-migration }
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: {{name}}
            spec:
              selector: { app: {{name}} }
              ports:
                - { name: http, port: 8080, targetPort: http }
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata:
              name: {{name}}
            spec:
              minAvailable: 1
              selector: { matchLabels: { app: {{name}} } }

            """ + (service.Folders is null ? "" : $$"""
            ---
            # All instances read and write the same files.
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: {{files}}
            spec:
              accessModes: [ReadWriteMany]
              resources:
                requests: { storage: 100Gi }

            """);
    }

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
