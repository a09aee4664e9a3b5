import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';

type Shown = Pick<StandInMessage, 'blocks'> & { text?: string };

/** Every text that a message or view shows in its blocks, in reading order, one a line. */
export function shownText({ blocks }: Shown): string {
  return [...valuesOf(blocks, 'text')].filter((value) => typeof value === 'string').join('\n');
}

/** The action ids of everything that can be clicked or filled in, in reading order. */
export function actionIds({ blocks }: Shown): string[] {
  return [...valuesOf(blocks, 'action_id')].map(String);
}

/** The values of all properties of a name, at any depth. */
function* valuesOf(value: unknown, name: string): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === name && typeof inner !== 'object') yield inner;
    else yield* valuesOf(inner, name);
  }
}
