#pragma once

namespace weir::backtest {

/// The style of the backtest's page: light or dark as the reader's system is, and fit for print.
inline constexpr auto html_style = R"(
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #ffffff; --ink: #1d2430; --soft: #5b6573; --line: #dfe2e6; --track: #e9ebee;
  --bar: #3c6ea5; --precision: #2f6fb0; --recall: #b3630f; --f1: #5a7d3a;
  --old: #b3630f; --both: #9aa3ad; --new: #2f6fb0; --heat-ink: 47, 111, 176; --on-heat: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181e; --card: #1b2129; --ink: #e6e9ed; --soft: #9ba5b1; --line: #313a45; --track: #2a323c;
    --bar: #6fa5dc; --precision: #6fa8e0; --recall: #e09a4a; --f1: #94bd6c;
    --old: #e09a4a; --both: #707a86; --new: #6fa8e0; --heat-ink: 111, 168, 224; --on-heat: #10141a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 0 0 2px; }
p { margin: 0 0 14px; color: var(--soft); max-width: 90ch; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0 0 20px; font-size: 14px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px;
  margin: 20px 0 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px;
  color: var(--soft); font-size: 13px; }
.tile .value { font-size: 24px; line-height: 1.3; color: var(--ink); font-variant-numeric: tabular-nums; }
.beside:empty { display: none; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: middle;
  white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 13px; font-weight: 500; color: var(--soft); vertical-align: bottom; }
tbody th { font-weight: 500; }
tbody tr:last-child th, tbody tr:last-child td { border-bottom: 0; }
tr.all th, tr.all td { border-top: 2px solid var(--line); font-weight: 600; }
.number { text-align: right; }
.none { color: var(--soft); }
.mark { font-size: 12px; font-weight: 400; color: var(--soft); border: 1px solid var(--line); border-radius: 6px;
  padding: 0 6px; }
.axis { display: flex; justify-content: space-between; min-width: 260px; font-weight: 400; }
svg.days { display: block; width: 100%; min-width: 260px; height: 34px; }
.rule-line { stroke: var(--line); vector-effect: non-scaling-stroke; }
.bar { fill: var(--bar); }
.hit { fill: transparent; }
g:hover > .hit { fill: var(--track); }
.ratio { display: flex; align-items: center; gap: 10px; }
.ratio svg { width: 84px; height: 10px; border-radius: 3px; flex: none; }
.ratio span { min-width: 54px; text-align: right; }
.track { fill: var(--track); }
.precision .fill { fill: var(--precision); }
.recall .fill { fill: var(--recall); }
.f1 .fill { fill: var(--f1); }
svg.difference { display: block; width: 300px; height: 12px; border-radius: 3px; background: var(--track); }
.only-old { fill: var(--old); }
.both { fill: var(--both); }
.only-new { fill: var(--new); }
.legend::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
.legend { margin-right: 10px; font-weight: 400; }
.legend.only-old::before { background: var(--old); }
.legend.both::before { background: var(--both); }
.legend.only-new::before { background: var(--new); }
svg.matrix { display: block; width: 100%; min-width: 520px; }
.matrix text { font-size: 12px; fill: var(--ink); }
.matrix .row { text-anchor: end; }
.matrix .value { text-anchor: middle; font-size: 11px; font-variant-numeric: tabular-nums; }
.matrix .on-dark { fill: var(--on-heat); }
.heat { fill: rgba(var(--heat-ink), var(--heat)); rx: 3px; }
.empty { fill: var(--track); opacity: 0.45; rx: 3px; }
.self { fill: none; stroke: var(--line); rx: 3px; }
details { margin-top: 14px; font-size: 14px; color: var(--soft); }
summary { cursor: pointer; color: var(--ink); }
details ul { margin: 8px 0 0; padding-left: 20px; }
details table { margin-top: 8px; color: var(--ink); }
@media print { body { background: none; } section, .tile { break-inside: avoid; } }
)";

}  // namespace weir::backtest
