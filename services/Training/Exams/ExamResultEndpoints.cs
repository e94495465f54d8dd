using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Rules;
using CallCenter.EventSourcing;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Exams.ExamSittingDecider;

namespace CallCenter.Training.Exams;

/// <param name="Id">Of the exam's result that it came of.</param>
/// <param name="Skill">Code of the skill.</param>
/// <param name="From">First local day.</param>
/// <param name="Through">Last local day.</param>
/// <param name="RevokedFor">Why it holds no more before its time; null while it does.</param>
public sealed record CertificateView(
    Guid Id, long Version, Guid EmployeeId, Guid ProjectId, Guid ExamId, string Skill, DateOnly From, DateOnly Through, string? RevokedFor);

internal static class ExamResultEndpoints
{
    private static readonly Visibility<ExamSitting> Visible = new(
        (sitting, projects) => sitting.ProjectId.IsOneOf(projects), own: (sitting, employee) => sitting.EmployeeId == employee,
        ownIsTheirs: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapExamResults()
        {
            var results = routes.MapGroup("/exam-results").WithTag("Exam results", "Every attempt of everybody, with score and pass mark.");

            results.MapGet("/", List).Describe("Who took which exam with what results; agents see their own");
            results.MapGet("/{id:guid}", Get).Describe("One employee's attempts at one exam");
            results.MapHistory("/{id:guid}", Get);

            var certificates = routes.MapGroup("/certificates").WithTag("Certificates",
                "What exams certify, from when until when. Rosters know each as a skill for as long as it is valid.");

            certificates.MapGet("/", ListCertificates).Describe("Certificates, or those valid on a day, or that expire by one");
            certificates.MapPost("/{id:guid}/revocation", Revoke).Describe(
                "Let a certificate hold no more, with the reason", new RevocationRequest("The exam was taken by somebody else."));
        }
    }

    /// <param name="Reason">Why it holds no more.</param>
    public sealed record RevocationRequest([property: FreeText] [Required, VisibleText, MaxLength(1000)] string Reason);

    private static async Task<Page<ExamSitting>> List(
        Guid? projectId, Guid? examId, Guid? employeeId, PageRequest page, Caller caller, IQuerySession session,
        CancellationToken cancellation)
    {
        var found = session.Query<ExamSitting>().VisibleTo(caller, Visible, projectId);
        if (examId is { } exam)
            found = found.Where(sitting => sitting.ExamId == exam);
        if (employeeId is { } employee)
            found = found.Where(sitting => sitting.EmployeeId == employee);

        return await found.ToPage(page, sitting => sitting.Id, cancellation);
    }

    private static async Task<Versioned<ExamSitting>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var sitting = caller.MustSee(await session.LoadAsync<ExamSitting>(id, cancellation), Visible);

        return new(sitting, sitting.Version);
    }

    private static async Task<Page<CertificateView>> ListCertificates(
        Guid? projectId, Guid? employeeId, [Description("Code of the skill")] string? skill, [Description("Only those valid on this day.")] DateOnly? on,
        [Description("Only those whose last day is this one or before.")] DateOnly? expiringBy, PageRequest page, Caller caller,
        IQuerySession session, CancellationToken cancellation)
    {
        var found = session.Query<ExamSitting>().VisibleTo(caller, Visible, projectId).Where(sitting => sitting.Certificate != null);
        if (employeeId is { } employee)
            found = found.Where(sitting => sitting.EmployeeId == employee);
        if (skill is not null)
            found = found.Where(sitting => sitting.Certificate!.Skill == skill);
        if (on is { } day)
            found = found.Where(sitting => sitting.Certificate!.RevokedFor == null
                && sitting.Certificate.From <= day && sitting.Certificate.Through >= day);
        if (expiringBy is { } last)
            found = found.Where(sitting => sitting.Certificate!.RevokedFor == null && sitting.Certificate.Through <= last);

        var sittings = await found.ToPage(page, sitting => sitting.Id, cancellation);
        return new([.. sittings.Items.Select(Of)], sittings.Next);
    }

    private static async Task<WriteResult> Revoke(
        Guid id, RevocationRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new RevokeCertificate(request.Reason, caller.Id, caller.Now);

        return new(await session.Decide<ExamSitting>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static CertificateView Of(ExamSitting sitting)
    {
        var certificate = sitting.Certificate!;

        return new(sitting.Id, sitting.Version, sitting.EmployeeId, sitting.ProjectId, sitting.ExamId, certificate.Skill, certificate.From,
            certificate.Through, certificate.RevokedFor);
    }
}
