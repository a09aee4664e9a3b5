import { z } from 'zod';
import type { Line } from './terminal.ts';

const layerSchema = z.object({
  environment: z.string(),
  workflow: z.string().nullable(),
  outcome: z.string(),
  sentences: z.array(z.string()),
  refusal: z.object({ message: z.string() }).nullable(),
  proposal: z.object({ needs: z.string() }).nullable(),
});
/** What the server says of a file, before and after. */
export const answerSchema = z.object({
  plan: z.string(),
  layers: z.array(layerSchema),
  operators: z.object({ places: z.array(z.string()), more: z.number() }),
  missing: z.object({
    workflows: z.array(z.object({ environment: z.string(), workflow: z.string() })),
    more: z.number(),
  }),
});
export type Answer = z.infer<typeof answerSchema>;

export function changesAnything({ layers }: Answer): boolean {
  return layers.some(({ outcome }) => outcome !== 'unchanged');
}

const WORDS: Readonly<Record<string, string>> = {
  applies: 'applies at once',
  needs_approval: 'needs approval, so it will be proposed',
  refused: 'can’t be had',
  applied: 'applied',
  proposed: 'proposed',
};

export function planLines(plan: Answer): Line[] {
  const { operators, missing } = plan;
  return [
    ...plan.layers.filter(({ outcome }) => outcome !== 'unchanged').flatMap(layerLines),
    ...listLines('Applied only when the server starts with it:', operators.places, operators.more),
    ...listLines(
      'Nobody pushed these workflows yet, so nothing is done for them:',
      missing.workflows.map(({ environment, workflow }) => `${workflow} in ${environment}`),
      missing.more,
    ),
  ];
}

function layerLines({
  environment,
  workflow,
  outcome,
  sentences,
  refusal,
  proposal,
}: Answer['layers'][number]): Line[] {
  const name = workflow === null ? environment : `${workflow} in ${environment}`;
  const needs = outcome === 'proposed' && proposal !== null ? `. ${proposal.needs}` : '';
  return [
    ['bold', `${name}: ${WORDS[outcome] ?? outcome}${needs}`],
    ...sentences.map((sentence) => `  ${sentence}`),
    ...(refusal === null ? [] : [['red', `  ${refusal.message}`] as const]),
  ];
}

function listLines(title: string, lines: readonly string[], more: number): Line[] {
  if (lines.length === 0) return [];
  return [title, ...lines.map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])];
}

export function endLines(plan: Answer): Line[] {
  if (plan.layers.some(({ refusal }) => refusal !== null))
    return ['Nothing can be applied as long as a part can’t be had.'];
  return changesAnything(plan) ? [] : ['The settings are as the file says.'];
}

export function doneLines({ layers }: Answer): Line[] {
  return layers.filter(({ outcome }) => outcome !== 'unchanged').flatMap(layerLines);
}
