using System.Security.Cryptography;
using System.Text;

namespace CallCenter.Scheduling.Rosters;

public static class RosterPageStyle
{
    /// <summary>Only the page's own style sheet, known by its hash.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; base-uri 'none'; form-action 'none'";

    public const string Css = """
        :root { --ink: #1c2430; --soft: #66707f; --line: #e3e7ee; --card: #ffffff; --page: #f3f5f9; --zebra: #f7f9fc; --accent: #23407a;
          --early: #3a86c8; --day: #2f9e8f; --late: #6d5bd0; --night: #2d3a66; --two-shifts: #4d908e; --day-into-night: #577590; --break: #f6c453; --meal: #ef8e4f; --training: #c2549d;
          --leave: #b9c0cc; --staff: #a9cdea; --gap: #d9433f; --need: #1c2430; --good: #2e8b57; --near: #d9962b; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8ecf3; --soft: #9aa5b5; --line: #323b49; --card: #1d2430; --page: #141922; --zebra: #222a37; --accent: #9dbcf5;
            --early: #4b9bdd; --day: #3bb3a2; --late: #8a7aea; --night: #5a6cab; --two-shifts: #6fb3b0; --day-into-night: #7d9cba; --leave: #5b6473; --staff: #3c6486; --need: #f2f4f8; } }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
        header, main { max-width: 1280px; margin: 0 auto; padding: 0 20px; }
        header { padding-top: 26px; }
        .client { margin: 0; color: var(--soft); font-size: 13px; letter-spacing: .06em; text-transform: uppercase; }
        h1 { margin: 2px 0 0; font-size: 28px; letter-spacing: -.01em; }
        .sub { margin: 4px 0 18px; color: var(--soft); }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 20px; margin: 0 0 18px; scroll-margin-top: 54px; overflow-x: auto; }
        h2 { margin: 0; font-size: 19px; }
        h3 { margin: 14px 0 2px; font-size: 13px; font-weight: 600; color: var(--soft); }
        .facts { margin: 2px 0 10px; color: var(--soft); }
        .facts b { color: var(--ink); }
        .facts b.bad, .bad { color: var(--gap); font-weight: 600; }
        .facts b.note { color: var(--near); }
        .off { margin: 10px 0 0; color: var(--soft); font-size: 13px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        tbody tr:last-child > * { border-bottom: 0; }
        th:first-child { text-align: left; }
        thead th { color: var(--soft); font-size: 12px; font-weight: 600; }
        tbody th { font-weight: 600; }
        .gaps { margin-top: 10px; } .gaps td:last-child, .gaps th:last-child { text-align: left; white-space: normal; }
        .grid .cell { padding: 2px 3px; text-align: center; } .grid thead th:not(:first-child) { text-align: center; }
        .grid tbody th, .grid tfoot th, .grid thead th:first-child { position: sticky; left: 0; background: var(--card); }
        .cell span { display: block; min-width: 44px; min-height: 20px; padding: 1px 4px; border-radius: 4px; font-size: 11.5px; color: #fff; }
        .cell .early { background: var(--early); } .cell .day { background: var(--day); } .cell .late { background: var(--late); }
        .cell .night { background: var(--night); } .cell .training { background: var(--training); }
        .cell .leave { background: var(--leave); color: #1c2430; }
        a { color: var(--accent); text-decoration: none; }
        a:hover { text-decoration: underline; }
        .meter { width: 90px; height: 8px; margin-right: 8px; }
        .track { fill: var(--line); } .full { fill: var(--good); } .near { fill: var(--near); } .low { fill: var(--gap); }
        .legend { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 9px 2px; margin-bottom: 9px; background: var(--page); font-size: 13px; }
        .legend span { display: inline-flex; align-items: center; gap: 6px; }
        .legend svg { width: 14px; height: 14px; }
        .chart { display: block; width: 100%; min-width: 720px; height: auto; }
        .chart text { font-size: 11.5px; fill: var(--ink); }
        .chart text.clock { text-anchor: middle; fill: var(--soft); font-size: 10.5px; }
        .chart text.axis { text-anchor: end; fill: var(--soft); font-size: 10.5px; }
        .chart text.when { fill: var(--soft); font-size: 11px; } .chart text.hours { text-anchor: end; font-size: 11px; font-weight: 600; }
        .hour, line.grid { stroke: var(--line); stroke-width: 1; }
        .zebra { fill: var(--zebra); }
        .early { fill: var(--early); } .day { fill: var(--day); } .late { fill: var(--late); } .night { fill: var(--night); }
        .two-shifts { fill: var(--two-shifts); } .day-into-night { fill: var(--day-into-night); }
        .break { fill: var(--break); } .meal { fill: var(--meal); } .training { fill: var(--training); } .leave { fill: var(--leave); }
        .staff { fill: var(--staff); } .gap { fill: var(--gap); } .need { fill: var(--need); }
        .required { fill: none; stroke: var(--need); stroke-width: 1.8; stroke-linejoin: round; }
        @media print { body { background: #fff; } .card { break-inside: avoid; border-color: #ccc; } .legend { position: static; } }
        """;
}
