import { randomBytes, randomInt } from 'node:crypto';
import {
  CODE_LIFE,
  codeInGroups,
  deviceName,
  hashCode,
  hashDeviceCode,
  MOST_OPEN,
  makeCode,
  POLL_EVERY,
} from '../../domain/login.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';

/** Gives a program its codes. Whoever asks is unknown, so that only so many may wait at once. */
export function makeStartLogin({ inTransaction }: Ports): UseCases['startLogin'] {
  return ({ workspaceId, device }) =>
    inTransaction(workspaceId, async (tx) => {
      if ((await tx.logins.countOpenLocked()) >= MOST_OPEN)
        throw new Refusal('too_many', 'Too many logins wait to be confirmed just now. Try again in a few minutes.');
      // Made anew at each attempt: where the code is another's already, the next one is not.
      const deviceCode = randomBytes(32).toString('base64url');
      const code = makeCode((bound) => randomInt(bound));
      const { expiresAt } = await tx.logins.start({
        device: deviceName(device),
        deviceHash: hashDeviceCode(deviceCode),
        codeHash: hashCode(code),
        expiresAt: new Date(tx.now.getTime() + CODE_LIFE),
      });
      return { deviceCode, code: codeInGroups(code), expiresAt, interval: POLL_EVERY };
    });
}
