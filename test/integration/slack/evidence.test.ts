import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import type { CheckReport } from '../../../src/domain/check-report.ts';
import { makeAskGate } from '../../../src/use-cases/gates/ask-gate.ts';
import { makeCheckParity } from '../../../src/use-cases/parity/check-parity.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

const CONFIGURATION = `
environments:
  - { name: development, aliases: [dev] }
  - name: staging
    channel: C0STAGING
    approvals: [{ role: lead, count: 1 }]
    requires:
      tests: { minPassRate: 0.9, maxAge: 7d }
      quality: { scale: tone, minScore: 4, of: 5, maxAge: 7d }
      cost: { maxCostPerRun: 0.05, maxAge: 7d }
      latency: { maxP95: 3s, maxAge: 7d }
      checks: [security-review]
  - name: production
    channel: C0PROD
    approvals: []
    requires: { gates: [{ url: 'https://gate.example.com/ask', secret: '\${GATE_SECRET}' }], parity: {} }
people: { U0LEE: lead }
`;
const WORKFLOW = 'summarize-flow';
let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath({ configuration: CONFIGURATION });
});
afterAll(() => towpath.stop());

const report = (version: string, own: CheckReport) =>
  towpath.useCases.recordCheck({
    actor: { workspaceId: 'T0CANAL', userId: 'api', via: 'api' },
    ...{ workflow: WORKFLOW, version, environment: 'staging', report: { own } },
  });
const reportAll = async (version: string, passed: number) => {
  await report(version, { kind: 'tests', passed, failed: 100 - passed, costPerRun: 0.031, latency: 1_200 });
  await report(version, { kind: 'quality', name: 'tone', score: 4.25, of: 5 });
  await report(version, { kind: 'check', name: 'security-review', state: 'passed' });
};
const judge = async () => {
  await towpath.persistence.sql("UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE status = 'open'");
  await towpath.useCases.judgeDue('T0CANAL');
};
/** Pushes a version, deploys it and asks for it. */
const ask = async (nth: number) => {
  await towpath.push(nth);
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${WORKFLOW}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${WORKFLOW} v${nth} is live`);
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${WORKFLOW} staging`);
  return towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${WORKFLOW} v${nth}`));
};
const blocksOf = (message: StandInMessage) => JSON.stringify(message.blocks);
const saying = (card: StandInMessage, words: string, channel = 'C0STAGING') =>
  towpath.message(channel, `the card to say ${words}`, (m) => m.ts === card.ts && blocksOf(m).includes(words));

test('the card shows what was found out beside what is live, and the last of it deploys', async () => {
  const first = await ask(1);
  expect(blocksOf(first)).toContain('no test results of this version in staging yet');
  await reportAll('v1', 94);
  await judge();
  await saying(first, 'Pass rate 94%');
  await towpath.slack.click('U0LEE', first, 'approve_promotion');
  await saying(first, '✅ *Live in staging*');

  const second = await ask(2);
  await reportAll('v2', 80);
  await judge();
  const shown = blocksOf(await saying(second, 'Pass rate 80% (live 94%)'));
  for (const words of ['Tone 4.25 of 5 (live 4.25)', '$0.031', '(live ', 'Check security-review passed'])
    expect(shown).toContain(words);
  await towpath.slack.click('U0LEE', second, 'approve_promotion');
  await saying(second, '✓ <@U0LEE> (lead)');
  await report('v2', { kind: 'tests', passed: 96, failed: 4 });
  await judge();
  await saying(second, '✅ *Live in staging*');
});

test('the card shows what a gate and the target say, as words and nothing else', async () => {
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${WORKFLOW} production`);
  const card = await towpath.message('C0PROD', 'the card', (m) => m.text.includes('to production'));
  expect(blocksOf(card)).toContain('A yes of gate.example.com');
  const { items } = await towpath.useCases.listPromotions({ workspaceId: 'T0CANAL', page: { limit: 1 } });
  const promotionId = items[0]?.id as string;
  const all = withTestDocuments(towpath.persistence.ports);
  const { fingerprint } = await towpath.useCases.showPromotion({ workspaceId: 'T0CANAL', promotionId });
  await makeAskGate(all, {
    call: async () => ({ kind: 'asked' }),
    answerUrl: () => 'https://towpath.example.com/api/v1/gates/answer',
    tokenOf: () => 'tg_first',
  })({ workspaceId: 'T0CANAL', promotionId, url: 'https://gate.example.com/ask', fingerprint });
  const say = (state: 'approved' | 'rejected', detail: string) =>
    towpath.useCases.answerGate({ workspaceId: 'T0CANAL', token: 'tg_first', state, detail });
  await makeCheckParity(all, testSecrets, { tryOut: async () => null })({ workspaceId: 'T0CANAL', promotionId });
  await judge();
  expect(blocksOf(await saying(card, 'it was asked and has not answered yet', 'C0PROD'))).toContain('has everything');
  await say('rejected', 'not now <!channel> <@U0LEE>');
  await judge();
  const shown = blocksOf(await saying(card, 'gate.example.com said no', 'C0PROD'));
  expect(shown).toContain('&lt;!channel&gt;');
  expect(shown).not.toContain('<!channel>');
  // What a gate said stays, which the button's answer says.
  const failed = await saying(card, 'Ask gates again', 'C0PROD');
  await towpath.slack.click('U0DEV', failed, 'ask_gates');
  await towpath.told('U0DEV', 'C0PROD', 'What a gate said stays');
  await towpath.persistence.sql('ALTER TABLE gate_request DISABLE TRIGGER gate_request_answers_once');
  await towpath.persistence.sql("UPDATE gate_request SET state = 'unreachable', detail = 'it was away'");
  await towpath.persistence.sql('ALTER TABLE gate_request ENABLE TRIGGER gate_request_answers_once');
  await towpath.slack.click('U0DEV', failed, 'ask_gates');
  const anew = await saying(card, 'it is asked now', 'C0PROD');
  expect(blocksOf(anew)).not.toContain('Ask gates again');
});

test('quality, cost and latency each keep back what everything else would let through', async () => {
  const card = await ask(3);
  await report('v3', { kind: 'tests', passed: 100, failed: 0 });
  await report('v3', { kind: 'check', name: 'security-review', state: 'passed' });
  await report('v3', { kind: 'quality', name: 'tone', score: 3.9, of: 5 });
  await report('v3', { kind: 'cost', costPerRun: 0.06 });
  await report('v3', { kind: 'latency', latency: 3_100 });
  await judge();
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await saying(card, '✓ <@U0LEE> (lead)');
  const mended: [string, CheckReport][] = [
    ['✗ Tone 3.9 of 5', { kind: 'quality', name: 'tone', score: 4, of: 5 }],
    ['✗ $0.06 a run', { kind: 'cost', costPerRun: 0.05 }],
    ['✗ Latency p95 3.1 s', { kind: 'latency', latency: 3_000 }],
  ];
  for (const [words, enough] of mended) {
    expect(blocksOf(await saying(card, words))).not.toContain('✅ *Live in staging*');
    await report('v3', enough);
    await judge();
  }
  await saying(card, '✅ *Live in staging*');
});
