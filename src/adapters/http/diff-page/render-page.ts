import type { BlocksViewLine } from '../../../domain/diff/blocks-view.ts';
import type { CodeLine } from '../../../domain/diff/code-lines.ts';
import { changeCount } from '../../../domain/diff/diff-text.ts';
import type { Picture } from '../../../domain/diff/picture/draw-picture.ts';
import type { Risk } from '../../../domain/diff/risk.ts';
import { versionName } from '../../../domain/version.ts';
import type { WideDiffView } from '../../../use-cases/views.ts';
import { Html, html } from './html.ts';
import { STYLE_PATH } from './page-style.ts';
import { textBesideText } from './text-beside-text.ts';

/** Lines of the tree and of the code that a page shows; the rest can be had from the API. */
const MOST_LINES = 5_000;

/**
 * The page of one comparison. Pure; everything in it that people wrote shows as the characters it is.
 * @param picture null where the structure did not change
 */
export function diffPage(view: WideDiffView, picture: Picture | null, expiresAt: Date): Html {
  const { workflow, from, to, summary, total, texts, blocks, code, promotion } = view;
  const way = promotion === null ? '' : ` · ${promotion.from.name} → ${promotion.to.name}`;
  const versions = `${from === null ? 'nothing' : versionName(from)} → ${versionName(to)}`;
  const title = `${workflow.slug}${way}`;
  return page(
    `${title}: ${versions}`,
    html`<header><h1>${title}</h1><p class="faint">${versions} · ${changeCount(total, summary.functional)}</p>${total === 0 && from !== null ? null : risk(summary.risk)}</header>
<main>
${sentences(view)}
${picture === null ? null : drawn(picture)}
${texts.length === 0 ? null : html`<section><h2>Texts, before and after</h2>${texts.map((text) => textBesideText(text, from, to))}</section>`}
${tree(blocks)}
${codeLines(code)}
</main>
<footer>Whoever has this address can read this page until ${moment(expiresAt)}. Approving and rejecting happen in Slack.</footer>`,
  );
}

/** A page that says in a sentence or two why there is nothing else on it. */
export function sentencePage(title: string, sentence: string): Html {
  return page(title, html`<header><h1>${title}</h1></header><main><p>${sentence}</p></main>`);
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
${body}
</body>
</html>
`;
}

function risk({ level, reasons }: Risk): Html {
  const why = reasons.length === 0 ? 'nothing that it does differs' : reasons.join('; ');
  return html`<p class="risk risk-${level}"><strong>${level === 'none' ? 'No' : capital(level)} risk</strong>: ${why}</p>`;
}

/** Every change in a sentence; of a first version, what it is. */
function sentences({ from, summary, total, changes }: WideDiffView): Html {
  if (total === 0 && from !== null) return html`<section><p>Nothing differs.</p></section>`;
  const isFirst = from === null;
  const lines = isFirst ? summary.lines : changes.map(({ sentence }) => sentence);
  const left = isFirst ? summary.more : total - changes.length;
  const lead = summary.functional || isFirst ? null : html`<p>${summary.lines[0] ?? 'No functional change.'}</p>`;
  const more = left > 0 ? html`<p class="faint">and ${left.toLocaleString('en')} more</p>` : null;
  return html`<section><h2>${isFirst ? 'What it does' : 'What changes'}</h2>${lead}<ul class="sentences">${lines.map((line) => html`<li>${line}</li>`)}</ul>${more}</section>`;
}

const ZOOMS = [
  ['fit', 'Fit'],
  ['half', '50 %'],
  ['whole', '100 %'],
  ['double', '200 %'],
] as const;

/** The picture is a document of Towpath's own making, in which every label is escaped already. */
function drawn({ svg, alt }: Picture): Html {
  const choices = ZOOMS.map(
    ([id, words], index) =>
      html`<input type="radio" name="zoom" id="zoom-${id}"${index === 0 ? html` checked` : null}><label for="zoom-${id}">${words}</label>`,
  );
  return html`<section class="drawn"><h2>Picture</h2><fieldset class="zoom" aria-label="Zoom">${choices}</fieldset>
<div class="picture" tabindex="0" role="group" aria-label="Picture of the steps, scrollable">${new Html(svg)}</div>
<details><summary>The picture in words</summary><p>${alt}</p></details></section>`;
}

const TONES: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '~': 'changed', '>': 'moved' };

function tree(blocks: readonly BlocksViewLine[]): Html | null {
  if (blocks.length === 0) return null;
  const lines = blocks
    .slice(0, MOST_LINES)
    .map(
      ({ mark, depth, text }) =>
        html`<span class="${TONES[mark] ?? ''}">${mark} ${'  '.repeat(Math.min(depth, 30))}${text}</span>`,
    );
  return html`<section><h2>Steps</h2><p class="faint">+ added, − removed, ~ changed, &gt; moved</p><pre tabindex="0">${lines}${cutNote(blocks.length)}</pre></section>`;
}

function codeLines({ lines, truncated }: WideDiffView['code']): Html | null {
  if (lines.length === 0) return null;
  const shown = lines.slice(0, MOST_LINES).map(codeLine);
  const rest =
    truncated || lines.length > MOST_LINES ? html`<span class="faint">… the rest is too long to be shown</span>` : null;
  return html`<details class="code-view"><summary>Code</summary><pre class="code" tabindex="0">${shown}${rest}</pre></details>`;
}

function codeLine({ mark, text, words = [] }: CodeLine): Html {
  const pieces: (Html | string)[] = [];
  let at = 0;
  for (const [start, end] of words) {
    const word = text.slice(start, end);
    pieces.push(text.slice(at, start), mark === '-' ? html`<del>${word}</del>` : html`<ins>${word}</ins>`);
    at = end;
  }
  return html`<span class="${TONES[mark] ?? ''}">${mark} ${[...pieces, text.slice(at)]}</span>`;
}

function cutNote(length: number): Html | null {
  const left = length - MOST_LINES;
  return left > 0 ? html`<span class="faint">… ${left.toLocaleString('en')} more lines</span>` : null;
}

/** In UTC: the server doesn't know where its reader is. */
function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
