using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CallCenter.Contracts.Reporting;
using CallCenter.Rules;

namespace CallCenter.People.Projects;

/// <summary>A new client project.</summary>
/// <param name="Client">Whose project it is.</param>
/// <param name="Zone">IANA zone: days, weeks and intervals of the project are local to it. It never changes.</param>
/// <param name="OpeningHours">When it is open; a day without an opening is closed.</param>
/// <param name="Queues">What its contacts wait in.</param>
/// <param name="Targets">What the client was promised.</param>
/// <param name="DigestReaders">Who gets the weekly digest.</param>
/// <param name="WeekStartsOn">First day of a reporting week.</param>
public sealed record OpenProjectRequest(
    [MaxLength(1000)] string Name, [MaxLength(1000)] string Client, [MaxLength(100)] string Zone,
    [MaxLength(50)] IReadOnlyList<Opening> OpeningHours, [MaxLength(200)] IReadOnlyList<Queue> Queues,
    [MaxLength(200)] IReadOnlyList<TargetRequest>? Targets = null, [MaxLength(50)] IReadOnlyList<ReaderRequest>? DigestReaders = null,
    DayOfWeek WeekStartsOn = DayOfWeek.Monday);

/// <param name="Client">Whose project it is.</param>
/// <param name="WeekStartsOn">First day of a reporting week.</param>
public sealed record ChangeProjectRequest(
    [MaxLength(1000)] string Name, [MaxLength(1000)] string Client, DayOfWeek WeekStartsOn);

/// <param name="OpeningHours">All of them; a day without an opening is closed.</param>
public sealed record OpeningHoursRequest([MaxLength(50)] IReadOnlyList<Opening> OpeningHours);

/// <param name="Queues">All of them.</param>
public sealed record QueuesRequest([MaxLength(200)] IReadOnlyList<Queue> Queues);

/// <param name="Kpi">Code of the KPI, for instance service-level.</param>
/// <param name="Value">In the KPI's unit: share 0–1, seconds, points.</param>
/// <param name="EffectiveFrom">First local day it holds.</param>
/// <param name="Scope">Whose figures it is for; the project's unless said otherwise.</param>
/// <param name="ScopeId">The department's code, or the id of the team or agent.</param>
/// <param name="Through">Last local day it holds: a month's target begins on its first day and holds through its last.</param>
public sealed record TargetRequest(
    [RegularExpression("^[a-z][a-z0-9-]{0,63}$")] string Kpi,
    [Range(typeof(decimal), "0", "1000000000", ParseLimitsInInvariantCulture = true)] decimal Value, DateOnly EffectiveFrom,
    TargetScope Scope = TargetScope.Project, [RegularExpression(@"^[\p{L}\p{Nd}_.-]{1,64}$")] string? ScopeId = null,
    DateOnly? Through = null);

/// <param name="DigestReaders">All of them.</param>
public sealed record ReadersRequest([MaxLength(50)] IReadOnlyList<ReaderRequest> DigestReaders);

/// <param name="EmployeeId">The operations manager.</param>
/// <param name="Email">Where the digest goes.</param>
/// <param name="Language">en or zh-CN.</param>
public sealed record ReaderRequest(
    Guid EmployeeId, [MaxLength(254), RegularExpression(@"^[^\s@<>"",;:\\]+@[^\s@<>"",;:\\]+\.[^\s@<>"",;:\\]+$")] string Email,
    [AllowedValues("en", "zh-CN")] string Language);

/// <summary>What must be true of a project's terms.</summary>
internal static partial class ProjectRules
{
    public static IReadOnlyList<Opening> Hours(IReadOnlyList<Opening> hours)
    {
        foreach (var (i, opening) in hours.Index())
        {
            if (opening.Hours.IsReversed)
                throw new InvalidException($"/openingHours/{i}/closes", "closes-before-opens",
                    "It closes before it opens. A night is two openings: until 00:00, and from 00:00 on the next day.");

            if (hours.Take(i).Any(o => o.Overlaps(opening)))
                throw new InvalidException($"/openingHours/{i}", "overlapping-hours", "Two openings of the same day overlap.");
        }

        return [.. hours.OrderBy(o => ((int)o.Day + 6) % 7).ThenBy(o => o.Opens)];
    }

    public static IReadOnlyList<Queue> Queues(IReadOnlyList<Queue> queues)
    {
        foreach (var (i, queue) in queues.Index())
        {
            if (!Code().IsMatch(queue.Code))
                throw new InvalidException($"/queues/{i}/code", "queue-code",
                    "A queue code has 1 to 64 letters, digits, hyphens, underscores or dots.");

            if (!Code().IsMatch(queue.Channel))
                throw new InvalidException($"/queues/{i}/channel", "channel", "A channel is a code like voice, chat or email.");

            if (queues.Take(i).Any(q => q.Code.Equals(queue.Code, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidException($"/queues/{i}/code", "duplicate-queue", $"The queue '{queue.Code}' is there twice.");

            if (queue.ServiceLevelSeconds is < 1 or > 86_400)
                throw new InvalidException($"/queues/{i}/serviceLevelSeconds", "service-level-seconds",
                    "A service level is reached within 1 to 86400 seconds.");

            Names.Require($"/queues/{i}/name", queue.Name);
        }

        return queues;
    }

    public static IReadOnlyList<Target> Targets(IReadOnlyList<TargetRequest> targets)
    {
        var read = targets.Select((target, i) => Target($"/targets/{i}", target)).ToList();
        foreach (var (i, target) in read.Index())
            if (read.Take(i).Any(t => t.Key == target.Key))
                throw new InvalidException(
                    $"/targets/{i}", "duplicate-target", $"Two targets for {target.Kpi} begin on {target.EffectiveFrom:yyyy-MM-dd}.");

        return [.. read.OrderBy(t => t.Kpi, StringComparer.Ordinal).ThenBy(t => t.EffectiveFrom)];
    }

    public static Target Target(string pointer, TargetRequest request)
    {
        if (KnownKpi.Find(request.Kpi) is not { } kpi)
            throw new InvalidException($"{pointer}/kpi", "unknown-kpi",
                $"A target is for one of {string.Join(", ", KnownKpi.All.Select(known => known.Code))}.");

        var most = kpi.Unit switch { "share" => 1, "points" => 100, _ => decimal.MaxValue };
        if (request.Value > most)
            throw new InvalidException($"{pointer}/value", "target-value", most == 1
                ? $"{request.Kpi} is a share, 0 to 1: 0.85 is 85 %." : $"{request.Kpi} is 0 to {most} points.");

        var named = request.Scope switch
        {
            TargetScope.Project or TargetScope.Centre => request.ScopeId is null,
            TargetScope.Team or TargetScope.Agent => Guid.TryParse(request.ScopeId, out _),
            _ => request.ScopeId is not null,
        };
        if (!named)
            throw new InvalidException($"{pointer}/scopeId", "target-scope",
                "A department is named by its code, a team and an agent by their id; the project and the centre need no name.");
        if (request.Through < request.EffectiveFrom)
            throw new InvalidException($"{pointer}/through", "ends-before-start", "The last day it holds is not before the first.");

        return new(request.Kpi, request.Value, request.EffectiveFrom, request.Scope, request.ScopeId, request.Through);
    }

    public static IReadOnlyList<Reader> Readers(IReadOnlyList<ReaderRequest> readers)
    {
        foreach (var (i, reader) in readers.Index())
            if (readers.Take(i).Any(r => r.EmployeeId == reader.EmployeeId))
                throw new InvalidException($"/digestReaders/{i}/employeeId", "duplicate-reader", "A reader is there twice.");

        return [.. readers.Select(r => new Reader(r.EmployeeId, r.Language))];
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}_.-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
