import { diffText, type Tone } from '../../domain/diff/diff-text.ts';
import type { Comparison } from './get-comparison.ts';
import { type Colour, harmless, type Terminal } from './terminal.ts';

const COLOURS: Readonly<Record<Tone, Colour | null>> = {
  title: 'bold',
  risk: null,
  added: 'green',
  removed: 'red',
  changed: 'yellow',
  moved: 'cyan',
  faint: 'dim',
  plain: null,
};
const RISK_COLOURS: Readonly<Record<Comparison['diff']['risk']['level'], Colour>> = {
  none: 'dim',
  low: 'green',
  medium: 'yellow',
  high: 'red',
};

/** Says a comparison as text, in colours where the terminal shows them. */
export function printComparison(
  terminal: Terminal,
  title: string,
  { diff, inEffect = null, total, blocks, code }: Comparison,
): void {
  const { sentences, more, risk } = diff;
  for (const { tone, text } of diffText({ title, total, risk, lines: sentences, more, inEffect, blocks, code })) {
    const colour = tone === 'risk' ? RISK_COLOURS[risk.level] : COLOURS[tone];
    const shown = harmless(text.replaceAll('\t', '  '));
    terminal.print(`${colour === null || shown === '' ? shown : (terminal.colour?.(colour, shown) ?? shown)}\n`);
  }
}
