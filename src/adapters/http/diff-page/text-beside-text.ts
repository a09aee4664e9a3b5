import type { SideBySide, SideLine, SideRow } from '../../../domain/diff/side-by-side.ts';
import { versionName } from '../../../domain/version.ts';
import type { VersionTag } from '../../../use-cases/views.ts';
import { type Html, html } from './html.ts';

/** One text in both versions beside each other; on a narrow screen one below the other, line by line. */
export function textBesideText(text: SideBySide, from: VersionTag | null, to: VersionTag): Html {
  const note = text.rewritten
    ? html`<p class="faint">Rewritten: the two have too little in common to compare them by lines.</p>`
    : null;
  const left = text.left > 0 ? html`<div class="gap">${text.left.toLocaleString('en')} more lines</div>` : null;
  const names = html`<div class="names" aria-hidden="true"><div>${from === null ? 'nothing' : versionName(from)}</div><div>${versionName(to)}</div></div>`;
  return html`<h3>${text.title}</h3>${note}<div class="rows">${names}${text.rows.map(row)}${left}</div>`;
}

function row(one: SideRow): Html {
  if (one.kind === 'gap')
    return html`<div class="gap">${one.lines.toLocaleString('en')} unchanged ${one.lines === 1 ? 'line' : 'lines'}</div>`;
  const isSame = one.kind === 'same';
  return html`<div class="row ${one.kind}">${cell(one.before, isSame ? '' : 'gone')}${cell(one.after, isSame ? '' : 'come')}</div>`;
}

function cell(line: SideLine | null, look: '' | 'gone' | 'come'): Html {
  if (line === null) return html`<div class="cell none"></div>`;
  const pieces = line.segments.map(({ text, isMarked }) =>
    !isMarked ? text : look === 'gone' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`,
  );
  return html`<div class="cell ${look}"><i>${line.number}</i><span>${pieces}</span></div>`;
}
