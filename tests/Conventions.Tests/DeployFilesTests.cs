using CallCenter.Testing;
using YamlDotNet.RepresentationModel;
using static CallCenter.Conventions.Tests.DeployFiles;

namespace CallCenter.Conventions.Tests;

// Containers cannot be run everywhere the tests run, so what is said in these files is checked instead.
public sealed class DeployFilesTests
{
    public static TheoryData<string> Everything => [.. Services];

    public static TheoryData<string> BehindTheGateway => [.. Services.Except(["gateway"])];

    [Fact]
    public void one_image_file_builds_any_service_and_runs_it_without_privileges()
    {
        var lines = Text("Dockerfile").Split('\n');

        lines.Should().Contain("ARG SERVICE");
        lines.Count(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Should().Be(2);
        lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Should().Contain("/aspnet:");
        lines.Should().Contain("USER $APP_UID");
        Array.IndexOf(lines, "USER $APP_UID").Should()
            .BeLessThan(Array.FindIndex(lines, line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Everything))]
    public void compose_builds_a_service_from_its_project_and_checks_its_health(string service)
    {
        var compose = Yaml("compose.yaml")[0].At($"services/{service}")!;
        var project = compose.Value("build/args/SERVICE");

        File.Exists(Path.Combine(Repository.Root, "services", project!, $"{project}.csproj")).Should().BeTrue();
        project!.ToLowerInvariant().Should().Be(service);
        compose.Values("healthcheck/test").Should().Contain(part => part.Contains("/health/ready"));
        compose.Value("read_only").Should().Be("true");
        compose.Values("cap_drop").Should().Equal("ALL");
        compose.Value("mem_limit").Should().NotBeNull();
    }

    [Fact]
    public void compose_waits_for_the_servers_and_checks_everything_that_keeps_running()
    {
        var compose = Yaml("compose.yaml")[0];

        foreach (var name in compose.Names("services").Except([.. Services.Select(service => $"{service}-migration"), "token"]))
            compose.At($"services/{name}/healthcheck/test").Should().NotBeNull($"{name} keeps running");
        foreach (var service in Services.Except(["gateway"]))
        {
            compose.Value($"services/{service}-migration/depends_on/postgres/condition").Should().Be("service_healthy");
            compose.Value($"services/{service}/depends_on/{service}-migration/condition").Should().Be("service_completed_successfully");
            compose.Value($"services/{service}/depends_on/rabbitmq/condition").Should().Be("service_healthy");
        }
    }

    [Fact]
    public void compose_gives_each_service_its_own_secrets_and_shows_two_ports_to_this_machine_only()
    {
        var compose = Yaml("compose.yaml")[0];

        foreach (var service in Services.Except(["gateway"]))
        {
            compose.Value($"services/{service}/env_file").Should().Be($"../.local/compose/services/{service}.env");
            compose.Value($"services/{service}-migration/env_file").Should().Be($"../.local/compose/services/{service}.migration");
            compose.Values($"services/{service}-migration/command").Should().Equal("--Migrate=true");
        }

        Text("compose.yaml").Should().NotContainEquivalentOf("password=");

        compose.Names("services").SelectMany(name => compose.Values($"services/{name}/ports"))
            .Should().HaveCount(2).And.AllSatisfy(port => port.Should().StartWith("127.0.0.1:"));
    }

    [Fact]
    public void kubernetes_lists_every_service_and_only_files_that_exist()
    {
        var files = Yaml("kubernetes/kustomization.yaml")[0].Values("resources").ToArray();

        files.Should().Contain(Services.Select(service => $"{service}.yaml"));
        files.Should().OnlyContain(file => File.Exists(Path.Combine(Repository.Root, "deploy/kubernetes", file)));
    }

    [Theory, MemberData(nameof(Everything))]
    public void kubernetes_runs_a_service_behind_its_name_and_keeps_one_instance_up(string service)
    {
        var documents = Yaml($"kubernetes/{service}.yaml");
        YamlNode Of(string kind) => documents.Single(d => d.Value("kind") == kind && d.Value("metadata/name") == service);

        Of("Deployment").Value("spec/selector/matchLabels/app").Should().Be(service);
        Of("Deployment").Value("spec/template/metadata/labels/app").Should().Be(service);
        Of("Deployment").Value("spec/template/spec/containers/0/image").Should().Be($"callcenter/{service}");
        Of("Service").Value("spec/selector/app").Should().Be(service);
        Of("Service").Value("spec/ports/0/port").Should().Be("8080");
        Of("PodDisruptionBudget").Value("spec/selector/matchLabels/app").Should().Be(service);
        Of("PodDisruptionBudget").Value("spec/minAvailable").Should().Be("1");
    }

    // A list that the shared shape and a service both give is not merged but replaced, unless its items have a name to merge by.
    [Theory, MemberData(nameof(Everything))]
    public void kubernetes_gives_every_service_the_shared_shape(string service)
    {
        var shape = Yaml("kubernetes/pod.yaml")[0];
        var deployment = Yaml($"kubernetes/{service}.yaml").Single(d => d.Value("kind") == "Deployment");
        var patch = Yaml("kubernetes/kustomization.yaml")[0].At("patches/0")!;

        patch.Value("path").Should().Be("pod.yaml");
        patch.Value("target/kind").Should().Be("Deployment");
        patch.Names("target").Should().Equal("kind");
        deployment.Value("spec/template/spec/containers/0/name").Should().Be(shape.Value("spec/template/spec/containers/0/name"));
        shape.At("spec/template/spec/containers/0/envFrom").Should().BeNull();
        deployment.Value("spec/template/spec/containers/0/envFrom/0/configMapRef/name").Should().Be("settings");
    }

    [Fact]
    public void kubernetes_probes_limits_and_confines_every_container()
    {
        var pod = Yaml("kubernetes/pod.yaml")[0].At("spec/template/spec")!;
        var container = pod.At("containers/0")!;

        container.Value("ports/0/containerPort").Should().Be("8080");
        container.Value("startupProbe/httpGet/path").Should().Be("/health/startup");
        container.Value("livenessProbe/httpGet/path").Should().Be("/health/live");
        container.Value("readinessProbe/httpGet/path").Should().Be("/health/ready");
        container.Value("resources/limits/memory").Should().NotBeNull();
        container.Value("resources/limits/cpu").Should().NotBeNull();
        container.Value("resources/requests/memory").Should().NotBeNull();

        pod.Value("securityContext/runAsNonRoot").Should().Be("true");
        pod.Value("automountServiceAccountToken").Should().Be("false");
        container.Value("securityContext/allowPrivilegeEscalation").Should().Be("false");
        container.Value("securityContext/readOnlyRootFilesystem").Should().Be("true");
        container.Values("securityContext/capabilities/drop").Should().Equal("ALL");
    }

    [Fact]
    public void kubernetes_closes_the_network_and_opens_the_gateway()
    {
        var policies = Yaml("kubernetes/network.yaml").ToDictionary(policy => policy.Value("metadata/name")!);

        policies["nothing"].Names("spec/podSelector").Should().BeEmpty();
        policies["nothing"].Values("spec/policyTypes").Should().Equal("Ingress", "Egress");
        policies["nothing"].Names("spec").Should().Equal("podSelector", "policyTypes");
        policies["services"].Value("spec/ingress/0/from/0/podSelector/matchLabels/app").Should().Be("gateway");
        policies["gateway"].At("spec/ingress/0/from").Should().BeNull("the gateway is for everybody");
    }

    [Theory, MemberData(nameof(BehindTheGateway))]
    public void the_gateway_knows_every_service_wherever_it_is_deployed(string service)
    {
        var address = $"http://{service}:8080";

        Yaml("compose.yaml")[0].Value($"services/gateway/environment/Services__{service}").Should().Be(address);
        (Yaml("kubernetes/gateway.yaml")[0].At("spec/template/spec/containers/0/env") as YamlSequenceNode)!.Children
            .Should().ContainSingle(e => e.Value("name") == $"Services__{service}" && e.Value("value") == address);
    }
}
