using System.Security.Cryptography;
using System.Text;

namespace CallCenter.Quality.Reports;

public static class QaReportPageStyle
{
    /// <summary>Only the page's own style sheet, known by its hash.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; base-uri 'none'; form-action 'none'";

    // The colours of the roster page and the head of the digest.
    public const string Css = """
        :root { color-scheme: light dark; --ink: #17202b; --soft: #596675; --line: #dfe5ec; --card: #ffffff; --page: #eef1f5; --head: #0f2f4a; --bar: #3d7fc4; --accent: #1a66c2; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6edf3; --soft: #9aa7b4; --line: #2d3540; --card: #161b22; --page: #0d1117; --head: #0b2236; --bar: #4b9bdd; --accent: #79b8ff; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.45 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", Arial, sans-serif; }
        header { background: var(--head); color: #ffffff; padding: 26px 0; }
        header > *, main { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
        .kicker { font-size: 12px; letter-spacing: .06em; color: #9fc3e0; font-weight: 600; }
        h1 { font-size: 16px; line-height: 22px; margin-top: 6px; margin-bottom: 12px; }
        .big { font-size: 26px; line-height: 33px; font-weight: 700; }
        .told { color: #d5e4f0; margin-top: 8px; }
        main { padding-top: 18px; padding-bottom: 30px; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; margin: 0 0 16px; overflow-x: auto; }
        h2 { margin: 0 0 8px; font-size: 16px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        tr > :first-child { text-align: left; padding-left: 0; }
        th:first-child { white-space: normal; min-width: 140px; }
        td:last-child { white-space: normal; }
        thead th { color: var(--soft); font-size: 12px; font-weight: 600; }
        tbody th { font-weight: 600; }
        tbody tr:last-child > * { border-bottom: 0; }
        .meter { width: 110px; height: 10px; } .meter rect { fill: var(--bar); }
        .note, footer { color: var(--soft); font-size: 12px; margin: 8px 0 0; }
        a { color: var(--accent); font-weight: 600; }
        /* On a telephone, and in a mail that is read there, each row is a card: nothing is cut, and nothing scrolls sideways. */
        @media (max-width: 760px) {
          header > *, main { padding: 0 12px; } main { padding-top: 12px; } .big { font-size: 21px; line-height: 27px; }
          section { padding: 12px 14px; }
          thead { display: none; }
          table, tbody, tr, th, td { display: block; }
          tr { padding: 8px 0; border-bottom: 1px solid var(--line); } tr:last-child { border-bottom: 0; padding-bottom: 0; }
          th, td, tbody tr:last-child > * { border-bottom: 0; padding: 2px 0; }
          tbody th { font-size: 15px; }
          td, tr > td:first-child { display: flex; justify-content: space-between; gap: 14px; white-space: normal; text-align: right; }
          td::before { content: attr(data-label); color: var(--soft); text-align: left; }
          td:empty { display: none; }
          .bar { display: block; } .meter { width: 100%; } }
        """;
}
