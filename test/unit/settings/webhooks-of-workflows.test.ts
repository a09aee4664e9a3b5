import { describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../../src/domain/environment.ts';
import { describeSettingsChange } from '../../../src/domain/settings/diff-settings.ts';
import { readForm } from '../../../src/domain/settings/form/read-form.ts';
import { listSettings } from '../../../src/domain/settings/list-settings.ts';
import { effectiveSettings } from '../../../src/domain/settings/merge-settings.ts';
import { keepManaged, refuseManaged } from '../../../src/domain/settings/proposal.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { settingsFile } from '../../../src/domain/settings/settings-file.ts';
import { settingsSchema } from '../../../src/domain/settings/settings-schema.ts';
import { webhooksTold } from '../../../src/domain/settings/webhooks-told.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const endpoint = (host: string, more: Partial<WebhookEndpoint> = {}): WebhookEndpoint => {
  return { url: `https://${host}/path-to-hide`, secretVariable: 'HOOK', events: [], allowPrivate: false, ...more };
};
const given = (...webhooks: WebhookEndpoint[]): Settings => ({ webhooks });
const OURS = given(endpoint('flow.example.com'));

describe('who is told of a workflow', () => {
  const environment = { webhooks: [endpoint('staging.example.com')] };

  it('is its own endpoints in place of all the environment’s, nobody for an empty list, else the environment’s', () => {
    expect(webhooksTold(environment, OURS)).toEqual(OURS.webhooks);
    expect(webhooksTold(environment, given())).toEqual([]);
    expect(webhooksTold(environment, { model: 'a' } as Settings)).toEqual(environment.webhooks);
    expect(webhooksTold(environment, undefined)).toEqual(environment.webhooks);
  });

  it('is nothing that the workflow reads where it runs', () => {
    expect(effectiveSettings({}, { ...OURS, model: 'a' })).toEqual({ model: 'a' });
  });
});

describe('webhooks of a workflow', () => {
  it('come from towpath.yaml alone: given anywhere else they are refused, and what is there stays', () => {
    const now = { settings: OURS, managed: ['webhooks' as const] };
    const evil = given(endpoint('evil.example.com', { secretVariable: 'TOWPATH_KEY' }));
    for (const before of [null, { settings: {}, managed: [] }, now]) {
      const refusal = refusalOf(() => refuseManaged(before, evil, 'flow in staging'));
      expectRefused(refusal, 'managed_by_file');
      expect(refusal.userMessage).toContain('webhooks of flow in staging is given by towpath.yaml');
    }
    expect(keepManaged(null, { ...evil, model: 'a' })).toEqual({ model: 'a' });
    expect(keepManaged({ settings: {}, managed: [] }, evil)).toEqual({});
    expect(keepManaged(now, evil)).toEqual(OURS);
    expect(keepManaged(now, { model: 'a' })).toEqual({ ...OURS, model: 'a' });
  });

  it('are refused with a sentence where a form or the API gives them, and not written for them to read', () => {
    const { error } = settingsSchema({ layer: 'workflow' }).safeParse({ webhooks: [] });
    expect(error?.issues).toMatchObject([
      { path: ['webhooks'], message: expect.stringContaining('stands in towpath.yaml alone') },
    ]);
    expect(settingsFile({ ...OURS, model: 'a' })).toEqual({ model: 'a' });
  });

  it('stay through a form that does not show them', () => {
    expect(readForm('workflow', { ...OURS, model: 'a' }, { model: 'b' })).toEqual({
      ok: true,
      settings: { ...OURS, model: 'b' },
    });
  });

  it('are told by their hosts and events, never by whole addresses or what signs them', () => {
    const some = given(endpoint('a.example.com'), endpoint('b.example.com:8443', { events: ['promotion.stale'] }));
    const words = 'a.example.com, b.example.com:8443 (promotion.stale)';
    expect(listSettings(some)).toEqual([{ field: 'webhooks', name: 'Webhooks', value: words }]);
    expect(listSettings(given())).toMatchObject([{ value: 'nobody' }]);
    const ENVIRONMENTS = 'the environment’s endpoints';
    expect(describeSettingsChange({}, some)).toEqual([`Webhooks go to ${words}, no longer to ${ENVIRONMENTS}`]);
    expect(describeSettingsChange(some, given())).toEqual([`Webhooks go to nobody, no longer to ${words}`]);
    expect(describeSettingsChange(given(), {})).toEqual([`Webhooks go to ${ENVIRONMENTS}, no longer to nobody`]);
    expect(describeSettingsChange(some, some)).toEqual([]);
  });

  it('are said to have changed where only an address’s path or the variable that signs did', () => {
    const other = given(endpoint('flow.example.com', { secretVariable: 'OTHER' }));
    expect(describeSettingsChange(OURS, other)).toEqual(['The address of a webhook changed, or what signs it']);
  });
});
