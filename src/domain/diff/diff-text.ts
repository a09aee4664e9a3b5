import type { BlocksViewLine } from './blocks-view.ts';
import { count } from './quote.ts';
import type { Risk } from './risk.ts';

/** What a line is about, for whoever shows it in colours. */
export type Tone = 'title' | 'risk' | 'added' | 'removed' | 'changed' | 'moved' | 'faint' | 'plain';

export interface ToneLine {
  readonly tone: Tone;
  /** One line of plain text. */
  readonly text: string;
}

/** What is told of a comparison as text. */
export interface Told {
  /** Such as `summarize-flow: v11 → v12`. */
  readonly title: string;
  /** All changes; of a first version, its steps. */
  readonly total: number;
  readonly risk: Risk;
  /** Sentences by importance, and how many were left out. */
  readonly lines: readonly string[];
  readonly more: number;
  /** What changes once both are filled with the settings of an environment; null or left out where that is the same. */
  readonly inEffect?: { readonly environment: string; readonly lines: readonly string[]; readonly more: number } | null;
  readonly blocks: readonly BlocksViewLine[];
  readonly code: { readonly text: string; readonly truncated: boolean };
}

/** A whole comparison as lines of text: risk, sentences, what they come to in effect, the tree of steps, the code. Without a change, only that. */
export function diffText({ title, total, risk, lines, more, inEffect = null, blocks, code }: Told): ToneLine[] {
  const head: ToneLine[] = [
    { tone: 'title', text: title },
    { tone: 'risk', text: riskText(risk) },
  ];
  if (total === 0) return [...head.slice(0, 1), { tone: 'plain', text: 'Nothing differs.' }];
  return [
    ...head,
    ...part('', sentenceLines(lines, more)),
    ...(inEffect === null
      ? []
      : part(
          `In effect in ${inEffect.environment}`,
          sentenceLines(inEffect.lines.length === 0 ? ['Nothing differs.'] : inEffect.lines, inEffect.more),
        )),
    ...part('Steps', blocks.map(blockLine)),
    ...part('Code', [
      ...(code.text === '' ? [] : code.text.split('\n').map(codeLine)),
      ...(code.truncated ? [{ tone: 'faint' as const, text: '… the rest is too long to be shown' }] : []),
    ]),
  ];
}

function sentenceLines(lines: readonly string[], more: number): ToneLine[] {
  return [
    ...lines.map((text) => ({ tone: 'plain' as const, text: `- ${text}` })),
    ...(more > 0 ? [{ tone: 'faint' as const, text: `and ${more.toLocaleString('en')} more` }] : []),
  ];
}

/** `Risk: high, model swapped (‘Summarise’)`. */
export function riskText({ level, reasons }: Risk): string {
  return `Risk: ${[level, ...reasons].join(', ')}`;
}

/** `3 changes`, `2 changes, none of them functional`. */
export function changeCount(total: number, functional: boolean): string {
  if (total === 0) return functional ? 'the first version' : 'nothing differs';
  return `${count(total, 'change')}${functional ? '' : `, ${total === 1 ? 'not' : 'none of them'} functional`}`;
}

function part(title: string, lines: readonly ToneLine[]): ToneLine[] {
  if (lines.length === 0) return [];
  const heading: ToneLine[] = title === '' ? [] : [{ tone: 'title', text: title }];
  return [{ tone: 'plain', text: '' }, ...heading, ...lines];
}

const TONES: Readonly<Record<string, Tone>> = { '+': 'added', '-': 'removed', '~': 'changed', '>': 'moved' };

function blockLine({ mark, depth, text }: BlocksViewLine): ToneLine {
  return { tone: TONES[mark] ?? 'plain', text: `${mark} ${'  '.repeat(depth)}${text}`.trimEnd() };
}

function codeLine(text: string): ToneLine {
  return { tone: TONES[text.charAt(0)] ?? 'plain', text };
}
