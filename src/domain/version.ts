import { environmentsMatching, type Pipeline } from './environment.ts';
import { Refusal } from './refusal.ts';

/** A workflow: what is promoted. */
export interface Workflow {
  id: string;
  slug: string;
  department: string | null;
  ownerId: string;
  format: string;
  createdAt: Date;
}

/** A version without its content. */
export interface Version {
  id: string;
  workflowId: string;
  number: number;
  label: string | null;
  note: string | null;
  format: string;
  contentHash: string;
  logicHash: string;
  author: string;
  sourceCommit: string | null;
  createdAt: Date;
}

/** How a person names a version: by number or by label. */
export type VersionReference = { by: 'number'; number: number } | { by: 'label'; label: string };

const LOOKS_LIKE_NUMBER = /^v?\d+$/i;

/** Reads `12`, `v12` or a label. A word that looks like a number never is a label. */
export function parseVersionReference(word: string): VersionReference {
  if (!LOOKS_LIKE_NUMBER.test(word)) return { by: 'label', label: word.toLowerCase() };
  return { by: 'number', number: Math.min(Number(word.replace(/^v/i, '')), 2_147_483_647) };
}

const LABEL = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Whether a word could be a label at all. */
export function isLabel(word: string): boolean {
  return LABEL.test(word);
}

/** The label as it is kept. @throws Refusal invalid_label where it could be mistaken for a version or an environment. */
export function checkLabel(label: string, pipeline: Pipeline): string {
  const kept = label.trim().toLowerCase();
  if (!isLabel(kept)) {
    throw new Refusal(
      'invalid_label',
      `“${label.slice(0, 80)}” can't be a label. Use up to 63 letters, digits, dots, dashes and underscores, such as add-urgency-classifier.`,
    );
  }
  if (LOOKS_LIKE_NUMBER.test(kept)) {
    throw new Refusal('invalid_label', `“${label}” looks like a version number. Choose a label with words in it.`);
  }
  const taken = environmentsMatching(pipeline, kept).find((e) =>
    [e.name, ...e.aliases].some((w) => w.toLowerCase() === kept),
  );
  if (taken)
    throw new Refusal(
      'invalid_label',
      `“${label}” is what the environment ${taken.name} is called. Choose another label.`,
    );
  return kept;
}

/** `v12` or `v12 (add-urgency-classifier)`. */
export function versionName(version: Pick<Version, 'number' | 'label'>): string {
  return version.label === null ? `v${version.number}` : `v${version.number} (${version.label})`;
}

/** Where a version is in its life, derived from its deployments and never stored (rule 12). */
export type VersionStage = 'draft' | 'testing' | 'staging' | 'production' | 'deprecated' | 'reverted';

/**
 * The stage of a version. With more than three environments the last is `production`, the first `testing` and all
 * between are `staging`.
 *
 * @param liveIn ranks of the environments where it is active
 * @param lastRank rank of the pipeline's last environment
 */
export function versionStage(facts: {
  everDeployed: boolean;
  quarantined: boolean;
  liveIn: readonly number[];
  lastRank: number;
}): VersionStage {
  if (!facts.everDeployed) return 'draft';
  if (facts.liveIn.length > 0) {
    const highest = Math.max(...facts.liveIn);
    if (highest === facts.lastRank) return 'production';
    return highest === 0 ? 'testing' : 'staging';
  }
  return facts.quarantined ? 'reverted' : 'deprecated';
}
