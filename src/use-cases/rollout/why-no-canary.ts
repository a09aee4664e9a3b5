import { LRUCache } from 'lru-cache';
import type { Deployment } from '../../domain/deployment.ts';
import type { Environment } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isPartial } from '../../domain/rollout.ts';
import { versionName, type Workflow } from '../../domain/version.ts';
import { type Schedule, schedulesOf, startsIn } from '../../domain/workflow/schedules.ts';
import { compareContents } from '../compare.ts';
import type { Reading } from '../ports.ts';

// Versions never change. Losing this costs reading one.
const known = new LRUCache<string, readonly Schedule[]>({ max: 2_000 });

const UNREADABLE: readonly Schedule[] = [null];

interface NoCanary {
  code: 'nothing_to_compare_with' | 'scheduled_workflow';
  sentence: string;
}

/**
 * Why a version can't run beside what is live with this share; null where it can. Runs that a schedule starts carry no key: part of
 * them would be run by neither of the two, or by both.
 */
export async function whyNoCanary(
  tx: Reading,
  workflow: Workflow,
  environment: Environment,
  live: Pick<Deployment, 'versionId'> | null,
  versionId: string,
  share: number,
): Promise<NoCanary | null> {
  if (live === null) {
    const sentence = `Nothing of ${workflow.slug} is live in ${environment.name} yet, so there is nothing that a canary could run beside. Promote it without a canary.`;
    return { code: 'nothing_to_compare_with', sentence };
  }
  const scheduled = isPartial(share) ? await firstScheduled(tx, environment, [versionId, live.versionId]) : null;
  if (scheduled === null) return null;
  const name = versionName(await tx.versions.getById(scheduled));
  const is =
    (await readSchedules(tx, scheduled)) === UNREADABLE
      ? `is too large to look here whether a schedule starts it`
      : `is started by a schedule`;
  const sentence = `${name} of ${workflow.slug} ${is} in ${environment.name}, and such runs carry no key to choose a version by: part of them would run twice or not at all. Only 0% and 100% are possible.`;
  return { code: 'scheduled_workflow', sentence };
}

/** The first of the versions that is started by a schedule there; null where none is. */
export async function firstScheduled(
  tx: Reading,
  environment: Environment,
  versionIds: readonly string[],
): Promise<string | null> {
  for (const id of versionIds) {
    if (startsIn(await readSchedules(tx, id), environment)) return id;
  }
  return null;
}

/** Of a version too large to be read here nothing is known: it may be started in any environment. */
async function readSchedules(tx: Reading, versionId: string): Promise<readonly Schedule[]> {
  const remembered = known.get(versionId);
  if (remembered !== undefined) return remembered;
  try {
    const { after } = await compareContents(tx, null, versionId);
    const schedules = schedulesOf(after);
    known.set(versionId, schedules);
    return schedules;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'too_large') return UNREADABLE;
    throw error;
  }
}
