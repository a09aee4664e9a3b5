import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Refusal } from '../../domain/refusal.ts';
import { mayMisfit } from '../../domain/settings/may-misfit.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { takenAway } from '../../domain/settings/taken-away.ts';
import { howToFill, newlyUnfilled, unfilledInWords } from '../../domain/settings/unfilled.ts';
import { versionName } from '../../domain/version.ts';
import type { Reading } from '../ports.ts';
import { fitVersion } from './fit-version.ts';
import type { LayerNow } from './held-layer.ts';
import { inForce } from './settings-in-force.ts';

/** Live versions that are looked at for one change. Each is read and filled while the environments are held. */
const MOST_LOOKED_AT = 1_000;
const MOST_NAMED = 5;

/**
 * What is live, and what runs as a canary, has to find everything that it finds now. Called before the change is written.
 * @throws Refusal does_not_fill, naming workflows and what each would lack; too_many where more use what would go than can be looked at
 */
export async function refuseUnfilledBy(tx: Reading, held: LayerNow, after: Settings): Promise<void> {
  const { environment, before } = held;
  const was = before?.settings ?? {};
  const live = await concerned(tx, held, takenAway(was, after), mayMisfit(was, after));
  const broken: string[] = [];
  let cure = '';
  for (const { workflowId, versionId, status } of live) {
    const lacking = await lackingAfter(tx, held, after, { workflowId, versionId });
    if (lacking.length === 0) continue;
    const { slug } = await tx.workflows.getById(workflowId);
    const name = `${versionName(await tx.versions.getById(versionId))} of ${slug}`;
    const runs = status === 'candidate' ? 'runs as a canary' : 'is live';
    broken.push(`${name} ${runs} in ${environment.name}, and with these settings ${unfilledInWords(lacking)}`);
    cure ||= howToFill(lacking, environment.name, slug);
    // One more than is named says that there are more.
    if (broken.length > MOST_NAMED) break;
  }
  if (broken.length === 0) return;
  const named = broken.slice(0, MOST_NAMED).join('. ');
  const more = broken.length > MOST_NAMED ? ' More workflows are concerned.' : '';
  throw new Refusal('does_not_fill', `${named}.${more} ${cure}`.trim());
}

/**
 * What is live and uses what goes, or what may misfit. Where the latter is more than can be looked at it is left to the requests
 * that come later, which find it too: a value that is changed is no reason to refuse what so many use.
 */
async function concerned(
  tx: Reading,
  { environment, workflow }: LayerNow,
  gone: readonly string[],
  changed: readonly string[],
) {
  const holding = async (words: readonly string[]) =>
    words.length === 0
      ? []
      : tx.deployments.listActiveHolding(environment.id, workflow?.id ?? null, words, MOST_LOOKED_AT + 1);
  const either = await holding([...new Set([...gone, ...changed])]);
  if (either.length <= MOST_LOOKED_AT) return either;
  const lacking = await holding(gone);
  if (lacking.length <= MOST_LOOKED_AT) return lacking;
  throw new Refusal(
    'too_many',
    `More than ${MOST_LOOKED_AT} workflows that are live in ${environment.name} use what this change takes away. Take away fewer names at once.`,
  );
}

async function lackingAfter(
  tx: Reading,
  { environment, workflow }: LayerNow,
  after: Settings,
  { workflowId, versionId }: { workflowId: string; versionId: string },
) {
  const layers = await tx.settings.current(environment.id, workflowId);
  // It has no number yet, so that it is named by what it holds.
  const id = `proposed ${createHash('sha256')
    .update(String(canonicalize(after)))
    .digest('hex')}`;
  const changed = workflow === null ? { environment: { id, settings: after } } : { workflow: { id, settings: after } };
  const was = await fitVersion(tx, versionId, inForce(layers));
  const is = await fitVersion(tx, versionId, inForce({ ...layers, ...changed }));
  return newlyUnfilled(was.problems, is.problems);
}
