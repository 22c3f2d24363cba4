/** The page's only style: system fonts, both colour schemes, print, and screens from 400 pixels. No font and no picture is loaded. */
export const STYLE = `
:root{color-scheme:light dark;--page:#faf9f6;--card:#fff;--ink:#1d2127;--soft:#5a626d;--rule:#dfdcd4;--grid:#eceae4;
--accent:#1f5fa8;--accent-soft:#9fc0e4;--beside:#a9b0b9;--good:#1c7a46;--good-soft:#e2f2e8;--bad:#b3261e;--bad-soft:#fbe7e5;
--target:#b3261e;--primary:#8a5a00;--dr:#1f5fa8;--path:#c2410c;--copy:#5b6b7d;--bound:#eef4fb;--measured:#3d8b7d;--edge:rgb(0 0 0/.16)}
@media(prefers-color-scheme:dark){:root{--page:#14171c;--card:#1b2027;--ink:#e8eaed;--soft:#a3acb8;--rule:#323a45;--grid:#29303a;
--accent:#6ea8e8;--accent-soft:#345778;--beside:#5b6674;--good:#6cc792;--good-soft:#173325;--bad:#ff8a80;--bad-soft:#3b1d1c;
--target:#ff8a80;--primary:#e0b15a;--dr:#6ea8e8;--path:#ff9d5c;--copy:#93a3b5;--bound:#1d2836;--measured:#6cc0b0;--edge:rgb(0 0 0/.6)}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1180px;margin:0 auto;padding:0 20px}
header{padding-top:40px}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:0 0 4px;letter-spacing:-.005em}
h3{font-size:1rem;margin:28px 0 6px}
p{margin:6px 0;max-width:78ch}
section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:24px;margin:22px 0}
.note,.soft{color:var(--soft)}
.note{font-size:.9rem}
.verdict{border-radius:10px;padding:18px 24px;margin:20px 0 0;border:1px solid;border-left-width:8px}
.verdict.pass{border-color:var(--good);background:var(--good-soft)}
.verdict.fail{border-color:var(--bad);background:var(--bad-soft)}
.verdict b{font-size:1.5rem;letter-spacing:.02em}
.pass b,.good{color:var(--good)}.fail b,.bad{color:var(--bad)}
.verdict ul{margin:8px 0 0;padding-left:20px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px;margin:16px 0 0;padding:0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 16px}
.facts span{display:block;color:var(--soft);font-size:.84rem;line-height:1.4}
.facts strong{display:block;font-size:1.5rem;line-height:1.3;font-variant-numeric:tabular-nums}
nav{margin:20px 0 0;font-size:.92rem;line-height:2}
nav a{margin-right:16px;white-space:nowrap}
a{color:var(--accent);text-underline-offset:3px}
.scroll{overflow-x:auto;margin:12px 0 0;background:linear-gradient(to right,var(--card) 30%,transparent) 0 0/40px 100% no-repeat local,
linear-gradient(to left,var(--card) 30%,transparent) 100% 0/40px 100% no-repeat local,
linear-gradient(to right,var(--edge),transparent) 0 0/12px 100% no-repeat scroll,
linear-gradient(to left,var(--edge),transparent) 100% 0/12px 100% no-repeat scroll}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:4px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:0 0 8px}
th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-bottom:1px solid var(--rule)}
tr:last-child td,tr:last-child th{border-bottom:0}
thead th{color:var(--soft);font-weight:600;font-size:.82rem;white-space:nowrap}
tbody th{font-weight:500;min-width:9em}
.number,tbody .number{min-width:0}
.number{text-align:right;white-space:nowrap}
.nowrap{white-space:nowrap}
tr.bad td,tr.bad th{color:var(--bad)}
details{margin:14px 0 0}
summary{cursor:pointer;color:var(--accent)}
code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;background:var(--grid);padding:2px 5px;border-radius:4px}
footer{padding:6px 20px 48px;color:var(--soft);font-size:.9rem}
svg{display:block;width:100%;height:auto;font:12.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
svg text{fill:var(--ink)}
svg .faint,svg .tick{fill:var(--soft)}svg .faint{font-size:12px}svg .tick{font-size:11px}
svg .strong{font-weight:600}svg .end{text-anchor:end}svg .mid{text-anchor:middle}
.grid{stroke:var(--grid);stroke-width:1}.base{stroke:var(--soft);stroke-width:1}
.critical{fill:var(--accent)}.beside{fill:var(--beside)}.worst{fill:var(--accent-soft)}.measured{fill:var(--measured)}
.whisker{stroke:var(--measured);stroke-width:2}
.rto{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4}.edge{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}
.target{stroke:var(--target);stroke-width:2}
svg .target-text{fill:var(--target);font-weight:600}svg .rto-text{font-weight:600}svg .edge-text{fill:var(--soft)}
.bound{fill:var(--bound)}
.panel{fill:none;stroke-width:1.5;rx:10px}.panel.primary{stroke:var(--primary)}.panel.dr{stroke:var(--dr)}
svg .role{font-weight:700;font-size:15px}svg .primary-text{fill:var(--primary)}svg .dr-text{fill:var(--dr)}
.block,.client{fill:var(--page);stroke:var(--rule);stroke-width:1;rx:6px}.client{rx:15px}
.block.acts{stroke:var(--path);stroke-width:1.5}
.flow,.copy,.path,.majority{fill:none}
.flow{stroke:var(--soft);stroke-width:1.3}.copy{stroke:var(--copy);stroke-width:1.6;stroke-dasharray:6 4}
.majority{stroke:var(--copy);stroke-width:1.2;stroke-dasharray:2 4}
.path{stroke:var(--path);stroke-width:2.4}.path.dashed{stroke-dasharray:8 5}
.arrow-flow{fill:var(--soft)}.arrow-copy{fill:var(--copy)}.arrow-path{fill:var(--path)}
svg .target-text,svg .rto-text,svg .edge-text,svg .faint,svg .copy-text{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
.block~text.faint,g>text.faint{stroke:none!important}
svg .copy-text{fill:var(--copy);font-size:11px}
.badge{fill:var(--path)}svg .badge-text{fill:var(--card);font-weight:700;font-size:11px}
.rest{fill:var(--grid)}.share-0{fill:#1f5fa8}.share-1{fill:#6a4c93}.share-2{fill:#2f6f62}.share-3{fill:#8a5a00}
@media(max-width:600px){body{font-size:15px}main,header,footer{padding-left:12px;padding-right:12px}section{padding:16px 14px}
header{padding-top:24px}h1{font-size:1.45rem}.facts{grid-template-columns:repeat(2,1fr);gap:8px}.facts li{padding:10px 12px}.facts strong{font-size:1.2rem}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--grid:#e5e5e5;--accent:#1f5fa8;
--accent-soft:#9fc0e4;--beside:#a9b0b9;--good:#1c7a46;--good-soft:#fff;--bad:#b3261e;--bad-soft:#fff;--target:#b3261e;
--primary:#8a5a00;--dr:#1f5fa8;--path:#c2410c;--copy:#5b6b7d;--bound:#eef4fb;--measured:#3d8b7d}
body{font-size:10.5pt}nav{display:none}section{border:0;border-top:1px solid var(--rule);border-radius:0;padding:14px 0;margin:0}
.scroll{overflow:visible;background:none}svg{min-width:0!important;break-inside:avoid}tr,.facts li{break-inside:avoid}h2,h3{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
