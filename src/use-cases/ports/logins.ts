import type { Login } from '../../domain/login.ts';

/** Programs that wait for a person to log them in. Nothing of them is shown to anybody without a code, so there is no reader. */
export interface LoginWriter {
  /** How many can be confirmed still. From here to the end of the transaction nobody else adds one. */
  countOpenLocked(): Promise<number>;
  start(login: { device: string; deviceHash: string; codeHash: string; expiresAt: Date }): Promise<Login>;
  /** The one that can still be confirmed by this code. */
  findByCode(codeHash: string): Promise<Login | null>;
  /** In whatever state; nobody else changes it until the transaction ends. */
  findLocked(id: string): Promise<Login | null>;
  findByDeviceLocked(deviceHash: string): Promise<Login | null>;
  /** Where `expiresAt` is left out it stays. */
  decide(id: string, decision: { state: 'confirmed' | 'refused'; decidedBy: string; expiresAt?: Date }): Promise<void>;
  /** Its token was handed out. */
  collect(id: string, tokenName: string): Promise<void>;
  /** Wrong codes that a person typed since. From here to the end of the transaction they type no other. */
  countMissesLocked(userId: string, since: Date): Promise<number>;
  miss(userId: string): Promise<void>;
  /** Forgets what ended, and what was typed, before. */
  forget(before: Date): Promise<void>;
}
