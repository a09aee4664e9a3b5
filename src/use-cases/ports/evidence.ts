import type { CheckResult } from '../../domain/check-result.ts';
import type { Tick } from '../../domain/requirements/checklist.ts';
import type { GateAnswer } from '../../domain/requirements/gates.ts';
import type { ParityFinding } from '../../domain/requirements/parity.ts';
import type { RunFigures, Stretch } from '../../domain/soak.ts';

/** A result to keep. `by`: who reported it, as the audit says it. `cases`: those that people look at, bounded by whoever gives them. */
export type NewCheck = CheckResult & { readonly by: string; readonly cases?: readonly unknown[] };
export type KeptCheck = CheckResult & { readonly id: string; readonly by: string; readonly receivedAt: Date };

/** A gate that was asked, and what it said. */
export interface KeptGate extends GateAnswer {
  id: string;
  promotionId: string;
  fingerprint: string;
  answeredAt: Date | null;
}

/** What a promotion's target has of all that the version needs, for what was proposed then. */
export interface ParityReport {
  fingerprint: string;
  findings: readonly ParityFinding[];
  at: Date;
}

/** How a version's runs went in some stretches of one environment. */
export interface StretchesAsked {
  workflowId: string;
  environmentId: string;
  versionId: string;
  /** What is live where it would go: replays beside anything else tell nothing. Null: nothing is. */
  liveVersionId: string | null;
  stretches: readonly Pick<Stretch, 'from' | 'to'>[];
}

export interface EvidenceReader {
  /** The newest result of each kind and name of each version, at most 500 in all. */
  checks(versionIds: readonly string[], environmentId: string): Promise<KeptCheck[]>;
  findCheck(id: string): Promise<KeptCheck | null>;
  /** Cases of a result, as they were given; empty where there are none. */
  cases(checkId: string): Promise<unknown[]>;
  /** When the version was active there, the newest 500 times, not merged (`unbroken`). */
  stretches(versionId: string, environmentId: string): Promise<Pick<Stretch, 'from' | 'to'>[]>;
  /** Of each stretch, in their order. Divergence is that of the last replay (`shadow`) there beside what is live, since the stretch began. */
  runFigures(asked: StretchesAsked): Promise<RunFigures[]>;
  ticks(promotionId: string): Promise<Tick[]>;
  /** All that were asked about the promotion, the newest last. */
  gates(promotionId: string): Promise<KeptGate[]>;
  /** By the SHA-256 (hex) of the token that it answers with. */
  findGate(tokenHash: string): Promise<KeptGate | null>;
  parity(promotionId: string): Promise<ParityReport | null>;
}

export interface EvidenceWriter {
  /** Keeps the newest 50 of a kind and name. @throws Refusal too_many, of a version with 200 of them in the environment */
  recordCheck(check: NewCheck): Promise<KeptCheck>;
  /** Of a running result: how far it is, or how it ended. */
  changeCheck(
    id: string,
    check: Omit<NewCheck, 'kind' | 'name' | 'environmentId' | 'versionId' | 'liveVersionId' | 'by'>,
  ): Promise<void>;
  /** False: it was ticked already, and stays as it was. */
  tick(promotionId: string, tick: Tick): Promise<boolean>;
  /** False: it was not ticked. */
  untick(promotionId: string, item: string): Promise<boolean>;
  /** Notes that a gate is asked; null: it was asked about this already. */
  askGate(asked: {
    promotionId: string;
    url: string;
    fingerprint: string;
    tokenHash: string;
  }): Promise<KeptGate | null>;
  /** False: it said yes or no already, and what it said stays. */
  answerGate(id: string, answer: { state: Exclude<GateAnswer['state'], 'asked'>; detail?: string }): Promise<boolean>;
  /** So that it can be asked again. False: it said yes or no, which stays. */
  forgetGate(id: string): Promise<boolean>;
  /** Has a gate asked about what is proposed. A waiting job for the same merges. */
  queueGate(asked: { promotionId: string; url: string; fingerprint: string }): Promise<void>;
  /** Has looked at what the target has for the promotion. `at` delays it; waiting jobs merge. */
  queueParity(promotionId: string, at?: Date): Promise<void>;
  /** Takes the place of what was found for the promotion before. */
  saveParity(promotionId: string, report: Omit<ParityReport, 'at'>): Promise<void>;
}
