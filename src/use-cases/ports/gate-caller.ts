import type { GatePolicy } from '../../domain/policy/gates-policy.ts';

/** What a gate is sent: the same id whenever it is repeated. */
export interface GateMessage {
  readonly id: string;
  readonly body: string;
}

/** `failed`: it may go better later, unless `isFinal`. `why` is for people and holds no address. */
export type GateCall = { kind: 'asked' } | { kind: 'failed'; why: string; isFinal: boolean };

/** Reaches gates outside, and knows how they answer. */
export interface GateCaller {
  /** Sends it signed, once. Never throws for what the network or the gate does. */
  call(gate: GatePolicy, message: GateMessage): Promise<GateCall>;
  /** Where they answer; null while nobody said where this process is reached. */
  answerUrl(): string | null;
  /** What they answer with: the same for the same subject, and not to be guessed by anybody without the key. */
  tokenOf(subject: string): string;
}
