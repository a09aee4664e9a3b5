import { createHash } from 'node:crypto';

/** How the page of a comparison looks: wide and narrow, light and dark, zooming without a script. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2126; --faint: #5b6570; --line: #d8dde2; --paper: #ffffff; --shade: #f5f7f8;
  --added: #dcf5e3; --added-word: #9fe0b2; --added-ink: #0f6b32;
  --removed: #fde4e1; --removed-word: #f6b3ab; --removed-ink: #a3261a;
  --changed-ink: #8a5a00; --moved-ink: #4a4fb5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e8eb; --faint: #9aa5ae; --line: #363e45; --paper: #16191c; --shade: #1f2428;
    --added: #12321e; --added-word: #1f6b3a; --added-ink: #6fd796;
    --removed: #3c1a17; --removed-word: #84322a; --removed-ink: #ff9d92;
    --changed-ink: #e9b44c; --moved-ink: #a5a9ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main, header, footer { max-width: 1400px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 36px 0 12px; }
h3 { font-size: 1rem; margin: 24px 0 8px; overflow-wrap: anywhere; }
p { margin: 8px 0; overflow-wrap: anywhere; }
.faint, footer { color: var(--faint); }
footer { padding-top: 32px; padding-bottom: 40px; font-size: .875rem; }
.risk { display: inline-block; margin: 14px 0 0; padding: 6px 12px; border-left: 4px solid var(--line); background: var(--shade); border-radius: 4px; overflow-wrap: anywhere; }
.risk-high { border-color: #cf3f33; } .risk-medium { border-color: #dd8a1d; } .risk-low { border-color: #2f9e58; }
ul.sentences { margin: 0; padding-left: 22px; }
ul.sentences li { margin: 4px 0; overflow-wrap: anywhere; }
pre, .rows { font: .8125rem/1.55 ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { margin: 0; padding: 12px 0; overflow-x: auto; background: var(--shade); border: 1px solid var(--line); border-radius: 6px; }
pre span { display: block; padding: 0 14px; min-width: max-content; white-space: pre; min-height: 1.55em; }
pre .added { color: var(--added-ink); } pre .removed { color: var(--removed-ink); } pre .changed { color: var(--changed-ink); } pre .moved { color: var(--moved-ink); }
pre.code .added { background: var(--added); color: inherit; } pre.code .removed { background: var(--removed); color: inherit; }
ins, del { text-decoration: none; border-radius: 2px; }
ins { background: var(--added-word); } del { background: var(--removed-word); }
summary { cursor: pointer; }
.code-view > summary { font-weight: 600; font-size: 1.15rem; margin: 36px 0 12px; }
.drawn summary { color: var(--faint); margin: 8px 0; }
.rows { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.cell { display: grid; grid-template-columns: 3.2em minmax(0, 1fr); white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.55em; }
.cell + .cell { border-left: 1px solid var(--line); }
.cell > i { font-style: normal; color: var(--faint); text-align: right; padding-right: .8em; user-select: none; }
.cell > span { padding-right: 10px; }
.cell.gone { background: var(--removed); } .cell.come { background: var(--added); } .cell.none { background: var(--shade); }
.gap { background: var(--shade); color: var(--faint); text-align: center; padding: 2px 0; }
.names { display: grid; grid-template-columns: 1fr 1fr; color: var(--faint); background: var(--shade); border-bottom: 1px solid var(--line); }
.names > div { padding: 4px 12px; overflow-wrap: anywhere; }
.zoom { display: flex; gap: 4px; flex-wrap: wrap; align-items: center; margin: 0 0 8px; padding: 0; border: 0; }
.zoom label { padding: 4px 12px; border: 1px solid var(--line); border-radius: 99px; cursor: pointer; font-size: .875rem; }
.zoom input { position: absolute; opacity: 0; pointer-events: none; }
.zoom input:checked + label { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.zoom input:focus-visible + label { outline: 2px solid #3b82f6; outline-offset: 2px; }
.picture { border: 1px solid var(--line); border-radius: 6px; background: #fff; overflow: auto; max-height: 85vh; }
.picture svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
.drawn:has(#zoom-half:checked) .picture svg { max-width: none; zoom: .5; }
.drawn:has(#zoom-whole:checked) .picture svg { max-width: none; }
.drawn:has(#zoom-double:checked) .picture svg { max-width: none; zoom: 2; }
.drawn:has(#zoom-fit:not(:checked)) .picture svg { margin: 0; }
@media (max-width: 700px) {
  main, header, footer { padding-left: 14px; padding-right: 14px; }
  h1 { font-size: 1.3rem; }
  .row { grid-template-columns: minmax(0, 1fr); }
  .cell + .cell { border-left: 0; }
  pre span { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
  .cell.none, .row.same > .cell:first-child { display: none; }
}
@media print { .zoom { display: none; } .picture { max-height: none; } }
`;

/** Where it is served: another look has another address, so that browsers may keep it for good. */
export const STYLE_PATH = `/assets/diff-${createHash('sha256').update(PAGE_STYLE).digest('hex').slice(0, 12)}.css`;
