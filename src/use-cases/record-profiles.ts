import type { Actor } from '../domain/actor.ts';
import { whileApproversChange } from './approvers-change.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** Keeps what Slack says of people. Somebody deactivated stops counting as an approver at once. */
export function makeRecordProfiles({ inTransaction }: Ports): UseCases['recordProfiles'] {
  return async ({ workspaceId, profiles }) => {
    const actor: Actor = { workspaceId, userId: 'clock', via: 'clock' };
    const userIds = profiles.map((profile) => profile.userId);
    await inTransaction(workspaceId, (tx) =>
      whileApproversChange(tx, actor, userIds, () => tx.people.saveProfiles(profiles)),
    );
  };
}
