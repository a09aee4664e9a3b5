import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** The share of everything, in hundredths of a percent. */
export const WHOLE = 10_000;

const PERCENT = /^(\d{1,3})(?:\.(\d{1,2}))?\s?%?$/;

/** `10%`, `10` or `0.5%` as hundredths of a percent, 0 to 10000; null where it is none. */
export function parseShare(typed: string): number | null {
  const [, whole, part = ''] = PERCENT.exec(typed.trim()) ?? [];
  if (whole === undefined) return null;
  const share = Number(whole) * 100 + Number(part.padEnd(2, '0'));
  return share <= WHOLE ? share : null;
}

/** As people read it: `10%`, `0.5%`. */
export function shareText(share: number): string {
  return `${percentOf(share)}%`;
}

/** The same as a number of percent: 10, 0.5. */
export function percentOf(share: number): number {
  return share / 100;
}

/** A number of percent as a share; null where it is none, or has more than two decimals. */
export function shareOf(percent: number): number | null {
  const share = Math.round(percent * 100);
  return isShare(share) && share / 100 === percent ? share : null;
}

export function isShare(share: number): boolean {
  return Number.isInteger(share) && share >= 0 && share <= WHOLE;
}

/** @throws Refusal invalid_input */
export function assertShare(share: number): void {
  if (isShare(share)) return;
  throw new Refusal('invalid_input', 'A share is from 0% to 100%, with at most two decimals: `10%` or `0.5%`.');
}

/** Which of the two versions that run beside each other answers. */
export type Side = 'candidate' | 'active';

/** Who or what a run is for: the same key has the same side for as long as the share stands. */
export interface Keyed {
  workflowId: string;
  /** The candidate's: who is chosen for one is not who was chosen for the one before it. */
  deploymentId: string;
  key: string | null;
}

/** Hashes have this many values here: 6 bytes, which a number holds exactly. */
const HASHES = 2 ** 48;

/**
 * Which side a key is on. A share that grows keeps everybody who has the candidate, one that shrinks gives it to nobody new. What
 * carries no key has what is active, unless the candidate has everything.
 */
export function sideOf({ workflowId, deploymentId, key }: Keyed, share: number): Side {
  if (share >= WHOLE) return 'candidate';
  if (key === null) return 'active';
  // JSON keeps the three apart, whatever characters are in them.
  const hash = createHash('sha256')
    .update(JSON.stringify([workflowId, deploymentId, key]))
    .digest();
  return hash.readUIntBE(0, 6) / HASHES < share / WHOLE ? 'candidate' : 'active';
}

/** Whether a share needs keys to be told apart by: neither nothing nor everything. */
export function isPartial(share: number): boolean {
  return share > 0 && share < WHOLE;
}
