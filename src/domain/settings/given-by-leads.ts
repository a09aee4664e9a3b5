import type { SettingsRevision } from './settings.ts';

/** What a workflow has of its own in an environment; null: nothing. */
export type OwnLayer = Pick<SettingsRevision, 'settings' | 'managed'> | null;

/**
 * Whether a workflow's leads decide that a secret is sent to a runner, or which secret that is: where their layer has the runner, or a
 * secret of that name, that `towpath.yaml` does not give it. What an environment gives every workflow is its admins' alone.
 */
export function isGivenByLeads(own: OwnLayer, secret: string): boolean {
  if (own === null) return false;
  const { settings, managed } = own;
  const has = (field: 'runner' | 'secrets', isThere: boolean) => isThere && !managed.includes(field);
  return has('runner', settings.runner !== undefined) || has('secrets', Object.hasOwn(settings.secrets ?? {}, secret));
}
